//! Vectors that one thread expands while others expand others.

use super::Disagreement;
use super::arena::Arena;
use super::expand::{Expander, Expansion, Shared, VECTORS_AHEAD};
use super::tally::Tally;
use std::ops::Range;

/// Vectors that come one after the other, with what came of them.
#[derive(Default)]
pub(super) struct Chunk {
    /// The vectors.
    pub(super) ids: Range<usize>,
    /// Their successors, and the vectors that have yet to be expanded.
    pub(super) expansion: Expansion,
    /// What was counted and found in the others.
    pub(super) tally: Tally,
    /// Why they were not all expanded.
    pub(super) failed: Option<Disagreement>,
}

impl Chunk {
    /// Prepares for vectors to be expanded.
    pub(super) fn begin(&mut self, ids: Range<usize>, arena: &Arena, tally: Tally) {
        self.ids = ids;
        self.expansion.begin(arena);
        self.tally = tally;
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
                self.expansion.left_out.push(first as u32);
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
}
