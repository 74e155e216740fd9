//! Breadth-first search over vectors.

use super::Disagreement;
use super::encoded::{MAX_STORED, StateId};
use super::encoded::{Source, Successor};
use super::packed::PackedModel;
use super::step::PreparedStep;
use super::store::{BATCH, Store};
use crate::explore::Method;
use crate::explore::outcome::{Bound, Limits, Outcome, Watch};
use crate::model::Event;
use crate::property::{Monitored, Property, PropertySet, StepFindings};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// Expanded vectors between two looks at the clock and at what memory is in use.
const VECTORS_BETWEEN_CHECKS: u32 = 1024;

/// Vectors that are expanded together, so that what their steps begin with can be loaded ahead.
const VECTORS_AHEAD: usize = 8;

/// What the search is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// All there is.
    Everything,
    /// An opportunity to violate a property.
    Witness(Property),
}

/// A step that did something to a property for the first time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Discovery {
    /// The vector it starts from.
    pub(super) id: StateId,
    /// The event; `None` where the vector itself is what the step that led to it did.
    pub(super) event: Option<Event>,
}

/// The first steps that did something to each property.
#[derive(Default)]
pub(super) struct Discoveries {
    properties: PropertySet,
    first: [Option<Discovery>; Property::ALL.len()],
}

impl Discoveries {
    #[inline]
    fn note(&mut self, properties: PropertySet, discovery: Discovery) {
        if self.properties.or(properties) == self.properties {
            return;
        }
        for property in properties.iter().filter(|&p| !self.properties.has(p)) {
            self.first[property as usize] = Some(discovery);
        }
        self.properties = self.properties.or(properties);
    }

    /// The first step that did it to this property.
    pub(super) fn first(&self, property: Property) -> Option<Discovery> {
        self.first[property as usize]
    }
}

