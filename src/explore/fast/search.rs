//! Breadth-first search over rows.

use super::arena::{Arena, MAX_ROWS, RowId};
use super::index::{Found, Index, Place};
use super::layout::MAX_WORDS;
use super::stage::{Base, Draft, Stage};
use super::turn::Unsound;
use super::{Disagreement, Options};
use crate::explore::outcome::{Bound, Limits, Outcome, Watch};
use crate::model::{Composed, Event};
use crate::property::{Property, PropertySet, Verdicts};
use std::sync::Arc;
use std::time::Instant;

/// Successors that are looked up together.
const BATCH: usize = 256;

/// Expanded rows between two looks at the clock and at what memory is in use.
const ROWS_BETWEEN_CHECKS: u32 = 1024;

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
    /// The event.
    pub(super) event: Event,
}

/// The first steps that did something to each property.
#[derive(Default)]
pub(super) struct Marks {
    properties: PropertySet,
    first: [Option<Mark>; Property::ALL.len()],
}

impl Marks {
    #[inline]
    fn note(&mut self, properties: PropertySet, row: RowId, event: Event) {
        if self.properties.or(properties) == self.properties {
            return;
        }
        for property in properties.iter().filter(|&p| !self.properties.has(p)) {
            self.first[property as usize] = Some(Mark { row, event });
        }
        self.properties = self.properties.or(properties);
    }

    /// The first step that did it to this property.
    pub(super) fn first(&self, property: Property) -> Option<Mark> {
        self.first[property as usize]
    }
}

/// A successor to look up.
#[derive(Clone, Copy)]
struct Candidate {
    place: Place,
    parent: RowId,
}

/// A run.
pub(super) struct Search<'m> {
    pub(super) model: &'m Composed,
    pub(super) stage: Stage<'m>,
    pub(super) arena: Arena,
    index: Index,
    limits: Limits,
    options: Options,
    watch: Arc<Watch>,
    goal: Goal,
    began: Instant,
    candidates: Vec<Candidate>,
    /// The candidates' packed rows, one after the other.
    packed: Vec<u32>,
    states: u64,
    transitions: u64,
    depth: u32,
    bound: Option<Bound>,
    pub(super) violated: Marks,
    witnessed: Marks,
}

impl<'m> Search<'m> {
    /// Nothing found yet.
    pub(super) fn new(
        model: &'m Composed,
        limits: &Limits,
        options: &Options,
        watch: &Arc<Watch>,
        goal: Goal,
    ) -> Search<'m> {
        let stage = Stage::new(model);
        Search {
            model,
            arena: Arena::new(stage.layout()),
            stage,
            index: Index::new(),
            limits: *limits,
            options: *options,
            watch: Arc::clone(watch),
            goal,
            began: Instant::now(),
            candidates: Vec::with_capacity(2 * BATCH),
            packed: Vec::with_capacity(2 * BATCH * MAX_WORDS),
            states: 0,
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
            explored: self.arena.len() as u64,
            depth: self.depth,
            bound: self.bound,
            elapsed: self.began.elapsed(),
            memory: Some(self.bytes()),
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

    /// Memory in bytes, about.
    fn bytes(&self) -> u64 {
        self.arena.bytes() + self.index.bytes() + self.stage.bytes()
    }

    fn search(&mut self) -> Result<(), Disagreement> {
        let start = self.stage.row(&self.model.start());
        self.arena.widen(self.stage.layout());
        let base = self.stage.base(&start, self.arena.layout());
        self.propose(&base, &mut Draft::new(&start), 0);
        self.look_up();
        let (mut level, mut events) = (0..self.arena.len(), Vec::new());
        while !level.is_empty() && !self.is_over() {
            self.watch.reached(self.depth);
            for row in level.clone() {
                if self.meets_bound(row as RowId) {
                    break;
                }
                self.expand(row as RowId, &mut events)?;
            }
            self.look_up();
            level = level.end..self.arena.len();
            self.depth += u32::from(!level.is_empty());
        }
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
            let elapsed = self.began.elapsed();
            let time_is_up = limits.time_limit.filter(|&limit| elapsed >= limit);
            self.bound = self.bound.or(time_is_up.map(Bound::Time));
            let full = limits.memory_limit.filter(|&limit| self.bytes() >= limit);
            self.bound = self.bound.or(full.map(Bound::Memory));
            if self.watch.is_stopped() {
                self.bound = self.bound.or(Some(Bound::Interrupted));
            }
            if self.arena.len() + BATCH >= MAX_ROWS {
                self.bound = self.bound.or(Some(Bound::Rows(MAX_ROWS as u64)));
            }
        }
        self.bound.is_some()
    }

