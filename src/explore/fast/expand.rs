//! From vectors to their successors.

use super::Disagreement;
use super::arena::Arena;
use super::batch::Batch;
use super::encoded::{Source, StateId, Successor};
use super::events::EventRange;
use super::layout::Columns;
use super::packed::PackedModel;
#[cfg(feature = "cluster")]
use super::sleep::labels::Labels;
use super::sleep::{EventSet, Rule, only};
use super::step::PreparedStep;
use super::store::Store;
use super::tally::Tally;
use super::unknown::{Stop, Unknown};
use crate::property::StepFindings;
use std::ops::Range;

/// Vectors that are expanded together, so that what their steps begin with can be loaded ahead.
pub(super) const VECTORS_AHEAD: usize = 8;

/// What is known when vectors are expanded, and what can be done about what is not.
pub(super) trait Knowledge<'m> {
    fn packed(&self) -> &PackedModel<'m>;

    fn store(&self) -> &Store;

    /// Finds something out, if it can; returns whether it did. Successors that wait are packed again
    /// if columns had to be widened.
    fn learn(&mut self, unknown: Unknown, waiting: &mut Batch) -> bool;
}

/// Shared with others, so that nothing can be found out.
pub(super) struct Shared<'a, 'm> {
    pub(super) packed: &'a PackedModel<'m>,
    pub(super) store: &'a Store,
}

impl<'m> Knowledge<'m> for Shared<'_, 'm> {
    #[inline]
    fn packed(&self) -> &PackedModel<'m> {
        self.packed
    }

    #[inline]
    fn store(&self) -> &Store {
        self.store
    }

    fn learn(&mut self, _: Unknown, _: &mut Batch) -> bool {
        false
    }
}

/// One's own, so that everything can be found out.
pub(super) struct Own<'a, 'm> {
    pub(super) packed: &'a mut PackedModel<'m>,
    pub(super) store: &'a mut Store,
}

impl<'m> Knowledge<'m> for Own<'_, 'm> {
    #[inline]
    fn packed(&self) -> &PackedModel<'m> {
        self.packed
    }

    #[inline]
    fn store(&self) -> &Store {
        self.store
    }

    #[cold]
    fn learn(&mut self, unknown: Unknown, waiting: &mut Batch) -> bool {
        self.packed.learn(unknown);
        if self.store.make_room(self.packed) {
            waiting.repack(&self.store.arena);
        }
        true
    }
}

/// Where the successors of vectors go.
#[derive(Default)]
pub(super) struct Expansion {
    /// The successors.
    pub(super) batch: Batch,
    /// The vectors that were not expanded.
    pub(super) left_out: Vec<LeftOut>,
}

/// A vector that was not expanded, because something about it was unknown.
#[derive(Clone, Copy)]
pub(super) struct LeftOut {
    pub(super) id: StateId,
    /// How many of its steps were known. If some were, all that comes before steps was.
    pub(super) steps: usize,
}

impl Expansion {
    /// Forgets all.
    pub(super) fn begin(&mut self, arena: &Arena) {
        self.batch.begin(arena);
        self.left_out.clear();
    }
}

/// Expands vectors, some of them at a time.
#[derive(Default)]
pub(super) struct Expander {
    sources: [Source; VECTORS_AHEAD],
    /// What can happen in them; nothing is known of a vector that is left out.
    events: [Option<EventRange>; VECTORS_AHEAD],
    /// What sleeps in them.
    asleep: [EventSet; VECTORS_AHEAD],
    prepared: Vec<PreparedStep>,
    #[cfg(feature = "cluster")]
    labels: Labels,
    successor: Successor,
}

