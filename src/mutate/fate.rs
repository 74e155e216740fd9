//! What became of a mutant.

use super::{Mutant, Run};
use crate::explore::{Finding, Outcome};
use crate::model::{Composed, Event, System};
use crate::property::{Property, PropertySet, Verdict};
use std::collections::HashSet;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A property is violated in a scenario in which it was not.
    Killed,
    /// No property kills it, but some verdict or the length of a counterexample is another.
    Noticed,
    /// Every verdict and every length is the same, and the system behaves differently.
    Missed,
    /// Every step from every state that is reachable leads where it led before.
    Same,
    /// A run was cut short before anything killed it.
    Unknown,
}

impl Fate {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Fate::Killed => "killed",
            Fate::Noticed => "noticed",
            Fate::Missed => "missed",
            Fate::Same => "same",
            Fate::Unknown => "unknown",
        }
    }
}

/// A property that is violated in a scenario in which it was not.
#[derive(Clone, Debug)]
pub struct Kill {
    /// The property; in files by its name.
    pub property: Property,
    /// Position of the scenario.
    pub scenario: usize,
    /// What the design's own verdict is.
    pub before: Verdict,
    /// A shortest counterexample.
    pub events: Vec<Event>,
}

/// A verdict or a length that is another, without being a kill: a violation of another length, a
/// property that holds now, or has become vacuous.
#[derive(Clone, Debug)]
pub struct Shift {
    /// The property; in files by its name.
    pub property: Property,
    /// Position of the scenario.
    pub scenario: usize,
    /// The design's own verdict, with the length of a shortest counterexample in events.
    pub before: (Verdict, Option<usize>),
    /// The mutant's.
    pub after: (Verdict, Option<usize>),
}

/// A mutant, and what became of it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub mutant: Mutant,
    /// What became of it.
    pub fate: Fate,
    /// What kills it, in the order of scenarios and properties.
    pub kills: Vec<Kill>,
    /// What else is different.
    pub shifts: Vec<Shift>,
}

impl Judged {
    /// The properties that kill it.
    pub fn killers(&self) -> PropertySet {
        self.kills.iter().map(|kill| kill.property).collect()
    }

    /// The kill by this property, or by any, with the fewest events.
    pub fn shortest(&self, property: Option<Property>) -> Option<&Kill> {
        let wanted = |kill: &&Kill| property.is_none_or(|p| p == kill.property);
        let kills = self.kills.iter().filter(wanted);
        kills.min_by_key(|kill| kill.events.len())
    }
}

/// Compares the runs of a mutant with those of its design, scenario by scenario. `same` is asked
/// only where verdicts and sizes do not tell them apart.
pub fn judge(
    mutant: Mutant,
    original: &[Run],
    runs: &[Run],
    same: impl Fn(usize) -> bool,
) -> Judged {
    let mut judged = Judged {
        mutant,
        fate: Fate::Missed,
        kills: Vec::new(),
        shifts: Vec::new(),
    };
    let mut is_complete = true;
    for (scenario, (before, after)) in original.iter().zip(runs).enumerate() {
        let (before, after) = (&before.outcome, &after.outcome);
        is_complete &= before.is_complete() && after.is_complete();
        for (old, new) in before.findings.iter().zip(&after.findings) {
            judged.compare(scenario, old, new);
        }
    }
    let size = |outcome: &Outcome| (outcome.states, outcome.transitions, outcome.depth);
    let is_repeated = |at: usize| original[at].policy == runs[at].policy;
    let is_same = |at: usize| {
        is_repeated(at) || size(&original[at].outcome) == size(&runs[at].outcome) && same(at)
    };
    judged.fate = match (judged.kills.is_empty(), judged.shifts.is_empty()) {
        (false, _) => Fate::Killed,
        _ if !is_complete => Fate::Unknown,
        (_, false) => Fate::Noticed,
        _ if (0..runs.len()).all(is_same) => Fate::Same,
        _ => Fate::Missed,
    };
    judged
}

impl Judged {
    fn compare(&mut self, scenario: usize, old: &Finding, new: &Finding) {
        let length = |finding: &Finding| finding.counterexample.as_ref().map(Vec::len);
        let was_met = matches!(old.verdict, Verdict::Holds | Verdict::Vacuous);
        match &new.counterexample {
            Some(events) if was_met => self.kills.push(Kill {
                property: new.property,
                scenario,
                before: old.verdict,
                events: events.clone(),
            }),
            _ if (old.verdict, length(old)) != (new.verdict, length(new)) => {
                self.shifts.push(Shift {
                    property: new.property,
                    scenario,
                    before: (old.verdict, length(old)),
                    after: (new.verdict, length(new)),
                });
            }
            _ => {}
        }
    }
}

/// Whether two models reach the same states by the same steps: every event in every state that is
/// reachable is tried in both. Properties do not count.
pub(crate) fn same_steps(one: &Composed, other: &Composed) -> bool {
    let start = one.start();
    if start != other.start() {
        return false;
    }
    let mut seen: HashSet<System> = HashSet::from([start.clone()]);
    let mut left = vec![start];
    while let Some(system) = left.pop() {
        for event in one.enabled(&system) {
            let next = one.step(&system, event).system;
            if next != other.step(&system, event).system {
                return false;
            }
            if !seen.contains(&next) {
                seen.insert(next.clone());
                left.push(next);
            }
        }
    }
    true
}
