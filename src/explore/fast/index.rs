//! Which vector is where: an index over the arena.

use super::encoded::{CORE_BITS, HISTORY_BITS, Place, SEGMENTS_LOG2, StateId};
use super::pages::Table;
use prefetch_index::prefetch_index;

/// Finds vectors by their contents: open addressing with linear probing, 8 bytes a slot (the vector
/// and a tag of its hash). Tags only spare looking at vectors; what decides is the vectors
/// themselves.
///
/// It is cut into segments that grow one by one, so that there is never a moment at which a large
/// table exists twice. A vector's position in its segment follows from the tag, so growing looks at
/// no vector, and slots keep their order, so it reads and writes memory in sequence.
pub(super) struct Index {
    pub(super) segments: Vec<Segment>,
}

/// A part of the index. Threads change parts that are neighbours at the same time, so no two share a line of the
/// processor's cache, nor a pair of lines, which some processors load together.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Segment {
    /// Tag above vector plus one; 0 is vacant.
    slots: Table,
    used: usize,
    /// How many may be used.
    most: usize,
    /// Slots whose vectors have to be given their numbers.
    added: Vec<Added>,
    /// See [`Segment::again`].
    again: Vec<Again>,
}

/// A slot with a vector that has no number yet.
#[derive(Clone, Copy)]
pub(super) struct Added {
    slot: u32,
    /// What stands for the vector until it has a number.
    pub(super) id: StateId,
    /// No earlier vector has the same core.
    pub(super) is_new_core: bool,
}

/// The numbers of vectors for which something else stood.
#[derive(Default)]
pub(super) struct Numbers {
    /// What stood for the first of them, and each next one for the next.
    pub(super) first: StateId,
    pub(super) numbers: Vec<StateId>,
}

impl Numbers {
    /// The number of a vector that something stood for.
    #[inline]
    pub(super) fn of(&self, id: StateId) -> StateId {
        self.numbers[(id - self.first) as usize]
    }
}

/// A vector that was found again. What stands for one that has no number stands for it here, too.
#[derive(Clone, Copy)]
pub(super) struct Again {
    pub(super) id: StateId,
    /// What stands for the successor that it was found as.
    pub(super) found_as: StateId,
}

/// What [`Index::find`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Stored(StateId),
    /// No such vector.
    Not(Vacancy),
}

/// Where in its segment a vector that is not there would be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vacancy {
    slot: usize,
    /// There is no vector of its core either.
    pub(super) is_new_core: bool,
}

impl Index {
    /// No vectors yet.
    pub(super) fn new() -> Index {
        Index {
            segments: (0..1 << SEGMENTS_LOG2)
                .map(|_| Segment::default())
                .collect(),
        }
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }

    /// Loads the slot that a search would look at first into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, place: Place) {
        self.segments[place.segment as usize].prefetch(place);
    }

    /// The vector that a search would look at first.
    #[inline]
    pub(super) fn first(&self, place: Place) -> Option<StateId> {
        self.segments[place.segment as usize].first(place)
    }

    /// Looks for a vector, asking whether a vector equals it and whether a vector has the same
    /// core.
    #[inline]
    pub(super) fn find(
        &self,
        place: Place,
        equals: impl Fn(StateId) -> bool,
        shares_core: impl Fn(StateId) -> bool,
    ) -> Found {
        self.segments[place.segment as usize].find(place, equals, shares_core)
    }

    /// Makes room for one more vector, so that a place where it is not found is one where it can be put.
    #[inline]
    pub(super) fn reserve(&mut self, place: Place) {
        self.segments[place.segment as usize].reserve(1);
    }

    /// Adds a vector where it was not found.
    #[inline]
    pub(super) fn insert(&mut self, place: Place, id: StateId, at: Vacancy) {
        self.segments[place.segment as usize].fill(place, id, at);
    }

    /// Gives vectors their numbers, see [`Segment::add`].
    pub(super) fn settle(&mut self, numbers: &Numbers) {
        let segments = self.segments.iter_mut();
        segments.for_each(|segment| segment.settle(numbers));
    }

    /// Gives back the memory that only threads needed.
    pub(super) fn tidy(&mut self) {
        self.segments
            .iter_mut()
            .for_each(|segment| (segment.added, segment.again) = (Vec::new(), Vec::new()));
    }
}

