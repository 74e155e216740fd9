//! A receipt: what was checked, by what, within which bounds, and with which verdicts.
//!
//! A design document links to it; whoever doubts it runs exactly the same again and compares
//! ([`Receipt::differences`]).

mod compare;
mod consistent;
mod hash;
mod totals;

pub use compare::Difference;
pub use hash::{Hashed, HashedFile, comparator};
pub use totals::Totals;

use crate::catalog::{BUILTIN, Catalog, Models};
use crate::check::{Agreement, Bounds, Extent, PropertyResult, Report, RunResult};
use crate::design::ScriptFile;
use crate::explore::Bound;
use crate::property::{Property, Verdict};
use crate::source::sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of the format.
pub const RECEIPT: u32 = 3;

/// What was checked, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The version of this form, [`RECEIPT`]; another one is refused.
    pub receipt: u32,
    /// SHA-256 of the rest of the receipt: its JSON without this key and without white space, in the
    /// order of the keys here. No signature: it tells what was changed by accident or in haste, also
    /// where a second run comes out the same, as with a bound that no run hit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// The version of the program that wrote this, as in `Cargo.toml`.
    pub freshest: String,
    /// The engine that explored, by its name on the command line.
    pub engine: String,
    /// Where it made use of interchangeable tabs, as on the command line.
    pub symmetry: String,
    /// What the gate said as a whole.
    pub gate: Agreement,
    pub bounds: Bounds,
    /// Where the models were read from: `directory`, or `builtin` for the program's. For people: what was
    /// in them is what counts, and no name of a directory is the same everywhere.
    pub read_from: String,
    /// The model files that were used, scripts among them, by their paths below the models
    /// directory.
    pub models: Hashed,
    /// The code under check, as it was built into the program.
    pub comparator: Hashed,
    /// The designs that were checked, in the order of the runs.
    pub designs: Vec<String>,
    /// The scenarios, in the same way.
    pub scenarios: Vec<String>,
    /// What of these was not run, because design and scenario are of two platforms: `DESIGN in SCENARIO`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<String>,
    /// The properties that were judged.
    pub properties: Vec<Property>,
    /// How many of all these there were.
    pub extent: Extent,
    /// What the runs add up to.
    pub totals: Totals,
    /// One for each design and scenario, but for those that were not run.
    pub runs: Vec<RunReceipt>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunReceipt {
    /// The design's name, without the ending of its file.
    pub design: String,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of a state of it and an event enabled there.
    pub transitions: u64,
    /// Events on the longest of the shortest ways to a state.
    pub depth: u32,
    /// The bound that ended the run, if one did.
    pub bound: Option<Bound>,
    pub verdicts: Vec<VerdictReceipt>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictReceipt {
    /// The property; in files by its name.
    pub property: Property,
    pub verdict: Verdict,
    /// Length of the shortest counterexample.
    pub steps: Option<u32>,
    pub expected: Verdict,
    /// The expected length, where one is written down.
    pub expected_steps: Option<u32>,
}

impl VerdictReceipt {
    /// How the verdict compares with what was expected.
    pub fn agreement(&self) -> Agreement {
        let VerdictReceipt {
            verdict,
            steps,
            expected,
            expected_steps,
            ..
        } = *self;
        Agreement::compare((verdict, steps), (expected, expected_steps))
    }
}

impl Receipt {
    pub fn new(catalog: &Catalog, report: &Report) -> Receipt {
        let runs = &report.results;
        let scripts = |run: &RunResult| {
            let scripts = catalog.design(&run.design).map(|design| &design.scripts);
            let below = |script: &ScriptFile| script.below(report.models.as_ref());
            let below = scripts.into_iter().flatten().map(below);
            below.collect::<Vec<_>>()
        };
        // One file may be a design for each of several distances.
        let design = |run: &RunResult| {
            let name = catalog.design(&run.design)?.path.file_name()?;
            Some(format!("designs/{}", name.to_string_lossy()))
        };
        let scenario = |run: &RunResult| Some(format!("scenarios/{}.toml", run.scenario));
        let of_run = |run: &RunResult| {
            let models = [design(run), scenario(run)].into_iter().flatten();
            models.chain(scripts(run))
        };
        let used: BTreeSet<String> = runs.iter().flat_map(of_run).collect();
        let used = |path: &String| used.contains(path);
        let files = catalog.hashes.iter().filter(|(path, _)| used(path));
        let file = |(path, sha256): (&String, &String)| HashedFile {
            path: path.clone(),
            sha256: sha256.clone(),
        };
        let receipts: Vec<RunReceipt> = runs.iter().map(RunReceipt::new).collect();
        let receipt = Receipt {
            receipt: RECEIPT,
            digest: String::new(),
            freshest: report.freshest.clone(),
            engine: report.engine.clone(),
            symmetry: report.symmetry.clone(),
            gate: report.agreement(),
            bounds: report.bounds,
            read_from: match catalog.models {
                Models::Directory(_) => "directory".to_owned(),
                Models::Builtin => BUILTIN.to_owned(),
                Models::Memory => "memory".to_owned(),
            },
            models: Hashed::new(files.map(file).collect()),
            comparator: comparator(),
            designs: report.designs().into_iter().map(str::to_owned).collect(),
            scenarios: report.scenarios().into_iter().map(str::to_owned).collect(),
            not_run: not_run(catalog, report),
            properties: report.judged().iter().collect(),
            extent: report.counted(catalog.designs.len(), catalog.scenarios.len()),
            // Sums of what was counted in as many bits.
            totals: Totals::of(&receipts).unwrap_or_default(),
            runs: receipts,
        };
        Receipt {
            digest: receipt.digest_of_the_rest(),
            ..receipt
        }
    }

    /// What its `digest` has to be.
    pub fn digest_of_the_rest(&self) -> String {
        let rest = Receipt {
            digest: String::new(),
            ..self.clone()
        };
        // Keys are names of fields and numbers are finite: there is nothing that JSON cannot say.
        sha256(&serde_json::to_vec(&rest).unwrap_or_default())
    }
}

/// The designs and scenarios of a report that are of two platforms.
fn not_run(catalog: &Catalog, report: &Report) -> Vec<String> {
    let mut not_run = Vec::new();
    for design in report.designs() {
        for scenario in report.scenarios() {
            let both = catalog.design(design).zip(catalog.scenario(scenario));
            if both.is_some_and(|(design, scenario)| !design.runs_in(scenario)) {
                not_run.push(pair(design, scenario));
            }
        }
    }
    not_run
}

fn pair(design: &str, scenario: &str) -> String {
    format!("{design} in {scenario}")
}

impl RunReceipt {
    fn new(run: &RunResult) -> RunReceipt {
        let verdict = |result: &PropertyResult| VerdictReceipt {
            property: result.property,
            verdict: result.verdict,
            steps: result.steps,
            expected: result.expected,
            expected_steps: result.expected_steps,
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