impl Expander {
    /// Counts and judges vectors, at most [`VECTORS_AHEAD`], and finds their successors.
    pub(super) fn expand<'m, K: Knowledge<'m>>(
        &mut self,
        known: &mut K,
        ids: Range<usize>,
        tally: &mut Tally,
        out: &mut Expansion,
    ) -> Result<(), Disagreement> {
        self.prepared.clear();
        let mut steps: [Range<usize>; VECTORS_AHEAD] = Default::default();
        for (id, source) in ids.clone().zip(&mut self.sources) {
            known.store().arena.read(id as StateId, source);
        }
        self.events = known.packed().events_of_all(&self.sources[..ids.len()]);
        for (index, id) in ids.clone().enumerate() {
            let first = self.prepared.len();
            self.begin(known, id as StateId, index, &mut out.batch)?;
            steps[index] = first..self.prepared.len();
        }
        for (source, steps) in self.sources.iter().zip(&steps) {
            for step in &mut self.prepared[steps.clone()] {
                known.packed().look_ahead(&source.columns, step);
            }
        }
        for (id, (index, steps)) in ids.zip(steps.into_iter().enumerate()) {
            let before = out.batch.len();
            let id = id as StateId;
            let unknown = match self.events[index] {
                Some(events) => self.finish(known, id, (index, events), steps, tally, out)?,
                None => Some(0),
            };
            if let Some(steps) = unknown {
                out.batch.truncate(before);
                out.left_out.push(LeftOut { id, steps });
            }
        }
        Ok(())
    }

    /// Finds out everything that it takes to expand a vector, of which so many steps are known.
    pub(super) fn find_out(
        &mut self,
        packed: &mut PackedModel<'_>,
        columns: &Columns,
        is_new_core: bool,
        asleep: EventSet,
        mut steps: usize,
    ) -> Result<(), Disagreement> {
        let events = packed.ask(|packed| packed.events(columns));
        if is_new_core && steps == 0 {
            packed.ask(|packed| packed.orbit(columns));
        }
        for number in 0..events.len() {
            let first = packed.events.at(events, number);
            if asleep & only(first.number) != 0 {
                continue;
            }
            if steps > 0 {
                steps -= 1;
                continue;
            }
            let successor = &mut self.successor;
            let stepped = packed.ask_step(|packed| {
                successor.begin(columns);
                let prepared = packed.prepare(columns, &first)?;
                packed.take(successor, &prepared)
            });
            stepped.map_err(|unsound| unsound.at(first.event))?;
        }
        Ok(())
    }

    /// Lists a vector's steps, given what can happen as far as that is known, and loads what they begin
    /// with.
    #[inline]
    fn begin<'m, K: Knowledge<'m>>(
        &mut self,
        known: &mut K,
        id: StateId,
        index: usize,
        waiting: &mut Batch,
    ) -> Result<(), Disagreement> {
        let source = &self.sources[index];
        if self.events[index].is_none() {
            self.events[index] = events(known, &source.columns, waiting);
        }
        let asleep = known.store().asleep.of(id);
        let mut sleepers = 0;
        self.asleep[index] = asleep;
        let Some(events) = self.events[index] else {
            return Ok(());
        };
        let packed = known.packed();
        for first in packed.events.get(events) {
            if asleep & only(first.number) != 0 {
                sleepers |= only(first.number);
                continue;
            }
            let step = packed.prepare(&source.columns, first);
            let step = step.map_err(|unsound| unsound.at(first.event))?;
            self.prepared.push(step);
        }
        if sleepers != asleep {
            return Err(cannot_sleep(packed, asleep & !sleepers));
        }
        Ok(())
    }

