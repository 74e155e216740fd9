//! The vectors found so far, packed one after the other.

use super::encoded::{MAX_STORED, Source, StateId};
use super::layout::{Columns, Layout, MAX_COLUMNS, Packed};
use prefetch_index::prefetch_index;

/// Vectors in one block, which all have the same layout.
const BLOCK_STATES: usize = 1 << 14;

/// Those that the first block has room for at first.
const FIRST_STATES: usize = 1 << 6;

/// A vector's parent is itself: it has none.
const MARK_OF_NEW_CORE: u32 = 1 << 31;

const _: () = assert!(MAX_STORED <= MARK_OF_NEW_CORE as usize);

/// Vectors in the order in which they were found, each with the vector it was found from.
///
/// Columns get wider as ids grow. Blocks keep the layout they were filled in, so that a long run
/// never packs everything again, and memory grows by a block at a time.
pub(super) struct Arena {
    layouts: Vec<Layout>,
    blocks: Vec<Block>,
    len: usize,
    /// How many vectors blocks have room for.
    room: usize,
    /// Of all blocks but the last.
    full_bytes: u64,
}

/// Vectors one after the other; zeros where there is none yet.
struct Block {
    layout: usize,
    /// Words of a vector in that layout.
    stride: usize,
    words: Vec<u64>,
    /// Each with [`MARK_OF_NEW_CORE`] or without.
    parents: Vec<u32>,
}

/// Where a vector is to be put.
pub(super) struct Vacant<'a> {
    words: &'a mut [u64],
    parent: &'a mut u32,
}

/// Room for vectors that have numbers, and are yet to be put there.
pub(super) struct Room<'a> {
    /// The first one's number.
    pub(super) first: StateId,
    /// Words of a vector.
    stride: usize,
    /// Of each block that they are in, the words and the parents.
    parts: Vec<(&'a mut [u64], &'a mut [u32])>,
}

impl Arena {
    /// No vectors yet.
    pub(super) fn new(layout: Layout) -> Arena {
        Arena {
            layouts: vec![layout],
            blocks: Vec::new(),
            len: 0,
            room: 0,
            full_bytes: 0,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.full_bytes + self.blocks.last().map_or(0, Block::bytes)
    }

    /// The layout in which new vectors are packed.
    #[inline]
    pub(super) fn layout(&self) -> &Layout {
        &self.layouts[self.layouts.len() - 1]
    }

    /// The number of that layout; layouts are numbered from 1.
    #[inline]
    pub(super) fn layout_number(&self) -> usize {
        self.layouts.len()
    }

    pub(super) fn layout_of(&self, number: usize) -> &Layout {
        &self.layouts[number - 1]
    }

    /// Changes the layout for new vectors, to one in which everything fits that fitted before.
    pub(super) fn widen(&mut self, wider: Layout) {
        let last = self.len % BLOCK_STATES;
        if let Some(block) = self.blocks.last_mut().filter(|_| last > 0) {
            let old = &self.layouts[block.layout];
            let vectors = &block.words[..last * old.words()];
            block.words = old.repacked(vectors, &wider, block.parents.len());
            block.words.resize(block.parents.len() * wider.words(), 0);
            block.layout = self.layouts.len();
            block.stride = wider.words();
        }
        self.layouts.push(wider);
    }

    /// Adds a vector in the current layout.
    #[inline]
    pub(super) fn push(&mut self, words: &[u64], parent: StateId, new_core: bool) -> StateId {
        let id = self.len;
        if id == self.room {
            self.make_room();
        }
        let block = &mut self.blocks[id / BLOCK_STATES];
        let place = id % BLOCK_STATES;
        let vacant = Vacant {
            words: &mut block.words[place * block.stride..][..block.stride],
            parent: &mut block.parents[place],
        };
        vacant.put(words, parent, new_core);
        self.len += 1;
        id as StateId
    }

    /// Numbers so many vectors for each of several who will put them there, one after the other.
    pub(super) fn make_rooms(&mut self, counts: &[usize]) -> Vec<Room<'_>> {
        let first = self.len;
        self.len += counts.iter().sum::<usize>();
        while self.room < self.len {
            self.make_room();
        }
        let stride = self.layout().words();
        let blocks = self.blocks.iter_mut().skip(first / BLOCK_STATES);
        let mut blocks = blocks.map(|block| (&mut block.words[..], &mut block.parents[..]));
        let (mut words, mut parents) = blocks.next().unwrap_or_default();
        let before = parents.len().min(first % BLOCK_STATES);
        (words, parents) = (&mut words[before * stride..], &mut parents[before..]);
        let mut next = first;
        let cut = |&count: &usize| {
            let mut room = Room {
                first: next as StateId,
                stride,
                parts: Vec::new(),
            };
            next += count;
            let mut missing = count;
            while missing > 0 {
                if parents.is_empty() {
                    let Some(next) = blocks.next() else {
                        panic!("bug: no room was made for vectors before they were numbered")
                    };
                    (words, parents) = next;
                }
                let here = missing.min(parents.len());
                let of_words = words.split_off_mut(..here * stride);
                room.parts
                    .extend(of_words.zip(parents.split_off_mut(..here)));
                missing -= here;
            }
            room
        };
        counts.iter().map(cut).collect()
    }

