//! What participants say to each other.

use super::event::fetch_in_words;
use super::evidence::Evidence;
use crate::cache::FetchId;
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
    Response {
        /// The foreground fetch; `None` for the background refresh.
        fetch: Option<FetchId>,
        /// The new token.
        token: ModelToken,
    },
    /// By the driver: a request of this fetch failed.
    Failure(Option<FetchId>),
    /// By the channel: a post of another tab arrives.
    Broadcast(Post),
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
}

impl ChannelMsg {
    /// The tab whose inbox it is about; `None` for all inboxes but the sender's.
    pub(crate) const fn receiver(&self) -> Option<TabId> {
        match self {
            ChannelMsg::Post(_) => None,
            ChannelMsg::Deliver { to, .. } | ChannelMsg::Lose { to, .. } => Some(*to),
        }
    }
}

/// What the mint sources are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MintsMsg {
    /// By a tab: a token, please.
    Request(Request),
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
    Write(ModelToken),
    /// By a tab, as evidence only: a guard withheld this from the cookie.
    Withhold(ModelToken),
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
    /// The leg and the fetch, if the message goes through the network instead of arriving at once.
    pub(crate) const fn flight(&self) -> Option<(Leg, Option<FetchId>)> {
        match self {
            Msg::Mints(MintsMsg::Request(request)) => Some((Leg::Request, request.fetch)),
            Msg::Tab(TabMsg::Response { fetch, .. }) => Some((Leg::Response, *fetch)),
            Msg::Mints(MintsMsg::Rollout | MintsMsg::OiatOn | MintsMsg::Now(_))
            | Msg::Tab(
                TabMsg::Act(_) | TabMsg::Failure(_) | TabMsg::Broadcast(_) | TabMsg::Aged(_),
            )
            | Msg::Channel(_)
            | Msg::Jar(_)
            | Msg::Clock(_)
            | Msg::Driver(_)
            | Msg::Saw(_) => None,
        }
    }

    /// The token that a response holds; a request's parent is not held.
    pub(crate) const fn held(&self) -> Option<&ModelToken> {
        match self {
            Msg::Tab(TabMsg::Response { token, .. }) => Some(token),
            Msg::Tab(
                TabMsg::Act(_) | TabMsg::Failure(_) | TabMsg::Broadcast(_) | TabMsg::Aged(_),
            )
            | Msg::Mints(_)
            | Msg::Channel(_)
            | Msg::Jar(_)
            | Msg::Clock(_)
            | Msg::Driver(_)
            | Msg::Saw(_) => None,
        }
    }
}

/// What a tab posts to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Post {
    /// A token.
    Token(ModelToken),
    /// What the others hold is out of date.
    OutOfDate,
}

impl Post {
    /// The token, if there is one.
    pub const fn token(&self) -> Option<&ModelToken> {
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
    pub parent: Option<ModelToken>,
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
