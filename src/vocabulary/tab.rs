//! Tabs by number.

use super::MAX_TABS;
use crate::named::{Member, Set};
use std::fmt;

/// A tab, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct TabId(pub u8);

impl TabId {
    /// Position among the participants: tabs come first.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for TabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tab {}", self.0)
    }
}

impl Member for TabId {
    const MEMBERS: &'static [TabId] = &{
        let mut all = [TabId(0); MAX_TABS as usize];
        let mut tab = 0;
        while tab < MAX_TABS {
            all[tab as usize] = TabId(tab);
            tab += 1;
        }
        all
    };

    #[inline]
    fn index(self) -> usize {
        self.0.into()
    }
}

pub type TabSet = Set<TabId>;