impl Segment {
    fn bytes(&self) -> u64 {
        let waiting = self.added.capacity() * size_of::<Added>();
        let again = self.again.capacity() * size_of::<Again>();
        self.slots.bytes() + (waiting + again) as u64
    }

    #[inline]
    pub(super) fn prefetch(&self, place: Place) {
        let slots: &[u64] = &self.slots;
        prefetch_index(slots, self.home(place.tag));
    }

    /// As [`Index::first`].
    #[inline]
    pub(super) fn first(&self, place: Place) -> Option<StateId> {
        let slot = *self.slots.get(self.home(place.tag))?;
        (place.may_share_core(tag(slot)) && slot != 0).then(|| id(slot))
    }

    /// As [`Index::find`].
    #[inline]
    pub(super) fn find(
        &self,
        place: Place,
        equals: impl Fn(StateId) -> bool,
        shares_core: impl Fn(StateId) -> bool,
    ) -> Found {
        let mut may_share_core = false;
        let mut position = self.home(place.tag);
        loop {
            match self.slots.get(position) {
                None if position > 0 => {
                    position = 0;
                    continue;
                }
                // Nothing is in a segment without slots.
                None | Some(0) => {
                    let shares = may_share_core && self.has_core(place, shares_core);
                    return Found::Not(Vacancy {
                        slot: position,
                        is_new_core: !shares,
                    });
                }
                Some(&slot) if place.may_share_core(tag(slot)) => {
                    if tag(slot) == place.tag && equals(id(slot)) {
                        return Found::Stored(id(slot));
                    }
                    may_share_core = true;
                }
                Some(_) => {}
            }
            position += 1;
        }
    }

    /// Whether a vector from where a search begins up to the next vacant slot has the same core. That is
    /// asked only of vectors that are not there: it takes longer than to see that.
    fn has_core(&self, place: Place, shares_core: impl Fn(StateId) -> bool) -> bool {
        let (before, from) = self.slots.split_at(self.home(place.tag));
        let mut run = from.iter().chain(before).take_while(|&&slot| slot != 0);
        run.any(|&slot| place.may_share_core(tag(slot)) && shares_core(id(slot)))
    }

    /// Makes room for so many vectors more, so that slots stay where they are meanwhile.
    #[inline]
    pub(super) fn reserve(&mut self, vectors: usize) {
        while self.used + vectors > self.most {
            self.grow();
        }
    }

    /// Adds a vector that is not there, for which something else stands until it has a number. Room
    /// for it has been made.
    #[inline]
    pub(super) fn add(&mut self, place: Place, id: StateId, at: Vacancy) {
        self.fill(place, id, at);
        self.added.push(Added {
            slot: at.slot as u32,
            id,
            is_new_core: at.is_new_core,
        });
    }

    #[inline]
    fn fill(&mut self, place: Place, id: StateId, at: Vacancy) {
        let vacant = &mut self.slots[at.slot];
        assert!(*vacant == 0, "bug: a vector would take another's slot");
        *vacant = slot(place, id);
        self.used += 1;
    }

    /// The vectors that were found again, where somebody wants to know, until they are taken.
    pub(super) fn again(&mut self) -> &mut Vec<Again> {
        &mut self.again
    }

    /// The vectors that have yet to be given their numbers.
    pub(super) fn added(&self) -> &[Added] {
        &self.added
    }

    pub(super) fn settle(&mut self, numbers: &Numbers) {
        for added in self.added.drain(..) {
            let slot = &mut self.slots[added.slot as usize];
            *slot = *slot >> 32 << 32 | u64::from(numbers.of(added.id) + 1);
        }
    }

    #[inline]
    fn home(&self, tag: u32) -> usize {
        let core = u64::from(tag >> HISTORY_BITS);
        ((core * self.slots.len() as u64) >> CORE_BITS) as usize
    }

