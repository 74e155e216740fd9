//! What participants say to each other, and what they report.

use super::event::fetch_in_words;
use super::minted::{Age, Instants, Minted};
use crate::cache::{Comparison, Effect, FetchId, Observation};
use crate::scenario::Stimulus;
use std::fmt;

/// A tab, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// A message. [`Msg::Request`] and [`Msg::Response`] travel through the network, in any order and
/// with any delay; everything else is synchronous and arrives within the same step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Msg {
    /// Tab to mint sources: a token, please.
    Request(Request),
    /// Mint sources to tab.
    Response {
        /// The foreground fetch; `None` for the background refresh.
        fetch: Option<FetchId>,
        /// The new token.
        token: Minted,
    },
    /// Driver to tab: one of the stimuli that happen in a tab.
    Stimulus(Stimulus),
    /// Driver to tab: a request of this fetch failed.
    Failure(Option<FetchId>),
    /// Tab to channel.
    Post(Post),
    /// Channel to tab: a post of another tab arrives.
    Broadcast(Post),
    /// Driver to channel: the oldest post on its way is lost.
    Lose {
        /// The tab that will not receive it.
        to: TabId,
        /// The tab that posted it.
        from: TabId,
    },
    /// Tab to cookie jar.
    WriteCookie(Minted),
    /// Tab to cookie jar: evidence that a guard withheld a write.
    WithholdCookie(Minted),
    /// Driver to cookie jar.
    LoseCookie,
    /// Driver to mint sources: the claims' format changes.
    Rollout,
    /// Driver to mint sources: the origin starts to send `oiat`.
    OiatOn,
    /// Driver to clock: tokens age to this value.
    Grow(Age),
    /// Clock to mint sources: a new instant.
    Now(u8),
    /// Clock to tabs and cookie jar: tokens have aged.
    Aged(Age),
    /// Mint sources to clock: a token was minted at this instant.
    Used,
    /// Anyone to the observer, which is no participant: evidence of what was done.
    Saw(Evidence),
}

impl Msg {
    /// The leg and the fetch, if the message goes through the network instead of arriving at once.
    pub(crate) const fn flight(&self) -> Option<(Leg, Option<FetchId>)> {
        match self {
            Msg::Request(request) => Some((Leg::Request, request.fetch)),
            Msg::Response { fetch, .. } => Some((Leg::Response, *fetch)),
            _ => None,
        }
    }

    /// When the token that a response holds was minted; a request's parent is not held.
    pub(crate) fn held(&self) -> Instants {
        match self {
            Msg::Response { token, .. } => Instants::from(token),
            _ => Instants::NONE,
        }
    }
}

/// What a tab posts to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Post {
    /// A token.
    Token(Minted),
    /// What the others hold is out of date.
    OutOfDate,
}

impl Post {
    /// The token, if there is one.
    pub const fn token(&self) -> Option<&Minted> {
        match self {
            Post::Token(token) => Some(token),
            Post::OutOfDate => None,
        }
    }
}

impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Post::Token(token) => token.fmt(f),
            Post::OutOfDate => f.pad("\"yours is out of date\""),
        }
    }
}

/// The two messages that take their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Leg {
    /// From a tab to the mint sources.
    Request,
    /// From the mint sources to a tab.
    Response,
}

/// A mint request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// The foreground fetch; `None` for the background refresh.
    pub fetch: Option<FetchId>,
    /// The seed that the tab sent along.
    pub parent: Option<Minted>,
    /// Only the origin may answer.
    pub forced: bool,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, ", fetch_in_words(self.fetch))?;
        match self.parent {
            Some(parent) => write!(f, "seeded with {parent}")?,
            None => write!(f, "without a seed")?,
        }
        write!(f, "{}", if self.forced { ", origin forced" } else { "" })
    }
}

/// What a participant reports for the properties and for the story. Not part of any state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A tab's cache at work.
    Cache(TabId, Observation<Minted>),
    /// A tab posted something.
    Posted(TabId, Post),
    /// A tab sent a request.
    Requested(TabId, Request),
    /// The mint sources made a token for a tab.
    Minted(TabId, Source, Minted),
    /// A token update met the cookie.
    Cookie(CookieUpdate),
}

impl Evidence {
    /// What a tab's effect is evidence of. What becomes of a cookie write is the jar's to tell.
    pub(crate) fn of(tab: TabId, effect: &Effect<Minted>) -> Option<Evidence> {
        Some(match effect {
            Effect::Request {
                fetch,
                parent,
                forced,
            } => {
                let request = Request {
                    fetch: *fetch,
                    parent: *parent,
                    forced: *forced,
                };
                Evidence::Requested(tab, request)
            }
            Effect::Post(token) => Evidence::Posted(tab, Post::Token(*token)),
            Effect::Invalidate => Evidence::Posted(tab, Post::OutOfDate),
            Effect::Saw(saw) => Evidence::Cache(tab, saw.clone()),
            Effect::WriteCookie(_) | Effect::WithholdCookie(_) => return None,
        })
    }

    /// The tab that did it, where it was a tab.
    pub const fn tab(&self) -> Option<TabId> {
        match self {
            Evidence::Cache(tab, _) | Evidence::Posted(tab, _) | Evidence::Requested(tab, _) => {
                Some(*tab)
            }
            Evidence::Minted(..) | Evidence::Cookie(_) => None,
        }
    }

    /// The use of the comparator that this is evidence of, if it is.
    pub const fn comparison(&self) -> Option<&Comparison<Minted>> {
        match self {
            Evidence::Cache(_, Observation::Compared(comparison)) => Some(comparison),
            Evidence::Cookie(CookieUpdate {
                comparison: Some(comparison),
                ..
            }) => Some(comparison),
            _ => None,
        }
    }
}

/// A token update that met the cookie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CookieUpdate {
    /// The tab that has the update.
    pub tab: TabId,
    /// The cookie before, and whether it was expired.
    pub before: Option<(Minted, bool)>,
    /// The update.
    pub token: Minted,
    /// What became of it.
    pub fate: CookieFate,
    /// The cookie guard's comparison, if there was one.
    pub comparison: Option<Comparison<Minted>>,
}

/// What becomes of a token update on its way to the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CookieFate {
    /// The cookie now holds it.
    Written,
    /// The cookie's guard dropped the write.
    Dropped,
    /// A guard in the tab kept it back.
    Withheld,
}

/// Where a token was minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Claims read from the database.
    Origin,
    /// Claims copied from the parent.
    Edge,
}
