//! Exploration by stateright's breadth-first checker.
//!
//! One thread for each run: with several, stateright's search is not level-synchronous and a
//! discovery need not be shortest. Two more habits of it have to be met. It stops as soon as every
//! property has a discovery, so the model gets one more that never has any ([`END`]). And a later
//! discovery of a property replaces an earlier, shorter one, so each is reported only once
//! ([`Tally::discovered`]).

use super::outcome::{Bound, Limits, MostUnderWay, Outcome, RowSet, Watch};
use crate::model::{Event, Evidence, System};
use crate::property::{Monitored, MonitoredState, Property, PropertySet, TellsFindings};
use crate::time::Moment;
use stateright::{Checker, HasDiscoveries, Model};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A property that is never discovered, which keeps the search going to the end.
const END: &str = "(explore to the end)";

/// The checker starts a thread even for one. Said here, the compiler leaves all of it out of a module that
/// has none: 36 kB of the playground.
fn needs_threads() {
    let has_threads = !cfg!(target_family = "wasm");
    assert!(
        has_threads,
        "stateright's checker needs threads, which WebAssembly does not have"
    );
}

pub(super) fn explore(model: Monitored, limits: &Limits, watch: &Arc<Watch>) -> Outcome {
    needs_threads();
    let began = Moment::now();
    let judged = model.properties();
    let counted = Counted::new(model, limits, watch);
    let tally = Arc::clone(&counted.tally);
    let checker = wait(counted.checker().spawn_bfs(), watch);
    let depth = checker.max_depth().saturating_sub(1) as u32;
    let explored = checker.unique_state_count() as u64;
    let (bound, witnessed, rows, most_under_way, states, transitions) = {
        let mut tally = lock(&tally);
        tally.finished = true;
        let states = tally.seen.len() as u64;
        let counts = (states, tally.transitions);
        let Tally {
            bound,
            witnessed,
            rows,
            most_under_way,
            ..
        } = *tally;
        (bound, witnessed, rows, most_under_way, counts.0, counts.1)
    };
    let mut discoveries = checker.discoveries();
    let findings = Outcome::findings(judged, witnessed, bound.is_none(), |property| {
        discoveries
            .remove(property.name())
            .map(stateright::Path::into_actions)
    });
    Outcome {
        states,
        transitions,
        explored,
        depth,
        bound,
        elapsed: began.elapsed(),
        memory: None,
        exact: false,
        rows,
        most_under_way,
        findings,
    }
}

pub(super) fn witness(
    model: Monitored,
    property: Property,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Option<Vec<Event>> {
    needs_threads();
    let model = model.with_witnesses(PropertySet::from_iter([property]));
    let counted = Counted::new(model, limits, watch);
    let tally = Arc::clone(&counted.tally);
    let name = property.definition().witness_name;
    let checker = counted
        .checker()
        .finish_when(HasDiscoveries::AnyOf([name].into()));
    let checker = wait(checker.spawn_bfs(), watch);
    lock(&tally).finished = true;
    let path = checker.discovery(name)?;
    Some(path.into_actions())
}

/// Waits for a checker to end, and meanwhile lets others watch its depth.
#[allow(
    clippy::disallowed_methods,
    reason = "the checker runs in a thread of its own"
)]
fn wait<C: Checker<Counted>>(mut checker: C, watch: &Watch) -> C {
    let mut pause = Duration::from_micros(200);
    let handles = checker.handles();
    while handles.iter().any(|handle| !handle.is_finished()) {
        std::thread::sleep(pause);
        pause = (2 * pause).min(Duration::from_millis(50));
        watch.reached(checker.max_depth() as u32);
    }
    for handle in handles {
        // A panic in the model is a bug of ours and has been reported by the thread.
        if let Err(panic) = handle.join() {
            std::panic::resume_unwind(panic);
        }
    }
    checker
}

/// The model, with statistics and bounds. What is counted never influences what happens, except
/// that a bound ends the run.
struct Counted {
    model: Monitored,
    limits: Limits,
    began: Moment,
    watch: Arc<Watch>,
    tally: Arc<Mutex<Tally>>,
}

/// What a run has collected so far.
#[derive(Default)]
struct Tally {
    /// Fingerprints of the states seen, without the history.
    seen: HashSet<u64>,
    transitions: u64,
    rows: RowSet,
    most_under_way: MostUnderWay,
    witnessed: PropertySet,
    /// Properties and witnesses that have their discovery.
    discovered: (PropertySet, PropertySet),
    bound: Option<Bound>,
    /// The run is over; stateright walks over some paths again to hand them out.
    finished: bool,
}

impl Counted {
    fn new(model: Monitored, limits: &Limits, watch: &Arc<Watch>) -> Counted {
        Counted {
            model,
            limits: *limits,
            began: Moment::now(),
            watch: Arc::clone(watch),
            tally: Arc::default(),
        }
    }

    /// The bound that has been reached, if any.
    fn bound(&self, states: usize) -> Option<Bound> {
        if self.watch.is_stopped() || self.model.has_failed() {
            return Some(Bound::Interrupted);
        }
        let full = self.limits.max_states.filter(|max| states as u64 >= *max);
        let is_over = |limit: &Duration| self.began.elapsed() >= *limit;
        let over = || self.limits.time_limit.filter(is_over);
        full.map(Bound::States).or_else(|| over().map(Bound::Time))
    }
}

impl Model for Counted {
    type State = MonitoredState;
    type Action = Event;

    fn init_states(&self) -> Vec<MonitoredState> {
        self.model.init_states()
    }

    /// Called once for each state the checker takes up: the place to count them.
    fn actions(&self, state: &MonitoredState, events: &mut Vec<Event>) {
        let mut tally = lock(&self.tally);
        if tally.finished {
            return self.model.actions(state, events);
        }
        tally.bound = tally.bound.or_else(|| self.bound(tally.seen.len()));
        if tally.bound.is_some() {
            return;
        }
        self.model.actions(state, events);
        if tally.seen.insert(fingerprint(&state.system)) {
            tally.transitions += events.len() as u64;
            let under_way = state.system.under_way().into_iter().map(u32::from);
            tally.most_under_way.see(under_way);
            self.watch.found(1);
        }
    }

    fn next_state(&self, state: &MonitoredState, event: Event) -> Option<MonitoredState> {
        let step = self.model.step(state, event);
        let mut tally = lock(&self.tally);
        tally.witnessed = tally.witnessed.or(step.findings.witnessed);
        for comparison in step.evidence.iter().filter_map(Evidence::comparison) {
            tally.rows.extend(comparison.decision.row);
        }
        Some(step.state)
    }

    fn properties(&self) -> Vec<stateright::Property<Counted>> {
        let end = stateright::Property::sometimes(END, |_: &Counted, _| false);
        let mut properties = self.model.stateright_properties();
        properties.push(end);
        properties
    }
}

impl TellsFindings for Counted {
    fn violated(&self, state: &MonitoredState, property: Property) -> bool {
        let violated = self.model.violated(state, property);
        violated && lock(&self.tally).discovered.0.insert(property)
    }

    fn witnessed(&self, state: &MonitoredState, property: Property) -> bool {
        let witnessed = self.model.witnessed(state, property);
        witnessed && lock(&self.tally).discovered.1.insert(property)
    }
}

/// 64 bits that stand for a system in the reachable graph.
fn fingerprint(system: &System) -> u64 {
    let mut hasher = DefaultHasher::new();
    system.hash(&mut hasher);
    hasher.finish()
}

/// A poisoned lock means that the model panicked, which [`wait`] passes on.
fn lock(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}
