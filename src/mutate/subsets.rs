//! Every set of the changes that lead from one design to another.

use super::change::{Change, Mutant, towards};
use crate::cache::Policy;
use crate::check::{Bounds, Options, VERSION};
use crate::design::Design;
use crate::explore::{Error, Outcome, explore};
use crate::property::{Monitored, Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use serde::Serialize;

/// The most changes of which every set is tried: 65,536 sets.
pub const MAX_CHANGES: usize = 16;

/// Two designs, and where the sets of changes between them are tried.
pub struct Between<'a> {
    /// What is changed.
    pub from: &'a Design,
    /// What all changes together make of it.
    pub to: &'a Design,
    /// Where the sets are tried.
    pub scenarios: &'a [&'a Scenario],
    /// The properties that are judged.
    pub properties: PropertySet,
    pub options: Options<'a>,
}

/// Why there are no sets to try.
#[derive(Debug, thiserror::Error)]
pub enum NoSubsets {
    /// The designs are the same policy.
    #[error("{from} and {to} behave the same: there is no change between them")]
    Same {
        /// The design that is changed.
        from: String,
        /// The design that it is changed into.
        to: String,
    },
    /// Something differs that is no change.
    #[error("{from} and {to} differ in more than rows, guards, seed and measures")]
    More {
        /// The design that is changed.
        from: String,
        /// The design that it is changed into.
        to: String,
    },
    /// Too many sets.
    #[error(
        "{count} changes lie between {from} and {to}; every set of at most {MAX_CHANGES} can be tried"
    )]
    TooMany {
        /// The design that is changed.
        from: String,
        /// The design that it is changed into.
        to: String,
        /// Changes between them.
        count: usize,
    },
    /// A run failed.
    #[error(transparent)]
    Run(#[from] Error),
}

/// What every set of the changes between two designs violates that all of them together do not.
#[derive(Clone, Debug, Serialize)]
pub struct Subsets {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// The version of the program that wrote this, as in `Cargo.toml`.
    pub freshest: String,
    /// The design that is changed.
    pub from: String,
    /// What all changes together make of it.
    pub to: String,
    /// The bounds that each run had.
    pub bounds: Bounds,
    pub scenarios: Vec<String>,
    /// The properties that were judged, by name.
    pub properties: Vec<Property>,
    /// The changes, as `--explain` takes them.
    pub changes: Vec<Needed>,
    /// How many sets there are; each was tried.
    pub sets: usize,
    /// What the whole set violates, and so every other may.
    pub violated: Vec<Violated>,
    /// The sets that violate nothing else; the smallest first. The whole set is always one.
    pub enough: Vec<Vec<String>>,
    /// The sets of which a run was cut short before anything decided.
    pub unknown: Vec<Vec<String>>,
}

/// A change, and what the others are worth without it.
#[derive(Clone, Debug, Serialize)]
pub struct Needed {
    /// The change, from the first design on.
    pub change: String,
    /// The same undone, from the second design on.
    pub undone: String,
    /// The shortest violation of all other changes together that the whole set has not; none if
    /// the change could be left out.
    pub without: Option<Violated>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violated {
    /// The property; in files by its name.
    pub property: Property,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// Length of a shortest counterexample in events.
    pub steps: usize,
}

enum Worth {
    Enough,
    TooLittle,
    Unknown,
}

/// What a set violates that the whole one does not.
struct Worse {
    /// In the fewest events, of the first scenario that has it.
    shortest: Violated,
    /// Position of the scenario with the fewest states in which there is such a violation.
    smallest: usize,
}

struct Target {
    violated: PropertySet,
    states: u64,
}

impl Between<'_> {
    /// Tries every set of the changes. The empty set is the first design, the whole one the second.
    ///
    /// # Errors
    ///
    /// If there is no such set or there are too many, and as of
    /// [`Check::run`](crate::check::Check::run).
    pub fn run(&self) -> Result<Subsets, NoSubsets> {
        let changes = self.changes()?;
        let sets = 1_usize << changes.len();
        let outcomes = self.each(
            self.scenarios,
            |s| s.name.clone(),
            |scenario| self.explore(self.to.policy, scenario),
        )?;
        let target: Vec<Target> = outcomes.iter().map(Target::new).collect();
        let without: Vec<usize> = (0..changes.len()).collect();
        let without = self.each(
            &without,
            |&i| format!("all but {}", changes[i]),
            |&left_out| self.shortest(self.with(&changes, !(1 << left_out)), &target),
        )?;
        let order = order(&target, &without);
        let numbered: Vec<usize> = (0..sets).collect();
        let name = |&set: &usize| format!("set {} of {sets}", set + 1);
        let worths = self.each(&numbered, name, |&set| {
            let first = (0..changes.len()).filter(|index| set >> index & 1 == 0);
            let first = first.filter_map(|index| Some(without[index].as_ref()?.smallest));
            let policy = self.with(&changes, set);
            self.worth(policy, &target, first.chain(order.iter().copied()))
        })?;
        let is_complete = outcomes.iter().all(Outcome::is_complete);
        Ok(self.record(&changes, &outcomes, without, &worths, is_complete))
    }

