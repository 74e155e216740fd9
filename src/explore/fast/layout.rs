//! How the ids of a row are packed into bits.

/// The most columns of a row: a seat, an inbox and a flight for each of 8 tabs, and four shared
/// participants.
pub(super) const MAX_COLUMNS: usize = 28;

/// The most words of a packed row.
pub(super) const MAX_WORDS: usize = MAX_COLUMNS;

/// The ids of a row, one for each column; columns that the model does not have are 0.
pub(super) type Columns = [u32; MAX_COLUMNS];

/// A packed row, with one more word, so that every field may be taken from two.
pub(super) type Packed = [u32; MAX_WORDS + 1];

/// Where each column is in a packed row.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    fields: Vec<Field>,
    words: usize,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    word: u8,
    shift: u8,
    /// The greatest id that fits.
    max: u32,
}

impl Layout {
    /// The narrowest layout for columns of which so many ids are known. Bits left in the last word
    /// go to the columns one by one, the widest first: they are the ones that grow.
    pub(super) fn new(counts: &[usize]) -> Layout {
        let width = |&count: &usize| usize::BITS - count.saturating_sub(1).leading_zeros();
        let mut widths: Vec<u8> = counts.iter().map(|count| width(count) as u8).collect();
        let bits: usize = widths.iter().map(|&width| usize::from(width)).sum();
        let words = bits.div_ceil(32).max(1);
        let mut order: Vec<usize> = (0..widths.len()).collect();
        order.sort_by_key(|&column| std::cmp::Reverse(widths[column]));
        for &column in order.iter().cycle().take(words * 32 - bits) {
            widths[column] = (widths[column] + 1).min(32);
        }
        let mut begin = 0;
        let fields = widths.iter().map(|&width| {
            let field = Field {
                word: (begin / 32) as u8,
                shift: (begin % 32) as u8,
                max: ((1u64 << width) - 1) as u32,
            };
            begin += usize::from(width);
            field
        });
        Layout {
            fields: fields.collect(),
            words,
        }
    }

    /// Number of words of a packed row.
    #[inline]
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// Whether the id fits into its column.
    #[inline]
    pub(super) fn fits(&self, column: usize, id: u32) -> bool {
        id <= self.fields[column].max
    }

    /// Packs a row, or not, if some id does not fit.
    pub(super) fn pack(&self, columns: &Columns) -> Option<Packed> {
        let mut packed = [0; MAX_WORDS + 1];
        for (column, &id) in columns[..self.fields.len()].iter().enumerate() {
            if !self.fits(column, id) {
                return None;
            }
            self.flip(&mut packed, column, id);
        }
        Some(packed)
    }

    /// Changes one column of a packed row, given the exclusive or of its old and its new id, both
    /// of which fit.
    #[inline]
    pub(super) fn flip(&self, packed: &mut [u32], column: usize, difference: u32) {
        let field = self.fields[column];
        let bits = u64::from(difference) << field.shift;
        let word = usize::from(field.word);
        packed[word] ^= bits as u32;
        if let Some(above) = packed.get_mut(word + 1) {
            *above ^= (bits >> 32) as u32;
        }
    }

    /// Unpacks a row.
    #[inline]
    pub(super) fn unpack(&self, words: &[u32]) -> Columns {
        let mut packed = [0; MAX_WORDS + 1];
        packed[..words.len()].copy_from_slice(words);
        let mut columns = [0; MAX_COLUMNS];
        for (id, field) in columns.iter_mut().zip(&self.fields) {
            let word = usize::from(field.word);
            let pair = u64::from(packed[word + 1]) << 32 | u64::from(packed[word]);
            *id = (pair >> field.shift) as u32 & field.max;
        }
        columns
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

    #[test]
    fn a_row_survives_packing_in_every_layout_it_fits_in() {
        let ids = columns(&[5, 0, 77_777, 1, u32::MAX, 12, 999, 3]);
        let narrow = Layout::new(&[16; 8]);
        assert!(narrow.pack(&ids).is_none());
        let wide = Layout::new(&counts(&ids[..8]));
        let packed = wide.pack(&ids).unwrap();
        assert_eq!(wide.unpack(&packed[..wide.words()]), ids);
        assert_eq!(wide.words(), 3);
        let small = columns(&[7, 0, 0, 1, 2, 3, 4, 3]);
        for layout in [narrow, wide] {
            let packed = layout.pack(&small).unwrap();
            assert_eq!(layout.unpack(&packed[..layout.words()]), small);
        }
    }

    #[test]
    fn a_column_of_which_one_id_is_known_takes_no_room() {
        let layout = Layout::new(&[1 << 16, 1, 1 << 16]);
        assert_eq!(layout.words(), 1);
        let ids = columns(&[65_535, 0, 1]);
        let packed = layout.pack(&ids).unwrap();
        assert_eq!(layout.unpack(&packed[..1]), ids);
    }

    #[test]
    fn flipping_one_column_leaves_the_others_alone() {
        let mut ids = columns(&[1, 2, 3, 100_000, 5, 6, 7, 8]);
        let layout = Layout::new(&counts(&ids[..8]));
        let mut packed = layout.pack(&ids).unwrap();
        layout.flip(&mut packed, 3, 100_000 ^ 4);
        ids[3] = 4;
        assert_eq!(layout.unpack(&packed[..layout.words()]), ids);
    }

    #[test]
    fn the_widest_rows_have_room() {
        let ids = [u32::MAX; MAX_COLUMNS];
        let layout = Layout::new(&counts(&ids));
        assert_eq!(layout.words(), MAX_WORDS);
        let packed = layout.pack(&ids).unwrap();
        assert_eq!(layout.unpack(&packed[..MAX_WORDS]), ids);
    }
}
