//! Breadth-first search over rows.

use super::arena::{MAX_ROWS, RowId};
use super::draft::{Base, Draft};
use super::stage::Stage;
use super::store::{BATCH, Store};
use super::turn::Begun;
use super::{Disagreement, Options};
use crate::explore::outcome::{Bound, Limits, Outcome, Watch};
use crate::model::Event;
use crate::property::{Monitored, Property, PropertySet, StepFindings};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// Expanded rows between two looks at the clock and at what memory is in use.
const ROWS_BETWEEN_CHECKS: u32 = 1024;

/// Rows that are expanded together, so that what their steps begin with can be loaded ahead.
const ROWS_AHEAD: usize = 8;

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
pub(super) struct Mark {
    /// The row it starts from.
    pub(super) row: RowId,
    /// The event; `None` where the row itself is what the step that led to it did.
    pub(super) event: Option<Event>,
}

/// The first steps that did something to each property.
#[derive(Default)]
pub(super) struct Marks {
    properties: PropertySet,
    first: [Option<Mark>; Property::ALL.len()],
}

impl Marks {
    #[inline]
    fn note(&mut self, properties: PropertySet, mark: Mark) {
        if self.properties.or(properties) == self.properties {
            return;
        }
        for property in properties.iter().filter(|&p| !self.properties.has(p)) {
            self.first[property as usize] = Some(mark);
        }
        self.properties = self.properties.or(properties);
    }

    /// The first step that did it to this property.
    pub(super) fn first(&self, property: Property) -> Option<Mark> {
        self.first[property as usize]
    }
}

/// A run.
pub(super) struct Search<'m> {
    pub(super) model: &'m Monitored,
    pub(super) stage: Stage<'m>,
    pub(super) store: Store,
    /// The rows that are being expanded.
    bases: [Base; ROWS_AHEAD],
    /// The steps from them.
    begun: Vec<Begun>,
    draft: Draft,
    limits: Limits,
    options: Options,
    watch: Arc<Watch>,
    goal: Goal,
    began: Instant,
    pub(super) states: u64,
    /// The states that the watch knows of.
    reported: u64,
    pub(super) transitions: u64,
    depth: u32,
    pub(super) bound: Option<Bound>,
    pub(super) violated: Marks,
    witnessed: Marks,
}

