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
        let (mut core, mut history) = (0, 0);
        let (of_tabs, others) = source.columns[..self.plan.columns()].split_at(self.plan.tabs);
        let (factors_of_tabs, factors) = FACTORS.split_at(self.plan.tabs);
        for (&id, &factor) in of_tabs.iter().zip(factors_of_tabs) {
            history += u64::from(id) * u64::from(factor);
            core += u64::from(self.summaries[id as usize].tab) * u64::from(factor);
        }
        for (&id, &factor) in others.iter().zip(factors) {
            core += u64::from(id) * u64::from(factor);
        }
        (source.core, source.history) = (core, history);
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
        let mut undo = |column: usize| {
            let (old, new) = (source.columns[column], successor.columns[column]);
            successor.columns[column] = old;
            layout.flip(packed, column, old ^ new);
            (new, old)
        };
        let change = |column: usize, (new, old): (u32, u32)| {
            let change = u64::from(new).wrapping_sub(u64::from(old));
            change.wrapping_mul(FACTORS[column].into())
        };
        // Apart, so that nothing has to be foreseen of a column.
        let tabs = (1 << self.plan.tabs) - 1;
        for column in columns_of(successor.touched & tabs) {
            let (new, old) = undo(column);
            history = history.wrapping_add(change(column, (new, old)));
            let of_core = [new, old].map(|id| self.summaries[id as usize].tab);
            core = core.wrapping_add(change(column, of_core.into()));
        }
        for column in columns_of(successor.touched & !tabs) {
            core = core.wrapping_add(change(column, undo(column)));
        }
        successor.touched = 0;
        Place::new(core, history)
    }
}

#[inline]
fn columns_of(mut set: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (set != 0).then_some(set.trailing_zeros() as usize % MAX_COLUMNS);
        set &= set.wrapping_sub(1);
        next
    })
}
