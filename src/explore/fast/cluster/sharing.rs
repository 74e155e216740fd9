//! Which of the successors that a node finds are its own, and what becomes of the others.

use super::super::arena::Arena;
use super::super::batch::Batch;
use super::super::chunk::Share;
use super::super::encoded::StateId;
use super::super::layout::{Columns, MAX_COLUMNS};
use super::super::packed::PackedModel;
use super::owner::Owners;
use super::peer::Peer;
use std::sync::{Mutex, PoisonError};

/// Successors that belong to other nodes, in the order in which they were found.
#[derive(Default)]
pub(super) struct Elsewhere {
    owners: Vec<u16>,
    parents: Vec<StateId>,
    words: Vec<u64>,
}

impl Elsewhere {
    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let numbers = 2 * self.owners.capacity() + 4 * self.parents.capacity();
        (numbers + 8 * self.words.capacity()) as u64
    }

    fn clear(&mut self) {
        self.owners.clear();
        self.parents.clear();
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
    /// A successor's owner, and its ids.
    #[inline]
    fn owner(&self, words: &[u64], packed: &PackedModel<'_>, arena: &Arena) -> (usize, Columns) {
        let mut columns = [0; MAX_COLUMNS];
        arena.layout().unpack(words, &mut columns);
        let local = |id: u32| packed.summaries[id as usize].tab;
        let owner = self.owners.owner(packed.plan, &columns, local);
        (owner, columns)
    }

    /// Has those successors sent that belong to others, and leaves this node's own.
    pub(super) fn put_aside(&mut self, batch: &mut Batch, packed: &PackedModel<'_>, arena: &Arena) {
        self.owners.extend(packed);
        batch.keep(|words, parent| {
            let (owner, columns) = self.owner(words, packed, arena);
            if owner != self.number {
                self.peers[owner].push(packed, arena, words, &columns, parent);
            }
            owner == self.number
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
        batch.keep(|words, parent| {
            let (owner, _) = self.owner(words, packed, arena);
            if owner != self.number {
                elsewhere.owners.push(owner as u16);
                elsewhere.parents.push(parent);
                elsewhere.words.extend_from_slice(words);
            }
            owner == self.number
        });
    }

    fn end(&mut self, packed: &PackedModel<'_>, arena: &Arena) {
        let layout = arena.layout();
        let mut columns = [0; MAX_COLUMNS];
        for elsewhere in &mut *self.elsewhere {
            let elsewhere = elsewhere.get_mut().unwrap_or_else(PoisonError::into_inner);
            let rows = elsewhere.words.chunks_exact(layout.words());
            let numbers = elsewhere.owners.iter().zip(&elsewhere.parents);
            for (words, (&owner, &parent)) in rows.zip(numbers) {
                layout.unpack(words, &mut columns);
                self.peers[usize::from(owner)].push(packed, arena, words, &columns, parent);
            }
            elsewhere.clear();
        }
    }
}
