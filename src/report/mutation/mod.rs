//! What became of a design's mutants.

mod markdown;
mod text;

use super::{Bounds, VERSION};
use crate::mutate::{Fate, Judged, Shift, smallest_sets};
use crate::property::{Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::trace::EventRecord;
use serde::Serialize;

/// A design's mutants, and which property kills which.
#[derive(Clone, Debug, Serialize)]
pub struct Mutation {
    /// As in a report.
    pub version: u32,
    /// The version of freshest.
    pub freshest: String,
    /// The design.
    pub design: String,
    /// All rule tables, not single changes.
    pub tables: bool,
    /// The engine that explored.
    pub engine: String,
    /// The bounds that each run had.
    pub bounds: Bounds,
    /// The scenarios, by name.
    pub scenarios: Vec<String>,
    /// The properties that were judged, by name.
    pub properties: Vec<Property>,
    /// Runs that it took; the rest could only have repeated one of these.
    pub runs: usize,
    /// One for each mutant.
    pub results: Vec<MutantResult>,
    /// Every smallest set of properties that kills all mutants that any property kills.
    pub smallest_sets: Vec<Vec<Property>>,
    /// The mutants that no property kills. If there are none, the design alone survives under each
    /// of the smallest sets.
    pub survivors: Vec<String>,
}

/// A mutant.
#[derive(Clone, Debug, Serialize)]
pub struct MutantResult {
    /// Its changes, as `--explain` takes them.
    pub mutant: String,
    /// What became of it.
    pub fate: Fate,
    /// For each property that kills it, where that takes the fewest events.
    pub kills: Vec<KillResult>,
    /// StepFindings and lengths that are different without being kills.
    pub shifts: Vec<ShiftResult>,
}

/// A property that kills a mutant.
#[derive(Clone, Debug, Serialize)]
pub struct KillResult {
    /// The property.
    pub property: Property,
    /// The scenario with the shortest counterexample.
    pub scenario: String,
    /// What the verdict on the design is there: holds or vacuous.
    pub before: Verdict,
    /// Length of the shortest counterexample in events.
    pub steps: usize,
    /// Its events.
    pub counterexample: Vec<EventRecord>,
    /// All scenarios in which the property kills the mutant.
    pub scenarios: Vec<String>,
}

/// A verdict, or a length, that is different.
#[derive(Clone, Debug, Serialize)]
pub struct ShiftResult {
    /// The property.
    pub property: Property,
    /// The scenario.
    pub scenario: String,
    /// The verdict on the design.
    pub before: Verdict,
    /// Length of its shortest counterexample.
    pub steps_before: Option<usize>,
    /// The verdict on the mutant.
    pub after: Verdict,
    /// Length of its shortest counterexample.
    pub steps_after: Option<usize>,
}

/// What was run, and how.
pub struct Setting<'a> {
    /// The design.
    pub design: &'a str,
    /// All rule tables, not single changes.
    pub tables: bool,
    /// The engine.
    pub engine: &'a str,
    /// The bounds of each run.
    pub bounds: Bounds,
    /// The scenarios.
    pub scenarios: &'a [&'a Scenario],
    /// The properties.
    pub properties: PropertySet,
    /// Runs that it took.
    pub runs: usize,
}

impl Mutation {
    /// The record of mutants that have been judged.
    pub fn new(setting: &Setting<'_>, judged: &[Judged]) -> Mutation {
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

    /// The mutants of one fate.
    fn of_fate(&self, fate: Fate) -> impl Iterator<Item = &MutantResult> {
        self.results
            .iter()
            .filter(move |result| result.fate == fate)
    }

    /// How many mutants a property kills, and how many of these no other does.
    fn score(&self, property: Property) -> (usize, usize) {
        let kills = |result: &&MutantResult| result.kills.iter().any(|k| k.property == property);
        let killed: Vec<_> = self.results.iter().filter(kills).collect();
        let alone = killed.iter().filter(|result| result.kills.len() == 1);
        (killed.len(), alone.count())
    }

    /// `pr-8097: 20 mutants in 27 scenarios`
    fn headline(&self) -> String {
        let what = if self.tables {
            "other rule tables"
        } else {
            "mutants"
        };
        let (design, count, scenarios) = (&self.design, self.results.len(), self.scenarios.len());
        format!("{design}: {count} {what} in {scenarios} scenarios")
    }

    /// What is left in the end, in one sentence.
    fn conclusion(&self) -> String {
        let what = if self.tables { "table" } else { "policy" };
        let design = &self.design;
        if !self.is_conclusive() {
            return "Some runs were cut short, so nothing follows about sets of properties.".into();
        }
        match self.survivors.len() {
            0 => format!("Under each of these sets the {what} of {design} is the only survivor."),
            1 => format!(
                "No set of properties singles out the {what} of {design}: one other survives all of \
                 them."
            ),
            count => format!(
                "No set of properties singles out the {what} of {design}: {count} others survive \
                 all of them."
            ),
        }
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

    /// The kill with the fewest events.
    fn shortest(&self) -> Option<&KillResult> {
        self.kills.iter().min_by_key(|kill| kill.steps)
    }

    /// Why it is not killed, in words.
    fn why_alive(&self) -> String {
        match self.fate {
            Fate::Killed => String::new(),
            Fate::Noticed => match self.shifts.as_slice() {
                [] => String::new(),
                [first, rest @ ..] => {
                    let more = match rest.len() {
                        0 => String::new(),
                        more => format!(", and {more} more"),
                    };
                    format!("nothing is worse, but {}{more}", first.in_words())
                }
            },
            Fate::Missed => "every verdict and length is the same, the behaviour is not".into(),
            Fate::Same => "every step from every reachable state leads where it led".into(),
            Fate::Unknown => "a run was cut short".into(),
        }
    }
}

impl ShiftResult {
    /// `seed-is-not-stale in r3: violated in 9 -> holds`
    fn in_words(&self) -> String {
        let told = |verdict: Verdict, steps: Option<usize>| match steps {
            Some(steps) => format!("{verdict} in {steps}"),
            None => verdict.to_string(),
        };
        let before = told(self.before, self.steps_before);
        let after = told(self.after, self.steps_after);
        let (property, scenario) = (self.property, &self.scenario);
        format!("{property} in {scenario}: {before} -> {after}")
    }
}