    fn put(&mut self, slot: u64) {
        let mut position = self.home(tag(slot));
        while self.slots[position] != 0 {
            position += 1;
            if position == self.slots.len() {
                position = 0;
            }
        }
        self.slots[position] = slot;
        self.used += 1;
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(8);
        // Four fifths full at most: 8 slots share a cache line.
        self.most = 4 * len / 5;
        let old = std::mem::replace(&mut self.slots, Table::zeroed(len));
        self.used = 0;
        for slot in old.iter().copied().filter(|&slot| slot != 0) {
            self.put(slot);
        }
    }
}

#[inline]
fn slot(place: Place, id: StateId) -> u64 {
    u64::from(place.tag) << 32 | u64::from(id + 1)
}

#[inline]
fn tag(slot: u64) -> u32 {
    (slot >> 32) as u32
}

#[inline]
fn id(slot: u64) -> StateId {
    (slot as u32).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors are pairs of a core and a history; hashes are bad on purpose.
    fn check(ids: u32, core_of: impl Fn(u32) -> u32, hash: impl Fn(u32) -> u64) {
        let mut index = Index::new();
        let place = |id: u32| Place::new(hash(core_of(id)), u64::from(id));
        for n in 0..ids {
            let same = |of: StateId| core_of(of) == core_of(n);
            index.reserve(place(n));
            let Found::Not(vacancy) = index.find(place(n), |of| of == n, same) else {
                panic!("vector {n} is there already");
            };
            let earlier = (0..n).rev().take(100).any(|of| core_of(of) == core_of(n));
            assert_eq!(vacancy.is_new_core, !earlier, "vector {n}");
            index.insert(place(n), n, vacancy);
            assert_eq!(index.find(place(n), |of| of == n, same), Found::Stored(n));
        }
        for n in 0..ids {
            assert_eq!(
                index.find(place(n), |of| of == n, |_| false),
                Found::Stored(n)
            );
        }
        assert!(index.bytes() >= 8 * u64::from(ids));
    }

    #[test]
    fn rows_are_found_while_segments_grow() {
        check(50_000, |id| id, u64::from);
    }

    #[test]
    fn rows_of_the_same_core_are_told_apart_and_recognised() {
        check(10_000, |id| id / 50, u64::from);
    }

    #[test]
    fn a_poor_hash_costs_time_but_no_row() {
        check(1_000, |id| id / 2, |core| u64::from(core % 3));
    }

    #[test]
    fn a_segment_is_four_fifths_full_at_most_and_two_fifths_at_least() {
        let mut segment = Segment::default();
        for id in 0..1_000 {
            segment.reserve(1);
            let place = Place::new(u64::from(id), 0);
            let vacancy = vacancy(&segment, place);
            segment.add(place, id, vacancy);
            let (used, slots) = (segment.used, segment.slots.len());
            assert_eq!(used, id as usize + 1);
            assert!(
                5 * used <= 4 * slots && (slots == 8 || 5 * used > 2 * slots),
                "{used} of {slots}"
            );
        }
        let waiting = segment.added.capacity() * size_of::<Added>();
        assert!(waiting >= 12_000);
        assert_eq!(segment.bytes(), segment.slots.bytes() + waiting as u64);
    }

    fn vacancy(segment: &Segment, place: Place) -> Vacancy {
        match segment.find(place, |_| false, |_| false) {
            Found::Not(vacancy) => vacancy,
            Found::Stored(id) => panic!("{id} is found although nothing is equal"),
        }
    }

    #[test]
    fn what_stood_for_a_vector_gives_way_to_its_number() {
        let mut index = Index::new();
        let place = Place::new(7, 0);
        let segment = &mut index.segments[place.segment as usize];
        segment.reserve(1);
        let vacancy = vacancy(segment, place);
        segment.add(place, 5, vacancy);
        index.settle(&Numbers {
            first: 3,
            numbers: vec![0, 0, 9],
        });
        assert_eq!(index.find(place, |id| id == 9, |_| false), Found::Stored(9));
        assert!(index.segments[place.segment as usize].added().is_empty());
    }
}
