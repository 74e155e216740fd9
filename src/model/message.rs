//! What participants say to each other.

use super::event::request_in_words;
use super::evidence::Evidence;
use crate::cache::{Call, RequestKind, Spoiled, TokenRequest, Writer};
use crate::freshness::Org;
use crate::vocabulary::{Age, ModelToken, Stimulus, TabAction, TabId};
use std::fmt;

/// A message, by who it is for. [`MintsMsg::Request`] and [`TabMsg::Response`] travel through the
/// network, in any order and with any delay; everything else is synchronous and arrives within the
/// same step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Msg {
    /// To a tab.
    Tab(TabMsg),
    /// To the broadcast channel.
    Channel(ChannelMsg),
    /// To the mint sources.
    Mints(MintsMsg),
    /// To the cookie jar.
    Jar(JarMsg),
    /// To the clock.
    Clock(ClockMsg),
    /// To the driver.
    Driver(DriverMsg),
    /// To the composition itself, which is no participant: evidence of what was done.
    Saw(Evidence),
}

/// What a tab is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TabMsg {
    /// By the driver: this happens in the tab.
    Act(TabAction),
    /// By the mint sources.
    Response(Response),
    /// By the driver: as [`TabMsg::Act`], of the entry of the organisation.
    ActOfOrg(TabAction),
    /// By the driver: the page calls for a token while somebody has the lock.
    Wait(Call),
    /// By the composition: the lock is free for a call that waits.
    Resume(Call),
    /// By the driver: a request for a token ended without one.
    Spoiled(Spoiled, TokenRequest),
    /// By the channel: a post of another tab arrives.
    Broadcast(Post),
    /// By the channel: another tab has signed out.
    SignedOut,
    /// By the clock: tokens have aged.
    Aged(Age),
}

/// What the broadcast channel is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelMsg {
    /// By a tab: this is for all the others.
    Post(Post),
    /// By the composition: the oldest post on its way arrives.
    Deliver {
        /// The receiver.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// By the driver: the oldest post on its way is lost.
    Lose {
        /// The tab that will not receive it.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// By the driver: all posts on their way to this tab are lost.
    Drop(TabId),
    /// By a tab: it has been opened, and hears from now on.
    Opened,
    /// By a tab: it has been closed. What is on its way to it is lost.
    Closed,
    /// By a tab, for all the others: it has signed out.
    SignOut,
    /// By the composition: a sign-out message on its way arrives.
    DeliverSignOut {
        /// The receiver.
        to: TabId,
        /// The tab that signed out.
        from: TabId,
    },
}

impl ChannelMsg {
    /// The tab whose inbox it is about; `None` for all inboxes but the sender's.
    pub(crate) const fn receiver(&self) -> Option<TabId> {
        match self {
            ChannelMsg::Post(_) | ChannelMsg::Opened | ChannelMsg::Closed | ChannelMsg::SignOut => {
                None
            }
            ChannelMsg::Deliver { to, .. }
            | ChannelMsg::Lose { to, .. }
            | ChannelMsg::Drop(to)
            | ChannelMsg::DeliverSignOut { to, .. } => Some(*to),
        }
    }
}

/// What the mint sources are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MintsMsg {
    /// By a tab: a token, please.
    Request(Request),
    /// By the composition: a request of this tab is answered with the token that was minted last.
    CarryLast(TabId, RequestKind),
    /// By the driver: the claims' format changes.
    Rollout,
    /// By the driver: the origin starts to send `oiat`.
    OiatOn,
    /// By the clock: a new instant.
    Now(u8),
}

/// What the cookie jar is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JarMsg {
    /// By a tab: this is the new cookie.
    Write(ModelToken, Writer),
    /// By a tab, as evidence only: a guard withheld this from the cookie.
    Withhold(ModelToken, Writer),
    /// By a tab: session cookie and context cookie are to go, whoever wrote them.
    Remove,
    /// By a tab: they are to go if it may write.
    RemoveOf(Writer),
    /// By the driver: the cookie is lost.
    Lose,
    /// By the clock: tokens have aged.
    Aged(Age),
}

/// What the clock is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockMsg {
    /// By the composition: time goes on.
    Tick,
    /// By the driver: tokens age to this value.
    Grow(Age),
    /// By the mint sources: a token was minted at this instant.
    Used,
}

/// What the driver is told by the composition: to take one from a budget and pass something on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriverMsg {
    /// Whose budget.
    pub stimulus: Stimulus,
    /// What is passed on.
    pub errand: Errand,
}

/// What the driver may tell others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errand {
    /// To this tab.
    Tab(TabId, TabMsg),
    /// To the broadcast channel.
    Channel(ChannelMsg),
    /// To the mint sources.
    Mints(MintsMsg),
    /// To the cookie jar.
    Jar(JarMsg),
    /// To the clock.
    Clock(ClockMsg),
}

