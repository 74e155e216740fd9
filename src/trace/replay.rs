//! Checking that a recorded trace is a path of the model.

use super::file::Claim;
use super::record::{Observed, TraceStep};
use super::{Walked, walk_one};
use crate::freshness::Unreliable;
use crate::property::{Monitored, Property};
use std::fmt;

/// A trace that still applies.
pub struct Replayed {
    /// Its steps.
    pub steps: Vec<Walked>,
}

/// Where a trace departs from the model, and how.
#[derive(Debug)]
pub enum ReplayError {
    /// The event cannot happen here.
    NotEnabled {
        /// From 1.
        step: usize,
        /// As recorded.
        event: String,
        /// What could happen instead.
        enabled: Vec<String>,
    },
    /// The model starts with something else.
    Starts {
        /// What differs.
        differences: Vec<String>,
    },
    /// The model ends up with something else.
    Departs {
        /// From 1.
        step: usize,
        /// As recorded.
        event: String,
        /// What differs.
        differences: Vec<String>,
    },
    /// The design's comparator failed, so that no step means anything.
    Unreliable(Unreliable),
    /// The last step does not do what the header says.
    ClaimFails {
        /// What it says.
        property: Property,
        /// What it says of it.
        claim: Claim,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::NotEnabled {
                step,
                event,
                enabled,
            } => {
                write!(f, "step {step}: `{event}` cannot happen here; possible: ")?;
                match enabled.as_slice() {
                    [] => write!(f, "nothing, the system is at its end"),
                    enabled => write!(f, "{}", enabled.join("; ")),
                }
            }
            ReplayError::Starts { differences } => {
                let differences = differences.join("; ");
                write!(f, "step 0: at the start the model differs: {differences}")
            }
            ReplayError::Departs {
                step,
                event,
                differences,
            } => {
                write!(f, "step {step}: after `{event}` the model differs: ")?;
                write!(f, "{}", differences.join("; "))
            }
            ReplayError::Unreliable(error) => error.fmt(f),
            ReplayError::ClaimFails { property, claim } => match claim {
                Claim::Violated => write!(f, "the last step no longer violates {property}"),
                Claim::Witnessed => {
                    write!(f, "the last step is no longer a witness of {property}")
                }
            },
        }
    }
}

impl std::error::Error for ReplayError {}

/// Lets a recorded trace happen in the model, and compares every observation with it; that of the
/// start as well, where the file has it.
///
/// # Errors
///
/// The trace departs from the model, or the comparator failed.
pub fn replay(
    model: &Monitored,
    start: Option<&Observed>,
    recorded: &[TraceStep],
    claim: Option<(Property, Claim)>,
) -> Result<Replayed, ReplayError> {
    let begins = start.map_or(Ok(()), |start| compare_start(model, start));
    let replayed = begins.and_then(|()| compare(model, recorded, claim));
    // First, because a departure means nothing either where it fails.
    model.rules().check().map_err(ReplayError::Unreliable)?;
    replayed
}

fn compare_start(model: &Monitored, recorded: &Observed) -> Result<(), ReplayError> {
    let found = Observed::new(&model.start().system, model.roster(), &[]).as_far_as(recorded);
    match found == *recorded {
        true => Ok(()),
        false => Err(ReplayError::Starts {
            differences: differences(recorded, &found),
        }),
    }
}

fn compare(
    model: &Monitored,
    recorded: &[TraceStep],
    claim: Option<(Property, Claim)>,
) -> Result<Replayed, ReplayError> {
    let mut state = model.start();
    let mut steps: Vec<Walked> = Vec::new();
    for (index, record) in recorded.iter().enumerate() {
        let step = index + 1;
        let enabled = model.enabled(&state);
        let Some(event) = record.event.among(&enabled) else {
            return Err(ReplayError::NotEnabled {
                step,
                event: as_json(&record.event),
                enabled: enabled.iter().map(ToString::to_string).collect(),
            });
        };
        let walked = walk_one(model, &mut state, event);
        let found =
            Observed::new(&walked.after, model.roster(), &walked.evidence).as_far_as(&record.after);
        if found != record.after {
            return Err(ReplayError::Departs {
                step,
                event: event.to_string(),
                differences: differences(&record.after, &found),
            });
        }
        steps.push(walked);
    }
    match (claim, steps.last()) {
        (Some((property, claim)), last) => {
            let findings = last.map(|step| step.findings).unwrap_or_default();
            let set = match claim {
                Claim::Violated => findings.violated,
                Claim::Witnessed => findings.witnessed,
            };
            match set.has(property) {
                true => Ok(Replayed { steps }),
                false => Err(ReplayError::ClaimFails { property, claim }),
            }
        }
        (None, _) => Ok(Replayed { steps }),
    }
}

fn as_json<T: serde::Serialize>(value: &T) -> String {
    // These are plain structs of numbers and words; they always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}

/// What differs between what was recorded and what the model says, part by part.
fn differences(recorded: &Observed, model: &Observed) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |part: String, recorded: String, model: String| {
        if recorded != model {
            differences.push(format!("{part} was {recorded}, the model has {model}"));
        }
    };
    compare(
        "clock".into(),
        as_json(&recorded.clock),
        as_json(&model.clock),
    );
    for tab in 0..recorded.tabs.len().max(model.tabs.len()) {
        let (was, is) = (recorded.tabs.get(tab), model.tabs.get(tab));
        compare(format!("tab {tab}"), as_json(&was), as_json(&is));
    }
    compare(
        "cookie".into(),
        as_json(&recorded.cookie),
        as_json(&model.cookie),
    );
    compare(
        "context cookie".into(),
        as_json(&recorded.context_cookie),
        as_json(&model.context_cookie),
    );
    compare(
        "sign-outs".into(),
        as_json(&recorded.sign_outs),
        as_json(&model.sign_outs),
    );
    compare(
        "posts".into(),
        as_json(&recorded.posts),
        as_json(&model.posts),
    );
    compare(
        "requests".into(),
        as_json(&recorded.requests),
        as_json(&model.requests),
    );
    compare(
        "what getToken returned".into(),
        as_json(&recorded.returned),
        as_json(&model.returned),
    );
    compare(
        "what is under way".into(),
        as_json(&recorded.under_way),
        as_json(&model.under_way),
    );
    differences
}
