//! Successors that have yet to be looked up.

use super::arena::Arena;
use super::encoded::{Place, SEGMENTS_LOG2, Source, StateId, Successor};
use super::layout::Layout;
use super::packed::PackedModel;
use super::sleep::EventSet;
use std::ops::Range;

/// The successors of some vectors, packed, in the order of the vectors and of their events.
#[derive(Default)]
pub(super) struct Batch {
    /// The number of the layout in which they are packed.
    layout: usize,
    words: usize,
    successors: Vec<Waiting>,
    packed: Vec<u64>,
    /// Positions by segment of the index; see [`Batch::sort`].
    sorted: Vec<u32>,
    /// Of each segment, where its positions end.
    ends: Vec<u32>,
}

/// What is known of a successor beside what it is.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    place: Place,
    /// The vector it is a successor of.
    pub(super) parent: StateId,
    /// See [`Successor::stepped`].
    #[cfg(feature = "cluster")]
    pub(super) stepped: u32,
    pub(super) asleep: EventSet,
}

impl Batch {
    /// Forgets all, and takes successors in the current layout.
    pub(super) fn begin(&mut self, arena: &Arena) {
        self.clear();
        self.layout = arena.layout_number();
        self.words = arena.layout().words();
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.successors.clear();
        self.packed.clear();
        self.sorted.clear();
        self.ends.clear();
        self.ends.resize(1 << SEGMENTS_LOG2, 0);
    }

    /// Number of successors.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.successors.len()
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let numbers = self.sorted.capacity() + self.ends.capacity();
        let successors = self.successors.capacity() * size_of::<Waiting>();
        (successors + 8 * self.packed.capacity() + 4 * numbers) as u64
    }

    /// Adds a successor, and makes it the source's again.
    #[inline]
    pub(super) fn push(
        &mut self,
        model: &PackedModel<'_>,
        layout: &Layout,
        source: &Source,
        successor: &mut Successor,
        parent: StateId,
        asleep: EventSet,
    ) {
        let begin = self.packed.len();
        // A loop, because vectors are too short to call `memcpy`.
        self.packed
            .extend(source.packed.iter().take(layout.words()));
        let place = model.finish(successor, source, layout, &mut self.packed[begin..]);
        self.successors.push(Waiting {
            place,
            parent,
            #[cfg(feature = "cluster")]
            stepped: successor.stepped,
            asleep,
        });
    }

    /// Says what sleeps in a successor.
    #[cfg(feature = "cluster")]
    pub(super) fn put_to_sleep(&mut self, position: usize, asleep: EventSet) {
        self.successors[position].asleep = asleep;
    }

    /// Adds a vector that is packed already.
    #[cfg(feature = "cluster")]
    #[inline]
    pub(super) fn add(&mut self, words: &[u64], place: Place, parent: StateId, asleep: EventSet) {
        self.packed.extend(words.iter().take(self.words));
        self.successors.push(Waiting {
            place,
            parent,
            stepped: 0,
            asleep,
        });
    }

    /// Puts a vector, packed in the current layout, in the place of another one.
    #[cfg(feature = "cluster")]
    pub(super) fn put(&mut self, position: usize, words: &[u64], place: Place, asleep: EventSet) {
        let begin = position * self.words;
        self.packed[begin..begin + self.words].copy_from_slice(&words[..self.words]);
        let successor = &mut self.successors[position];
        (successor.place, successor.asleep) = (place, asleep);
    }

    /// Forgets all successors but the first ones.
    pub(super) fn truncate(&mut self, len: usize) {
        self.successors.truncate(len);
        self.packed.truncate(len * self.words);
    }

    /// Keeps some of the successors only.
    #[cfg(feature = "cluster")]
    pub(super) fn keep(&mut self, mut is_kept: impl FnMut(&[u64], &Waiting) -> bool) {
        let mut kept = 0;
        for position in 0..self.len() {
            let begin = position * self.words;
            let words = begin..begin + self.words;
            let successor = self.successors[position];
            if is_kept(&self.packed[words.clone()], &successor) {
                self.successors[kept] = successor;
                // As above: no call of `memcpy`.
                for (to, from) in (kept * self.words..).zip(words) {
                    self.packed[to] = self.packed[from];
                }
                kept += 1;
            }
        }
        self.truncate(kept);
    }

    /// Packs all in the current layout, if they are not.
    pub(super) fn repack(&mut self, arena: &Arena) {
        if self.layout == arena.layout_number() {
            return;
        }
        let (old, new) = (arena.layout_of(self.layout), arena.layout());
        self.packed = old.repacked(&self.packed, new, self.len());
        self.layout = arena.layout_number();
        self.words = new.words();
    }

    /// Adds the successors of other vectors, packed alike. Those of one vector stay together. They come
    /// into memory that a spare batch has, which gets this one's.
    pub(super) fn merge(&mut self, other: &Batch, spare: &mut Batch) {
        assert_eq!(self.layout, other.layout, "bug: batches in two layouts");
        spare.clear();
        (spare.layout, spare.words) = (self.layout, self.words);
        let mut own = 0;
        let runs = other
            .successors
            .chunk_by(|one, next| one.parent == next.parent);
        let mut others = 0;
        for run in runs {
            let earlier = self.successors[own..].partition_point(|own| own.parent < run[0].parent);
            spare.append(self, own..own + earlier);
            spare.append(other, others..others + run.len());
            (own, others) = (own + earlier, others + run.len());
        }
        spare.append(self, own..self.len());
        std::mem::swap(self, spare);
    }

    /// Adds successors of a batch that are packed alike.
    fn append(&mut self, from: &Batch, positions: Range<usize>) {
        let words = positions.start * self.words..positions.end * self.words;
        self.successors
            .extend_from_slice(&from.successors[positions]);
        self.packed.extend_from_slice(&from.packed[words]);
    }

    /// Sorts the positions by segment of the index; in each they stay in order.
    pub(super) fn sort(&mut self) {
        self.ends.fill(0);
        for successor in &self.successors {
            self.ends[successor.place.segment as usize] += 1;
        }
        let mut begin = 0;
        for end in &mut self.ends {
            let count = std::mem::replace(end, begin);
            begin += count;
        }
        self.sorted.clear();
        self.sorted.resize(self.len(), 0);
        for (position, successor) in (0..).zip(&self.successors) {
            let end = &mut self.ends[successor.place.segment as usize];
            self.sorted[*end as usize] = position;
            *end += 1;
        }
    }

    /// The positions of the successors that belong into a segment, in order, after
    /// [`Batch::sort`].
    pub(super) fn of_segment(&self, segment: usize) -> &[u32] {
        let begin = segment.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.sorted[begin as usize..self.ends[segment] as usize]
    }

    /// Where a successor is looked for.
    #[inline]
    pub(super) fn place(&self, position: usize) -> Place {
        self.successors[position].place
    }

    /// What sleeps in a successor.
    #[inline]
    pub(super) fn asleep(&self, position: usize) -> EventSet {
        self.successors[position].asleep
    }

    /// The vector that a successor has been found from.
    #[inline]
    pub(super) fn parent(&self, position: usize) -> StateId {
        self.successors[position].parent
    }

    /// A successor.
    #[inline]
    pub(super) fn packed(&self, position: usize) -> &[u64] {
        &self.packed[position * self.words..][..self.words]
    }
}
