//! Breadth-first search over vectors.

mod side_by_side;

use super::Disagreement;
use super::chunk::{Chunk, Everything};
use super::encoded::{MAX_STORED, Source, StateId, Successor};
use super::expand::{Expander, Expansion, Own, VECTORS_AHEAD};
use super::packed::PackedModel;
use super::store::{LOOK_UPS, Store};
use super::tally::Tally;
use crate::explore::Method;
use crate::explore::outcome::{Bound, Helpers, Limits, Outcome, Watch};
use crate::model::Event;
use crate::property::{Monitored, Property, PropertySet};
use crate::time::Moment;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

/// Expanded vectors between two looks at the clock and at what memory is in use.
const VECTORS_BETWEEN_CHECKS: usize = 1024;

/// More threads than that do not help one run.
const MOST_HELPERS: usize = 63;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Everything,
    /// An opportunity to violate a property.
    Witness(Property),
    /// Violations of all these properties, and then of what else has been explored.
    #[cfg(feature = "cluster")]
    Violations(PropertySet),
}

/// How many vectors are expanded at once by several threads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// By one thread, before it takes the next ones.
    pub(super) chunk: usize,
    /// By all, before their successors are looked up.
    pub(super) slice: usize,
    /// The least number for which several threads pay.
    pub(super) least: usize,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            chunk: 128,
            slice: 1 << 14,
            least: 1 << 10,
        }
    }
}

impl Pace {
    /// How many more threads are wanted for so many vectors.
    pub(super) fn helpers(&self, vectors: usize) -> usize {
        if vectors >= self.least {
            MOST_HELPERS
        } else {
            0
        }
    }
}

/// Whether it pays to write all vectors anew, the last level's among them: there are many, but not so many
/// that somebody who wants the run to end would wait for it, and levels grow so fast that most are yet to
/// come.
fn pays_to_settle(level: u64, stored: u64) -> bool {
    (1 << 17..1 << 24).contains(&stored) && 2 * level >= stored
}

pub(super) struct Search<'m> {
    pub(super) model: &'m Monitored,
    pub(super) packed: PackedModel<'m>,
    pub(super) store: Store,
    pub(super) pace: Pace,
    expander: Expander,
    /// What this thread expands for itself.
    pub(super) own: Expansion,
    /// What several threads expand.
    chunks: Vec<Chunk>,
    /// What they expanded before, about which everything is known by now.
    waiting: Vec<Chunk>,
    limits: Limits,
    audit_every: u64,
    /// Whether [`Search::settle`] pays after a level of so many vectors, as the last of so many.
    pub(super) settles: fn(u64, u64) -> bool,
    pub(super) watch: Arc<Watch>,
    goal: Goal,
    pub(super) began: Moment,
    pub(super) tally: Tally,
    /// The states that the watch knows of.
    reported: u64,
    /// Vectors that were expanded since somebody looked at the clock.
    unchecked: usize,
    pub(super) depth: u32,
    pub(super) bound: Option<Bound>,
}

