//! What one tab holds for one key.

use super::{FetchId, SessionId};
use crate::freshness::Org;
use std::fmt;

/// What a tab holds for a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum Slot<T> {
    Empty,
    /// A foreground fetch is under way and owns the entry.
    Pending {
        fetch: FetchId,
        /// The freshest token known when the fetch began or since; only with [`Site::Baseline`](super::Site::Baseline).
        base: Option<T>,
    },
    Resolved(Entry<T>),
}

impl<T: fmt::Display> fmt::Display for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Empty => write!(f, "none"),
            Slot::Pending { fetch, base: None } => write!(f, "pending ({fetch})"),
            Slot::Pending {
                fetch,
                base: Some(base),
            } => write!(f, "pending ({fetch}, base {base})"),
            Slot::Resolved(entry) => entry.token.fmt(f),
        }
    }
}

/// A resolved cache entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry<T> {
    pub token: T,
    /// The entry came from the tab itself. Kept with [`Site::Baseline`](super::Site::Baseline), else only while armed.
    pub own: Option<Own>,
}

impl<T> Entry<T> {
    /// The entry has a proactive refresh timer.
    pub fn is_armed(&self) -> bool {
        self.own.is_some_and(|own| own.armed)
    }
}

/// Whose an entry is that came from the tab itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Own {
    /// The session that refreshes it.
    pub session: SessionId,
    /// What its refresh asks for.
    pub asks: Asks,
    /// The proactive refresh timer is set.
    pub armed: bool,
}

/// Which organisation's token a refresh asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum Asks {
    /// That of the session when the timer fires. With one key there is only one, so it is this.
    Session,
    Fixed(Org),
}

/// A background refresh under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Background {
    pub session: SessionId,
    /// The organisation that it asked for.
    pub org: Org,
    /// The slot has changed hands since, or the cache has been invalidated; only with
    /// [`Answers::CompareAndSwap`](super::Answers::CompareAndSwap).
    pub superseded: bool,
}

/// What a tab holds for one key. A broadcast that waits belongs to a fetch under way, which has a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Keyed<T> {
    pub slot: Slot<T>,
    /// The background refresh under way, if there is one.
    pub background: Option<Background>,
    /// The freshest token the slot ever held; only with [`Site::HighWater`](super::Site::HighWater).
    pub mark: Option<T>,
}

impl<T> Keyed<T> {
    pub(super) const EMPTY: Keyed<T> = Keyed {
        slot: Slot::Empty,
        background: None,
        mark: None,
    };

    /// The cached token, where the slot is resolved.
    pub fn token(&self) -> Option<&T> {
        match &self.slot {
            Slot::Resolved(entry) => Some(&entry.token),
            Slot::Empty | Slot::Pending { .. } => None,
        }
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = &T> {
        let slot = match &self.slot {
            Slot::Empty => None,
            Slot::Pending { base, .. } => base.as_ref(),
            Slot::Resolved(entry) => Some(&entry.token),
        };
        slot.into_iter().chain(&self.mark)
    }

    pub(super) fn map<U>(&self, rename: &mut dyn FnMut(&T) -> U) -> Keyed<U> {
        let Keyed {
            slot,
            background,
            mark,
        } = self;
        Keyed {
            slot: match slot {
                Slot::Empty => Slot::Empty,
                Slot::Pending { fetch, base } => Slot::Pending {
                    fetch: *fetch,
                    base: base.as_ref().map(&mut *rename),
                },
                Slot::Resolved(Entry { token, own }) => Slot::Resolved(Entry {
                    token: rename(token),
                    own: *own,
                }),
            },
            background: *background,
            mark: mark.as_ref().map(rename),
        }
    }
}
