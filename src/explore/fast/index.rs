//! Which row is where: an index over the arena.

use super::arena::RowId;
use super::pages::Table;
use prefetch_index::prefetch_index;

/// log2 of the number of segments.
const SEGMENTS_LOG2: u32 = 4;

/// Bits of a tag that come from the core, and decide where in its segment a row is looked for.
const CORE_BITS: u32 = 24;

/// Bits of a tag that tell apart rows of the same core.
const HISTORY_BITS: u32 = 8;

/// A hash of a row: of its core, where rows of the same core are looked for in the same place, and
/// of the history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    segment: u32,
    /// The core's bits above those of the history.
    tag: u32,
}

impl Place {
    /// From sums of ids times odd constants, which are poor in their low bits.
    #[inline]
    pub(super) fn new(core: u64, history: u64) -> Place {
        let core = mixed(core);
        let history = mixed(history) >> (64 - HISTORY_BITS);
        let tag = (core >> (64 - SEGMENTS_LOG2 - CORE_BITS)) << HISTORY_BITS | history;
        Place {
            segment: (core >> (64 - SEGMENTS_LOG2)) as u32,
            tag: tag as u32,
        }
    }

    /// Whether it may have the core of the row with this tag.
    #[inline]
    fn may_share_core(self, tag: u32) -> bool {
        self.tag >> HISTORY_BITS == tag >> HISTORY_BITS
    }
}

#[inline]
fn mixed(sum: u64) -> u64 {
    let folded = (sum ^ sum >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (folded ^ folded >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Finds rows by their contents: open addressing with linear probing, 8 bytes a slot (the row and a
/// tag of its hash). Tags only spare looking at rows; what decides is the rows themselves.
///
/// It is cut into segments that grow one by one, so that there is never a moment at which a large
/// table exists twice. A row's position in its segment follows from the tag, so growing looks at no
/// row, and slots keep their order, so it reads and writes memory in sequence.
pub(super) struct Index {
    segments: Vec<Segment>,
    bytes: u64,
}

#[derive(Default)]
struct Segment {
    /// Tag above row plus one; 0 is vacant.
    slots: Table<u64>,
    used: usize,
}

/// What [`Index::find`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The row.
    Row(RowId),
    /// No such row, but one of the same core.
    Core,
    /// No row of this core.
    Nothing,
}

impl Index {
    /// No rows yet.
    pub(super) fn new() -> Index {
        Index {
            segments: (0..1 << SEGMENTS_LOG2)
                .map(|_| Segment::default())
                .collect(),
            bytes: 0,
        }
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Loads the slot that a search would look at first into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, place: Place) {
        let segment = &self.segments[place.segment as usize];
        let slots: &[u64] = &segment.slots;
        prefetch_index(slots, segment.home(place.tag));
    }

    /// The row that a search would look at first.
    #[inline]
    pub(super) fn first(&self, place: Place) -> Option<RowId> {
        let segment = &self.segments[place.segment as usize];
        let slot = *segment.slots.get(segment.home(place.tag))?;
        (tag(slot) == place.tag && slot != 0).then(|| row(slot))
    }

    /// Looks for a row, asking whether a row equals it and whether a row has the same core.
    #[inline]
    pub(super) fn find(
        &self,
        place: Place,
        equals: impl Fn(RowId) -> bool,
        shares_core: impl Fn(RowId) -> bool,
    ) -> Found {
        let segment = &self.segments[place.segment as usize];
        let mut found = Found::Nothing;
        let mut position = segment.home(place.tag);
        loop {
            match segment.slots.get(position) {
                None if position == 0 => return found,
                None => {
                    position = 0;
                    continue;
                }
                Some(0) => return found,
                Some(&slot) if place.may_share_core(tag(slot)) => {
                    if tag(slot) == place.tag && equals(row(slot)) {
                        return Found::Row(row(slot));
                    }
                    if found == Found::Nothing && shares_core(row(slot)) {
                        found = Found::Core;
                    }
                }
                Some(_) => {}
            }
            position += 1;
        }
    }

    /// Adds a row that is not there.
    #[inline]
    pub(super) fn insert(&mut self, place: Place, row: RowId) {
        let segment = &mut self.segments[place.segment as usize];
        // Four fifths full at most: 8 slots share a cache line.
        if 5 * (segment.used + 1) > 4 * segment.slots.len() {
            let before = segment.slots.len();
            segment.grow();
            self.bytes += 8 * (segment.slots.len() - before) as u64;
        }
        segment.put(u64::from(place.tag) << 32 | u64::from(row + 1));
    }
}

impl Segment {
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

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(8);
        let old = std::mem::replace(&mut self.slots, Table::zeroed(len));
        self.used = 0;
        for slot in old.iter().copied().filter(|&slot| slot != 0) {
            self.put(slot);
        }
    }
}

#[inline]
fn tag(slot: u64) -> u32 {
    (slot >> 32) as u32
}

#[inline]
fn row(slot: u64) -> RowId {
    (slot as u32).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are pairs of a core and a history; hashes are bad on purpose.
    fn check(rows: u32, core_of: impl Fn(u32) -> u32, hash: impl Fn(u32) -> u64) {
        let mut index = Index::new();
        let place = |row: u32| Place::new(hash(core_of(row)), u64::from(row));
        for n in 0..rows {
            let same = |of: RowId| core_of(of) == core_of(n);
            let found = index.find(place(n), |of| of == n, same);
            let earlier = (0..n).rev().take(100).any(|of| core_of(of) == core_of(n));
            let expected = if earlier { Found::Core } else { Found::Nothing };
            assert_eq!(found, expected, "row {n}");
            index.insert(place(n), n);
            assert_eq!(index.find(place(n), |of| of == n, same), Found::Row(n));
        }
        for n in 0..rows {
            assert_eq!(index.find(place(n), |of| of == n, |_| false), Found::Row(n));
        }
        assert!(index.bytes() >= 8 * u64::from(rows));
    }

    #[test]
    fn rows_are_found_while_segments_grow() {
        check(50_000, |row| row, u64::from);
    }

    #[test]
    fn rows_of_the_same_core_are_told_apart_and_recognised() {
        check(10_000, |row| row / 50, u64::from);
    }

    #[test]
    fn a_poor_hash_costs_time_but_no_row() {
        check(1_000, |row| row / 2, |core| u64::from(core % 3));
    }
}
