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

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event<T> {
    Open,
    Close,
    /// The proactive refresh timer of a key's entry fires.
    RefreshTimer {
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
    Touch,
    /// The page changes to the other organisation.
    Switch,
    SignOut,
    Answer {
        request: TokenRequest,
        token: T,
    },
    /// A request for a token ended without one.
    Spoiled {
        how: Spoiled,
        request: TokenRequest,
    },
    /// After the 401 of this request the server says what the client is.
    Rechecked {
        request: TokenRequest,
        /// The token of the session, if there still is one.
        token: Option<T>,
    },
    /// The first client payload of a new tab: with a personal token.
    Loaded(T),
    Touched {
        /// The touch.
        number: u8,
        token: T,
        /// A client payload came with it.
        payload: bool,
    },
    /// A change of the organisation was answered, with a client payload.
    Switched {
        /// The switch.
        number: u8,
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
        key: Org,
        token: T,
    },
    /// Another tab says that what this one holds is out of date.
    OutOfDate {
        key: Org,
    },
    /// The cleanup timer of a key's entry fires.
    CleanupTimer {
        key: Org,
    },
    /// The page clears the cache.
    Clear,
}

/// What of the tab's own an event is about: without it, it does not happen to the tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concern {
    Nothing,
    /// The timer of a key's entry, by which the tab refreshes it.
    Timer(Org),
    /// A request for a token, which is over with it.
    Request(TokenRequest),
    /// A touch or a change of the organisation, by its number.
    Update(u8),
    SignOut,
}

/// Whether an event makes a tab send a request for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    Never,
    /// To refresh the entry of a key, if the tab has a timer for it and nothing under way.
    Refreshes(Org),
    /// Where the cache has nothing to give.
    Reads,
    Always,
}

/// The token that comes with an event, to read or to change: as the event is borrowed.
macro_rules! token_of {
    ($event:expr) => {
        match $event {
            Event::Answer { token, .. }
            | Event::Broadcast { token, .. }
            | Event::Loaded(token)
            | Event::Rechecked {
                token: Some(token), ..
            }
            | Event::Touched { token, .. }
            | Event::Switched { token, .. } => Some(token),
            Event::Open
            | Event::Close
            | Event::RefreshTimer { .. }
            | Event::SkipCache
            | Event::GetToken
            | Event::Wait(_)
            | Event::Resume(_)
            | Event::Poll
            | Event::Focus
            | Event::Blur
            | Event::Touch
            | Event::Switch
            | Event::SignOut
            | Event::Spoiled { .. }
            | Event::Rechecked { token: None, .. }
            | Event::Ended
            | Event::Reloaded
            | Event::SignedOutElsewhere
            | Event::OutOfDate { .. }
            | Event::CleanupTimer { .. }
            | Event::Clear => None,
        }
    };
}

impl<T> Event<T> {
    /// The token that comes with it.
    pub(crate) const fn token(&self) -> Option<&T> {
        token_of!(self)
    }

    /// The same, to be changed.
    pub(crate) const fn token_mut(&mut self) -> Option<&mut T> {
        token_of!(self)
    }

    /// What of the tab's own it is about.
    pub(crate) const fn concern(&self) -> Concern {
        match self {
            Event::RefreshTimer { key } => Concern::Timer(*key),
            Event::Answer { request, .. } | Event::Rechecked { request, .. } => {
                Concern::Request(*request)
            }
            Event::Spoiled { how, request } => match how.ends_the_request() {
                true => Concern::Request(*request),
                false => Concern::Nothing,
            },
            Event::Touched { number, .. } | Event::Switched { number, .. } => {
                Concern::Update(*number)
            }
            Event::Ended => Concern::SignOut,
            Event::Open
            | Event::Close
            | Event::SkipCache
            | Event::GetToken
            | Event::Wait(_)
            | Event::Resume(_)
            | Event::Poll
            | Event::Focus
            | Event::Blur
            | Event::Touch
            | Event::Switch
            | Event::SignOut
            | Event::Loaded(_)
            | Event::Reloaded
            | Event::SignedOutElsewhere
            | Event::Broadcast { .. }
            | Event::OutOfDate { .. }
            | Event::CleanupTimer { .. }
            | Event::Clear => Concern::Nothing,
        }
    }

    /// Whether it makes a tab ask for a token, in any design.
    pub(crate) const fn asking(&self) -> Asking {
        match self {
            Event::RefreshTimer { key } => Asking::Refreshes(*key),
            Event::SkipCache | Event::Resume(Call::SkipCache) => Asking::Always,
            Event::GetToken | Event::Resume(Call::GetToken) | Event::Poll | Event::Focus => {
                Asking::Reads
            }
            Event::Open
            | Event::Close
            | Event::Blur
            | Event::Touch
            | Event::Switch
            | Event::SignOut
            | Event::Wait(_)
            | Event::Answer { .. }
            | Event::Spoiled { .. }
            | Event::Rechecked { .. }
            | Event::Loaded(_)
            | Event::Touched { .. }
            | Event::Switched { .. }
            | Event::Ended
            | Event::Reloaded
            | Event::SignedOutElsewhere
            | Event::Broadcast { .. }
            | Event::OutOfDate { .. }
            | Event::CleanupTimer { .. }
            | Event::Clear => Asking::Never,
        }
    }
}

impl<T: fmt::Display> Event<T> {
    /// In words, given those for requests.
    pub(crate) fn in_words(&self, who: impl Fn(TokenRequest) -> String) -> String {
        match self {
            Event::RefreshTimer { .. } => "the refresh timer fires".to_owned(),
            Event::SkipCache => "the page asks for a token past the cache".to_owned(),
            Event::GetToken => "the page asks for a token".to_owned(),
            Event::Wait(_) => "a call waits for the lock".to_owned(),
            Event::Resume(_) => "a call gets the lock".to_owned(),
            Event::Answer { request, token } => format!("{} is answered: {token}", who(*request)),
            Event::Spoiled { how, request } => format!("{} {}", who(*request), how.in_words()),
            Event::Rechecked { request, .. } => {
                format!("the client is answered, because of {}", who(*request))
            }
            Event::Broadcast { token, .. } => format!("a broadcast arrives: {token}"),
            Event::OutOfDate { .. } => "another tab says that the entry is out of date".to_owned(),
            Event::CleanupTimer { .. } => "the cleanup timer fires".to_owned(),
            Event::Clear => "the page clears the cache".to_owned(),
            Event::Open => "the tab is opened".to_owned(),
            Event::Close => "the tab is closed".to_owned(),
            Event::Poll => "the poller asks for a token".to_owned(),
            Event::Focus => "the tab gets focus".to_owned(),
            Event::Blur => "the tab loses focus".to_owned(),
            Event::Touch => "the page touches the session".to_owned(),
            Event::Switch => "the page changes to the other organisation".to_owned(),
            Event::SignOut => "the page signs out".to_owned(),
            Event::Loaded(token) => format!("the tab loads its client, with {token}"),
            Event::Touched { token, .. } => format!("a touch is answered: {token}"),
            Event::Switched { token, .. } => {
                format!("the change of the organisation is answered: {token}")
            }
            Event::Ended => "the sign-out is answered".to_owned(),
            Event::Reloaded => "the server says that nobody is signed in".to_owned(),
            Event::SignedOutElsewhere => "another tab says that it has signed out".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
