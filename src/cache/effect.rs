//! What a cache asks for, and what it reports.

use super::{FetchId, Focus, Phase, RequestKind, Site};
use crate::freshness::{Decision, Org};

/// Who writes a cookie: what its right to write depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Writer {
    /// Where the tab is in its life.
    pub phase: Phase,
    pub focus: Focus,
    /// The organisation it believes it is in.
    pub context: Org,
}

impl Writer {
    /// A tab in its first context, with focus.
    pub const FOREMOST: Writer = Writer {
        phase: Phase::Live,
        focus: Focus::Has,
        context: Org::PERSONAL,
    };

    /// Whether it may write a cookie while the context cookie says this.
    pub fn may_write(&self, context_cookie: Option<Org>) -> bool {
        let is_own = |context| context == self.context && !self.phase.leaves();
        self.focus == Focus::Has || context_cookie.is_none_or(is_own)
    }

    /// What it leaves in the context cookie when it has written.
    pub fn context_cookie(&self) -> Option<Org> {
        (!self.phase.leaves()).then_some(self.context)
    }
}

/// What a cache asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect<T> {
    /// Send a request.
    Request {
        kind: RequestKind,
        /// The organisation that it asks for.
        org: Org,
        /// The seed, from which the edge copies claims.
        parent: Option<T>,
        /// The request must be answered by the origin.
        forced: bool,
    },
    /// Broadcast a token to the other tabs.
    Post { key: Org, token: T },
    /// Tell the other tabs that what they hold is out of date.
    Invalidate { key: Org },
    /// Write the session cookie; [`super::cookie_accepts`] has the last word.
    WriteCookie { token: T, writer: Writer },
    /// Evidence only: the tab withheld this token from the cookie.
    WithholdCookie { token: T, writer: Writer },
    /// Remove session cookie and context cookie, whoever wrote them.
    RemoveCookies,
    /// Remove them if the tab may write.
    RemoveCookiesOf(Writer),
    /// Tell the other tabs that this one has signed out.
    AnnounceSignOut,
    /// The page's calls of `getToken` that waited for this get a token.
    Return {
        /// The key that was asked for.
        key: Org,
        token: T,
    },
    /// The page's calls of `getToken` that waited for this fail.
    Reject {
        /// The key that was asked for.
        key: Org,
    },
    /// The page's calls of `getToken` that joined this get `null`.
    ReturnNull {
        /// The key that was asked for.
        key: Org,
    },
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
        key: Org,
        subject: Subject,
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
    WaitingRan {
        key: Org,
        /// The broadcasts.
        waiting: Vec<T>,
    },
    /// The answer to a request was discarded: the slot had changed hands.
    Discarded(T),
    /// The answer to a request was ignored: the tab is signed out.
    Ignored(T),
    Removed {
        key: Org,
    },
    /// A cache hit.
    Read {
        key: Org,
        /// What the reader got.
        token: T,
    },
    /// A call of the page met what there is for it, which it may or may not be given.
    CallMet {
        /// The key that was asked for.
        key: Org,
        /// What the slot holds, even if it is about to be dropped, or the answer; `None` where the
        /// request failed.
        token: Option<T>,
    },
}

/// One use of the comparator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comparison<T> {
    pub site: Site,
    /// What the incoming token is.
    pub subject: Subject,
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
