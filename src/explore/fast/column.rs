//! Which column holds what.

use super::layout::MAX_COLUMNS;
use crate::model::Shared;
use crate::vocabulary::MAX_TABS;
use std::ops::Range;

/// Number of shared participants but for the channel, which comes first among them.
pub(super) const SHARED: usize = Shared::ALL.len() - 1;

const _: () = assert!(Shared::Channel as usize == 0);
const _: () = assert!(
    ColumnPlan::most_columns() <= MAX_COLUMNS,
    "a vector has too many columns"
);

/// The columns of a vector: each tab with its history, each tab's inbox, the shared participants
/// but the channel, and what is on its way for each tab.
///
/// The channel's state is one inbox for each receiver, which are independent of each other. Apart
/// they have few states; together they would have most of the ids of the model.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnPlan {
    pub(super) tabs: usize,
}

impl ColumnPlan {
    #[inline]
    pub(super) const fn columns(self) -> usize {
        3 * self.tabs + SHARED
    }

    /// Number of columns with as many tabs as there can be.
    pub(super) const fn most_columns() -> usize {
        let tabs = MAX_TABS as usize;
        ColumnPlan { tabs }.columns()
    }

    pub(super) const fn participants(self) -> usize {
        self.tabs + Shared::ALL.len()
    }

    /// The channel's number among the participants.
    #[inline]
    pub(super) const fn channel(self) -> usize {
        self.tabs + Shared::Channel as usize
    }

    /// The column of the posts that wait for a tab.
    #[inline]
    pub(super) const fn inbox(self, tab: usize) -> usize {
        self.tabs + tab
    }

    #[inline]
    pub(super) const fn inboxes(self) -> Range<usize> {
        self.tabs..2 * self.tabs
    }

    /// The column of a shared participant other than the channel, given its number among all.
    #[inline]
    pub(super) const fn shared(self, participant: usize) -> usize {
        self.tabs - 1 + participant
    }

    /// The columns of the shared participants other than the channel.
    #[inline]
    pub(super) const fn all_shared(self) -> Range<usize> {
        2 * self.tabs..2 * self.tabs + SHARED
    }

    /// The column of what is on its way between a tab and the mint sources.
    #[inline]
    pub(super) const fn in_flight(self, tab: usize) -> usize {
        2 * self.tabs + SHARED + tab
    }

    /// The columns of all that is on its way there.
    #[inline]
    pub(super) const fn all_in_flight(self) -> Range<usize> {
        self.in_flight(0)..self.columns()
    }

    /// The columns of single tabs, as bits.
    pub(super) fn of_tabs(self) -> u32 {
        let columns = (0..2 * self.tabs).chain(self.all_in_flight());
        columns.fold(0, |set, column| set | 1 << column)
    }

    /// The participant whose state, or part of whose state, is in a column of anything but messages
    /// in flight.
    pub(super) const fn participant(self, column: usize) -> usize {
        if column < self.tabs {
            column
        } else if column < 2 * self.tabs {
            self.channel()
        } else {
            column + 1 - self.tabs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_belongs_to_one_thing() {
        for tabs in 1..=8 {
            let plan = ColumnPlan { tabs };
            let tracked = 0..tabs;
            let shared = (tabs + 1..plan.participants()).map(|participant| {
                let column = plan.shared(participant);
                assert_eq!(plan.participant(column), participant);
                column
            });
            let flights = (0..tabs).map(|tab| plan.in_flight(tab));
            let all = tracked.chain(plan.inboxes()).chain(shared).chain(flights);
            assert!(all.eq(0..plan.columns()), "{tabs} tabs");
        }
    }
}
