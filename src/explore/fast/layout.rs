//! How the ids of a vector are packed into bits.

use std::cmp::Reverse;

/// The most columns of a vector, a power of two; `ColumnPlan` says how many a model has.
pub(super) const MAX_COLUMNS: usize = 32;

/// The most words of a packed vector.
pub(super) const MAX_WORDS: usize = MAX_COLUMNS / 2;

/// The ids of a vector, one for each column; columns that the model does not have are 0.
pub(super) type Columns = [u32; MAX_COLUMNS];

/// A packed vector; words that the layout does not have are 0.
pub(super) type Packed = [u64; MAX_WORDS];

/// Where each column is in a packed vector.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    fields: [Field; MAX_COLUMNS],
    columns: usize,
    words: usize,
    #[cfg(feature = "cluster")]
    counts: Box<[usize]>,
}

/// The bits of one column. None reaches over the end of a word: a few bits of a vector are lost to
/// that, and every access is a single one.
#[derive(Clone, Copy, Debug, Default)]
struct Field {
    word: u8,
    shift: u8,
    /// The greatest id that fits.
    max: u32,
}

impl Field {
    #[inline]
    fn id(self, words: &[u64]) -> u32 {
        (words[usize::from(self.word)] >> (self.shift % 64)) as u32 & self.max
    }
}

/// The columns in one word, and how many bits they need.
#[derive(Clone, Default)]
struct Word {
    used: u32,
    columns: Vec<usize>,
}

impl Word {
    /// Puts each column, the widest first, into the first of so many words that has room for it, of those
    /// that come first in an order; `None` if one has room nowhere.
    fn filled(widths: &[u32], words: usize, order: impl Fn(&Word) -> u32) -> Option<Vec<Word>> {
        let mut columns: Vec<usize> = (0..widths.len()).collect();
        columns.sort_by_key(|&column| Reverse(widths[column]));
        let mut words = vec![Word::default(); words];
        for column in columns {
            let room = |word: &&mut Word| word.used + widths[column] <= u64::BITS;
            let word = words
                .iter_mut()
                .filter(room)
                .min_by_key(|word| order(word))?;
            word.used += widths[column];
            word.columns.push(column);
        }
        Some(words)
    }
}

impl Layout {
    /// A narrow layout for columns of which so many ids are known: as few words as will do, each as full
    /// as the others. What is left of a word goes to its columns, bit by bit: they will grow.
    pub(super) fn new(counts: &[usize]) -> Layout {
        let width = |&count: &usize| usize::BITS - count.saturating_sub(1).leading_zeros();
        let mut widths: Vec<u32> = counts.iter().map(width).collect();
        let words = (1..).find_map(|words| {
            let evenly = Word::filled(&widths, words, |word| word.used);
            evenly.or_else(|| Word::filled(&widths, words, |_| 0))
        });
        let words = words.unwrap_or_default();
        let mut fields = [Field::default(); MAX_COLUMNS];
        for (number, word) in words.iter().enumerate() {
            let left = u64::BITS - word.used;
            for &column in word.columns.iter().cycle().take(left as usize) {
                widths[column] = (widths[column] + 1).min(u32::BITS);
            }
            let mut shift = 0;
            for &column in &word.columns {
                fields[column] = Field {
                    word: number as u8,
                    shift: shift as u8,
                    max: ((1u64 << widths[column]) - 1) as u32,
                };
                shift += widths[column];
            }
        }
        Layout {
            fields,
            columns: counts.len(),
            words: words.len(),
            #[cfg(feature = "cluster")]
            counts: counts.into(),
        }
    }

    /// How many ids of each column it was made for: there is one layout for these.
    #[cfg(feature = "cluster")]
    pub(super) fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// Number of words of a packed vector.
    #[inline]
    pub(super) fn words(&self) -> usize {
        self.words
    }

    #[inline]
    pub(super) fn fits(&self, column: usize, id: u32) -> bool {
        id <= self.fields[column].max
    }

    /// Packs a vector, or not, if some id does not fit.
    pub(super) fn pack(&self, columns: &Columns) -> Option<Packed> {
        let mut packed = [0; MAX_WORDS];
        for (column, &id) in columns[..self.columns].iter().enumerate() {
            if !self.fits(column, id) {
                return None;
            }
            self.flip(&mut packed, column, id);
        }
        Some(packed)
    }

