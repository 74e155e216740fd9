//! Calls of the page that wait for the lock, in a design that lets one request be under way at a
//! time; see [`Requests::Locked`](super::Requests::Locked). Who may have the lock is asked of the
//! whole system: a cache only keeps its own calls.

use super::turn::Turn;
use super::{Clock, Effect};
use crate::freshness::{Org, Stamped};
use crate::named::{Member, named};

named! {
    /// A call of the page that may have to wait for the lock.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum Call {
        GetToken = "get_token",
        /// For a token from the origin, past the cache.
        SkipCache = "skip_cache",
    }
}

impl Call {
    /// The call as the page writes it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Call::GetToken => "getToken()",
            Call::SkipCache => "getToken({ skipCache: true })",
        }
    }
}

/// How many calls of one tab's page wait for the lock, of each kind. Equal ones are all alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Waiting {
    counts: [u8; Call::ALL.len()],
}

impl Waiting {
    /// No call.
    pub const NONE: Waiting = Waiting {
        counts: [0; Call::ALL.len()],
    };

    /// How many wait.
    pub fn count(self, call: Call) -> u8 {
        self.counts[call.index()]
    }

    /// Whether none waits.
    pub fn is_empty(self) -> bool {
        self == Waiting::NONE
    }

    /// The calls that wait, one after the other.
    pub fn iter(self) -> impl Iterator<Item = Call> {
        let of = move |call| std::iter::repeat_n(call, self.count(call).into());
        Call::ALL.into_iter().flat_map(of)
    }
}

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
    /// A call finds that somebody else has the lock.
    pub(super) fn wait(&mut self, call: Call) {
        // Calls are as many as a scenario's budget lets there be, which is a byte.
        let count = &mut self.cache.waiting.counts[call.index()];
        *count = count.saturating_add(1);
    }

    /// A call that waited gets the lock, and looks at the cache as if it were made now.
    pub(super) fn resume(&mut self, call: Call) {
        let count = &mut self.cache.waiting.counts[call.index()];
        *count = count.saturating_sub(1);
        match call {
            Call::GetToken => self.get_token(),
            Call::SkipCache => self.skip_cache(),
        }
    }

    /// The tab is signed out: there is no session to get a token for, so calls that wait fail.
    pub(super) fn reject_waiting(&mut self) {
        let session = self.cache.sessions.last();
        let key = session.map_or(Org::PERSONAL, |session| session.org);
        for _ in std::mem::take(&mut self.cache.waiting).iter() {
            self.effects.push(Effect::Reject { key });
        }
    }
}
