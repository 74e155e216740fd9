//! Who is who among the participants.

use super::message::TabId;
use stateright::actor::Id;

/// Who has which id: tabs first, then the shared participants, then the observer.
#[derive(Clone, Copy, Debug)]
pub struct Roster {
    /// Number of tabs.
    pub tabs: u8,
}

impl Roster {
    /// All tabs.
    pub fn tabs(self) -> impl Iterator<Item = TabId> {
        (0..self.tabs).map(TabId)
    }

    fn shared(self, offset: usize) -> Id {
        Id::from(usize::from(self.tabs) + offset)
    }

    /// A tab.
    pub fn tab(self, tab: TabId) -> Id {
        Id::from(tab.index())
    }

    /// The broadcast channel.
    pub fn channel(self) -> Id {
        self.shared(0)
    }

    /// The mint sources.
    pub fn mints(self) -> Id {
        self.shared(1)
    }

    /// The cookie jar.
    pub fn jar(self) -> Id {
        self.shared(2)
    }

    /// The clock.
    pub fn clock(self) -> Id {
        self.shared(3)
    }

    /// The driver.
    pub fn driver(self) -> Id {
        self.shared(4)
    }

    /// Where evidence goes: no participant, the composition picks it up.
    pub fn observer(self) -> Id {
        self.shared(5)
    }
}