    /// Vectors, one after the other, packed in a layout in which everything fits that fits in this one;
    /// with room for `vectors` of them.
    pub(super) fn repacked(&self, packed: &[u64], wider: &Layout, vectors: usize) -> Vec<u64> {
        let mut repacked = Vec::with_capacity(vectors * wider.words);
        let mut columns = [0; MAX_COLUMNS];
        for words in packed.chunks_exact(self.words) {
            self.unpack(words, &mut columns);
            let Some(words) = wider.pack(&columns) else {
                panic!("bug: what fitted does not fit in a wider layout")
            };
            repacked.extend_from_slice(&words[..wider.words]);
        }
        repacked
    }

    /// Changes one column of a packed vector, given the exclusive or of its old and its new id,
    /// both of which fit.
    #[inline]
    pub(super) fn flip(&self, packed: &mut [u64], column: usize, difference: u32) {
        let field = self.fields[column % MAX_COLUMNS];
        packed[usize::from(field.word)] ^= u64::from(difference) << (field.shift % 64);
    }

    /// The id of one column of a packed vector.
    #[cfg(feature = "cluster")]
    #[inline]
    pub(super) fn id(&self, words: &[u64], column: usize) -> u32 {
        self.fields[column % MAX_COLUMNS].id(words)
    }

    #[inline]
    pub(super) fn unpack(&self, words: &[u64], columns: &mut Columns) {
        for (id, field) in columns.iter_mut().zip(&self.fields[..self.columns]) {
            *id = field.id(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(ids: &[u32]) -> Columns {
        let mut columns = [0; MAX_COLUMNS];
        columns[..ids.len()].copy_from_slice(ids);
        columns
    }

    /// Counts for which these ids fit.
    fn counts(ids: &[u32]) -> Vec<usize> {
        ids.iter().map(|&id| id as usize + 1).collect()
    }

    fn unpacked(layout: &Layout, packed: &Packed) -> Columns {
        let mut columns = [0; MAX_COLUMNS];
        layout.unpack(&packed[..layout.words()], &mut columns);
        columns
    }

    #[test]
    fn a_row_survives_packing_in_every_layout_it_fits_in() {
        let ids = columns(&[5, 0, 77_777, 1, u32::MAX, 12, 999, 3]);
        let narrow = Layout::new(&[16; 8]);
        assert!(narrow.pack(&ids).is_none());
        let wide = Layout::new(&counts(&ids[..8]));
        assert_eq!(unpacked(&wide, &wide.pack(&ids).unwrap()), ids);
        assert_eq!(wide.words(), 2);
        let small = columns(&[7, 0, 0, 1, 2, 3, 4, 3]);
        for layout in [narrow, wide] {
            assert_eq!(unpacked(&layout, &layout.pack(&small).unwrap()), small);
        }
    }

    #[test]
    fn a_column_of_which_one_id_is_known_takes_no_room() {
        let layout = Layout::new(&[1 << 32, 1, 1 << 32]);
        assert_eq!(layout.words(), 1);
        let ids = columns(&[65_535, 0, 1]);
        assert_eq!(unpacked(&layout, &layout.pack(&ids).unwrap()), ids);
    }

    #[test]
    fn words_are_equally_full_and_no_more_of_them_than_needed() {
        let bits = |widths: [usize; 5]| Layout::new(&widths.map(|bits| 1 << bits));
        let even = bits([14, 14, 11, 11, 4]);
        let last = columns(&[1 << 21, 1 << 21, 1 << 18, 1 << 18, 1 << 10]);
        assert_eq!(even.words(), 1);
        let wider = bits([15, 15, 13, 13, 12]);
        assert_eq!(wider.words(), 2);
        assert!(wider.pack(&last).is_some(), "each has some bits to grow");
        // Here two words do only if one is full and the other is not.
        assert_eq!(bits([30, 30, 22, 22, 20]).words(), 2);
    }

    #[test]
    fn flipping_one_column_leaves_the_others_alone() {
        let mut ids = columns(&[1, 2, 3, 100_000, 5, 6, 7, 8]);
        let layout = Layout::new(&counts(&ids[..8]));
        let mut packed = layout.pack(&ids).unwrap();
        layout.flip(&mut packed, 3, 100_000 ^ 4);
        ids[3] = 4;
        assert_eq!(unpacked(&layout, &packed), ids);
    }

    #[test]
    fn the_widest_rows_have_room() {
        let ids = [u32::MAX; MAX_COLUMNS];
        let layout = Layout::new(&counts(&ids));
        assert_eq!(layout.words(), MAX_WORDS);
        assert_eq!(unpacked(&layout, &layout.pack(&ids).unwrap()), ids);
    }
}
