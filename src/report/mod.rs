//! The evidence of record, and its renderings: one file for each format.
//!
//! A [`Report`] is made once from the outcomes of the runs. Every renderer is a pure function of it
//! and decides nothing.

mod decision_table;
mod list;
mod matrix;
mod story;

pub use decision_table::{DecidedRow, DecisionTable, decision_table};
pub use list::{List, list};
pub use matrix::matrix;
pub use story::{Story, story};

use crate::catalog::expectation;
use crate::design::{Design, Expectation};
use crate::explore::{Bound, Finding, Outcome, Verdict};
use crate::freshness::Row;
use crate::scenario::Scenario;
use crate::trace::EventRecord;
use serde::{Deserialize, Serialize};

/// The version of the JSON form.
pub const VERSION: u32 = 1;

/// Results of a `check`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The version of freshest.
    pub freshest: String,
    /// One for each design and scenario.
    pub results: Vec<RunResult>,
}

/// One design in one scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunResult {
    /// The design.
    pub design: String,
    /// The scenario.
    pub scenario: String,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states with the auxiliary history of the properties: what was stored.
    pub explored: u64,
    /// Events on the longest of the shortest ways to a state.
    pub depth: u32,
    /// Everything reachable was explored.
    pub complete: bool,
    /// The bound that ended the run, if it is not complete.
    pub bound: Option<String>,
    /// Wall-clock time.
    pub seconds: f64,
    /// Probability that a state was missed because two shared a fingerprint.
    pub fingerprint_collision_odds: f64,
    /// Rows of the decision table that the run decided by.
    pub rows: Vec<String>,
    /// One for each property.
    pub properties: Vec<PropertyResult>,
}

/// What a run says of a property, and what was expected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PropertyResult {
    /// The property.
    pub name: String,
    /// What the run says.
    pub verdict: Verdict,
    /// What was expected.
    pub expected: Verdict,
    /// The expected length of the shortest counterexample, where one is written down.
    pub expected_steps: Option<u32>,
    /// Why something else than `holds` is expected.
    pub because: Option<String>,
    /// How the verdict compares with what was expected.
    pub agreement: Agreement,
    /// Length of the shortest counterexample in events.
    pub steps: Option<u32>,
    /// The events of the shortest counterexample.
    pub counterexample: Option<Vec<EventRecord>>,
}

/// How a verdict compares with what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// As expected.
    Agrees,
    /// Inconclusive, or unexpectedly vacuous: nothing is known.
    Unknown,
    /// Another verdict, or another length of the shortest counterexample.
    Differs,
}

impl Report {
    /// A report of these results.
    pub fn new(results: Vec<RunResult>) -> Report {
        Report {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            results,
        }
    }

    /// The worst agreement of all verdicts: what the gate as a whole says.
    pub fn agreement(&self) -> Agreement {
        let agreements = self.properties().map(|(_, property)| property.agreement);
        agreements.max().unwrap_or(Agreement::Unknown)
    }

    /// Every property of every run.
    pub fn properties(&self) -> impl Iterator<Item = (&RunResult, &PropertyResult)> {
        let of_run = |run| move |property| (run, property);
        self.results
            .iter()
            .flat_map(move |run| run.properties.iter().map(of_run(run)))
    }
}

impl RunResult {
    /// The result of a run.
    pub fn new(design: &Design, scenario: &Scenario, outcome: &Outcome) -> RunResult {
        RunResult {
            design: design.name.clone(),
            scenario: scenario.name.clone(),
            states: outcome.states,
            transitions: outcome.transitions,
            explored: outcome.explored,
            depth: outcome.depth,
            complete: outcome.is_complete(),
            bound: outcome.bound.as_ref().map(Bound::to_string),
            seconds: outcome.elapsed.as_secs_f64(),
            fingerprint_collision_odds: outcome.fingerprint_collision_odds(),
            rows: outcome
                .rows
                .iter()
                .map(Row::name)
                .map(str::to_owned)
                .collect(),
            properties: outcome
                .findings
                .iter()
                .map(|finding| {
                    let expected = expectation(design, scenario, finding.property);
                    PropertyResult::new(finding, expected)
                })
                .collect(),
        }
    }
}

impl PropertyResult {
    fn new(finding: &Finding, expected: Expectation) -> PropertyResult {
        let counterexample = finding.counterexample.as_ref();
        let steps = counterexample.map(|events| events.len() as u32);
        PropertyResult {
            name: finding.property.name().to_owned(),
            verdict: finding.verdict,
            agreement: agreement(finding.verdict, steps, &expected),
            expected: expected.verdict,
            expected_steps: expected.steps,
            because: (!expected.because.is_empty()).then_some(expected.because),
            steps,
            counterexample: counterexample
                .map(|events| events.iter().copied().map(EventRecord::from).collect()),
        }
    }
}

fn agreement(verdict: Verdict, steps: Option<u32>, expected: &Expectation) -> Agreement {
    let same_steps = expected.steps.is_none() || expected.steps == steps;
    match (verdict, expected.verdict) {
        (verdict, expected) if verdict == expected && same_steps => Agreement::Agrees,
        (Verdict::Inconclusive, _) | (Verdict::Vacuous, Verdict::Holds) => Agreement::Unknown,
        _ => Agreement::Differs,
    }
}
