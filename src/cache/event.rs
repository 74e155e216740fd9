//! What a cache reacts to, what it asks for, and what it reports.

use super::{Call, Focus, Phase, Site};
use crate::freshness::{Decision, Org};
use std::fmt;

/// A foreground fetch of one tab: the smallest number no fetch in flight carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct FetchId(pub u8);

impl fmt::Display for FetchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "f{}", self.0)
    }
}

/// A session of one tab, counted from 0 in order of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct SessionId(pub u8);

impl SessionId {
    /// Position among the tab's sessions.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A request for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum TokenRequest {
    /// The background refresh of a key's entry.
    Background(Org),
    /// A foreground fetch.
    Fetch(FetchId),
}

impl TokenRequest {
    /// Of the personal key: a foreground fetch or, without one, the background refresh.
    pub const fn personal(fetch: Option<FetchId>) -> TokenRequest {
        match fetch {
            Some(fetch) => TokenRequest::Fetch(fetch),
            None => TokenRequest::Background(Org::PERSONAL),
        }
    }

    /// The foreground fetch, if it is one.
    pub const fn fetch(self) -> Option<FetchId> {
        match self {
            TokenRequest::Background(_) => None,
            TokenRequest::Fetch(fetch) => Some(fetch),
        }
    }
}

/// Which request of a tab it is. Of all but the reload, a tab has one of each under way at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum RequestKind {
    /// For a token.
    Token(TokenRequest),
    /// A touch, by its number.
    Touch(u8),
    /// A change of the organisation, by its number.
    Switch(u8),
    /// A new tab asks for the client.
    Load,
    /// Sign-out.
    End,
    /// A tab asks for the client because another one signed out.
    Reload,
    /// A tab asks for the client because this request was answered with 401.
    Recheck(TokenRequest),
}

impl RequestKind {
    /// Whether its answer may bring a token: of sign-out, and of what follows from one, it does not.
    pub const fn brings_a_token(self) -> bool {
        match self {
            RequestKind::Token(_)
            | RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::Recheck(_) => true,
            RequestKind::End | RequestKind::Reload => false,
        }
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
    /// The tab is opened.
    Open,
    /// The tab is closed.
    Close,
    /// The proactive refresh timer of a key's entry fires.
    RefreshTimer {
        /// The key.
        key: Org,
    },
    /// The page asks for a new token from the origin, whatever is cached.
    SkipCache,
    /// The page asks for a token.
    GetToken,
    /// The page calls for a token while somebody has the lock.
    Wait(Call),
    /// A call that waited for the lock gets it.
    Resume(Call),
    /// The poller asks for a token, for nobody.
    Poll,
    /// The tab gets focus.
    Focus,
    /// The tab loses focus.
    Blur,
    /// The page touches the session.
    Touch,
    /// The page changes to the other organisation.
    Switch,
    /// The page signs out.
    SignOut,
    /// A request for a token was answered.
    Answer {
        /// The request.
        request: TokenRequest,
        /// The new token.
        token: T,
    },
    /// A request for a token failed: network error and HTTP 500 alike.
    Failure {
        /// The request.
        request: TokenRequest,
    },
    /// A request for a token was answered without one.
    EmptyAnswer {
        /// The request.
        request: TokenRequest,
    },
    /// A request for a token was answered with 401.
    Unauthorized {
        /// The request.
        request: TokenRequest,
    },
    /// After the 401 of this request the server says what the client is.
    Rechecked {
        /// The request.
        request: TokenRequest,
        /// The token of the session, if there still is one.
        token: Option<T>,
    },
    /// The first client payload of a new tab: with a personal token.
    Loaded(T),
    /// A touch was answered.
    Touched {
        /// The touch.
        number: u8,
        /// The new token.
        token: T,
        /// A client payload came with it.
        payload: bool,
    },
    /// A change of the organisation was answered, with a client payload.
    Switched {
        /// The switch.
        number: u8,
        /// The new token.
        token: T,
    },
    /// The session ended as this tab asked.
    Ended,
    /// The server says that the session has ended.
    Reloaded,
    /// Another tab says that it has signed out.
    SignedOutElsewhere,
    /// Another tab's post arrives.
    Broadcast {
        /// The key.
        key: Org,
        /// The token.
        token: T,
    },
    /// Another tab says that what this one holds is out of date.
    OutOfDate {
        /// The key.
        key: Org,
    },
    /// The cleanup timer of a key's entry fires.
    CleanupTimer {
        /// The key.
        key: Org,
    },
    /// The page clears the cache.
    Clear,
}

/// Who writes a cookie: what its right to write depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Writer {
    /// Where the tab is in its life.
    pub phase: Phase,
    /// Whether it has focus.
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
        /// Which one.
        kind: RequestKind,
        /// The organisation that it asks for.
        org: Org,
        /// The seed, from which the edge copies claims.
        parent: Option<T>,
        /// The request must be answered by the origin.
        forced: bool,
    },
    /// Broadcast a token to the other tabs.
    Post {
        /// The key.
        key: Org,
        /// The token.
        token: T,
    },
    /// Tell the other tabs that what they hold is out of date.
    Invalidate {
        /// The key.
        key: Org,
    },
    /// Write the session cookie; [`super::cookie_accepts`] has the last word.
    WriteCookie {
        /// The token.
        token: T,
        /// The tab.
        writer: Writer,
    },
    /// Evidence only: the tab withheld this token from the cookie.
    WithholdCookie {
        /// The token.
        token: T,
        /// The tab.
        writer: Writer,
    },
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
        /// The token.
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
        /// The key.
        key: Org,
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
    WaitingRan {
        /// The key.
        key: Org,
        /// The broadcasts.
        waiting: Vec<T>,
    },
    /// The answer to a request was discarded: the slot had changed hands.
    Discarded(T),
    /// The answer to a request was ignored: the tab is signed out.
    Ignored(T),
    /// The entry was removed.
    Removed {
        /// The key.
        key: Org,
    },
    /// A cache hit.
    Read {
        /// The key.
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