    /// Makes room for more vectors. The first block grows as needed: most models are small.
    #[cold]
    fn make_room(&mut self) {
        let stride = self.layout().words();
        if self.room.is_multiple_of(BLOCK_STATES) {
            self.full_bytes = self.bytes();
            let vectors = match self.room {
                0 => FIRST_STATES,
                _ => BLOCK_STATES,
            };
            self.blocks.push(Block {
                layout: self.layouts.len() - 1,
                stride,
                words: vec![0; vectors * stride],
                parents: vec![0; vectors],
            });
            self.room += vectors;
        } else {
            self.room *= 2;
            for block in &mut self.blocks {
                block.words.resize(self.room * stride, 0);
                block.parents.resize(self.room, 0);
            }
        }
    }

    #[inline]
    fn packed(&self, id: StateId) -> (usize, &[u64]) {
        let block = &self.blocks[id as usize / BLOCK_STATES];
        let begin = id as usize % BLOCK_STATES * block.stride;
        (block.layout, &block.words[begin..begin + block.stride])
    }

    /// A vector's ids.
    #[inline]
    pub(super) fn columns(&self, id: StateId) -> Columns {
        let (layout, words) = self.packed(id);
        let mut columns = [0; MAX_COLUMNS];
        self.layouts[layout].unpack(words, &mut columns);
        columns
    }

    /// Gives back the memory of a vector and of all others up to it, as far as those are not in one block
    /// with later ones. They must not be asked for any more.
    pub(super) fn give_back(&mut self, id: StateId) {
        let next = id as usize + 1;
        if next.is_multiple_of(BLOCK_STATES) {
            let block = &mut self.blocks[id as usize / BLOCK_STATES];
            (block.words, block.parents) = (Vec::new(), Vec::new());
        }
    }

    /// Puts a vector into a source, packed in the current layout.
    #[inline]
    pub(super) fn read(&self, id: StateId, source: &mut Source) {
        let (layout, words) = self.packed(id);
        self.layouts[layout].unpack(words, &mut source.columns);
        if layout + 1 == self.layouts.len() {
            for (to, from) in source.packed.iter_mut().zip(words) {
                *to = *from;
            }
            source.layout = self.layouts.len();
        } else {
            self.pack(source);
        }
    }

    /// Packs a source in the current layout, if it is not. Whoever comes here has made room before.
    #[inline]
    pub(super) fn prepare(&self, source: &mut Source) {
        if source.layout != self.layouts.len() {
            self.pack(source);
        }
    }

    #[cold]
    fn pack(&self, source: &mut Source) {
        let Some(packed) = self.layout().pack(&source.columns) else {
            panic!("bug: no room was made for a vector before it was packed")
        };
        source.packed = packed;
        source.layout = self.layouts.len();
    }

    /// The vector it was found from; the first vector is its own parent.
    pub(super) fn parent(&self, id: StateId) -> StateId {
        self.mark(id) & !MARK_OF_NEW_CORE
    }

    /// Whether no earlier vector has the same core.
    #[inline]
    pub(super) fn is_new_core(&self, id: StateId) -> bool {
        self.mark(id) & MARK_OF_NEW_CORE != 0
    }

    #[inline]
    fn mark(&self, id: StateId) -> u32 {
        self.blocks[id as usize / BLOCK_STATES].parents[id as usize % BLOCK_STATES]
    }

    /// Whether a vector equals one that is packed in the current layout.
    #[inline]
    pub(super) fn equals(&self, id: StateId, candidate: &[u64]) -> bool {
        let (layout, words) = self.packed(id);
        if layout + 1 == self.layouts.len() {
            // Vectors are a few words: too short to call `memcmp`, as comparing slices would.
            return words.iter().zip(candidate).all(|(a, b)| a == b);
        }
        self.equals_in_older_layout(layout, words, candidate)
    }