impl<'m> Search<'m> {
    /// Nothing found yet.
    pub(super) fn new(
        model: &'m Monitored,
        limits: &Limits,
        options: &Options,
        watch: &Arc<Watch>,
        goal: Goal,
    ) -> Search<'m> {
        let stage = Stage::new(model, options.symmetry);
        Search {
            model,
            store: Store::new(stage.layout()),
            stage,
            bases: Default::default(),
            begun: Vec::new(),
            draft: Draft::default(),
            limits: *limits,
            options: *options,
            watch: Arc::clone(watch),
            goal,
            began: Instant::now(),
            states: 0,
            reported: 0,
            transitions: 0,
            depth: 0,
            bound: None,
            violated: Marks::default(),
            witnessed: Marks::default(),
        }
    }

    /// Explores, and says what was found.
    pub(super) fn run(mut self) -> Result<Outcome, Disagreement> {
        self.search()?;
        let complete = self.bound.is_none();
        let judged = self.model.properties();
        let mut traces = Vec::new();
        for property in judged.iter() {
            let mark = self.violated.first(property);
            traces.push(match mark {
                Some(mark) => Some(self.replayed(mark, property, |v| v.violated)?),
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
            rows: self.stage.cast.rows,
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
            Some(mark) => Ok(Some(self.replayed(mark, property, |v| v.witnessed)?)),
            None => Ok(None),
        }
    }

    /// Wall-clock time so far.
    pub(super) fn elapsed(&self) -> std::time::Duration {
        self.began.elapsed()
    }

    /// Memory in bytes, about.
    fn bytes(&self) -> u64 {
        self.store.bytes() + self.stage.bytes()
    }

    pub(super) fn search(&mut self) -> Result<(), Disagreement> {
        let start = self.stage.row(&self.model.start());
        let start = self.stage.canonical(&start);
        self.make_room();
        let mut base = Base::of(start);
        self.store.prepare(&self.stage, &mut base);
        self.draft.begin(&start);
        self.store.propose(&self.stage, &base, &mut self.draft, 0);
        self.store.look_up(&self.stage);
        let mut level = 0..self.store.arena.len();
        while !level.is_empty() && !self.is_over() {
            self.watch.reached(self.depth);
            for first in level.clone().step_by(ROWS_AHEAD) {
                if self.bound.is_some() {
                    break;
                }
                self.expand(first..level.end.min(first + ROWS_AHEAD))?;
            }
            self.store.look_up(&self.stage);
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

    /// Whether a bound keeps the row from being expanded.
    fn meets_bound(&mut self, row: RowId) -> bool {
        let limits = self.limits;
        if limits.max_states.is_some_and(|max| self.states >= max) {
            self.bound = limits.max_states.map(Bound::States);
        }
        if row.is_multiple_of(ROWS_BETWEEN_CHECKS) {
            self.report();
            let elapsed = self.began.elapsed();
            let time_is_up = limits.time_limit.filter(|&limit| elapsed >= limit);
            self.bound = self.bound.or(time_is_up.map(Bound::Time));
            let full = limits.memory_limit.filter(|&limit| self.bytes() >= limit);
            self.bound = self.bound.or(full.map(Bound::Memory));
            if self.watch.is_stopped() || self.model.rule().has_failed() {
                self.bound = self.bound.or(Some(Bound::Interrupted));
            }
            if self.store.arena.len() + BATCH >= MAX_ROWS {
                self.bound = self.bound.or(Some(Bound::Rows(MAX_ROWS as u64)));
            }
        }
        self.bound.is_some()
    }

    /// Tells the watch what has been found since it was last told.
    fn report(&mut self) {
        self.watch.found(self.states - self.reported);
        self.reported = self.states;
    }

    /// Finds the successors of some rows, until a bound is met.
    fn expand(&mut self, rows: Range<usize>) -> Result<(), Disagreement> {
        self.begun.clear();
        let mut ends = [0; ROWS_AHEAD];
        for (index, row) in rows.clone().enumerate() {
            if self.bound.is_none() && !self.meets_bound(row as RowId) {
                self.begin(row as RowId, index)?;
            }
            ends[index] = self.begun.len();
        }
        let mut first = 0;
        for (row, (index, end)) in rows.zip(ends.into_iter().enumerate()) {
            self.store.prepare(&self.stage, &mut self.bases[index]);
            self.draft.begin(&self.bases[index].columns);
            for step in first..end {
                self.take(row as RowId, index, step)?;
            }
            first = end;
        }
        Ok(())
    }

    /// Counts and judges a row, and prepares its steps.
    #[inline]
    fn begin(&mut self, row: RowId, index: usize) -> Result<(), Disagreement> {
        self.store.arena.read(row, &mut self.bases[index]);
        let columns = self.bases[index].columns;
        let moves = self.stage.moves(&columns);
        if self.store.arena.is_new_core(row) {
            let orbit = self.stage.orbit(&columns);
            self.states += orbit;
            self.transitions += orbit * moves.len() as u64;
        }
        self.note(row, self.stage.judge_together(&columns), None);
        if self
            .options
            .audit_every
            .is_some_and(|every| u64::from(row).is_multiple_of(every))
        {
            let moves = self.stage.moves.get(moves).to_vec();
            self.audit(&columns, &moves)?;
        }
        for &first in self.stage.moves.get(moves) {
            let step = self.stage.prepare(&columns, first);
            let step = step.map_err(|unsound| unsound.at(first.event))?;
            self.begun.push(step);
        }
        Ok(())
    }

    /// Takes one of the prepared steps.
    #[inline]
    fn take(&mut self, row: RowId, index: usize, step: usize) -> Result<(), Disagreement> {
        let step = &self.begun[step];
        let event = step.event;
        let stepped = self.stage.step(&mut self.draft, step);
        let verdicts = stepped.map_err(|unsound| unsound.at(event))?;
        self.note(row, verdicts, Some(event));
        self.stage.make_canonical(&mut self.draft);
        if self.stage.has_grown && self.make_room() {
            self.store.prepare(&self.stage, &mut self.bases[index]);
        }
        let (base, draft) = (&self.bases[index], &mut self.draft);
        self.store.propose(&self.stage, base, draft, row);
        Ok(())
    }

    #[inline]
    fn note(&mut self, row: RowId, verdicts: StepFindings, event: Option<Event>) {
        let mark = Mark { row, event };
        self.violated.note(verdicts.violated, mark);
        self.witnessed.note(verdicts.witnessed, mark);
    }

    /// Widens the layout if some id does not fit any more, whether or not a draft has it already.
    #[cold]
    fn make_room(&mut self) -> bool {
        self.stage.has_grown = false;
        let widens = !self.stage.fits(self.store.arena.layout());
        if widens {
            self.store.widen(&self.stage);
        }
        widens
    }
}