    /// Counts and judges a vector, and takes its steps. Returns how many of these were known, if not all
    /// were.
    #[inline]
    fn finish<'m, K: Knowledge<'m>>(
        &mut self,
        known: &mut K,
        id: StateId,
        (index, events): (usize, EventRange),
        steps: Range<usize>,
        tally: &mut Tally,
        out: &mut Expansion,
    ) -> Result<Option<usize>, Disagreement> {
        let source = &mut self.sources[index];
        let Some(orbit) = orbit(known, id, &source.columns, &mut out.batch) else {
            return Ok(Some(0));
        };
        known.store().prepare(known.packed(), source);
        let mut before = self.asleep[index];
        let rule = known.store().asleep.rule;
        #[cfg(feature = "cluster")]
        self.labels.clear();
        self.successor.begin(&source.columns);
        let witnessed = tally.witnessed.properties;
        let findings = (known.packed()).judge(&source.columns, events, witnessed);
        tally.note(id, findings, None);
        for (taken, step) in self.prepared[steps].iter().enumerate() {
            let Some(findings) = take(known, source, &mut self.successor, step, &mut out.batch)?
            else {
                return Ok(Some(taken));
            };
            tally.note(id, findings, Some(step.event));
            let asleep = match rule {
                Rule::Nothing => 0,
                Rule::InOrder => known.packed().independence.asleep_after(
                    step.number,
                    &self.successor,
                    &mut before,
                    &mut tally.footprints,
                ),
                #[cfg(feature = "cluster")]
                Rule::ByLabel => {
                    let unknown = &mut tally.footprints;
                    let (packed, columns) = (known.packed(), &source.columns);
                    self.labels
                        .note(packed, columns, step, &self.successor, unknown);
                    // It is known when all steps from here have been taken.
                    0
                }
            };
            let (layout, successor) = (known.store().arena.layout(), &mut self.successor);
            (out.batch).push(known.packed(), layout, source, successor, id, asleep);
        }
        #[cfg(feature = "cluster")]
        if rule == Rule::ByLabel {
            let (packed, batch) = (known.packed(), &mut out.batch);
            let first = batch.len() - self.labels.len();
            let asleep = (events, self.asleep[index]);
            self.labels
                .asleep_after(packed, &source.columns, asleep, |step, events| {
                    batch.put_to_sleep(first + step, events);
                });
        }
        tally.count(orbit, events.len());
        if orbit > 0 {
            let under_way = known.packed().under_way(&source.columns);
            tally.most_under_way.see(under_way);
        }
        Ok(None)
    }
}

/// What can happen in a vector of which that was not known; `None` if it still is not.
#[cold]
fn events<'m, K: Knowledge<'m>>(
    known: &mut K,
    columns: &Columns,
    waiting: &mut Batch,
) -> Option<EventRange> {
    loop {
        match known.packed().events(columns) {
            Ok(events) => return Some(events),
            Err(unknown) => known.learn(unknown, waiting).then_some(())?,
        }
    }
}

/// How many states a vector stands for that no vector before it does; `None` if that is not known.
#[inline]
fn orbit<'m, K: Knowledge<'m>>(
    known: &mut K,
    id: StateId,
    columns: &Columns,
    waiting: &mut Batch,
) -> Option<u64> {
    if !known.store().arena.is_new_core(id) {
        return Some(0);
    }
    loop {
        match known.packed().orbit(columns) {
            Ok(orbit) => return Some(orbit),
            Err(unknown) => known.learn(unknown, waiting).then_some(())?,
        }
    }
}

/// Takes a step, and says what it did to the properties; `None` if that is not known.
#[inline]
fn take<'m, K: Knowledge<'m>>(
    known: &mut K,
    source: &mut Source,
    successor: &mut Successor,
    step: &PreparedStep,
    waiting: &mut Batch,
) -> Result<Option<StepFindings>, Disagreement> {
    loop {
        match known.packed().take(successor, step) {
            Ok(findings) => return Ok(Some(findings)),
            Err(Stop::Unsound(unsound)) => return Err(unsound.at(step.event)),
            Err(Stop::Unknown(unknown)) => {
                successor.begin(&source.columns);
                if !known.learn(unknown, waiting) {
                    return Ok(None);
                }
                known.store().prepare(known.packed(), source);
            }
        }
    }
}

/// Some of these events sleep where they cannot happen.
#[cold]
fn cannot_sleep(packed: &PackedModel<'_>, events: EventSet) -> Disagreement {
    let event = packed.independence.first(events);
    let event = event.map_or_else(String::new, |event| event.to_string());
    Disagreement {
        message: format!("\"{event}\" sleeps where it cannot happen"),
    }
}