    /// Finds a row's successors.
    fn expand(&mut self, row: RowId, events: &mut Vec<Event>) -> Result<(), Disagreement> {
        let columns = self.arena.columns(row);
        self.stage.list_enabled(&columns, events);
        if self.arena.is_new_core(row) {
            self.states += 1;
            self.transitions += events.len() as u64;
            self.watch.found();
        }
        let audit = self.options.audit_every.unwrap_or(u64::MAX).max(1);
        if u64::from(row).is_multiple_of(audit) && self.options.audit_every.is_some() {
            self.audit(&columns, events)?;
        }
        let mut base = self.stage.base(&columns, self.arena.layout());
        let mut draft = Draft::new(&columns);
        for &event in &*events {
            let verdicts = self.step(&mut draft, event)?;
            self.violated.note(verdicts.violated, row, event);
            self.witnessed.note(verdicts.witnessed, row, event);
            if self.stage.has_grown {
                self.make_room();
                base = self.stage.base(&columns, self.arena.layout());
            }
            self.propose(&base, &mut draft, row);
        }
        Ok(())
    }

    /// Widens the layout if some id does not fit any more, whether or not a draft has it already.
    #[cold]
    fn make_room(&mut self) {
        self.stage.has_grown = false;
        if !self.stage.fits(self.arena.layout()) {
            self.look_up();
            self.arena.widen(self.stage.layout());
        }
    }

    /// Lets an event happen in a draft.
    #[inline]
    pub(super) fn step(
        &mut self,
        draft: &mut Draft,
        event: Event,
    ) -> Result<Verdicts, Disagreement> {
        let stepped = self.stage.step(draft, event);
        stepped.map_err(|unsound| Disagreement {
            message: match unsound {
                Unsound::TwiceInOneStep => format!("a tab acts twice in the step \"{event}\""),
                Unsound::NothingOnItsWay => format!("nothing is on its way for \"{event}\""),
            },
        })
    }

    /// Adds a successor to those that are looked up next, and makes the draft the base's again.
    #[inline]
    fn propose(&mut self, base: &Base, draft: &mut Draft, parent: RowId) {
        let layout = self.arena.layout();
        let begin = self.packed.len();
        // A loop, because rows are too short to call `memcpy`.
        self.packed.extend(base.packed.iter().take(layout.words()));
        let packed = &mut self.packed[begin..];
        let (mut core, mut history) = (base.core, base.history);
        while draft.touched != 0 {
            let column = draft.touched.trailing_zeros() as usize;
            draft.touched &= draft.touched - 1;
            let (old, new) = (base.columns[column], draft.columns[column]);
            draft.columns[column] = old;
            layout.flip(packed, column, old ^ new);
            let change = self.stage.change(column, old, new);
            core = core.wrapping_add(change.0);
            history = history.wrapping_add(change.1);
        }
        let place = Place::new(core, history);
        self.candidates.push(Candidate { place, parent });
        if self.candidates.len() >= BATCH {
            self.look_up();
        }
    }

    /// Looks up the successors that wait for it, and stores those that are new, in their order.
    ///
    /// Nearly every look-up waits for memory twice, for the index and for the row found there. So
    /// both are read ahead for the whole batch, where one waits for many at once.
    fn look_up(&mut self) {
        let (arena, index) = (&mut self.arena, &mut self.index);
        let mut firsts = [None; BATCH];
        for (first, candidate) in firsts.iter_mut().zip(&self.candidates) {
            *first = index.first(candidate.place);
        }
        firsts.iter().flatten().for_each(|&row| arena.touch(row));
        let words = arena.layout().words();
        for (candidate, packed) in self.candidates.iter().zip(self.packed.chunks_exact(words)) {
            let found = index.find(
                candidate.place,
                |row| arena.equals(row, packed),
                |row| {
                    let columns = arena.layout().unpack(packed);
                    self.stage.share_core(&arena.columns(row), &columns)
                },
            );
            if found != Found::Row {
                let row = arena.push(packed, candidate.parent, found == Found::Nothing);
                index.insert(candidate.place, row);
            }
        }
        self.candidates.clear();
        self.packed.clear();
    }
}
