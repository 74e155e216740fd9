//! Vectors at work: the one that steps are taken from, the one that a step changes, and their
//! hashes.

use super::encoded::{Place, Source, Successor};
use super::layout::{Layout, MAX_COLUMNS};
use super::packed::PackedModel;

/// What the ids of each column are multiplied with to hash a vector: odd and random. Products have
/// 64 bits, sums of a vector's are less than that: there is nothing to wrap.
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

impl PackedModel<'_> {
    /// Prepares for steps from the vector that has been put into the source.
    #[inline]
    pub(super) fn begin(&self, source: &mut Source) {
        let mut core = source.columns;
        let mut history = 0;
        for (id, factor) in core[..self.plan.tabs].iter_mut().zip(FACTORS) {
            history += u64::from(*id) * u64::from(factor);
            *id = self.summaries[*id as usize].tab;
        }
        // Columns that the plan does not have are 0. All of them are faster than some.
        let products = core.iter().zip(&FACTORS);
        source.core = products
            .map(|(&id, &factor)| u64::from(id) * u64::from(factor))
            .sum();
        source.history = history;
    }

    /// Makes the changes of a successor in the packed vector of its source, and makes the successor
    /// the source's again. Returns the vector's place in the index.
    #[inline]
    pub(super) fn finish(
        &self,
        successor: &mut Successor,
        source: &Source,
        layout: &Layout,
        packed: &mut [u64],
    ) -> Place {
        let (mut core, mut history) = (source.core, source.history);
        while successor.touched != 0 {
            let column = successor.touched.trailing_zeros() as usize % MAX_COLUMNS;
            successor.touched &= successor.touched - 1;
            let (old, new) = (source.columns[column], successor.columns[column]);
            successor.columns[column] = old;
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
