//! Checking that a recorded trace is a path of the model.

use super::difference::{Difference, differences};
use super::file::Claim;
use super::record::{Observed, TraceStep};
use super::{Walked, walk_one};
use crate::freshness::Unreliable;
use crate::property::{Monitored, Property};
use std::fmt;

/// A trace that still applies.
pub struct Replayed {
    pub steps: Vec<Walked>,
}

/// Why a trace does not apply.
#[derive(Debug)]
pub enum ReplayError {
    Departs(Box<Departure>),
    /// The design's comparator failed, so that no step means anything.
    Unreliable(Unreliable),
}

/// Where a trace departs from the model, and how.
#[derive(Debug)]
pub struct Departure {
    /// How many steps were recorded.
    pub recorded: usize,
    /// What happens in the model as far as the events can happen; the last step is where it departs,
    /// unless its event cannot happen.
    pub steps: Vec<Walked>,
    /// What is other than recorded.
    pub kind: DepartureKind,
    /// The step, from 1, in which the recorded events violate the property in the model all the
    /// same, if the trace was a counterexample and they do.
    pub violated_in: Option<usize>,
}

/// What is other than recorded.
#[derive(Debug)]
pub enum DepartureKind {
    /// The model starts with something else.
    Starts(Vec<Difference>),
    /// The event cannot happen here.
    NotEnabled {
        /// As recorded, in words.
        event: String,
        /// What could happen instead.
        enabled: Vec<String>,
    },
    /// The model ends up with something else.
    Differs(Vec<Difference>),
    /// The last step does not do what the header says.
    ClaimFails { property: Property, claim: Claim },
}

impl Departure {
    /// The step in which it departs, from 1; 0 is the start.
    pub fn step(&self) -> usize {
        match &self.kind {
            DepartureKind::Starts(_) => 0,
            DepartureKind::NotEnabled { .. } => self.steps.len() + 1,
            DepartureKind::Differs(_) | DepartureKind::ClaimFails { .. } => self.steps.len(),
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: ", self.step())?;
        match &self.kind {
            DepartureKind::NotEnabled { event, enabled } => {
                write!(f, "`{event}` cannot happen here; possible: ")?;
                match enabled.as_slice() {
                    [] => write!(f, "nothing, the system is at its end"),
                    enabled => write!(f, "{}", enabled.join("; ")),
                }
            }
            DepartureKind::Starts(differences) => {
                write!(f, "everything starts otherwise: ")?;
                write!(f, "{}", in_one_line(differences))
            }
            DepartureKind::Differs(differences) => {
                if let Some(last) = self.steps.last() {
                    write!(f, "after `{}` it goes on otherwise: ", last.event)?;
                }
                write!(f, "{}", in_one_line(differences))
            }
            DepartureKind::ClaimFails { property, claim } => match claim {
                Claim::Violated => write!(f, "the last step no longer violates {property}"),
                Claim::Witnessed => {
                    write!(f, "the last step is no longer a witness of {property}")
                }
            },
        }
    }
}

fn in_one_line(differences: &[Difference]) -> String {
    let lines: Vec<String> = differences.iter().map(Difference::to_string).collect();
    lines.join("; ")
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::Departs(departure) => departure.fmt(f),
            ReplayError::Unreliable(error) => error.fmt(f),
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
    let replayed = match begins {
        Ok(()) => compare(model, recorded, claim),
        Err(kind) => Err((Vec::new(), kind)),
    };
    let replayed = replayed.map_err(|(steps, kind)| Departure {
        recorded: recorded.len(),
        steps,
        kind,
        violated_in: match claim {
            Some((property, Claim::Violated)) => violated_in(model, recorded, property),
            Some((_, Claim::Witnessed)) | None => None,
        },
    });
    // First, because a departure means nothing either where it fails.
    model.rules().check().map_err(ReplayError::Unreliable)?;
    replayed.map_err(|departure| ReplayError::Departs(Box::new(departure)))
}

/// The first step, from 1, that violates the property when the recorded events happen as far as
/// they can.
fn violated_in(model: &Monitored, recorded: &[TraceStep], property: Property) -> Option<usize> {
    let mut state = model.start();
    for (index, record) in recorded.iter().enumerate() {
        let event = record.event.among(&model.enabled(&state))?;
        let walked = walk_one(model, &mut state, event);
        if walked.findings.violated.has(property) {
            return Some(index + 1);
        }
    }
    None
}

fn compare_start(model: &Monitored, recorded: &Observed) -> Result<(), DepartureKind> {
    let found = Observed::new(&model.start().system, model.roster(), &[]).said_by(recorded);
    match found == *recorded {
        true => Ok(()),
        false => Err(DepartureKind::Starts(differences(recorded, &found))),
    }
}

fn compare(
    model: &Monitored,
    recorded: &[TraceStep],
    claim: Option<(Property, Claim)>,
) -> Result<Replayed, (Vec<Walked>, DepartureKind)> {
    let mut state = model.start();
    let mut steps: Vec<Walked> = Vec::new();
    for record in recorded {
        let enabled = model.enabled(&state);
        let Some(event) = record.event.among(&enabled) else {
            let kind = DepartureKind::NotEnabled {
                event: record.event.in_words(),
                enabled: enabled.iter().map(ToString::to_string).collect(),
            };
            return Err((steps, kind));
        };
        let walked = walk_one(model, &mut state, event);
        let found =
            Observed::new(&walked.after, model.roster(), &walked.evidence).said_by(&record.after);
        steps.push(walked);
        if found != record.after {
            let kind = DepartureKind::Differs(differences(&record.after, &found));
            return Err((steps, kind));
        }
    }
    let Some((property, claim)) = claim else {
        return Ok(Replayed { steps });
    };
    let findings = steps.last().map(|step| step.findings).unwrap_or_default();
    let set = match claim {
        Claim::Violated => findings.violated,
        Claim::Witnessed => findings.witnessed,
    };
    match set.has(property) {
        true => Ok(Replayed { steps }),
        false => Err((steps, DepartureKind::ClaimFails { property, claim })),
    }
}
