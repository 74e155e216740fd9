//! What runs found, held against what was expected: the evidence of record.

use super::agreement::{Agreement, expectation};
use crate::design::{Design, Expectation};
use crate::explore::{Bound, Finding, Limits, MostUnderWay, Outcome};
use crate::freshness::Row;
use crate::property::{Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::trace::EventRecord;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of the JSON form of every result.
pub const VERSION: u32 = 1;

/// The directory that is read when none is named.
pub const DEFAULT_MODELS: &str = "models";

fn default_models() -> String {
    DEFAULT_MODELS.to_owned()
}

/// What a matrix of runs found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// The version of the program that wrote this, as in `Cargo.toml`.
    pub freshest: String,
    /// The directory with the models, as it was named.
    #[serde(default = "default_models")]
    pub models: String,
    /// The options that name the comparator, if it was tried without a design's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<String>,
    /// Whether it was only tried, so that nothing was judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
    /// The name of the engine that explored; empty in files of versions that did not record it.
    #[serde(default)]
    pub engine: String,
    /// Where it made use of interchangeable tabs, as on the command line; empty in files of versions
    /// that did not record it.
    #[serde(default)]
    pub symmetry: String,
    /// The bounds that each run had.
    #[serde(default)]
    pub bounds: Bounds,
    /// How much of the models was checked, where somebody counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// One for each design and scenario.
    pub results: Vec<RunResult>,
    /// The parts of comparators from elsewhere that no run reached: no verdict says anything about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreached: Vec<Unreached>,
}

/// How many of the designs, scenarios and properties that there are were checked: a gate must not
/// shrink unnoticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extent {
    /// Designs; one that names distances counts once for each.
    pub designs: Share,
    /// Scenarios, of those in the models directory.
    pub scenarios: Share,
    /// Properties, of all that the program knows.
    pub properties: Share,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub checked: usize,
    pub of: usize,
}

/// A part of a comparator from elsewhere that did not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreached {
    /// The comparator's file.
    pub file: String,
    /// Where the part begins, from 1.
    pub line: usize,
    /// How it begins, on one line.
    pub text: String,
}

/// What a run was not allowed to exceed. `None`: unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Unique states of the reachable graph, of each run.
    pub max_states: Option<u64>,
    /// Wall-clock time of each run, in seconds.
    pub time_limit_seconds: Option<f64>,
    /// Memory of each run, in bytes; only the fast engine keeps to it.
    #[serde(default)]
    pub memory_limit_bytes: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunResult {
    pub design: String,
    pub scenario: String,
    /// Where the function is that compares tokens, if the design names a script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Place>,
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
    pub bound: Option<Bound>,
    /// Memory that the states took, in bytes, where the engine knows.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Wall-clock time of the run, in seconds.
    pub seconds: f64,
    /// Probability that a state was missed because two shared a fingerprint.
    pub fingerprint_collision_odds: f64,
    /// Rows of the decision table that the run decided by, in the order of the table.
    #[serde(with = "rows")]
    pub rows: Vec<Row>,
    /// The most requests that were under way at once; nothing in files of versions that did not count
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_under_way: Option<MostUnderWay>,
    /// One for each property that was judged.
    pub properties: Vec<PropertyResult>,
}

