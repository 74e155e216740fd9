//! The vectors found so far, each once.

use super::arena::{Arena, Room};
use super::batch::Batch;
use super::column::ColumnPlan;
use super::encoded::{Place, Source, StateId, Successor};
use super::index::{Again, Found, Index, Numbers, Segment};
use super::layout::{Columns, Layout, MAX_COLUMNS};
use super::packed::PackedModel;
use super::sleep::{Asleep, EventSet, Rule};
use super::together::{Queue, together};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Vectors that are looked up together.
///
/// Nearly every look-up waits for memory twice, for the index and for the vector found there. So
/// what some of them need is loaded ahead: memory is then waited for many times at once.
pub(super) const LOOK_UPS: usize = 256;

/// Vectors, and the index over them.
pub(super) struct Store {
    pub(super) arena: Arena,
    pub(super) asleep: Asleep,
    index: Index,
    plan: ColumnPlan,
    /// Of each tab with its history the tab's local state, which is its part of the core.
    cores: Vec<u32>,
    /// Of successors that were looked up by several threads: 0 for one that was known, of others their
    /// numbers.
    numbers: Numbers,
    /// Vectors to which an edge leads from themselves or from one that was found later, where somebody
    /// asks for them: whoever goes around comes to one.
    returns: Option<Vec<StateId>>,
}

/// The vector is new, its core is not.
const NEW: u32 = 1;

const NEW_CORE: u32 = 2;

/// The least number of new vectors for which several threads pay when they are stored.
const STORED_TOGETHER: usize = 1 << 11;

impl Store {
    /// No vectors yet.
    pub(super) fn new(layout: Layout, plan: ColumnPlan) -> Store {
        Store {
            arena: Arena::new(layout),
            asleep: Asleep::new(),
            index: Index::new(),
            plan,
            cores: Vec::new(),
            numbers: Numbers::default(),
            returns: None,
        }
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.arena.bytes()
            + self.index.bytes()
            + self.asleep.bytes()
            + 4 * (self.numbers.numbers.capacity() + self.cores.capacity() + self.returns().len())
                as u64
    }

    /// Keeps what [`Store::returns`] says, from now on.
    pub(super) fn keep_returns(&mut self) {
        self.returns = Some(Vec::new());
        self.asleep.rule = Rule::Nothing;
    }

    /// The vectors to which an edge leads from themselves or from one that was found later.
    pub(super) fn returns(&self) -> &[StateId] {
        self.returns.as_deref().unwrap_or_default()
    }

    /// Prepares a source for its successors to be packed.
    #[inline]
    pub(super) fn prepare(&self, model: &PackedModel<'_>, source: &mut Source) {
        self.arena.prepare(source);
        model.begin(source);
    }

    /// Looks up successors, and stores those that are new, in their order.
    #[inline(never)]
    pub(super) fn look_up(&mut self, model: &PackedModel<'_>, batch: &Batch) {
        for begin in (0..batch.len()).step_by(LOOK_UPS) {
            self.look_up_some(model, batch, begin..batch.len().min(begin + LOOK_UPS));
        }
    }

    fn look_up_some(&mut self, model: &PackedModel<'_>, batch: &Batch, positions: Range<usize>) {
        let (arena, index, returns) = (&mut self.arena, &mut self.index, &mut self.returns);
        // At once, because each waits to find out where in memory that is: some can do so together.
        for position in positions.clone() {
            index.prefetch(batch.place(position));
        }
        for position in positions.clone() {
            if let Some(id) = index.first(batch.place(position)) {
                arena.prefetch(id);
                self.asleep.prefetch(id);
            }
        }
        for position in positions {
            let place = batch.place(position);
            let packed = batch.packed(position);
            index.reserve(place);
            let found = index.find(
                place,
                |id| arena.equals(id, packed),
                |id| model.share_core(&arena.columns(id), &unpacked(arena.layout(), packed)),
            );
            let vacancy = match found {
                Found::Stored(id) => {
                    if let Some(returns) = returns
                        && id <= batch.parent(position)
                    {
                        returns.push(id);
                    }
                    self.asleep.add(id, batch.asleep(position));
                    continue;
                }
                Found::Not(vacancy) => vacancy,
            };
            let id = arena.push(packed, batch.parent(position), vacancy.is_new_core);
            index.insert(place, id, vacancy);
            self.asleep.push(batch.asleep(position));
        }
    }

