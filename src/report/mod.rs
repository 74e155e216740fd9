//! The evidence of record, and its renderings: one file for each format.
//!
//! A [`Report`] is made once from the outcomes of the runs. Every renderer is a pure function of it
//! and decides nothing.

mod decision_table;
pub mod diagram;
mod diff;
mod dossier;
mod format;
mod github;
mod html;
mod json;
mod junit;
mod list;
mod liveness;
mod markdown;
mod matrix;
mod mutation;
mod proof;
mod sarif;
mod scope;
mod story;
mod summary;
mod violated;
mod wrap;

pub use decision_table::{DecidedRow, DecisionTable, decision_table};
pub use diff::{
    Apart, ApartStep, Compared, Diff, Fields, Held, RowDiff, ScenarioDiff, Telling, VerdictDiff,
    diff, differ, differ_in_passing,
};
pub use dossier::{Dossier, DossierError, dossier};
pub use format::{Format, Render, RenderError};
pub use github::Github;
pub use html::html;
pub use json::Json;
pub use junit::Junit;
pub use list::{List, list};
pub use liveness::{LassoRecord, LivenessReport, LivenessResult};
pub use markdown::Markdown;
pub use matrix::Text;
pub use mutation::{KillResult, MutantResult, Mutation, Setting, ShiftResult};
pub use proof::{
    Contradiction, ProofBounds, ProofProperty, ProofReport, ProofResult, ProofSummary,
    ProofVerdict, runs_about,
};
pub use sarif::Sarif;
pub use scope::NOT_MODELLED;
pub use story::{Story, story};
pub use summary::{Summary, verdict_line};
pub use violated::{Violated, Violation};

use crate::catalog::expectation;
use crate::design::{Design, Expectation};
use crate::explore::{Bound, Finding, Limits, Outcome};
use crate::freshness::Row;
use crate::property::Verdict;
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
    /// The directory with the models, as it was named.
    #[serde(default = "default_models")]
    pub models: String,
    /// The engine that explored.
    #[serde(default)]
    pub engine: String,
    /// The bounds that each run had.
    #[serde(default)]
    pub bounds: Bounds,
    /// One for each design and scenario.
    pub results: Vec<RunResult>,
}

/// What a run was not allowed to exceed. `None`: unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Unique states.
    pub max_states: Option<u64>,
    /// Wall-clock time.
    pub time_limit_seconds: Option<f64>,
    /// Memory; only the fast engine keeps to it.
    #[serde(default)]
    pub memory_limit_bytes: Option<u64>,
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
    /// Memory that the states took, in bytes, where the engine knows.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
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
    /// Where that is written down; where it is not, the beginning of the design's file.
    #[serde(default)]
    pub place: Option<Place>,
    /// How the verdict compares with what was expected.
    pub agreement: Agreement,
    /// Length of the shortest counterexample in events.
    pub steps: Option<u32>,
    /// The events of the shortest counterexample.
    pub counterexample: Option<Vec<EventRecord>>,
}

/// A line of a model file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As the user would write it.
    pub file: String,
    /// From 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The directory that is read when none is named.
pub const DEFAULT_MODELS: &str = "models";

fn default_models() -> String {
    DEFAULT_MODELS.to_owned()
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
    /// A report of these results, from unbounded runs over the models in the default directory.
    pub fn new(results: Vec<RunResult>) -> Report {
        Report {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            models: default_models(),
            engine: String::new(),
            bounds: Bounds::default(),
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

impl From<&Limits> for Bounds {
    fn from(limits: &Limits) -> Bounds {
        Bounds {
            max_states: limits.max_states,
            time_limit_seconds: limits.time_limit.map(|limit| limit.as_secs_f64()),
            memory_limit_bytes: limits.memory_limit,
        }
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
            memory_bytes: outcome.memory,
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
            place: Some(Place {
                file: expected.path.display().to_string(),
                line: expected.line,
            }),
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
