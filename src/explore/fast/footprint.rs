//! What a step reads and changes.

use super::column::ColumnPlan;
use super::layout::MAX_COLUMNS;
use super::order::Order;
use crate::model::{Handling, Leg};

/// What steps of an event read and change, as sets of columns, and what has a say in whether it can
/// happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Footprint {
    /// Read and changed in whatever way.
    changed: u32,
    /// Added to, or taken from: the queues of inboxes, and what is on its way.
    queued: u32,
    /// Taken from: the column of an inbox, that of a flight for its requests, and that of the tab for
    /// its responses.
    taken: u32,
}

impl Footprint {
    pub(super) const NONE: Footprint = Footprint {
        changed: 0,
        queued: 0,
        taken: 0,
    };

    pub(super) const ALL: Footprint = Footprint {
        changed: u32::MAX,
        ..Footprint::NONE
    };

    /// Of an input to a column that is not in flight.
    #[inline]
    pub(super) fn of(column: usize, handling: Handling) -> Footprint {
        let column = 1 << (column % MAX_COLUMNS);
        // A table of masks, in which nothing branches.
        let [changed, queued, taken] = match handling {
            Handling::Changes => [u32::MAX, 0, 0],
            Handling::Adds => [0, u32::MAX, 0],
            Handling::Takes => [0, u32::MAX, u32::MAX],
        };
        Footprint {
            changed: column & changed,
            queued: column & queued,
            taken: column & taken,
        }
    }

    /// Of taking a message from what is on its way.
    pub(super) fn taking(plan: ColumnPlan, tab: usize, leg: Leg) -> Footprint {
        let flight = plan.in_flight(tab);
        let of_leg = match leg {
            Leg::Request => flight,
            Leg::Response => tab,
        };
        Footprint {
            changed: 0,
            queued: 1 << flight,
            taken: 1 << of_leg,
        }
    }

    /// Of looking at all tabs.
    pub(super) fn of_tabs(plan: ColumnPlan) -> Footprint {
        let tabs = 0..plan.tabs;
        tabs.fold(Footprint::NONE, |all, tab| {
            all.or(Footprint::of(tab, Handling::Changes))
        })
    }

    /// Of looking for requests on their way.
    pub(super) fn of_requests(plan: ColumnPlan) -> Footprint {
        let tabs = 0..plan.tabs;
        tabs.fold(Footprint::NONE, |all, tab| {
            all.or(Footprint::taking(plan, tab, Leg::Request))
        })
    }

    #[inline]
    pub(super) fn or(self, other: Footprint) -> Footprint {
        Footprint {
            changed: self.changed | other.changed,
            queued: self.queued | other.queued,
            taken: self.taken | other.taken,
        }
    }

    /// Whether a column may be changed in whatever way.
    #[cfg(feature = "cluster")]
    #[inline]
    pub(super) fn changes(self, column: usize) -> bool {
        self.changed >> column & 1 == 1
    }

    /// What it is after tabs have changed places.
    pub(super) fn moved(self, plan: ColumnPlan, order: &Order) -> Footprint {
        let moved = |columns: u32| {
            let of_tabs = plan.of_tabs();
            let places = (0..plan.tabs).flat_map(|place| {
                let tab = usize::from(order[place]);
                let columns = |tab| [tab, plan.inbox(tab), plan.in_flight(tab)];
                columns(tab).into_iter().zip(columns(place))
            });
            places.fold(columns & !of_tabs, |moved, (from, to)| {
                moved | (columns >> from & 1) << to
            })
        };
        Footprint {
            changed: moved(self.changed),
            queued: moved(self.queued),
            taken: moved(self.taken),
        }
    }

    /// Whether the one may matter to the other.
    pub(super) fn meets(self, other: Footprint) -> bool {
        self.changed & (other.changed | other.queued) != 0
            || self.queued & other.changed != 0
            || self.taken & other.taken != 0
    }
}