    /// Learns of the cores of all vectors that can be looked up together.
    pub(super) fn know_cores(&mut self, model: &PackedModel<'_>) {
        let unknown = model.summaries[self.cores.len()..].iter();
        self.cores.extend(unknown.map(|summary| summary.tab));
    }

    /// The same with the successors in several batches, by several threads, while this one does
    /// something else first. Each looks through parts of the index that are its own; new vectors are
    /// numbered afterwards, in the order of successors, so that it makes no difference who was
    /// faster. [`Store::settle`] has to follow before anything else is asked of the index.
    pub(super) fn look_up_together<R>(
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

    /// Tells the index of the numbers.
    pub(super) fn settle(&mut self) {
        self.index.settle(&self.numbers);
    }

    /// Gives back the memory that only threads needed.
    pub(super) fn tidy(&mut self) {
        self.settle();
        self.numbers = Numbers::default();
        self.cores = Vec::new();
        self.index.tidy();
    }

    /// Forgets of all vectors what the model has forgotten. Each keeps its number, even if two have become
    /// the same. What sleeps goes on to, but where tabs have changed places.
    pub(super) fn settle_vectors(&mut self, model: &mut PackedModel<'_>) {
        let mut old = std::mem::replace(&mut self.arena, Arena::new(model.layout()));
        self.index = Index::new();
        // Some at a time, as successors: where they are looked for is loaded for all of these.
        let (mut batch, mut unchanged) = (Batch::default(), Successor::default());
        let ids = 0..old.len() as StateId;
        for first in ids.clone().step_by(LOOK_UPS) {
            let some = first..ids.end.min(first + LOOK_UPS as StateId);
            batch.begin(&self.arena);
            for id in some.clone() {
                let settled = model.settled(&old.columns(id));
                let mut canonical = settled;
                model.ask(|model| model.take_stored_form(&mut canonical));
                if canonical != settled {
                    self.asleep.wake(id);
                }
                if self.make_room(model) {
                    batch.repack(&self.arena);
                }
                let mut source = Source::of(canonical);
                self.prepare(model, &mut source);
                unchanged.begin(&canonical);
                let layout = self.arena.layout();
                batch.push(model, layout, &source, &mut unchanged, old.parent(id), 0);
            }
            for position in 0..batch.len() {
                self.index.prefetch(batch.place(position));
            }
            for (position, id) in some.enumerate() {
                let (place, packed) = (batch.place(position), batch.packed(position));
                self.index.reserve(place);
                let arena = &mut self.arena;
                let equals = |id| arena.equals(id, packed);
                let found = self.index.find(place, equals, |_| false);
                let number = arena.push(packed, batch.parent(position), old.is_new_core(id));
                if let Found::Not(vacancy) = found {
                    self.index.insert(place, number, vacancy);
                }
                old.give_back(id);
            }
        }
    }

    /// The vector with these ids, if it has been found.
    pub(super) fn find(&self, model: &PackedModel<'_>, columns: &Columns) -> Option<StateId> {
        let mut source = Source::of(*columns);
        source.packed = self.arena.layout().pack(columns)?;
        model.begin(&mut source);
        let packed = &source.packed[..self.arena.layout().words()];
        let equals = |id| self.arena.equals(id, packed);
        match self.index.find(source.place(), equals, |_| false) {
            Found::Stored(id) => Some(id),
            Found::Not(_) => None,
        }
    }

    /// Widens the layout of new vectors if some id that is known does not fit any more. Returns
    /// whether it did.
    pub(super) fn make_room(&mut self, model: &PackedModel<'_>) -> bool {
        let widens = !model.fits(self.arena.layout());
        if widens {
            self.arena.widen(model.layout());
        }
        widens
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

/// Whoever had it before, a panic ends the run.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unpacked(layout: &Layout, packed: &[u64]) -> Columns {
    let mut columns = [0; MAX_COLUMNS];
    layout.unpack(packed, &mut columns);
    columns
}
