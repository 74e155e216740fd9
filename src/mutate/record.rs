//! What became of a design's mutants, with the names of everything.

use super::{Fate, Judged, Shift, smallest_sets};
use crate::check::{Bounds, VERSION};
use crate::property::{Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::trace::EventRecord;
use serde::Serialize;

/// A design's mutants, and which property kills which.
#[derive(Clone, Debug, Serialize)]
pub struct Mutation {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// The version of the program that wrote this, as in `Cargo.toml`.
    pub freshest: String,
    pub design: String,
    /// All rule tables, not single changes.
    pub tables: bool,
    /// The engine that explored.
    pub engine: String,
    /// The bounds that each run had.
    pub bounds: Bounds,
    pub scenarios: Vec<String>,
    /// The properties that were judged, by name.
    pub properties: Vec<Property>,
    /// Runs that it took; the rest could only have repeated one of these.
    pub runs: usize,
    pub results: Vec<MutantResult>,
    /// Every smallest set of properties that kills all mutants that any property kills.
    pub smallest_sets: Vec<Vec<Property>>,
    /// The mutants that no property kills. If there are none, the design alone survives under each
    /// of the smallest sets.
    pub survivors: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct MutantResult {
    /// Its changes, as `--explain` takes them.
    pub mutant: String,
    /// What became of it.
    pub fate: Fate,
    /// For each property that kills it, where that takes the fewest events.
    pub kills: Vec<KillResult>,
    /// Verdicts and lengths that are different without being kills.
    pub shifts: Vec<ShiftResult>,
}

/// A property that kills a mutant.
#[derive(Clone, Debug, Serialize)]
pub struct KillResult {
    /// The property; in files by its name.
    pub property: Property,
    /// The scenario with the shortest counterexample.
    pub scenario: String,
    /// What the verdict on the design is there: holds or vacuous.
    pub before: Verdict,
    /// Length of the shortest counterexample in events.
    pub steps: usize,
    pub counterexample: Vec<EventRecord>,
    /// All scenarios in which the property kills the mutant.
    pub scenarios: Vec<String>,
}

/// A verdict, or a length, that is different.
#[derive(Clone, Debug, Serialize)]
pub struct ShiftResult {
    /// The property; in files by its name.
    pub property: Property,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    pub before: Verdict,
    /// Length of its shortest counterexample.
    pub steps_before: Option<usize>,
    /// The verdict on the mutant.
    pub after: Verdict,
    /// Length of its shortest counterexample.
    pub steps_after: Option<usize>,
}

pub(super) struct Setting<'a> {
    /// The design's name, without the ending of its file.
    pub design: &'a str,
    /// All rule tables, not single changes.
    pub tables: bool,
    pub engine: &'a str,
    pub bounds: Bounds,
    pub scenarios: &'a [&'a Scenario],
    pub properties: PropertySet,
    /// Runs that it took.
    pub runs: usize,
}

impl Mutation {
    /// The record of mutants that have been judged.
    pub(super) fn new(setting: &Setting<'_>, judged: &[Judged]) -> Mutation {
        let names: Vec<_> = setting.scenarios.iter().map(|s| s.name.clone()).collect();
        let killers: Vec<_> = judged.iter().map(Judged::killers).collect();
        let unkilled = judged.iter().filter(|judged| judged.kills.is_empty());
        let is_complete = judged.iter().all(|judged| judged.fate != Fate::Unknown);
        let sets = match is_complete {
            true => smallest_sets(&killers),
            false => Vec::new(),
        };
        Mutation {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            design: setting.design.to_owned(),
            tables: setting.tables,
            engine: setting.engine.to_owned(),
            bounds: setting.bounds,
            properties: setting.properties.iter().collect(),
            runs: setting.runs,
            results: judged
                .iter()
                .map(|j| MutantResult::new(j, &names))
                .collect(),
            smallest_sets: sets.into_iter().map(|set| set.iter().collect()).collect(),
            survivors: unkilled.map(|judged| judged.mutant.to_string()).collect(),
            scenarios: names,
        }
    }

    /// Whether every mutant's fate is known.
    pub fn is_conclusive(&self) -> bool {
        self.of_fate(Fate::Unknown).count() == 0
    }

    pub fn of_fate(&self, fate: Fate) -> impl Iterator<Item = &MutantResult> {
        self.results
            .iter()
            .filter(move |result| result.fate == fate)
    }
}

impl MutantResult {
    fn new(judged: &Judged, names: &[String]) -> MutantResult {
        let kill = |property| {
            let shortest = judged.shortest(Some(property))?;
            let everywhere = judged.kills.iter().filter(|kill| kill.property == property);
            Some(KillResult {
                property,
                scenario: names[shortest.scenario].clone(),
                before: shortest.before,
                steps: shortest.events.len(),
                counterexample: shortest.events.iter().map(|&event| event.into()).collect(),
                scenarios: everywhere
                    .map(|kill| names[kill.scenario].clone())
                    .collect(),
            })
        };
        let shift = |shift: &Shift| ShiftResult {
            property: shift.property,
            scenario: names[shift.scenario].clone(),
            before: shift.before.0,
            steps_before: shift.before.1,
            after: shift.after.0,
            steps_after: shift.after.1,
        };
        MutantResult {
            mutant: judged.mutant.to_string(),
            fate: judged.fate,
            kills: Property::ALL.into_iter().filter_map(kill).collect(),
            shifts: judged.shifts.iter().map(shift).collect(),
        }
    }
}
