//! Successors that several threads look up and store.

use super::{LOOK_UPS, Store, unpacked};
use crate::explore::fast::arena::{Arena, Room};
use crate::explore::fast::batch::Batch;
use crate::explore::fast::column::ColumnPlan;
use crate::explore::fast::encoded::{Place, StateId};
use crate::explore::fast::index::{Again, Found, Numbers, Segment};
use crate::explore::fast::layout::Columns;
use crate::explore::fast::packed::PackedModel;
use crate::explore::fast::sleep::{Asleep, EventSet};
use crate::explore::fast::together::{Queue, locked, together};
use std::num::NonZeroUsize;
use std::sync::Mutex;

/// The vector is new, its core is not.
const NEW: u32 = 1;

const NEW_CORE: u32 = 2;

/// The least number of new vectors for which several threads pay when they are stored.
const STORED_TOGETHER: usize = 1 << 11;

impl Store {
    /// Learns of the cores of all vectors that can be looked up together.
    pub(in crate::explore::fast) fn know_cores(&mut self, model: &PackedModel<'_>) {
        let unknown = model.summaries[self.cores.len()..].iter();
        self.cores.extend(unknown.map(|summary| summary.tab));
    }

    /// Looks up the successors in several batches as [`Store::look_up`] does, by several threads, while this one
    /// does something else first. Each looks through parts of the index that are its own; new vectors are
    /// numbered afterwards, in the order of successors, so that it makes no difference who was
    /// faster. [`Store::settle`] has to follow before anything else is asked of the index.
    pub(in crate::explore::fast) fn look_up_together<R>(
        &mut self,
        batches: &[&Batch],
        threads: NonZeroUsize,
        meanwhile: impl FnOnce((&Arena, &Asleep)) -> R,
    ) -> R {
        let longest = batches.iter().map(|batch| batch.len()).max().unwrap_or(0);
        let stride = longest.next_power_of_two();
        let arena = &self.arena;
        let looked_up = LookedUpTogether {
            numbers: &self.numbers,
            plan: self.plan,
            cores: &self.cores,
            arena,
            batches,
            first: arena.len() as StateId,
            stride: stride.trailing_zeros(),
            keeps_returns: self.returns.is_some(),
            asks_every_way: self.asleep.rule.asks_every_way(),
        };
        let segments = Queue::new(self.index.segments.iter_mut().enumerate());
        let look_up = || {
            let mut waiting = Vec::new();
            while let Some((number, segment)) = segments.next() {
                looked_up.look_up(number, segment, &mut waiting);
            }
        };
        let asleep = &self.asleep;
        let result = together(threads, || meanwhile((arena, asleep)), look_up);
        self.number(batches, stride, threads);
        result
    }

    /// Numbers the vectors that were not known, in the order of successors, and stores them.
    fn number(&mut self, batches: &[&Batch], stride: usize, threads: NonZeroUsize) {
        let (first, all) = (self.arena.len() as StateId, batches.len() * stride);
        self.numbers.first = first;
        let numbers = &mut self.numbers.numbers;
        numbers.clear();
        numbers.resize(all, 0);
        for added in self.index.segments.iter().flat_map(Segment::added) {
            let new = if added.is_new_core { NEW_CORE } else { NEW };
            numbers[(added.id - first) as usize] = new;
        }
        let is_new = |&&number: &&u32| number != 0;
        let of_batches = numbers.chunks_exact(stride);
        let counts = of_batches.map(|numbers| numbers.iter().filter(is_new).count());
        let counts: Vec<usize> = counts.collect();
        let new: usize = counts.iter().sum();
        let threads = if new < STORED_TOGETHER {
            NonZeroUsize::MIN
        } else {
            threads
        };
        let (asleep, sets) = self.asleep.make_rooms(&counts);
        let rooms = self.arena.make_rooms(&counts).into_iter().zip(asleep);
        let of_batches = batches.iter().zip(numbers.chunks_exact_mut(stride));
        let queue = Queue::new(of_batches.zip(rooms));
        let unknown = Mutex::new(Vec::new());
        let store = || {
            while let Some(((batch, numbers), rooms)) = queue.next() {
                put_new(batch, numbers, rooms, |id, events| {
                    match sets.get(&events) {
                        Some(&set) => set,
                        None => {
                            locked(&unknown).push((id, events));
                            0
                        }
                    }
                });
            }
        };
        together(threads, || {}, store);
        let mut unknown = std::mem::take(&mut *locked(&unknown));
        unknown.sort_unstable();
        for (id, events) in unknown {
            self.asleep.put(id, events);
        }
        #[cfg(test)]
        self.asleep.count_since(first);
        for segment in &mut self.index.segments {
            for Again { id, found_as } in segment.again().drain(..) {
                if let Some(returns) = &mut self.returns {
                    returns.push(id);
                    continue;
                }
                let id = if id < first { id } else { self.numbers.of(id) };
                let at = (found_as - first) as usize;
                let asleep = batches[at / stride].asleep(at % stride);
                self.asleep.add(id, asleep);
            }
        }
    }
}

