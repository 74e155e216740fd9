//! Vectors that one thread expands while others expand others.

use super::Disagreement;
use super::arena::Arena;
use super::batch::Batch;
use super::encoded::StateId;
use super::expand::{Expander, Expansion, LeftOut, Shared, VECTORS_AHEAD};
use super::packed::PackedModel;
use super::sleep::Asleep;
use super::tally::Tally;
use crate::property::Monitored;
use std::ops::Range;

/// Who looks up which successors. Nobody does anything else: that is what the defaults do.
pub(super) trait Share: Sync {
    /// Is told that the successors in so many batches are known.
    fn begin(&mut self, _: &PackedModel<'_>, _batches: usize) {}

    /// Takes those out of a batch that are looked up elsewhere.
    fn sift(&self, _batch: usize, _: &mut Batch, _: &PackedModel<'_>, _: &Arena) {}

    /// Is told that this has been done with all batches.
    fn end(&mut self, _: &PackedModel<'_>, _: &Arena) {}
}

/// All successors are looked up here.
pub(super) struct Everything;

impl Share for Everything {}

/// Vectors that come one after the other, with what came of them. As with segments of the index, what another
/// thread changes is not in the same line of the processor's cache.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Chunk {
    pub(super) ids: Range<usize>,
    /// Their successors, and the vectors that have yet to be expanded.
    pub(super) expansion: Expansion,
    /// What was counted and found in the others.
    tally: Tally,
    /// What was counted and found in the vectors that were left out at first.
    pub(super) tally_of_rest: Tally,
    /// Why they were not all expanded.
    pub(super) failed: Option<Disagreement>,
}

impl Chunk {
    /// Prepares for vectors to be expanded.
    pub(super) fn begin(&mut self, ids: Range<usize>, arena: &Arena, tally: Tally) {
        self.ids = ids;
        self.expansion.begin(arena);
        self.tally = tally.clone();
        self.tally_of_rest = tally;
        self.failed = None;
    }

    /// Expands all vectors of which everything is known. Those that are audited are left out.
    pub(super) fn expand(
        &mut self,
        expander: &mut Expander,
        known: &mut Shared<'_, '_>,
        audit_every: u64,
    ) {
        let mut first = self.ids.start;
        while first < self.ids.end {
            let audited = (first as u64).next_multiple_of(audit_every);
            if audited == first as u64 {
                let id = first as StateId;
                self.expansion.left_out.push(LeftOut { id, steps: 0 });
                first += 1;
                continue;
            }
            let end = self.ids.end.min(first + VECTORS_AHEAD);
            let end = end.min(usize::try_from(audited).unwrap_or(usize::MAX));
            let (tally, out) = (&mut self.tally, &mut self.expansion);
            if let Err(error) = expander.expand(known, first..end, tally, out) {
                self.failed = Some(error);
                return;
            }
            first = end;
        }
    }

    /// Expands the vectors that were left out, of which everything is known by now, and prepares for
    /// those successors to be looked up that are looked up here.
    pub(super) fn expand_rest(
        &mut self,
        expander: &mut Expander,
        known: &mut Shared<'_, '_>,
        (rest, spare): (&mut Expansion, &mut Batch),
        sift: impl FnOnce(&mut Batch),
    ) {
        let arena = &known.store.arena;
        rest.begin(arena);
        let batch = &mut self.expansion.batch;
        batch.repack(arena);
        for LeftOut { id, .. } in self.expansion.left_out.drain(..) {
            let ids = id as usize..id as usize + 1;
            let tally = &mut self.tally_of_rest;
            if let Err(error) = expander.expand(known, ids, tally, rest) {
                self.failed = Some(error);
                return;
            }
        }
        assert!(rest.left_out.is_empty(), "bug: something is still unknown");
        if rest.batch.len() > 0 {
            batch.merge(&rest.batch, spare);
        }
        sift(batch);
        batch.sort();
    }
}

/// One thread that has the model for itself.
pub(super) struct FindingOut<'a, 'm> {
    pub(super) model: &'m Monitored,
    pub(super) packed: &'a mut PackedModel<'m>,
    pub(super) expander: &'a mut Expander,
    pub(super) tally: &'a mut Tally,
    pub(super) audit_every: u64,
}

impl FindingOut<'_, '_> {
    /// Finds out what was unknown, vector by vector. When it is over, what comes next is forgotten.
    pub(super) fn find_out(
        &mut self,
        chunks: &mut [Chunk],
        (arena, asleep): (&Arena, &Asleep),
        is_over: impl Fn() -> bool,
    ) -> Result<(), Disagreement> {
        for chunk in chunks {
            if is_over() {
                chunk.expansion.begin(arena);
                continue;
            }
            if let Some(failed) = chunk.failed.take() {
                return Err(failed);
            }
            self.tally.absorb(&chunk.tally);
            for &LeftOut { id, steps } in &chunk.expansion.left_out {
                let columns = arena.columns(id);
                if u64::from(id).is_multiple_of(self.audit_every) {
                    self.packed.audit(self.model, &columns)?;
                }
                let is_new_core = arena.is_new_core(id);
                let asleep = asleep.of(id);
                (self.expander).find_out(self.packed, &columns, is_new_core, asleep, steps)?;
            }
        }
        Ok(())
    }
}
