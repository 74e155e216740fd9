//! The vectors found so far, each once.

mod side_by_side;

use super::arena::Arena;
use super::batch::Batch;
use super::column::ColumnPlan;
use super::encoded::{Source, StateId, Successor};
use super::index::{Found, Index, Numbers};
use super::layout::{Columns, Layout, MAX_COLUMNS};
use super::packed::PackedModel;
use super::sleep::{Asleep, Rule};
use std::ops::Range;

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

fn unpacked(layout: &Layout, packed: &[u64]) -> Columns {
    let mut columns = [0; MAX_COLUMNS];
    layout.unpack(packed, &mut columns);
    columns
}