impl<'m> Search<'m> {
    /// Nothing found yet.
    pub(super) fn new(
        model: &'m Monitored,
        method: &Method,
        limits: &Limits,
        watch: &Arc<Watch>,
        goal: Goal,
    ) -> Search<'m> {
        let packed = PackedModel::new(model, method.symmetry);
        Search {
            model,
            store: Store::new(packed.layout(), packed.plan),
            packed,
            pace: Pace::default(),
            expander: Expander::default(),
            own: Expansion::default(),
            chunks: Vec::new(),
            waiting: Vec::new(),
            limits: *limits,
            audit_every: method.audit_every.max(1),
            settles: pays_to_settle,
            watch: Arc::clone(watch),
            goal,
            began: Moment::now(),
            tally: Tally::default(),
            reported: 0,
            unchecked: VECTORS_BETWEEN_CHECKS,
            depth: 0,
            bound: None,
        }
    }

    /// Explores, and says what was found.
    pub(super) fn run(mut self) -> Result<Outcome, Disagreement> {
        self.search()?;
        let complete = self.bound.is_none();
        let judged = self.model.properties();
        let mut traces = Vec::new();
        for property in judged.iter() {
            let discovery = self.tally.violated.first(property);
            traces.push(match discovery {
                Some(discovery) => Some(self.replayed(discovery, property, |v| v.violated)?),
                None => None,
            });
        }
        let mut traces = traces.into_iter();
        let witnessed = self.tally.witnessed.properties;
        Ok(Outcome {
            states: self.tally.states,
            transitions: self.tally.transitions,
            explored: self.store.arena.len() as u64,
            depth: self.depth,
            bound: self.bound,
            elapsed: self.began.elapsed(),
            memory: Some(self.bytes()),
            exact: true,
            rows: self.packed.locals.rows,
            most_under_way: self.tally.most_under_way,
            findings: Outcome::findings(judged, witnessed, complete, |_| traces.next().flatten()),
        })
    }

    /// Explores until the goal's property has had an opportunity to be violated.
    pub(super) fn run_to_witness(mut self) -> Result<Option<Vec<Event>>, Disagreement> {
        self.search()?;
        let Goal::Witness(property) = self.goal else {
            return Ok(None);
        };
        match self.tally.witnessed.first(property) {
            Some(discovery) => Ok(Some(self.replayed(discovery, property, |v| v.witnessed)?)),
            None => Ok(None),
        }
    }

    /// Wall-clock time so far.
    pub(super) fn elapsed(&self) -> std::time::Duration {
        self.began.elapsed()
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let chunks = self
            .chunks
            .iter()
            .map(|chunk| chunk.expansion.batch.bytes());
        self.store.bytes() + self.packed.bytes() + chunks.sum::<u64>()
    }

    pub(super) fn search(&mut self) -> Result<(), Disagreement> {
        if self.store.arena.len() == 0 {
            self.begin();
        }
        let mut level = 0..self.store.arena.len();
        while !level.is_empty() && !self.is_over() {
            self.watch.reached(self.depth);
            self.begin_level(level.start);
            let mut ids = level.clone();
            while !ids.is_empty() && !self.meets_bound() {
                let end = ids.end.min(ids.start + self.pace.slice);
                let watch = Arc::clone(&self.watch);
                let pays = !self.may_end_within(end - ids.start);
                match watch.helpers(self.pace.helpers(if pays { end - ids.start } else { 0 })) {
                    Some(helpers) => {
                        self.expand_together(ids.start..end, helpers.threads(), &mut Everything)?;
                    }
                    None => self.expand_in_turn(ids.start..end)?,
                }
                ids.start = end;
            }
            let watch = Arc::clone(&self.watch);
            let waiting = self.waiting.iter().map(|chunk| chunk.ids.len());
            let helpers = watch.helpers(self.pace.helpers(waiting.sum()));
            let threads = helpers.as_ref().map_or(NonZeroUsize::MIN, Helpers::threads);
            self.expand_rest(threads, &mut Everything)?;
            drop(helpers);
            let violated = self.tally.violated.properties;
            self.settle(violated, level.len() as u64, level.end as u64);
            level = level.end..self.store.arena.len();
            self.depth += u32::from(!level.is_empty());
        }
        self.chunks = Vec::new();
        self.waiting = Vec::new();
        self.store.tidy();
        self.report();
        Ok(())
    }

    /// Asks no more about properties that are known to be violated, and forgets what only they need to
    /// know: states that differ in nothing else are explored once from here on. A level is over, of so
    /// many vectors, as the last of so many.
    ///
    /// A shortest counterexample is known by then. No property that is left can tell vectors apart that
    /// are the same without what is forgotten, nor can anything happen to the one and not to the other:
    /// whatever would be found later is found after as many steps, in one of those that cannot be told
    /// apart. That goes for steps that sleep, too. All vectors are written anew for it, which pays as long
    /// as levels grow.
    pub(super) fn settle(&mut self, violated: PropertySet, level: u64, stored: u64) {
        let settled = violated.and(self.packed.monitor.properties);
        let without = self.packed.monitor.without(settled);
        let is_needed = self.bound.is_some() || matches!(self.goal, Goal::Witness(_));
        if !is_needed
            && (self.settles)(level, stored)
            && without.differs_in_memory(&self.packed.monitor)
        {
            self.packed.settle(settled);
            self.store.settle_vectors(&mut self.packed);
        }
    }

    /// Makes use of what has been learned of events. The level's vectors begin with this one.
    pub(super) fn begin_level(&mut self, first: usize) {
        self.store.asleep.begin_level(first);
        let footprints = std::mem::take(&mut self.tally.footprints);
        self.packed.independence.learn(&footprints);
    }

    /// Stores the first vector.
    pub(super) fn begin(&mut self) {
        let start = self.packed.encode(&self.model.start());
        let start = self.packed.ask(|packed| packed.canonical(&start));
        self.make_room();
        let mut source = Source::of(start);
        self.store.prepare(&self.packed, &mut source);
        let mut successor = Successor::default();
        successor.begin(&start);
        let (batch, layout) = (&mut self.own.batch, self.store.arena.layout());
        batch.begin(&self.store.arena);
        batch.push(&self.packed, layout, &source, &mut successor, 0, 0);
        self.store.look_up(&self.packed, batch);
    }

    /// Whether there is nothing left to look for.
    fn is_over(&self) -> bool {
        let is_found = match self.goal {
            Goal::Everything => false,
            Goal::Witness(property) => self.tally.witnessed.properties.has(property),
            #[cfg(feature = "cluster")]
            Goal::Violations(wanted) => self.tally.violated.properties.and(wanted) == wanted,
        };
        is_found || self.bound.is_some()
    }

    /// Whether a bound keeps more vectors from being expanded.
    pub(super) fn meets_bound(&mut self) -> bool {
        if self.may_meet_max_states(0) {
            self.bound = self.limits.max_states.map(Bound::States);
        }
        if self.unchecked >= VECTORS_BETWEEN_CHECKS {
            self.unchecked = 0;
            self.report();
            let memory_limit = self.limits.memory_limit;
            let full = memory_limit.filter(|&limit| self.bytes() >= limit);
            self.meets_bound_of_time();
            self.bound = self.bound.or(full.map(Bound::Memory));
            if self.store.arena.len() + LOOK_UPS >= MAX_STORED {
                self.bound = self.bound.or(Some(Bound::Stored(MAX_STORED as u64)));
            }
        }
        self.bound.is_some()
    }

    /// Whether it is time to end.
    fn meets_bound_of_time(&mut self) -> bool {
        let elapsed = self.began.elapsed();
        let time_is_up = self.limits.time_limit.filter(|&limit| elapsed >= limit);
        self.bound = self.bound.or(time_is_up.map(Bound::Time));
        if self.watch.is_stopped() || self.model.has_failed() {
            self.bound = self.bound.or(Some(Bound::Interrupted));
        }
        self.bound.is_some()
    }

    /// Whether so many states more would be more than asked for.
    fn may_meet_max_states(&self, more: u64) -> bool {
        let states = self.tally.states + more;
        self.limits.max_states.is_some_and(|max| states >= max)
    }

    /// Whether so many vectors more may be more than asked for.
    fn may_end_within(&self, vectors: usize) -> bool {
        self.may_meet_max_states(self.most_states_of(vectors))
    }

    /// The most states that so many vectors, and those that were left out, can stand for.
    pub(super) fn most_states_of(&self, vectors: usize) -> u64 {
        let left_out = self
            .waiting
            .iter()
            .map(|chunk| chunk.expansion.left_out.len());
        let vectors = (vectors + left_out.sum::<usize>()) as u64;
        vectors * self.packed.largest_orbit()
    }

    /// Tells the watch what has been found since it was last told.
    fn report(&mut self) {
        self.watch.found(self.tally.states - self.reported);
        self.reported = self.tally.states;
    }

    /// Expands vectors and looks up their successors, some at a time, until a bound is met.
    fn expand_in_turn(&mut self, ids: Range<usize>) -> Result<(), Disagreement> {
        self.expand_rest(NonZeroUsize::MIN, &mut Everything)?;
        let mut own = std::mem::take(&mut self.own);
        own.begin(&self.store.arena);
        let mut next = ids.start;
        while next < ids.end && !self.meets_bound() {
            next = self.expand_some(next..ids.end, &mut own)?;
            if own.batch.len() >= LOOK_UPS {
                self.store.look_up(&self.packed, &own.batch);
                own.begin(&self.store.arena);
            }
        }
        self.store.look_up(&self.packed, &own.batch);
        self.own = own;
        Ok(())
    }

    /// Expands the first of some vectors. Returns the next one.
    pub(super) fn expand_some(
        &mut self,
        ids: Range<usize>,
        out: &mut Expansion,
    ) -> Result<usize, Disagreement> {
        let most = VECTORS_AHEAD as u64 * self.packed.largest_orbit();
        let most = if self.may_meet_max_states(most) {
            1
        } else {
            VECTORS_AHEAD
        };
        let ids = ids.start..ids.end.min(ids.start + most);
        self.audit_some(ids.clone(), out)?;
        let mut known = Own {
            packed: &mut self.packed,
            store: &mut self.store,
        };
        let next = ids.end;
        self.unchecked += ids.len();
        self.expander
            .expand(&mut known, ids, &mut self.tally, out)?;
        Ok(next)
    }

    /// Audits those vectors whose turn it is.
    fn audit_some(&mut self, ids: Range<usize>, out: &mut Expansion) -> Result<(), Disagreement> {
        for id in ids {
            if (id as u64).is_multiple_of(self.audit_every) {
                let columns = self.store.arena.columns(id as StateId);
                self.packed.audit(self.model, &columns)?;
                self.make_room();
                out.batch.repack(&self.store.arena);
            }
        }
        Ok(())
    }

    /// Widens the layout if some id that is known does not fit.
    fn make_room(&mut self) {
        self.store.make_room(&self.packed);
    }
}