/// Successors that several threads look up.
struct LookedUpTogether<'a> {
    /// Of those before.
    numbers: &'a Numbers,
    plan: ColumnPlan,
    cores: &'a [u32],
    arena: &'a Arena,
    batches: &'a [&'a Batch],
    /// Vectors from here on are successors that have no number yet: the number of the batch and the
    /// position in it, `stride` bits, stand for them.
    first: StateId,
    stride: u32,
    keeps_returns: bool,
    asks_every_way: bool,
}

impl LookedUpTogether<'_> {
    /// Looks up the successors that belong into a segment, in their order, and adds those that are
    /// not known.
    fn look_up(&self, number: usize, segment: &mut Segment, waiting: &mut Vec<(Place, u32)>) {
        segment.settle(self.numbers);
        waiting.clear();
        for (at, batch) in self.batches.iter().enumerate() {
            let at = (at as u32) << self.stride;
            let of_segment = batch.of_segment(number).iter();
            waiting.extend(
                of_segment.map(|&position| (batch.place(position as usize), at | position)),
            );
        }
        segment.reserve(waiting.len());
        for waiting in waiting.chunks(LOOK_UPS) {
            for &(place, _) in waiting {
                segment.prefetch(place);
            }
            for &(place, _) in waiting {
                if let Some(id) = segment.first(place).filter(|&id| id < self.first) {
                    self.arena.prefetch(id);
                }
            }
            for &(place, at) in waiting {
                let packed = self.successor(at);
                let found = segment.find(
                    place,
                    |id| self.equals(id, packed),
                    |id| self.shares_core(id, packed),
                );
                match found {
                    Found::Stored(id) if self.tells_of(id, at) => {
                        let found_as = self.first + at;
                        segment.again().push(Again { id, found_as });
                    }
                    Found::Stored(_) => {}
                    Found::Not(vacancy) => segment.add(place, self.first + at, vacancy),
                }
            }
        }
    }

    /// The batch and the position in it.
    #[inline]
    fn at(&self, at: u32) -> (&Batch, usize) {
        let batch = self.batches[(at >> self.stride) as usize];
        (batch, at as usize & ((1 << self.stride) - 1))
    }

    #[inline]
    fn successor(&self, at: u32) -> &[u64] {
        let (batch, position) = self.at(at);
        batch.packed(position)
    }

    /// Whether somebody wants to know that a vector was found again.
    #[inline]
    fn tells_of(&self, id: StateId, found_as: u32) -> bool {
        if !self.keeps_returns && !self.asks_every_way {
            return false;
        }
        let (batch, position) = self.at(found_as);
        let returns = self.keeps_returns && id < self.first && id <= batch.parent(position);
        returns || self.asks_every_way && batch.asleep(position) != 0
    }

    #[inline]
    fn equals(&self, id: StateId, packed: &[u64]) -> bool {
        match id.checked_sub(self.first) {
            None => self.arena.equals(id, packed),
            Some(at) => self.successor(at).iter().zip(packed).all(|(a, b)| a == b),
        }
    }

    fn shares_core(&self, id: StateId, packed: &[u64]) -> bool {
        let layout = self.arena.layout();
        let columns = match id.checked_sub(self.first) {
            None => self.arena.columns(id),
            Some(at) => unpacked(layout, self.successor(at)),
        };
        let other = unpacked(layout, packed);
        let core = |columns: &Columns, column: usize| match column < self.plan.tabs {
            true => self.cores[columns[column] as usize],
            false => columns[column],
        };
        (0..self.plan.columns()).all(|column| core(&columns, column) == core(&other, column))
    }
}

/// Puts the successors that are new into their rooms, and what sleeps there, as a number, if anything does.
fn put_new(
    batch: &Batch,
    numbers: &mut [u32],
    (room, asleep): (Room<'_>, &mut [u16]),
    number_of: impl Fn(StateId, EventSet) -> u16,
) {
    let mut asleep = asleep.iter_mut();
    let rooms = (room.first..).zip(room.places());
    let new = numbers.iter_mut().enumerate().filter(|(_, new)| **new != 0);
    for ((position, number), (id, vacant)) in new.zip(rooms) {
        let is_new_core = std::mem::replace(number, id) == NEW_CORE;
        vacant.put(batch.packed(position), batch.parent(position), is_new_core);
        if let Some(asleep) = asleep.next() {
            *asleep = number_of(id, batch.asleep(position));
        }
    }
}
