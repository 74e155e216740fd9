//! What participants say to each other.

use super::channel::ChannelMsg;
use super::clock::ClockMsg;
use super::driver::DriverMsg;
use super::event::request_in_words;
use super::evidence::Evidence;
use super::jar::JarMsg;
use super::mints::MintsMsg;
use super::tab::TabMsg;
use crate::cache::{RequestKind, TokenRequest};
use crate::freshness::Org;
use crate::vocabulary::ModelToken;
use std::fmt;

/// A message, by who it is for. [`MintsMsg::Request`] and [`TabMsg::Response`] travel through the
/// network, in any order and with any delay; everything else is synchronous and arrives within the
/// same step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Msg {
    Tab(TabMsg),
    /// To the broadcast channel.
    Channel(ChannelMsg),
    /// To the mint sources.
    Mints(MintsMsg),
    /// To the cookie jar.
    Jar(JarMsg),
    Clock(ClockMsg),
    Driver(DriverMsg),
    /// To the composition itself, which is no participant: evidence of what was done.
    Saw(Evidence),
}

impl Msg {
    /// What goes through the network, with a delay, instead of arriving at once.
    const fn travelling(&self) -> Option<Travelling<'_>> {
        match self {
            Msg::Mints(msg) => msg.travelling(),
            Msg::Tab(msg) => msg.travelling(),
            Msg::Channel(_) | Msg::Jar(_) | Msg::Clock(_) | Msg::Driver(_) | Msg::Saw(_) => None,
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
pub(super) enum Travelling<'a> {
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
    Token(TokenRequest, ModelToken),
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
