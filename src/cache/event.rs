//! What a cache reacts to.

use super::Call;
use crate::freshness::Org;
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

/// How a request for a token may end without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spoiled {
    /// It failed: network error and HTTP 500 alike.
    Failed,
    /// It was answered without a token.
    Empty,
    /// It was answered with 401: a tab that has a session asks for the client first.
    Unauthorized,
}

impl Spoiled {
    /// All of them.
    pub const ALL: [Spoiled; 3] = [Spoiled::Failed, Spoiled::Empty, Spoiled::Unauthorized];

    /// Whether the request is over with it, in every tab.
    pub const fn ends_the_request(self) -> bool {
        match self {
            Spoiled::Failed | Spoiled::Empty => true,
            Spoiled::Unauthorized => false,
        }
    }

    /// What becomes of the request, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Spoiled::Failed => "fails",
            Spoiled::Empty => "is answered without a token",
            Spoiled::Unauthorized => "is answered with 401",
        }
    }
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
    /// A request for a token ended without one.
    Spoiled {
        /// How.
        how: Spoiled,
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
