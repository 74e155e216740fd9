//! A slice of a level: what a node expands between two rounds.

use super::super::batch::Batch;
use super::super::search::Search;
use super::super::store::LOOK_UPS;
use super::Node;
use super::sharing::Sharing;
use crate::explore::Error;
use crate::explore::outcome::{Bound, Helpers};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

impl<'m> Node<'m> {
    /// Expands a slice of the level. Returns the bound that was met, if there is something left that it
    /// keeps from being expanded.
    pub(super) fn expand_slice(&mut self) -> Result<Option<Bound>, Error> {
        let end = self.end.min(self.next + self.slice);
        let watch = Arc::clone(&self.search.watch);
        let helpers = watch.helpers(self.search.pace.helpers(end - self.next));
        let threads = helpers.as_ref().map_or(NonZeroUsize::MIN, Helpers::threads);
        while self.next < end && !self.meets_bound() {
            let ids = self.next..end.min(self.next + self.search.pace.slice);
            let helps = helpers.is_some() && !self.may_end_within(ids.len());
            if !helps {
                self.expand_rest(threads)?;
                self.expand_in_turn(ids)?;
                continue;
            }
            self.next = ids.end;
            let (search, mut sharing) = self.sharing();
            search.expand_together(ids, threads, &mut sharing)?;
        }
        self.expand_rest(threads)?;
        Ok(self.search.bound)
    }

    /// Expands vectors, and looks up their successors, by this thread alone, until a bound is met.
    fn expand_in_turn(&mut self, ids: Range<usize>) -> Result<(), Error> {
        let mut own = std::mem::take(&mut self.search.own);
        own.begin(&self.search.store.arena);
        while self.next < ids.end && !self.meets_bound() {
            self.next = self.search.expand_some(self.next..ids.end, &mut own)?;
            if own.batch.len() >= LOOK_UPS {
                self.look_up(&mut own.batch);
                own.begin(&self.search.store.arena);
            }
        }
        self.look_up(&mut own.batch);
        self.search.own = own;
        Ok(())
    }

    /// Expands and looks up what several threads have left.
    fn expand_rest(&mut self, threads: NonZeroUsize) -> Result<(), Error> {
        let (search, mut sharing) = self.sharing();
        search.expand_rest(threads, &mut sharing)?;
        self.note_origins(self.seat.number);
        Ok(())
    }

    fn sharing(&mut self) -> (&mut Search<'m>, Sharing<'_>) {
        let sharing = Sharing {
            number: self.seat.number,
            owners: &mut self.owners,
            peers: &mut self.peers,
            elsewhere: &mut self.found_for_others,
        };
        (&mut self.search, sharing)
    }

    /// What has been stored since was found by a node.
    pub(super) fn note_origins(&mut self, found_by: usize) {
        let stored = self.search.store.arena.len();
        self.origins.resize(stored, found_by as u16);
    }

    /// Whether so many vectors more may be more states than asked for.
    fn may_end_within(&self, vectors: usize) -> bool {
        let states = self.elsewhere + self.search.tally.states;
        let most = states + self.search.most_states_of(vectors);
        self.max_states.is_some_and(|max| most >= max)
    }

    fn meets_bound(&mut self) -> bool {
        let states = self.elsewhere + self.search.tally.states;
        let enough = self.max_states.filter(|&max| states >= max);
        let bound = self.search.bound.or(enough.map(Bound::States));
        self.search.bound = bound;
        bound.is_some() || self.search.meets_bound()
    }

    /// Looks up successors, after those of other nodes have been put aside.
    fn look_up(&mut self, batch: &mut Batch) {
        let (search, mut sharing) = self.sharing();
        if sharing.peers.len() > 1 {
            sharing.put_aside(batch, &search.packed, &search.store.arena);
        }
        search.store.look_up(&search.packed, batch);
        self.note_origins(self.seat.number);
    }
}
