//! A level by several threads.

use super::Search;
use crate::explore::fast::Disagreement;
use crate::explore::fast::batch::Batch;
use crate::explore::fast::chunk::{Chunk, FindingOut, Share};
use crate::explore::fast::encoded::MAX_STORED;
use crate::explore::fast::expand::{Expander, Expansion, Shared};
use crate::explore::fast::together::{Queue, together};
use crate::explore::outcome::Bound;
use std::num::NonZeroUsize;
use std::ops::Range;

impl Search<'_> {
    /// Expands vectors by several threads.
    ///
    /// Threads expand chunks of the vectors with what is known so far. What they did not know is
    /// found out by this thread alone: in the order of vectors, so that all ids are given as one
    /// thread would give them. Other threads look up the successors of the vectors before these
    /// meanwhile. What was left out is expanded with the vectors that come next, or by
    /// [`Search::expand_rest`].
    pub(in crate::explore::fast) fn expand_together(
        &mut self,
        ids: Range<usize>,
        threads: NonZeroUsize,
        share: &mut impl Share,
    ) -> Result<(), Disagreement> {
        self.unchecked += ids.len();
        let number = ids.len().div_ceil(self.pace.chunk);
        self.chunks.resize_with(number, Chunk::default);
        for (index, chunk) in self.chunks.iter_mut().enumerate() {
            let first = ids.start + index * self.pace.chunk;
            let ids = first..ids.end.min(first + self.pace.chunk);
            chunk.begin(ids, &self.store.arena, self.tally.after());
        }
        self.expand_chunks(threads, share)?;
        self.look_up_waiting(threads)?;
        std::mem::swap(&mut self.chunks, &mut self.waiting);
        Ok(())
    }

    /// Looks up all that has been expanded, and lets the index be asked again.
    pub(in crate::explore::fast) fn expand_rest(
        &mut self,
        threads: NonZeroUsize,
        share: &mut impl Share,
    ) -> Result<(), Disagreement> {
        if !self.waiting.is_empty() {
            self.chunks.clear();
            self.expand_chunks(threads, share)?;
            self.look_up_waiting(threads)?;
            self.waiting.clear();
        }
        self.store.settle();
        Ok(())
    }

    /// Expands what can be expanded by now.
    fn expand_chunks(
        &mut self,
        threads: NonZeroUsize,
        share: &mut impl Share,
    ) -> Result<(), Disagreement> {
        share.begin(&self.packed, self.waiting.len());
        let rest = self.waiting.iter_mut().enumerate();
        let rest = rest.map(|(number, chunk)| (chunk, Some(number)));
        let begun = self.chunks.iter_mut().map(|chunk| (chunk, None));
        let queue = Queue::new(rest.chain(begun));
        let (packed, store, audit_every) = (&self.packed, &self.store, self.audit_every);
        let shared = &*share;
        let work = || {
            let mut expander = Expander::default();
            let (mut rest, mut spare) = (Expansion::default(), Batch::default());
            let mut known = Shared { packed, store };
            while let Some((chunk, waited)) = queue.next() {
                let Some(number) = waited else {
                    chunk.expand(&mut expander, &mut known, audit_every);
                    continue;
                };
                let aside = (&mut rest, &mut spare);
                chunk.expand_rest(&mut expander, &mut known, aside, |batch| {
                    shared.sift(number, batch, packed, &store.arena);
                });
            }
        };
        together(threads, || {}, work);
        for chunk in &mut self.waiting {
            if let Some(failed) = chunk.failed.take() {
                return Err(failed);
            }
            self.tally.absorb(&chunk.tally_of_rest);
        }
        share.end(&self.packed, &self.store.arena);
        Ok(())
    }

    /// Looks up successors that wait, and finds out meanwhile what is unknown about the vectors that
    /// come next.
    fn look_up_waiting(&mut self, threads: NonZeroUsize) -> Result<(), Disagreement> {
        let successors = self.waiting.iter().map(|chunk| chunk.expansion.batch.len());
        if self.store.arena.len() + successors.sum::<usize>() >= MAX_STORED {
            self.bound = self.bound.or(Some(Bound::Stored(MAX_STORED as u64)));
            self.waiting.clear();
            self.chunks.clear();
            return Ok(());
        }
        self.store.know_cores(&self.packed);
        let waiting = self.waiting.iter().map(|chunk| &chunk.expansion.batch);
        let waiting: Vec<&Batch> = waiting.collect();
        let mut finding_out = FindingOut {
            model: self.model,
            packed: &mut self.packed,
            expander: &mut self.expander,
            tally: &mut self.tally,
            audit_every: self.audit_every,
        };
        let (chunks, watch, began) = (&mut self.chunks, &self.watch, self.began);
        let time_limit = self.limits.time_limit;
        let is_over = || {
            let is_late = time_limit.is_some_and(|limit| began.elapsed() >= limit);
            is_late || watch.is_stopped() || self.model.has_failed()
        };
        let found_out = self.store.look_up_together(&waiting, threads, |known| {
            finding_out.find_out(chunks, known, is_over)
        });
        self.make_room();
        self.meets_bound_of_time();
        found_out
    }
}
