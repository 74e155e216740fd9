//! A report with everything that a reader asks next: one story for each counterexample, what the
//! names mean, and the decision tables.

use super::list::latest;
use super::story::Subject;
use super::{List, NOT_MODELLED, Story, list};
use crate::catalog::Catalog;
use crate::check::{DecisionTable, PropertyResult, Report, RunResult, VERSION, decision_table};
use crate::freshness::Unreliable;
use crate::property::{Monitored, PropertySet};
use crate::trace::{Claim, EventRecord, WalkError, walk_records};
use serde::Serialize;
use std::cmp::Reverse;
use std::fmt;

/// A report, and what it takes to read it.
#[derive(Clone, Debug, Serialize)]
pub struct ReportBundle {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// What to type to get the same report.
    pub command: String,
    /// The evidence of record.
    pub report: Report,
    /// What is in the report, each with its meaning; the designs in the order in which they are shown.
    pub list: List,
    /// The decision table of each design, in that order.
    pub tables: Vec<DecisionTable>,
    /// One for each counterexample of the report, in that order.
    pub stories: Vec<Story>,
    /// What no verdict says anything about.
    pub not_modelled: &'static [&'static str],
}

/// Why a report cannot be told with these models.
#[derive(Debug)]
pub enum BundleError {
    /// The report speaks of something that is not there.
    Unknown {
        what: &'static str,
        /// What it is called.
        name: String,
    },
    /// A design's comparator failed.
    Unreliable(Unreliable),
    /// A counterexample is none with these models.
    Departs {
        /// `DESIGN SCENARIO PROPERTY`
        cell: String,
        /// The first step that cannot happen, from 1; `None` if only the claim fails.
        step: Option<usize>,
    },
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleError::Unknown { what, name } => {
                write!(f, "the report has a {what} `{name}`, the models have none")
            }
            BundleError::Unreliable(error) => error.fmt(f),
            BundleError::Departs { cell, step } => {
                write!(
                    f,
                    "the counterexample of {cell} does not apply to the models: "
                )?;
                match step {
                    Some(step) => write!(f, "step {step} cannot happen"),
                    None => write!(f, "its last step violates nothing"),
                }
            }
        }
    }
}

impl std::error::Error for BundleError {}

impl From<Unreliable> for BundleError {
    fn from(error: Unreliable) -> BundleError {
        BundleError::Unreliable(error)
    }
}

pub fn bundle(
    report: Report,
    catalog: &Catalog,
    command: String,
) -> Result<ReportBundle, BundleError> {
    let stories = stories(&report, catalog)?;
    Ok(ReportBundle {
        stories,
        ..outline(report, catalog, command)?
    })
}

/// The story of each counterexample of a report.
pub(super) fn stories(report: &Report, catalog: &Catalog) -> Result<Vec<Story>, BundleError> {
    let violated = report.properties();
    let violated = violated.filter_map(|(run, of)| Some((run, of, of.counterexample.as_ref()?)));
    violated
        .map(|(run, of, events)| retell(catalog, run, of, events))
        .collect()
}

/// A bundle without its stories: they take most of the time.
pub(super) fn outline(
    report: Report,
    catalog: &Catalog,
    command: String,
) -> Result<ReportBundle, BundleError> {
    let mut list = mentioned(list(catalog), &report);
    // As everywhere: what is released first, and of that the latest.
    list.designs.sort_by_cached_key(|design| {
        let release = latest(&design.releases).map(Reverse);
        (design.group, release.is_none(), release)
    });
    let designs = list.designs.iter();
    let designs = designs.filter_map(|entry| catalog.design(&entry.name));
    let tables = designs.map(|design| decision_table(design.name.clone(), &design.policy.rules));
    let tables: Result<_, _> = tables.collect();
    Ok(ReportBundle {
        version: VERSION,
        command,
        tables: tables?,
        report,
        list,
        stories: Vec::new(),
        not_modelled: NOT_MODELLED,
    })
}

/// Tells a recorded counterexample.
///
/// # Errors
///
/// The catalog has no such design or scenario, or it is no counterexample there.
pub fn retell(
    catalog: &Catalog,
    run: &RunResult,
    result: &PropertyResult,
    events: &[EventRecord],
) -> Result<Story, BundleError> {
    let unknown = |what, name: &str| BundleError::Unknown {
        what,
        name: name.to_owned(),
    };
    let departs = |step| BundleError::Departs {
        cell: format!("{} {} {}", run.design, run.scenario, result.property),
        step,
    };
    let judged = result.property;
    let design = catalog.design(&run.design);
    let design = design.ok_or_else(|| unknown("design", &run.design))?;
    let scenario = catalog.scenario(&run.scenario);
    let scenario = scenario.ok_or_else(|| unknown("scenario", &run.scenario))?;
    let model = Monitored::new(
        design.policy,
        &scenario.setup,
        PropertySet::from_iter([judged]),
    );
    let steps = walk_records(&model, events).map_err(|error| match error {
        WalkError::NotEnabled(index) => departs(Some(index + 1)),
        WalkError::Unreliable(error) => error.into(),
    })?;
    if !steps
        .last()
        .is_some_and(|step| step.findings.violated.has(judged))
    {
        return Err(departs(None));
    }
    let subject = Subject {
        design,
        scenario,
        property: judged,
        claim: Claim::Violated,
    };
    Ok(subject.story(&model, &steps))
}

/// What of the list the report speaks of.
fn mentioned(mut list: List, report: &Report) -> List {
    let runs = &report.results;
    list.designs
        .retain(|design| runs.iter().any(|run| run.design == design.name));
    list.scenarios
        .retain(|scenario| runs.iter().any(|run| run.scenario == scenario.name));
    let judged: PropertySet = report.properties().map(|(_, p)| p.property).collect();
    list.properties.retain(|entry| judged.has(entry.property));
    list
}