impl Msg {
    /// What goes through the network, with a delay, instead of arriving at once.
    const fn travelling(&self) -> Option<Travelling<'_>> {
        match self {
            Msg::Mints(MintsMsg::Request(request)) => Some(Travelling::Request(request)),
            Msg::Tab(TabMsg::Response(response)) => Some(Travelling::Response(response)),
            Msg::Mints(
                MintsMsg::CarryLast(..) | MintsMsg::Rollout | MintsMsg::OiatOn | MintsMsg::Now(_),
            )
            | Msg::Tab(
                TabMsg::Act(_)
                | TabMsg::ActOfOrg(_)
                | TabMsg::Wait(_)
                | TabMsg::Resume(_)
                | TabMsg::Spoiled(..)
                | TabMsg::Broadcast(_)
                | TabMsg::SignedOut
                | TabMsg::Aged(_),
            )
            | Msg::Channel(_)
            | Msg::Jar(_)
            | Msg::Clock(_)
            | Msg::Driver(_)
            | Msg::Saw(_) => None,
        }
    }

    /// The request on its way to the mint sources, if it is one.
    pub(crate) const fn request(&self) -> Option<&Request> {
        match self.travelling() {
            Some(Travelling::Request(request)) => Some(request),
            Some(Travelling::Response(_)) | None => None,
        }
    }

    /// The response on its way to a tab, if it is one.
    pub(crate) const fn response(&self) -> Option<&Response> {
        match self.travelling() {
            Some(Travelling::Response(response)) => Some(response),
            Some(Travelling::Request(_)) | None => None,
        }
    }

    /// The leg and the kind of request, if the message goes through the network.
    pub(crate) const fn flight(&self) -> Option<(Leg, RequestKind)> {
        match self.travelling() {
            Some(Travelling::Request(request)) => Some((Leg::Request, request.kind)),
            Some(Travelling::Response(response)) => Some((Leg::Response, response.kind())),
            None => None,
        }
    }

    /// The token that a response holds; a request's parent is not held.
    pub(crate) const fn held(&self) -> Option<&ModelToken> {
        match self.response() {
            Some(response) => response.token(),
            None => None,
        }
    }
}

/// What travels on each [`Leg`].
enum Travelling<'a> {
    Request(&'a Request),
    Response(&'a Response),
}

/// What a tab posts to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum Post {
    /// A token, under a key.
    Token(Org, ModelToken),
    /// What the others hold for a key is out of date.
    OutOfDate(Org),
}

impl Post {
    /// The token, if there is one.
    pub const fn token(&self) -> Option<&ModelToken> {
        match self {
            Post::Token(_, token) => Some(token),
            Post::OutOfDate(_) => None,
        }
    }

    /// The key that it is about.
    pub const fn key(&self) -> Org {
        match self {
            Post::Token(key, _) | Post::OutOfDate(key) => *key,
        }
    }
}

impl fmt::Display for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Post::Token(Org::PERSONAL, token) => token.fmt(f),
            Post::OutOfDate(Org::PERSONAL) => f.pad("\"yours is out of date\""),
            Post::Token(key, token) => write!(f, "{token} for org {}", key.number()),
            Post::OutOfDate(key) => {
                write!(f, "\"yours is out of date\" for org {}", key.number())
            }
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

/// An answer on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum Response {
    /// To a request for a token.
    Token(TokenRequest, ModelToken),
    /// To a touch, by its number.
    Touch(u8, ModelToken),
    /// To a change of the organisation, by its number.
    Switch(u8, ModelToken),
    /// The client of a new tab.
    Load(ModelToken),
    /// The session has ended, as was asked.
    End,
    /// Nobody is signed in.
    Reload,
    /// What the client is after the 401 of this request: a session with a token, or none.
    Recheck(TokenRequest, Option<ModelToken>),
}

impl Response {
    /// Which request it answers.
    pub const fn kind(&self) -> RequestKind {
        match *self {
            Response::Token(request, _) => RequestKind::Token(request),
            Response::Touch(number, _) => RequestKind::Touch(number),
            Response::Switch(number, _) => RequestKind::Switch(number),
            Response::Load(_) => RequestKind::Load,
            Response::End => RequestKind::End,
            Response::Reload => RequestKind::Reload,
            Response::Recheck(request, _) => RequestKind::Recheck(request),
        }
    }

    /// The token that it carries.
    pub const fn token(&self) -> Option<&ModelToken> {
        match self {
            Response::Token(_, token)
            | Response::Touch(_, token)
            | Response::Switch(_, token)
            | Response::Load(token)
            | Response::Recheck(_, Some(token)) => Some(token),
            Response::End | Response::Reload | Response::Recheck(_, None) => None,
        }
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = request_in_words(self.kind());
        match self.token() {
            Some(token) => write!(f, "{token} for {request}"),
            None => write!(f, "the answer to {request}"),
        }
    }
}

/// A request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    /// Which one.
    pub kind: RequestKind,
    /// The organisation that it asks for.
    pub org: Org,
    /// The seed that the tab sent along.
    pub parent: Option<ModelToken>,
    /// Only the origin may answer.
    pub forced: bool,
}

impl Request {
    /// The key whose entry it is for.
    pub const fn key(&self) -> Org {
        match self.kind {
            RequestKind::Token(TokenRequest::Background(key)) => key,
            RequestKind::Token(TokenRequest::Fetch(_))
            | RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::End
            | RequestKind::Reload
            | RequestKind::Recheck(_) => self.org,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", request_in_words(self.kind))?;
        if self.org != Org::PERSONAL {
            let preposition = match self.kind {
                RequestKind::Switch(_) => "to",
                RequestKind::Token(_)
                | RequestKind::Recheck(_)
                | RequestKind::Touch(_)
                | RequestKind::Load
                | RequestKind::End
                | RequestKind::Reload => "for",
            };
            write!(f, " {preposition} org {}", self.org.number())?;
        }
        match self.kind {
            RequestKind::Token(_) => write!(f, ", ")?,
            RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::End
            | RequestKind::Reload
            | RequestKind::Recheck(_) => return Ok(()),
        }
        match self.parent {
            Some(parent) => write!(f, "seeded with {parent}")?,
            None => write!(f, "without a seed")?,
        }
        write!(f, "{}", if self.forced { ", origin forced" } else { "" })
    }
}