/// A run.
pub(super) struct Search<'m> {
    pub(super) model: &'m Monitored,
    pub(super) packed: PackedModel<'m>,
    pub(super) store: Store,
    /// The vectors that are being expanded.
    sources: [Source; VECTORS_AHEAD],
    /// The steps from them.
    prepared: Vec<PreparedStep>,
    successor: Successor,
    limits: Limits,
    audit_every: u64,
    /// The vector that is audited next.
    next_audit: u64,
    watch: Arc<Watch>,
    goal: Goal,
    began: Instant,
    pub(super) states: u64,
    /// The states that the watch knows of.
    reported: u64,
    pub(super) transitions: u64,
    depth: u32,
    pub(super) bound: Option<Bound>,
    pub(super) violated: Discoveries,
    witnessed: Discoveries,
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
            store: Store::new(packed.layout()),
            packed,
            sources: Default::default(),
            prepared: Vec::new(),
            successor: Successor::default(),
            limits: *limits,
            audit_every: method.audit_every.max(1),
            next_audit: 0,
            watch: Arc::clone(watch),
            goal,
            began: Instant::now(),
            states: 0,
            reported: 0,
            transitions: 0,
            depth: 0,
            bound: None,
            violated: Discoveries::default(),
            witnessed: Discoveries::default(),
        }
    }

    /// Explores, and says what was found.
    pub(super) fn run(mut self) -> Result<Outcome, Disagreement> {
        self.search()?;
        let complete = self.bound.is_none();
        let judged = self.model.properties();
        let mut traces = Vec::new();
        for property in judged.iter() {
            let discovery = self.violated.first(property);
            traces.push(match discovery {
                Some(discovery) => Some(self.replayed(discovery, property, |v| v.violated)?),
                None => None,
            });
        }
        let mut traces = traces.into_iter();
        let witnessed = self.witnessed.properties;
        Ok(Outcome {
            states: self.states,
            transitions: self.transitions,
            explored: self.store.arena.len() as u64,
            depth: self.depth,
            bound: self.bound,
            elapsed: self.began.elapsed(),
            memory: Some(self.bytes()),
            exact: true,
            rows: self.packed.locals.rows,
            findings: Outcome::findings(judged, witnessed, complete, |_| traces.next().flatten()),
        })
    }

    /// Explores until the goal's property has had an opportunity to be violated.
    pub(super) fn run_to_witness(mut self) -> Result<Option<Vec<Event>>, Disagreement> {
        self.search()?;
        let Goal::Witness(property) = self.goal else {
            return Ok(None);
        };
        match self.witnessed.first(property) {
            Some(discovery) => Ok(Some(self.replayed(discovery, property, |v| v.witnessed)?)),
            None => Ok(None),
        }
    }

    /// Wall-clock time so far.
    pub(super) fn elapsed(&self) -> std::time::Duration {
        self.began.elapsed()
    }

    /// Memory in bytes, about.
    fn bytes(&self) -> u64 {
        self.store.bytes() + self.packed.bytes()
    }

    pub(super) fn search(&mut self) -> Result<(), Disagreement> {
        let start = self.packed.encode(&self.model.start());
        let start = self.packed.canonical(&start);
        self.make_room();
        let mut source = Source::of(start);
        self.store.prepare(&self.packed, &mut source);
        self.successor.begin(&start);
        self.store
            .propose(&self.packed, &source, &mut self.successor, 0);
        self.store.look_up(&self.packed);
        let mut level = 0..self.store.arena.len();
        while !level.is_empty() && !self.is_over() {
            self.watch.reached(self.depth);
            for first in level.clone().step_by(VECTORS_AHEAD) {
                if self.bound.is_some() {
                    break;
                }
                self.expand(first..level.end.min(first + VECTORS_AHEAD))?;
            }
            self.store.look_up(&self.packed);
            level = level.end..self.store.arena.len();
            self.depth += u32::from(!level.is_empty());
        }
        self.report();
        Ok(())
    }

    /// Whether there is nothing left to look for.
    fn is_over(&self) -> bool {
        let is_witnessed = match self.goal {
            Goal::Everything => false,
            Goal::Witness(property) => self.witnessed.properties.has(property),
        };
        is_witnessed || self.bound.is_some()
    }

    /// Whether a bound keeps the vector from being expanded.
    fn meets_bound(&mut self, id: StateId) -> bool {
        let limits = self.limits;
        if limits.max_states.is_some_and(|max| self.states >= max) {
            self.bound = limits.max_states.map(Bound::States);
        }
        if id.is_multiple_of(VECTORS_BETWEEN_CHECKS) {
            self.report();
            let elapsed = self.began.elapsed();
            let time_is_up = limits.time_limit.filter(|&limit| elapsed >= limit);
            self.bound = self.bound.or(time_is_up.map(Bound::Time));
            let full = limits.memory_limit.filter(|&limit| self.bytes() >= limit);
            self.bound = self.bound.or(full.map(Bound::Memory));
            if self.watch.is_stopped() || self.model.has_failed() {
                self.bound = self.bound.or(Some(Bound::Interrupted));
            }
            if self.store.arena.len() + BATCH >= MAX_STORED {
                self.bound = self.bound.or(Some(Bound::Stored(MAX_STORED as u64)));
            }
        }
        self.bound.is_some()
    }

    /// Tells the watch what has been found since it was last told.
    fn report(&mut self) {
        self.watch.found(self.states - self.reported);
        self.reported = self.states;
    }

    /// Finds the successors of some vectors, until a bound is met.
    fn expand(&mut self, ids: Range<usize>) -> Result<(), Disagreement> {
        self.prepared.clear();
        let mut ends = [0; VECTORS_AHEAD];
        for (index, id) in ids.clone().enumerate() {
            if self.bound.is_none() && !self.meets_bound(id as StateId) {
                self.begin(id as StateId, index)?;
            }
            ends[index] = self.prepared.len();
        }
        let mut first = 0;
        for (id, (index, end)) in ids.zip(ends.into_iter().enumerate()) {
            self.store.prepare(&self.packed, &mut self.sources[index]);
            self.successor.begin(&self.sources[index].columns);
            for step in first..end {
                self.take(id as StateId, index, step)?;
            }
            first = end;
        }
        Ok(())
    }

    /// Counts and judges a vector, and prepares its steps.
    #[inline]
    fn begin(&mut self, id: StateId, index: usize) -> Result<(), Disagreement> {
        self.store.arena.read(id, &mut self.sources[index]);
        let columns = self.sources[index].columns;
        let events = self.packed.events(&columns);
        if self.store.arena.is_new_core(id) {
            let orbit = self.packed.orbit(&columns);
            self.states += orbit;
            self.transitions += orbit * events.len() as u64;
        }
        self.note(id, self.packed.judge(&columns, events), None);
        if u64::from(id) == self.next_audit {
            self.next_audit += self.audit_every;
            let events = self.packed.events.get(events).to_vec();
            self.audit(&columns, &events)?;
        }
        for &first in self.packed.events.get(events) {
            let step = self.packed.prepare(&columns, first);
            let step = step.map_err(|unsound| unsound.at(first.event))?;
            self.prepared.push(step);
        }
        Ok(())
    }

    /// Takes one of the prepared steps.
    #[inline]
    fn take(&mut self, id: StateId, index: usize, step: usize) -> Result<(), Disagreement> {
        let step = &self.prepared[step];
        let event = step.event;
        let stepped = self.packed.step(&mut self.successor, step);
        let findings = stepped.map_err(|unsound| unsound.at(event))?;
        self.note(id, findings, Some(event));
        self.packed.make_canonical(&mut self.successor);
        if self.packed.has_grown && self.make_room() {
            self.store.prepare(&self.packed, &mut self.sources[index]);
        }
        let (source, successor) = (&self.sources[index], &mut self.successor);
        self.store.propose(&self.packed, source, successor, id);
        Ok(())
    }

    #[inline]
    fn note(&mut self, id: StateId, findings: StepFindings, event: Option<Event>) {
        let discovery = Discovery { id, event };
        self.violated.note(findings.violated, discovery);
        self.witnessed.note(findings.witnessed, discovery);
    }

    /// Widens the layout if some id does not fit any more, whether or not a successor has it
    /// already.
    #[cold]
    fn make_room(&mut self) -> bool {
        self.packed.has_grown = false;
        let widens = !self.packed.fits(self.store.arena.layout());
        if widens {
            self.store.widen(&self.packed);
        }
        widens
    }
}
