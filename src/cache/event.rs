//! What a cache reacts to, what it asks for, and what it reports.

use super::Site;
use crate::freshness::Decision;
use std::fmt;

/// A foreground fetch of one tab: the smallest number no fetch in flight carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub u8);

impl fmt::Display for FetchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "f{}", self.0)
    }
}

/// The expiry of tokens as of now.
pub trait Clock<T> {
    /// Within 5 s of its expiry, or past it: a cache read treats the token as absent.
    fn is_near(&self, token: &T) -> bool;

    /// Expired.
    fn is_dead(&self, token: &T) -> bool;
}

/// What happens to a tab.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event<T> {
    /// The entry's proactive refresh timer fires.
    RefreshTimer,
    /// The page asks for a new token from the origin, whatever is cached.
    SkipCache,
    /// The page asks for a token.
    GetToken,
    /// A mint request was answered.
    Answer {
        /// The foreground fetch; `None` for the background refresh.
        fetch: Option<FetchId>,
        /// The new token.
        token: T,
    },
    /// A mint request failed: network error and HTTP 500 alike.
    Failure {
        /// The foreground fetch; `None` for the background refresh.
        fetch: Option<FetchId>,
    },
    /// Another tab's post arrives.
    Broadcast(T),
    /// Another tab says that what this one holds is out of date.
    OutOfDate,
    /// The entry's cleanup timer fires.
    CleanupTimer,
    /// The page clears the cache.
    Clear,
}

/// What a cache asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect<T> {
    /// Ask a mint source for a token.
    Request {
        /// The foreground fetch; `None` for the background refresh.
        fetch: Option<FetchId>,
        /// The seed, from which the edge copies claims.
        parent: Option<T>,
        /// The request must be answered by the origin.
        forced: bool,
    },
    /// Broadcast a token to the other tabs.
    Post(T),
    /// Tell the other tabs that what they hold is out of date.
    Invalidate,
    /// Write the session cookie; [`super::cookie_accepts`] has the last word.
    WriteCookie(T),
    /// Evidence only: the tab withheld this token from the cookie.
    WithholdCookie(T),
    /// Evidence only.
    Saw(Observation<T>),
}

/// Evidence of what a cache did. No effect on behaviour.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Observation<T> {
    /// The comparator was asked.
    Compared(Comparison<T>),
    /// A token reached the cache, which may or may not install it.
    Offered {
        /// What the token is.
        subject: Subject,
        /// The token.
        token: T,
        /// The token it meets: the cached one or, for a broadcast that waited, the answer.
        against: Option<T>,
    },
    /// A broadcast was put behind a fetch.
    Waits {
        /// The fetch that owns the pending slot.
        fetch: FetchId,
        /// The broadcast's token.
        token: T,
    },
    /// The broadcasts that waited for a fetch have been dealt with.
    WaitingRan(Vec<T>),
    /// The answer to a request was discarded: the slot had changed hands.
    Discarded(T),
    /// The entry was removed.
    Removed,
}

/// One use of the comparator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comparison<T> {
    /// Where.
    pub site: Site,
    /// What the incoming token is.
    pub subject: Subject,
    /// The token that was there.
    pub existing: T,
    /// The token that came.
    pub incoming: T,
    /// The outcome.
    pub decision: Decision,
}

/// What an incoming token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Another tab's post.
    Broadcast,
    /// The answer to the tab's own request.
    Answer,
    /// A token update on its way to the seed and the cookie.
    Update,
}
