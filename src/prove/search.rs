//! Breadth-first search over canonical tabs.

use super::cookie::Cookies;
use super::environment::{Environment, Move};
use super::order::Phases;
use super::step::{Stepped, Stepper};
use super::tab::{OTHERS, Tab};
use crate::cache::FetchId;
use crate::explore::{Bound, Limits, Watch};
use crate::property::{Property, PropertySet, StepFindings};
use crate::time::Moment;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::collections::BTreeMap;

/// Expanded tabs between two looks at the clock.
const BETWEEN_CHECKS: usize = 16;

/// A rough size of a stored tab, in bytes.
const TAB_BYTES: u64 = 320;

/// What may end the searches of a proof early. Its time is that of all of them together.
#[derive(Clone, Copy)]
pub(crate) struct Until<'a> {
    pub limits: &'a Limits,
    pub watch: &'a Watch,
    pub began: Moment,
}

impl Until<'_> {
    /// The bound that so many states of one search, or the time by now, hit.
    pub(crate) fn bound(&self, states: u64) -> Option<Bound> {
        let over = |limit: Option<u64>, used: u64| limit.filter(|&limit| used >= limit);
        if self.watch.is_stopped() {
            return Some(Bound::Interrupted);
        }
        if let Some(limit) = over(self.limits.max_states, states) {
            return Some(Bound::States(limit));
        }
        if let Some(limit) = over(self.limits.memory_limit, states * TAB_BYTES) {
            return Some(Bound::Memory(limit));
        }
        let time_limit = self.limits.time_limit;
        let limit = time_limit.filter(|&limit| self.began.elapsed() >= limit)?;
        Some(Bound::Time(limit))
    }
}

/// How a tab came about.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The number of the tab before.
    pub tab: usize,
    /// What happened to it, spread.
    pub happened: Move,
}

pub(crate) struct Found {
    /// Canonical tabs, by number.
    tabs: IndexSet<Tab, FxBuildHasher>,
    /// How each came about; the first ones did not.
    origins: Vec<Option<Origin>>,
    /// The numbers of the tabs that each one may become, in order.
    successors: Vec<Vec<usize>>,
    /// Steps taken.
    pub transitions: u64,
    /// The properties that had an opportunity to be violated.
    pub witnessed: PropertySet,
    /// A shortest violation of each violated property: the tab and the last move.
    violations: BTreeMap<Property, Origin>,
    /// The bound that ended the search early.
    pub bound: Option<Bound>,
    /// Some tab held more instants than can be numbered.
    pub crowded: bool,
}

impl Found {
    /// The canonical tabs, by number.
    pub(crate) fn tabs(&self) -> &IndexSet<Tab, FxBuildHasher> {
        &self.tabs
    }

    /// The numbers of the tabs that nothing has happened to.
    pub(crate) fn starts(&self) -> impl Iterator<Item = usize> + '_ {
        let origins = self.origins.iter().enumerate();
        origins.filter_map(|(number, origin)| origin.is_none().then_some(number))
    }

    /// The numbers of the tabs that each tab may become, in order.
    pub(crate) fn successors(&self) -> &[Vec<usize>] {
        &self.successors
    }

    /// Number of canonical tabs.
    pub(crate) fn states(&self) -> u64 {
        self.tabs.len() as u64
    }

    /// Whether everything that is reachable was looked at.
    pub(crate) fn is_complete(&self) -> bool {
        self.bound.is_none() && !self.crowded
    }

    pub(crate) fn is_violated(&self, property: Property) -> bool {
        self.violations.contains_key(&property)
    }

    /// A shortest way to violate a property: the tab at the start, and what happens to it.
    pub(crate) fn counterexample(&self, property: Property) -> Option<(Tab, Vec<Move>)> {
        let last = self.violations.get(&property)?;
        let mut moves = vec![last.happened.clone()];
        let mut number = last.tab;
        while let Some(origin) = self.origins.get(number)? {
            moves.push(origin.happened.clone());
            number = origin.tab;
        }
        moves.reverse();
        Some((self.tabs.get_index(number)?.clone(), moves))
    }

    /// Remembers what a step did to the properties.
    pub(crate) fn note(&mut self, verdicts: StepFindings, tab: usize, happened: impl Fn() -> Move) {
        self.witnessed = self.witnessed.or(verdicts.witnessed);
        for property in verdicts.violated.iter() {
            self.violations.entry(property).or_insert_with(|| Origin {
                tab,
                happened: happened(),
            });
        }
    }

    /// Takes in what a step led to, which may have ended a fetch. Most steps of a tab lead where
    /// another one led: those have the same canonical form, which is not looked for again.
    fn follow(
        &mut self,
        stepped: Stepped,
        ended: Option<FetchId>,
        tab: usize,
        stepper: &Stepper,
        successors: &mut Successors,
        happened: impl Fn() -> Move,
    ) {
        self.transitions += 1;
        self.note(stepped.verdicts, tab, &happened);
        let has_ended_others = ended == Some(OTHERS) && stepper.life.is_none();
        if successors.known[usize::from(has_ended_others)].contains(&stepped.tab) {
            return;
        }
        let origin = || {
            Some(Origin {
                tab,
                happened: happened(),
            })
        };
        let after = stepper.canonical(&stepped.tab);
        if has_ended_others {
            // It may have been the last of them.
            self.add(after.as_ref().map(Tab::without_others), origin, successors);
        }
        self.add(after, origin, successors);
        successors.known[usize::from(has_ended_others)].insert(stepped.tab);
    }

    fn add(
        &mut self,
        tab: Option<Tab>,
        origin: impl FnOnce() -> Option<Origin>,
        successors: &mut Successors,
    ) {
        let Some(tab) = tab else {
            self.crowded = true;
            return;
        };
        let (number, is_new) = self.tabs.insert_full(tab);
        if is_new {
            self.origins.push(origin());
        }
        successors.numbers.push(number);
    }
}

