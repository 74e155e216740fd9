//! Vectors at work: the one that steps are taken from, the one that a step changes, and where they
//! are looked for.

use super::footprint::Footprint;
use super::layout::{Columns, MAX_COLUMNS, Packed};
use super::reaction::Pending;

// Sets of columns are words of 32 bits.
const _: () = assert!(MAX_COLUMNS <= 32 && MAX_COLUMNS.is_power_of_two());

/// Position of a vector in the order in which vectors were found.
pub(super) type StateId = u32;

/// The most vectors that are stored: one bit of a parent's number is a mark.
pub(super) const MAX_STORED: usize = 1 << 31;

/// A vector from which steps are taken.
#[derive(Clone, Copy, Default)]
pub(super) struct Source {
    /// The ids.
    pub(super) columns: Columns,
    pub(super) packed: Packed,
    /// The number of the layout it is packed in; 0 if it is not packed.
    pub(super) layout: usize,
    /// The core's ids, each times its column's factor.
    pub(super) core: u64,
    /// The tabs with their histories, each times its column's factor: with the core, all of the
    /// vector.
    pub(super) history: u64,
}

impl Source {
    /// A vector that is not packed yet.
    pub(super) fn of(columns: Columns) -> Source {
        Source {
            columns,
            ..Source::default()
        }
    }

    /// The vector's place in the index, after `PackedModel::begin`.
    pub(super) fn place(&self) -> Place {
        Place::new(self.core, self.history)
    }
}

/// A vector that is being changed.
#[derive(Default)]
pub(super) struct Successor {
    /// The ids.
    pub(super) columns: Columns,
    /// The columns that may differ from those of the vector the step is taken from, as bits.
    pub(super) touched: u32,
    /// The same before tabs have changed places.
    #[cfg(feature = "cluster")]
    pub(super) stepped: u32,
    /// Synchronous messages of the step under way, and what is put on its way: into which column.
    pub(super) pending: Vec<Pending>,
    /// What the step read and changed.
    pub(super) footprint: Footprint,
    /// How the tabs have changed places, see [`super::order::code`]; `None` if that is not told.
    pub(super) order: Option<u32>,
}

impl Successor {
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

    /// Changes one column, or leaves it what it is.
    #[inline]
    pub(super) fn set(&mut self, column: usize, id: u32) {
        let before = std::mem::replace(&mut self.columns[column % MAX_COLUMNS], id);
        self.touched |= u32::from(id != before) << (column % MAX_COLUMNS);
    }
}

/// log2 of the number of segments.
pub(super) const SEGMENTS_LOG2: u32 = 4;

/// Bits of a tag that come from the core, and decide where in its segment a vector is looked for.
pub(super) const CORE_BITS: u32 = 24;

/// Bits of a tag that tell apart vectors of the same core.
pub(super) const HISTORY_BITS: u32 = 8;

/// A hash of a vector: of its core, where vectors of the same core are looked for in the same
/// place, and of the history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) segment: u32,
    /// The core's bits above those of the history.
    pub(super) tag: u32,
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

    /// Whether it may have the core of the vector with this tag.
    #[inline]
    pub(super) fn may_share_core(self, tag: u32) -> bool {
        self.tag >> HISTORY_BITS == tag >> HISTORY_BITS
    }
}

#[inline]
fn mixed(sum: u64) -> u64 {
    let folded = (sum ^ sum >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (folded ^ folded >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}