    fn changes(&self) -> Result<Vec<Change>, NoSubsets> {
        let (from, to) = (self.from.name.clone(), self.to.name.clone());
        if self.from.policy == self.to.policy {
            return Err(NoSubsets::Same { from, to });
        }
        match towards(&self.from.policy, &self.to.policy) {
            None => Err(NoSubsets::More { from, to }),
            Some(changes) if changes.len() > MAX_CHANGES => {
                let count = changes.len();
                Err(NoSubsets::TooMany { from, to, count })
            }
            Some(changes) => Ok(changes),
        }
    }

    /// The first design with the changes whose bits are set.
    fn with(&self, changes: &[Change], set: usize) -> Policy {
        Mutant::new(&self.from.policy, taken(changes, set)).policy
    }

    /// Works side by side; the first error in the order of the items.
    fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        name: impl Fn(&T) -> String + Sync,
        work: impl Fn(&T) -> Result<R, Error> + Sync,
    ) -> Result<Vec<R>, Error> {
        let results = self.options.run_each(items, name, work);
        results.into_iter().collect()
    }

    fn explore(&self, policy: Policy, scenario: &Scenario) -> Result<Outcome, Error> {
        let model = Monitored::new(policy, &scenario.setup, self.properties);
        let Options {
            method,
            limits,
            watch,
            ..
        } = &self.options;
        explore(model, method, limits, watch)
    }

    /// What a policy violates that the whole set does not.
    fn shortest(&self, policy: Policy, target: &[Target]) -> Result<Option<Worse>, Error> {
        let mut worse: Option<Worse> = None;
        for (at, scenario) in self.scenarios.iter().enumerate() {
            let outcome = self.explore(policy, scenario)?;
            let more = violated(&outcome, scenario);
            let more = more.filter(|v| !target[at].violated.has(v.property));
            let Some(shortest) = more.min_by_key(|violated| violated.steps) else {
                continue;
            };
            worse = Some(match worse {
                None => Worse {
                    shortest,
                    smallest: at,
                },
                Some(known) => Worse {
                    smallest: std::cmp::min_by_key(known.smallest, at, |&at| target[at].states),
                    shortest: std::cmp::min_by_key(known.shortest, shortest, |v| v.steps),
                },
            });
        }
        Ok(worse)
    }

    /// Whether a policy violates what the whole set does not, in the first of these scenarios that
    /// says so.
    fn worth(
        &self,
        policy: Policy,
        target: &[Target],
        order: impl Iterator<Item = usize>,
    ) -> Result<Worth, Error> {
        let mut is_complete = true;
        for at in order {
            let outcome = self.explore(policy, self.scenarios[at])?;
            let mut worse = violated(&outcome, self.scenarios[at]);
            if worse.any(|v| !target[at].violated.has(v.property)) {
                return Ok(Worth::TooLittle);
            }
            is_complete &= outcome.is_complete();
        }
        Ok(if is_complete {
            Worth::Enough
        } else {
            Worth::Unknown
        })
    }

    fn record(
        &self,
        changes: &[Change],
        outcomes: &[Outcome],
        without: Vec<Option<Worse>>,
        worths: &[Worth],
        is_complete: bool,
    ) -> Subsets {
        let names = |set: usize| taken(changes, set).iter().map(Change::to_string).collect();
        let of = |wanted: fn(&Worth) -> bool| {
            let mut sets: Vec<usize> = (0..worths.len())
                .filter(|&set| wanted(&worths[set]))
                .collect();
            sets.sort_by_key(|set| (set.count_ones(), *set));
            sets.into_iter().map(names).collect::<Vec<Vec<String>>>()
        };
        let needed = changes.iter().zip(without).map(|(change, without)| Needed {
            change: change.to_string(),
            undone: change.undone(&self.from.policy).to_string(),
            without: without.map(|worse| worse.shortest),
        });
        let runs = outcomes.iter().zip(self.scenarios);
        // Where the whole set's own runs were cut short, nothing is known of any set.
        let known = if is_complete {
            of(|w| matches!(w, Worth::Enough))
        } else {
            Vec::new()
        };
        let unknown = match is_complete {
            true => of(|worth| matches!(worth, Worth::Unknown)),
            false => of(|worth| !matches!(worth, Worth::TooLittle)),
        };
        Subsets {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            from: self.from.name.clone(),
            to: self.to.name.clone(),
            bounds: Bounds::from(&self.options.limits),
            scenarios: self.scenarios.iter().map(|s| s.name.clone()).collect(),
            properties: self.properties.iter().collect(),
            changes: needed.collect(),
            sets: worths.len(),
            violated: runs
                .flat_map(|(outcome, scenario)| violated(outcome, scenario))
                .collect(),
            enough: known,
            unknown,
        }
    }
}

