//! Rows at work: the one that steps are taken from, the one that a step changes, and their hashes.

use super::index::Place;
use super::layout::{Columns, Layout, MAX_COLUMNS, Packed};
use super::stage::Stage;

/// What the ids of each column are multiplied with to hash a row: odd and random. Products have 64
/// bits, sums of a row's are less than that: there is nothing to wrap.
const FACTORS: [u32; MAX_COLUMNS] = factors();

const fn factors() -> [u32; MAX_COLUMNS] {
    let mut factors = [0; MAX_COLUMNS];
    let mut state = 0u64;
    let mut column = 0;
    while column < MAX_COLUMNS {
        // SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        factors[column] = ((z ^ z >> 31) >> 36) as u32 | 1;
        column += 1;
    }
    factors
}

/// A row from which steps are taken.
#[derive(Clone, Copy, Default)]
pub(super) struct Base {
    /// The ids.
    pub(super) columns: Columns,
    /// The same, packed.
    pub(super) packed: Packed,
    /// The number of the layout it is packed in; 0 if it is not packed.
    pub(super) layout: usize,
    /// The core's ids, each times its column's factor.
    core: u64,
    /// The seats, each times its column's factor: with the core, all of the row.
    history: u64,
}

impl Base {
    /// A row that is not packed yet.
    pub(super) fn of(columns: Columns) -> Base {
        Base {
            columns,
            ..Base::default()
        }
    }

    /// The row's place in the index, after [`Stage::begin`].
    pub(super) fn place(&self) -> Place {
        Place::new(self.core, self.history)
    }
}

/// A row that is being changed.
#[derive(Default)]
pub(super) struct Draft {
    /// The ids.
    pub(super) columns: Columns,
    /// The columns that may differ from those of the row the step is taken from, as bits.
    touched: u32,
}

impl Draft {
    /// Nothing changed so far.
    #[inline]
    pub(super) fn begin(&mut self, columns: &Columns) {
        self.columns = *columns;
        self.touched = 0;
    }

    /// Whether one of these columns, as bits, may have been changed.
    #[inline]
    pub(super) fn touches(&self, columns: u32) -> bool {
        self.touched & columns != 0
    }

    /// Changes one column.
    #[inline]
    pub(super) fn set(&mut self, column: usize, id: u32) {
        self.columns[column % MAX_COLUMNS] = id;
        self.touched |= 1 << (column % MAX_COLUMNS);
    }
}

impl Stage<'_> {
    /// Prepares for steps from the row that has been put into the base.
    #[inline]
    pub(super) fn begin(&self, base: &mut Base) {
        let mut core = base.columns;
        let mut history = 0;
        for (id, factor) in core[..self.plan.tabs].iter_mut().zip(FACTORS) {
            history += u64::from(*id) * u64::from(factor);
            *id = self.seat_facts[*id as usize].tab;
        }
        // Columns that the plan does not have are 0. All of them are faster than some.
        let products = core.iter().zip(&FACTORS);
        base.core = products
            .map(|(&id, &factor)| u64::from(id) * u64::from(factor))
            .sum();
        base.history = history;
    }

    /// Makes the changes of a draft in the packed row of its base, and makes the draft the base's
    /// again. Returns the row's place in the index.
    #[inline]
    pub(super) fn finish(
        &self,
        draft: &mut Draft,
        base: &Base,
        layout: &Layout,
        packed: &mut [u64],
    ) -> Place {
        let (mut core, mut history) = (base.core, base.history);
        while draft.touched != 0 {
            let column = draft.touched.trailing_zeros() as usize % MAX_COLUMNS;
            draft.touched &= draft.touched - 1;
            let (old, new) = (base.columns[column], draft.columns[column]);
            draft.columns[column] = old;
            layout.flip(packed, column, old ^ new);
            let factor = u64::from(FACTORS[column]);
            let change = |new: u32, old: u32| {
                let change = u64::from(new).wrapping_sub(u64::from(old));
                change.wrapping_mul(factor)
            };
            if column < self.plan.tabs {
                history = history.wrapping_add(change(new, old));
                let (new, old) = (self.core_of(column, new), self.core_of(column, old));
                core = core.wrapping_add(change(new, old));
            } else {
                core = core.wrapping_add(change(new, old));
            }
        }
        Place::new(core, history)
    }
}