    #[cold]
    fn equals_in_older_layout(&self, layout: usize, words: &[u64], candidate: &[u64]) -> bool {
        let mut columns = [0; MAX_COLUMNS];
        self.layout().unpack(candidate, &mut columns);
        let packed: Option<Packed> = self.layouts[layout].pack(&columns);
        packed.is_some_and(|packed| packed[..words.len()] == *words)
    }

    /// Loads a vector into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, id: StateId) {
        let block = &self.blocks[id as usize / BLOCK_STATES];
        prefetch_index(&block.words, id as usize % BLOCK_STATES * block.stride);
    }
}

impl<'a> Room<'a> {
    /// Where each vector is to be put.
    pub(super) fn places(self) -> impl Iterator<Item = Vacant<'a>> {
        let vacant = |(words, parent)| Vacant { words, parent };
        let parts = self.parts.into_iter();
        parts.flat_map(move |(words, parents)| {
            let words = words.chunks_exact_mut(self.stride);
            words.zip(parents).map(vacant)
        })
    }
}

impl Vacant<'_> {
    /// Puts a vector there, in the current layout.
    #[inline]
    pub(super) fn put(self, packed: &[u64], parent: StateId, new_core: bool) {
        // A loop, because vectors are too short to call `memcpy`.
        for (word, &packed) in self.words.iter_mut().zip(packed) {
            *word = packed;
        }
        let mark = if new_core { MARK_OF_NEW_CORE } else { 0 };
        *self.parent = parent | mark;
    }
}

impl Block {
    fn bytes(&self) -> u64 {
        (8 * self.words.capacity() + 4 * self.parents.capacity()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(n: u32) -> Columns {
        let mut columns = [0; MAX_COLUMNS];
        columns[..3].copy_from_slice(&[n, n / 7, 3]);
        columns
    }

    #[test]
    fn rows_keep_their_ids_while_the_columns_widen() {
        let layout = |n: u32| Layout::new(&[n as usize + 1, n as usize / 7 + 1, 4]);
        let mut arena = Arena::new(layout(0));
        let ids = 3 * BLOCK_STATES as u32 / 2;
        for n in 0..ids {
            let packed = match arena.layout().pack(&columns(n)) {
                Some(packed) => packed,
                None => {
                    arena.widen(layout(n));
                    arena.layout().pack(&columns(n)).unwrap()
                }
            };
            let words = arena.layout().words();
            if n % 5_000 > 0 {
                assert_eq!(arena.push(&packed[..words], n / 2, n % 3 == 0), n);
                continue;
            }
            let mut rooms = arena.make_rooms(&[0, 1, 0]);
            let room = rooms.swap_remove(1);
            assert_eq!(room.first, n);
            room.places()
                .for_each(|vacant| vacant.put(&packed[..words], n / 2, n % 3 == 0));
        }
        assert_eq!(arena.len(), ids as usize);
        for n in 0..ids {
            assert_eq!(arena.columns(n), columns(n));
            assert_eq!(arena.parent(n), n / 2);
            assert_eq!(arena.is_new_core(n), n % 3 == 0);
            let packed = arena.layout().pack(&columns(n)).unwrap();
            assert!(arena.equals(n, &packed[..arena.layout().words()]));
            assert!(!arena.equals((n + 1) % ids, &packed[..arena.layout().words()]));
        }
        assert!(arena.bytes() >= 8 * u64::from(ids));
    }

    #[test]
    fn rooms_are_one_after_the_other_whatever_blocks_they_are_in() {
        let mut arena = Arena::new(Layout::new(&[1 << 20, 1 << 20, 4]));
        let layout = arena.layout().clone();
        let words = layout.words();
        let put = |arena: &mut Arena, counts: &[usize]| {
            let mut number = arena.len() as u32;
            for (room, &count) in arena.make_rooms(counts).into_iter().zip(counts) {
                assert_eq!(room.first, number);
                let end = number + count as u32;
                for vacant in room.places() {
                    let packed = layout.pack(&columns(number)).unwrap();
                    vacant.put(&packed[..words], number / 2, number.is_multiple_of(3));
                    number += 1;
                }
                assert_eq!(number, end, "as many as wanted");
            }
        };
        let block = BLOCK_STATES;
        for counts in [
            &[3, 0, 200][..],
            &[],
            &[block],
            &[block - 203, 0, 1],
            &[2 * block + 5, 7],
        ] {
            put(&mut arena, counts);
        }
        assert_eq!(arena.len(), 4 * block + 13);
        for n in 0..arena.len() as u32 {
            assert_eq!(arena.columns(n), columns(n));
            assert_eq!(arena.parent(n), n / 2);
            assert_eq!(arena.is_new_core(n), n % 3 == 0);
        }
    }
}