/// What a run says of a property, and what was expected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PropertyResult {
    /// The property; in files by its name.
    #[serde(rename = "name")]
    pub property: Property,
    /// What the run says.
    pub verdict: Verdict,
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
    /// The line in its file, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Report {
    /// A report of these results, from unbounded runs over the models in the default directory.
    pub fn new(results: Vec<RunResult>) -> Report {
        Report {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            models: default_models(),
            tried: None,
            trial: false,
            engine: String::new(),
            symmetry: String::new(),
            bounds: Bounds::default(),
            extent: None,
            results,
            unreached: Vec::new(),
        }
    }

    /// The worst agreement of all verdicts: what the gate as a whole says. Where nothing was checked
    /// nothing is known.
    pub fn agreement(&self) -> Agreement {
        let agreements = self.properties().map(|(_, property)| property.agreement);
        Agreement::of_all(agreements, !self.has_checked_nothing())
    }

    /// Whether no verdict holds or is violated, so that none says anything about any design: all of
    /// them vacuous, say, however much that was expected.
    pub fn has_checked_nothing(&self) -> bool {
        let mut verdicts = self.properties().map(|(_, property)| property.verdict);
        !verdicts.any(Verdict::says_something)
    }

    /// The names of the scenarios, in the order of the results.
    pub fn scenarios(&self) -> Vec<&str> {
        let mut scenarios: Vec<&str> = Vec::new();
        for run in &self.results {
            if !scenarios.contains(&run.scenario.as_str()) {
                scenarios.push(&run.scenario);
            }
        }
        scenarios
    }

    pub fn judged(&self) -> PropertySet {
        self.properties()
            .map(|(_, result)| result.property)
            .collect()
    }

    /// Says how much of what there is was checked, given the numbers of all designs and scenarios.
    #[must_use]
    pub fn out_of(self, designs: usize, scenarios: usize) -> Report {
        Report {
            extent: Some(self.counted(designs, scenarios)),
            ..self
        }
    }

    /// How much of so many designs and scenarios was checked.
    pub fn counted(&self, designs: usize, scenarios: usize) -> Extent {
        let share = |checked, of| Share { checked, of };
        Extent {
            designs: share(self.designs().len(), designs),
            scenarios: share(self.scenarios().len(), scenarios),
            properties: share(self.judged().iter().count(), Property::ALL.len()),
        }
    }

    /// Every property of every run.
    pub fn properties(&self) -> impl Iterator<Item = (&RunResult, &PropertyResult)> {
        let of_run = |run| move |property| (run, property);
        self.results
            .iter()
            .flat_map(move |run| run.properties.iter().map(of_run(run)))
    }

    /// The names of the designs, in the order of the results.
    pub fn designs(&self) -> Vec<&str> {
        let mut designs: Vec<&str> = Vec::new();
        for run in &self.results {
            if !designs.contains(&run.design.as_str()) {
                designs.push(&run.design);
            }
        }
        designs
    }

    pub fn runs_of<'a>(&'a self, design: &str) -> Vec<&'a RunResult> {
        let runs = self.results.iter();
        runs.filter(|run| run.design == design).collect()
    }

    /// Every verdict that is not as expected.
    pub fn deviations(&self) -> impl Iterator<Item = (&RunResult, &PropertyResult)> {
        self.properties()
            .filter(|(_, property)| property.agreement != Agreement::Agrees)
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
    /// Compares what a run found with what is expected of the design in the scenario.
    pub fn new(design: &Design, scenario: &Scenario, outcome: &Outcome) -> RunResult {
        let result = |finding: &Finding| {
            let expected = expectation(design, scenario, finding.property);
            PropertyResult::new(finding, expected)
        };
        RunResult {
            design: design.name.clone(),
            scenario: scenario.name.clone(),
            script: design.scripts.first().map(|script| Place {
                file: script.path.display().to_string(),
                line: script.line,
            }),
            states: outcome.states,
            transitions: outcome.transitions,
            explored: outcome.explored,
            depth: outcome.depth,
            complete: outcome.is_complete(),
            bound: outcome.bound,
            memory_bytes: outcome.memory,
            seconds: outcome.elapsed.as_secs_f64(),
            fingerprint_collision_odds: outcome.fingerprint_collision_odds(),
            rows: outcome.rows.iter().collect(),
            most_under_way: Some(outcome.most_under_way),
            properties: outcome.findings.iter().map(result).collect(),
        }
    }

    /// What the run says of one property, if it was judged.
    pub fn property(&self, property: Property) -> Option<&PropertyResult> {
        self.properties.iter().find(|p| p.property == property)
    }
}

impl PropertyResult {
    fn new(finding: &Finding, expected: Expectation) -> PropertyResult {
        let counterexample = finding.counterexample.as_ref();
        let steps = counterexample.map(|events| events.len() as u32);
        PropertyResult {
            property: finding.property,
            verdict: finding.verdict,
            agreement: Agreement::of(finding.verdict, steps, &expected),
            expected: expected.verdict,
            expected_steps: expected.steps,
            because: (!expected.because.is_empty()).then(|| expected.because.to_string()),
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

mod rows {
    use crate::freshness::Row;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(crate) fn serialize<S: Serializer>(rows: &[Row], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(rows.iter().map(|row| row.name()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Row>, D::Error> {
        let names: Vec<String> = Vec::deserialize(deserializer)?;
        let row = |name: &String| Row::ALL.into_iter().find(|row| row.name() == name);
        let found = names.iter().map(|name| {
            row(name).ok_or_else(|| Error::custom(format_args!("there is no row `{name}`")))
        });
        found.collect()
    }
}
