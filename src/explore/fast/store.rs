//! The rows found so far, each once.

use super::arena::{Arena, RowId};
use super::draft::{Base, Draft};
use super::index::{Found, Index, Place};
use super::layout::{Columns, Layout, MAX_COLUMNS, MAX_WORDS};
use super::stage::Stage;

/// Rows that are looked up together.
pub(super) const BATCH: usize = 256;

/// Rows, the index over them, and rows that have yet to be looked up.
///
/// Nearly every look-up waits for memory twice, for the index and for the row found there. So rows
/// are looked up in batches, and what a batch needs is loaded ahead: memory is then waited for many
/// times at once.
pub(super) struct Store {
    /// The rows.
    pub(super) arena: Arena,
    index: Index,
    candidates: Vec<Candidate>,
    /// The candidates' packed rows, one after the other.
    packed: Vec<u64>,
}

/// A row to look up.
#[derive(Clone, Copy)]
struct Candidate {
    place: Place,
    parent: RowId,
}

impl Store {
    /// No rows yet.
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

    /// Prepares a base for successors to be proposed.
    #[inline]
    pub(super) fn prepare(&self, stage: &Stage<'_>, base: &mut Base) {
        self.arena.prepare(base);
        stage.begin(base);
    }

    /// Adds a successor to the rows that are looked up next, and makes the draft the base's again.
    #[inline]
    pub(super) fn propose(
        &mut self,
        stage: &Stage<'_>,
        base: &Base,
        draft: &mut Draft,
        parent: RowId,
    ) {
        let layout = self.arena.layout();
        let begin = self.packed.len();
        // A loop, because rows are too short to call `memcpy`.
        self.packed.extend(base.packed.iter().take(layout.words()));
        let place = stage.finish(draft, base, layout, &mut self.packed[begin..]);
        self.index.prefetch(place);
        self.candidates.push(Candidate { place, parent });
        if self.candidates.len() >= BATCH {
            self.look_up(stage);
        }
    }

    /// Looks up the rows that wait for it, and stores those that are new, in their order.
    #[inline(never)]
    pub(super) fn look_up(&mut self, stage: &Stage<'_>) {
        let (arena, index) = (&mut self.arena, &mut self.index);
        for candidate in &self.candidates {
            if let Some(row) = index.first(candidate.place) {
                arena.prefetch(row);
            }
        }
        let words = arena.layout().words();
        for (candidate, packed) in self.candidates.iter().zip(self.packed.chunks_exact(words)) {
            let found = index.find(
                candidate.place,
                |row| arena.equals(row, packed),
                |row| {
                    let mut columns = [0; MAX_COLUMNS];
                    arena.layout().unpack(packed, &mut columns);
                    stage.share_core(&arena.columns(row), &columns)
                },
            );
            let is_new_core = match found {
                Found::Row(_) => continue,
                Found::Core => false,
                Found::Nothing => true,
            };
            let row = arena.push(packed, candidate.parent, is_new_core);
            index.insert(candidate.place, row);
        }
        self.candidates.clear();
        self.packed.clear();
    }

    /// The row with these ids, if it has been found.
    pub(super) fn find(&self, stage: &Stage<'_>, columns: &Columns) -> Option<RowId> {
        let mut base = Base::of(*columns);
        base.packed = self.arena.layout().pack(columns)?;
        stage.begin(&mut base);
        let packed = &base.packed[..self.arena.layout().words()];
        let equals = |row| self.arena.equals(row, packed);
        match self.index.find(base.place(), equals, |_| false) {
            Found::Row(row) => Some(row),
            Found::Core | Found::Nothing => None,
        }
    }

    /// Changes the layout of new rows. What waits is looked up first: it is packed in the old one.
    pub(super) fn widen(&mut self, stage: &Stage<'_>) {
        self.look_up(stage);
        self.arena.widen(stage.layout());
    }
}