/// What the steps of one tab led to.
#[derive(Default)]
struct Successors {
    /// In that tab's numbers: where they ended no fetch of [`OTHERS`], and where they did.
    known: [FxHashSet<Tab>; 2],
    /// The numbers of their canonical forms, some more than once.
    numbers: Vec<usize>,
}

impl Successors {
    fn clear(&mut self) {
        self.known.iter_mut().for_each(FxHashSet::clear);
        self.numbers.clear();
    }

    fn sorted(&self) -> Vec<usize> {
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Searches until nothing is left to look at; unless everything has to be looked at, cookie writes
/// among it, until every property is violated.
pub(crate) fn search(
    stepper: &Stepper,
    environment: &Environment,
    everything: bool,
    until: &Until<'_>,
) -> Found {
    let lines = environment.kinds.lines;
    let mut found = Found {
        tabs: IndexSet::default(),
        origins: Vec::new(),
        successors: Vec::new(),
        transitions: 0,
        witnessed: PropertySet::NONE,
        violations: BTreeMap::new(),
        bound: None,
        crowded: false,
    };
    let mut successors = Successors::default();
    let starts = match &stepper.life {
        Some(view) => view.starts(&stepper.policy, &environment.kinds),
        None => Tab::starts(&stepper.policy, &environment.kinds),
    };
    for tab in starts {
        let tab = stepper.canonical(&stepper.begin(tab));
        found.add(tab, || None, &mut successors);
    }
    let wanted = stepper.judge.properties.iter().count();
    let mut cookies = Cookies::new(stepper, environment.kinds);
    let mut next = 0;
    let mut told = 0;
    while everything || found.violations.len() < wanted {
        let Some(tab) = found.tabs.get_index(next) else {
            break;
        };
        if next % BETWEEN_CHECKS == 0 {
            until.watch.found(found.states() - told);
            told = found.states();
            found.bound = until.bound(told);
            if found.bound.is_some() {
                break;
            }
        }
        let tab = tab.spread();
        let order = tab.order(lines);
        successors.clear();
        for (line, iat) in order.next_to_expire() {
            let happens = Move::Expiry { line, iat };
            let stepped = stepper.step(&tab, &happens);
            found.follow(stepped, None, next, stepper, &mut successors, || {
                happens.clone()
            });
        }
        environment.happenings(&tab, &order, &mut |happening| {
            let mut stepped = stepper.handle(&tab, happening, &Phases);
            if everything {
                stepped.verdicts = stepped.verdicts.or(cookies.judge(&stepped.effects));
            }
            let ended = happening.ends();
            found.follow(stepped, ended, next, stepper, &mut successors, || {
                Move::Event(happening.clone())
            });
        });
        found.successors.push(successors.sorted());
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{
        Answers, Guards, Measures, Platform, Policy, Posts, Requests, SeedFrom, Site, Timers,
    };
    use crate::freshness::{Rule, Table};
    use crate::prove::order::{Kinds, Lines};
    use crate::prove::tests::stepper;

    #[test]
    fn the_time_that_earlier_searches_took_counts() {
        let policy = Policy {
            rules: Rule::Table(Table::STANDARD).into(),
            guards: Guards::default().with(Site::Broadcast),
            seed_from: SeedFrom::Cache,
            posts: Posts::Token,
            answers: Answers::Install,
            requests: Requests::Free,
            timers: Timers::Always,
            measures: Measures::default(),
            platform: Platform::WEB,
        };
        let environment = Environment {
            kinds: Kinds {
                lines: Lines::PerOiat,
                legacy: false,
                legacy_claims: false,
                dated: false,
            },
            waiting: 0,
            posts: policy.posts,
            broadcasts: true,
            life: None,
        };
        let (watch, began) = (Watch::default(), Moment::now());
        let found = |limits: &Limits| {
            let watch = &watch;
            let until = Until {
                limits,
                watch,
                began,
            };
            search(&stepper(policy), &environment, true, &until)
        };
        let first = found(&Limits {
            max_states: Some(10),
            ..Limits::default()
        });
        assert!(first.transitions > 0);
        let limits = Limits {
            time_limit: Some(began.elapsed()),
            ..Limits::default()
        };
        let second = found(&limits);
        assert_eq!(second.bound, limits.time_limit.map(Bound::Time));
        assert_eq!(second.transitions, 0);
    }
}