impl Subsets {
    /// Whether something is known of every set.
    pub fn is_conclusive(&self) -> bool {
        self.unknown.is_empty()
    }

    /// The sets that are enough and have no smaller one in them that is.
    pub fn minimal(&self) -> impl Iterator<Item = &Vec<String>> {
        let within = |one: &Vec<String>, other: &Vec<String>| {
            one.len() < other.len() && one.iter().all(|change| other.contains(change))
        };
        let is_minimal = move |set: &&Vec<String>| !self.enough.iter().any(|o| within(o, set));
        self.enough.iter().filter(is_minimal)
    }
}

impl Target {
    fn new(outcome: &Outcome) -> Target {
        let violated = outcome
            .findings
            .iter()
            .filter(|f| f.verdict == Verdict::Violated);
        Target {
            violated: violated.map(|finding| finding.property).collect(),
            states: outcome.states,
        }
    }
}

fn taken(changes: &[Change], set: usize) -> Vec<Change> {
    let numbered = changes.iter().enumerate();
    numbered
        .filter(|(index, _)| set >> index & 1 == 1)
        .map(|(_, change)| *change)
        .collect()
}

fn violated<'a>(
    outcome: &'a Outcome,
    scenario: &'a Scenario,
) -> impl Iterator<Item = Violated> + 'a {
    outcome.findings.iter().filter_map(|finding| {
        Some(Violated {
            property: finding.property,
            scenario: scenario.name.clone(),
            steps: finding.counterexample.as_ref()?.len(),
        })
    })
}

/// Every scenario once: those that a single change is needed for, and then the small ones first, so
/// that what is too little is seen soon.
fn order(target: &[Target], without: &[Option<Worse>]) -> Vec<usize> {
    let decided = |at: &usize| without.iter().flatten().any(|worse| worse.smallest == *at);
    let mut order: Vec<usize> = (0..target.len()).collect();
    order.sort_by_key(|at| (!decided(at), target[*at].states));
    order
}
