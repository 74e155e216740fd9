//! A receipt: what was checked, by what, within which bounds, and with which verdicts.
//!
//! A design document links to it; whoever doubts it runs exactly the same again and compares
//! ([`Receipt::differences`]).

mod compare;
mod hash;

pub use compare::Difference;
pub use hash::{Hashed, HashedFile, comparator};

use crate::catalog::{BUILTIN, Catalog, Models};
use crate::check::{Agreement, Bounds, PropertyResult, Report, RunResult};
use crate::explore::Bound;
use crate::property::{Property, Verdict};
use serde::{Deserialize, Serialize};

/// The version of the format.
pub const RECEIPT: u32 = 1;

/// What was checked, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT`].
    pub receipt: u32,
    /// The version of freshest.
    pub freshest: String,
    /// What explored.
    pub engine: String,
    /// What the gate said as a whole.
    pub gate: Agreement,
    /// The bounds of each run.
    pub bounds: Bounds,
    /// Where the models were read from: `directory`, or `builtin` for the program's. For people: what was
    /// in them is what counts, and no name of a directory is the same everywhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub read_from: String,
    /// The model files that were used, scripts among them, by their paths below the models
    /// directory.
    pub models: Hashed,
    /// The code under check, as it was built into the program.
    pub comparator: Hashed,
    /// The properties that were judged.
    pub properties: Vec<Property>,
    /// One for each design and scenario.
    pub runs: Vec<RunReceipt>,
}

/// One design in one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunReceipt {
    /// The design.
    pub design: String,
    /// The scenario.
    pub scenario: String,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Its transitions.
    pub transitions: u64,
    /// Its depth.
    pub depth: u32,
    /// The bound that ended the run, if one did.
    pub bound: Option<Bound>,
    /// One for each property.
    pub verdicts: Vec<VerdictReceipt>,
}

/// A verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictReceipt {
    /// The property.
    pub property: Property,
    /// What the run says of it.
    pub verdict: Verdict,
    /// Length of the shortest counterexample.
    pub steps: Option<u32>,
}

impl Receipt {
    /// The receipt for a report on designs and scenarios of a catalog.
    pub fn new(catalog: &Catalog, report: &Report) -> Receipt {
        let runs = &report.results;
        let script = |run: &RunResult| {
            let script = catalog.design(&run.design)?.script.as_ref()?;
            Some(script.below(report.models.as_ref()))
        };
        let used = |path: &str| {
            runs.iter().any(|run| {
                path == format!("designs/{}.toml", run.design)
                    || path == format!("scenarios/{}.toml", run.scenario)
                    || script(run).is_some_and(|script| path == script)
            })
        };
        let files = catalog.hashes.iter().filter(|(path, _)| used(path));
        let file = |(path, sha256): (&String, &String)| HashedFile {
            path: path.clone(),
            sha256: sha256.clone(),
        };
        let judged = runs.first().map_or(&[][..], |run| &run.properties);
        Receipt {
            receipt: RECEIPT,
            freshest: report.freshest.clone(),
            engine: report.engine.clone(),
            gate: report.agreement(),
            bounds: report.bounds,
            read_from: match catalog.models {
                Models::Directory(_) => "directory".to_owned(),
                Models::Builtin => BUILTIN.to_owned(),
            },
            models: Hashed::new(files.map(file).collect()),
            comparator: comparator(),
            properties: judged.iter().map(|result| result.property).collect(),
            runs: runs.iter().map(RunReceipt::new).collect(),
        }
    }

    /// The names of the designs, each once, in the order of the runs.
    pub fn designs(&self) -> Vec<&str> {
        once_each(self.runs.iter().map(|run| run.design.as_str()))
    }

    /// The names of the scenarios, in the same way.
    pub fn scenarios(&self) -> Vec<&str> {
        once_each(self.runs.iter().map(|run| run.scenario.as_str()))
    }
}

fn once_each<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

impl RunReceipt {
    fn new(run: &RunResult) -> RunReceipt {
        let verdict = |result: &PropertyResult| VerdictReceipt {
            property: result.property,
            verdict: result.verdict,
            steps: result.steps,
        };
        RunReceipt {
            design: run.design.clone(),
            scenario: run.scenario.clone(),
            states: run.states,
            transitions: run.transitions,
            depth: run.depth,
            bound: run.bound,
            verdicts: run.properties.iter().map(verdict).collect(),
        }
    }
}
