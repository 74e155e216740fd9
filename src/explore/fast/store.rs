//! The vectors found so far, each once.

use super::arena::Arena;
use super::encoded::{Place, StateId};
use super::encoded::{Source, Successor};
use super::index::{Found, Index};
use super::layout::{Columns, Layout, MAX_COLUMNS, MAX_WORDS};
use super::packed::PackedModel;

/// Vectors that are looked up together.
pub(super) const BATCH: usize = 256;

/// Vectors, the index over them, and vectors that have yet to be looked up.
///
/// Nearly every look-up waits for memory twice, for the index and for the vector found there. So
/// vectors are looked up in batches, and what a batch needs is loaded ahead: memory is then waited
/// for many times at once.
pub(super) struct Store {
    /// The vectors.
    pub(super) arena: Arena,
    index: Index,
    candidates: Vec<Candidate>,
    /// The candidates' packed vectors, one after the other.
    packed: Vec<u64>,
}

/// A vector to look up.
#[derive(Clone, Copy)]
struct Candidate {
    place: Place,
    parent: StateId,
}

impl Store {
    /// No vectors yet.
    pub(super) fn new(layout: Layout) -> Store {
        Store {
            arena: Arena::new(layout),
            index: Index::new(),
            candidates: Vec::with_capacity(BATCH),
            packed: Vec::with_capacity(BATCH * MAX_WORDS),
        }
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.arena.bytes() + self.index.bytes()
    }

    /// Prepares a source for successors to be proposed.
    #[inline]
    pub(super) fn prepare(&self, model: &PackedModel<'_>, source: &mut Source) {
        self.arena.prepare(source);
        model.begin(source);
    }

    /// Adds a successor to the vectors that are looked up next, and makes the successor the
    /// source's again.
    #[inline]
    pub(super) fn propose(
        &mut self,
        model: &PackedModel<'_>,
        source: &Source,
        successor: &mut Successor,
        parent: StateId,
    ) {
        let layout = self.arena.layout();
        let begin = self.packed.len();
        // A loop, because vectors are too short to call `memcpy`.
        self.packed
            .extend(source.packed.iter().take(layout.words()));
        let place = model.finish(successor, source, layout, &mut self.packed[begin..]);
        self.index.prefetch(place);
        self.candidates.push(Candidate { place, parent });
        if self.candidates.len() >= BATCH {
            self.look_up(model);
        }
    }

    /// Looks up the vectors that wait for it, and stores those that are new, in their order.
    #[inline(never)]
    pub(super) fn look_up(&mut self, model: &PackedModel<'_>) {
        let (arena, index) = (&mut self.arena, &mut self.index);
        for candidate in &self.candidates {
            if let Some(id) = index.first(candidate.place) {
                arena.prefetch(id);
            }
        }
        let words = arena.layout().words();
        for (candidate, packed) in self.candidates.iter().zip(self.packed.chunks_exact(words)) {
            let found = index.find(
                candidate.place,
                |id| arena.equals(id, packed),
                |id| {
                    let mut columns = [0; MAX_COLUMNS];
                    arena.layout().unpack(packed, &mut columns);
                    model.share_core(&arena.columns(id), &columns)
                },
            );
            let is_new_core = match found {
                Found::Stored(_) => continue,
                Found::Core => false,
                Found::Nothing => true,
            };
            let id = arena.push(packed, candidate.parent, is_new_core);
            index.insert(candidate.place, id);
        }
        self.candidates.clear();
        self.packed.clear();
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
            Found::Core | Found::Nothing => None,
        }
    }

    /// Changes the layout of new vectors. What waits is looked up first: it is packed in the old
    /// one.
    pub(super) fn widen(&mut self, model: &PackedModel<'_>) {
        self.look_up(model);
        self.arena.widen(model.layout());
    }
}
