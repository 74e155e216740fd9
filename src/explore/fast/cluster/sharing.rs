//! Which of the successors that a node finds are its own, and what becomes of the others.

use super::super::arena::Arena;
use super::super::batch::{Batch, Waiting};
use super::super::chunk::Share;
use super::super::encoded::StateId;
use super::super::layout::Layout;
use super::super::packed::PackedModel;
use super::super::sleep::EventSet;
use super::owner::Owners;
use super::peer::Peer;
use std::sync::{Mutex, PoisonError};

/// One vector in so many is asked about its successors' owners even where they cannot be others; in tests all are.
const CHECKED_EVERY: StateId = if cfg!(debug_assertions) { 1 } else { 1 << 10 };

/// Successors that belong to other nodes, in the order in which they were found.
#[derive(Default)]
pub(super) struct Elsewhere {
    found: Vec<FoundForOther>,
    words: Vec<u64>,
}

struct FoundForOther {
    owner: usize,
    parent: StateId,
    asleep: EventSet,
}

impl Elsewhere {
    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let found = self.found.capacity() * size_of::<FoundForOther>();
        (found + 8 * self.words.capacity()) as u64
    }

    fn clear(&mut self) {
        self.found.clear();
        self.words.clear();
    }
}

/// What a node has to know to share successors.
pub(super) struct Sharing<'n> {
    pub(super) number: usize,
    pub(super) owners: &'n mut Owners,
    pub(super) peers: &'n mut [Peer],
    /// Of each batch the successors that belong to others.
    pub(super) elsewhere: &'n mut Vec<Mutex<Elsewhere>>,
}

impl Sharing<'_> {
    /// The owner of a successor, if that is another node. Whoever takes a step has the vector it is taken from,
    /// and some steps change nothing by which an owner is chosen.
    #[inline]
    fn other_owner(
        &self,
        words: &[u64],
        found: &Waiting,
        packed: &PackedModel<'_>,
        layout: &Layout,
    ) -> Option<usize> {
        let may_change = self.owners.may_change(found.stepped);
        if !may_change && !found.parent.is_multiple_of(CHECKED_EVERY) {
            return None;
        }
        let owner = self.owners.owner(packed, |column| layout.id(words, column));
        let is_other = owner != self.number;
        assert!(may_change || !is_other, "bug: a step has changed the owner");
        is_other.then_some(owner)
    }

    /// Has those successors sent that belong to others, and leaves this node's own.
    pub(super) fn put_aside(&mut self, batch: &mut Batch, packed: &PackedModel<'_>, arena: &Arena) {
        self.owners.extend(packed);
        let layout = arena.layout();
        batch.keep(|words, found| {
            let owner = self.other_owner(words, found, packed, layout);
            if let Some(owner) = owner {
                let (parent, asleep) = (found.parent, found.asleep);
                self.peers[owner].push(packed, arena, words, parent, asleep);
            }
            owner.is_none()
        });
    }
}

impl Share for Sharing<'_> {
    fn begin(&mut self, packed: &PackedModel<'_>, batches: usize) {
        self.owners.extend(packed);
        self.elsewhere
            .resize_with(batches.max(self.elsewhere.len()), Mutex::default);
    }

    fn sift(&self, number: usize, batch: &mut Batch, packed: &PackedModel<'_>, arena: &Arena) {
        let elsewhere = self.elsewhere[number].lock();
        let mut elsewhere = elsewhere.unwrap_or_else(PoisonError::into_inner);
        let layout = arena.layout();
        batch.keep(|words, found| {
            let owner = self.other_owner(words, found, packed, layout);
            if let Some(owner) = owner {
                let (parent, asleep) = (found.parent, found.asleep);
                elsewhere.found.push(FoundForOther {
                    owner,
                    parent,
                    asleep,
                });
                elsewhere.words.extend(words.iter().take(layout.words()));
            }
            owner.is_none()
        });
    }

    fn end(&mut self, packed: &PackedModel<'_>, arena: &Arena) {
        let words = arena.layout().words();
        for elsewhere in &mut *self.elsewhere {
            let elsewhere = elsewhere.get_mut().unwrap_or_else(PoisonError::into_inner);
            let rows = elsewhere.words.chunks_exact(words);
            for (words, found) in rows.zip(&elsewhere.found) {
                let peer = &mut self.peers[found.owner];
                peer.push(packed, arena, words, found.parent, found.asleep);
            }
            elsewhere.clear();
        }
    }
}
