//! The rows found so far, packed one after the other.

use super::draft::Base;
use super::layout::{Columns, Layout, MAX_COLUMNS, Packed};
use prefetch_index::prefetch_index;

/// Position of a row in the order in which rows were found.
pub(super) type RowId = u32;

/// Rows in one block, which all have the same layout.
const BLOCK_ROWS: usize = 1 << 14;

/// A row's parent is itself: it has none.
const MARK_OF_NEW_CORE: u32 = 1 << 31;

/// The most rows: one bit of the parent's number is a mark.
pub(super) const MAX_ROWS: usize = MARK_OF_NEW_CORE as usize;

/// Rows in the order in which they were found, each with the row it was found from.
///
/// Columns get wider as ids grow. Blocks keep the layout they were filled in, so that a long run
/// never packs everything again, and memory grows by a block at a time.
pub(super) struct Arena {
    layouts: Vec<Layout>,
    blocks: Vec<Block>,
    len: usize,
    /// Of all blocks but the last.
    full_bytes: u64,
}

struct Block {
    layout: usize,
    /// Words of a row in that layout.
    stride: usize,
    words: Vec<u64>,
    /// Each with [`MARK_OF_NEW_CORE`] or without.
    parents: Vec<u32>,
}

impl Arena {
    /// No rows yet.
    pub(super) fn new(layout: Layout) -> Arena {
        Arena {
            layouts: vec![layout],
            blocks: Vec::new(),
            len: 0,
            full_bytes: 0,
        }
    }

    /// Number of rows.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.full_bytes + self.blocks.last().map_or(0, Block::bytes)
    }

    /// The layout in which new rows are packed.
    #[inline]
    pub(super) fn layout(&self) -> &Layout {
        &self.layouts[self.layouts.len() - 1]
    }

    /// Changes the layout for new rows, to one in which everything fits that fitted before.
    pub(super) fn widen(&mut self, wider: Layout) {
        let last = self.len % BLOCK_ROWS;
        if let Some(block) = self.blocks.last_mut().filter(|_| last > 0) {
            let old = &self.layouts[block.layout];
            let mut columns = [0; MAX_COLUMNS];
            let mut words =
                Vec::with_capacity(block.words.capacity() / old.words() * wider.words());
            for row in block.words.chunks_exact(old.words()) {
                old.unpack(row, &mut columns);
                // What fitted fits.
                let packed = wider.pack(&columns).unwrap_or_default();
                words.extend_from_slice(&packed[..wider.words()]);
            }
            block.words = words;
            block.layout = self.layouts.len();
            block.stride = wider.words();
        }
        self.layouts.push(wider);
    }

    /// Adds a row in the current layout.
    #[inline]
    pub(super) fn push(&mut self, words: &[u64], parent: RowId, new_core: bool) -> RowId {
        let row = self.len;
        if row.is_multiple_of(BLOCK_ROWS) {
            self.begin_block();
        }
        let block = &mut self.blocks[row / BLOCK_ROWS];
        // A loop, because rows are too short to call `memcpy`.
        words.iter().for_each(|&word| block.words.push(word));
        let mark = if new_core { MARK_OF_NEW_CORE } else { 0 };
        block.parents.push(parent | mark);
        self.len += 1;
        row as RowId
    }

    #[cold]
    fn begin_block(&mut self) {
        self.full_bytes = self.bytes();
        // The first block grows as needed: most models are small.
        let rows = if self.blocks.is_empty() {
            0
        } else {
            BLOCK_ROWS
        };
        let block = Block {
            layout: self.layouts.len() - 1,
            stride: self.layout().words(),
            words: Vec::with_capacity(rows * self.layout().words()),
            parents: Vec::with_capacity(rows),
        };
        self.blocks.push(block);
    }

    #[inline]
    fn packed(&self, row: RowId) -> (usize, &[u64]) {
        let block = &self.blocks[row as usize / BLOCK_ROWS];
        let begin = row as usize % BLOCK_ROWS * block.stride;
        (block.layout, &block.words[begin..begin + block.stride])
    }

    /// A row's ids.
    #[inline]
    pub(super) fn columns(&self, row: RowId) -> Columns {
        let (layout, words) = self.packed(row);
        let mut columns = [0; MAX_COLUMNS];
        self.layouts[layout].unpack(words, &mut columns);
        columns
    }

    /// Puts a row into a base, packed in the current layout.
    #[inline]
    pub(super) fn read(&self, row: RowId, base: &mut Base) {
        let (layout, words) = self.packed(row);
        self.layouts[layout].unpack(words, &mut base.columns);
        if layout + 1 == self.layouts.len() {
            for (to, from) in base.packed.iter_mut().zip(words) {
                *to = *from;
            }
            base.layout = self.layouts.len();
        } else {
            self.pack(base);
        }
    }

    /// Packs a base in the current layout, if it is not. Whoever comes here has made room before.
    #[inline]
    pub(super) fn prepare(&self, base: &mut Base) {
        if base.layout != self.layouts.len() {
            self.pack(base);
        }
    }

    #[cold]
    fn pack(&self, base: &mut Base) {
        base.packed = self.layout().pack(&base.columns).unwrap_or_default();
        base.layout = self.layouts.len();
    }

    /// The row it was found from; the first row is its own parent.
    pub(super) fn parent(&self, row: RowId) -> RowId {
        self.mark(row) & !MARK_OF_NEW_CORE
    }

    /// Whether no earlier row has the same core.
    #[inline]
    pub(super) fn is_new_core(&self, row: RowId) -> bool {
        self.mark(row) & MARK_OF_NEW_CORE != 0
    }

    #[inline]
    fn mark(&self, row: RowId) -> u32 {
        self.blocks[row as usize / BLOCK_ROWS].parents[row as usize % BLOCK_ROWS]
    }

    /// Whether a row equals one that is packed in the current layout.
    #[inline]
    pub(super) fn equals(&self, row: RowId, candidate: &[u64]) -> bool {
        let (layout, words) = self.packed(row);
        if layout + 1 == self.layouts.len() {
            // Rows are a few words: too short to call `memcmp`, as comparing slices would.
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

    /// Loads a row into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, row: RowId) {
        let block = &self.blocks[row as usize / BLOCK_ROWS];
        prefetch_index(&block.words, row as usize % BLOCK_ROWS * block.stride);
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
        let rows = 3 * BLOCK_ROWS as u32 / 2;
        for n in 0..rows {
            let packed = match arena.layout().pack(&columns(n)) {
                Some(packed) => packed,
                None => {
                    arena.widen(layout(n));
                    arena.layout().pack(&columns(n)).unwrap()
                }
            };
            let words = arena.layout().words();
            assert_eq!(arena.push(&packed[..words], n / 2, n % 3 == 0), n);
        }
        assert_eq!(arena.len(), rows as usize);
        for n in 0..rows {
            assert_eq!(arena.columns(n), columns(n));
            assert_eq!(arena.parent(n), n / 2);
            assert_eq!(arena.is_new_core(n), n % 3 == 0);
            let packed = arena.layout().pack(&columns(n)).unwrap();
            assert!(arena.equals(n, &packed[..arena.layout().words()]));
            assert!(!arena.equals((n + 1) % rows, &packed[..arena.layout().words()]));
        }
        assert!(arena.bytes() >= 8 * u64::from(rows));
    }
}
