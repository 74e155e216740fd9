//! The events whose interleavings are explored: one step of the model each.

use super::message::{Leg, TabId};
use super::minted::Age;
use super::roster::Roster;
use crate::cache::FetchId;
use crate::scenario::Stimulus;
use stateright::actor::Id;
use std::fmt;

/// One asynchronous event; everything synchronous that follows belongs to the same step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Time goes on: the next token minted is later than those so far.
    Tick,
    /// Tokens age until the next one becomes near or dead.
    Age(Age),
    /// A stimulus that happens in a tab: its own timer fires, or its page asks for something.
    InTab(Stimulus, TabId),
    /// A request reaches the mint sources.
    Mint(TabId, Option<FetchId>),
    /// A response reaches its tab.
    Respond(TabId, Option<FetchId>),
    /// A request fails before it is answered.
    Fail(TabId, Option<FetchId>),
    /// The oldest post of one tab that waits for another arrives.
    Deliver {
        /// The receiver.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// The oldest post of one tab that waits for another is lost.
    Lose {
        /// The tab that will not receive it.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    /// The session cookie is lost.
    LoseCookie,
    /// The server's format of claims changes.
    Rollout,
    /// The origin starts to send `oiat`.
    OiatOn,
}

impl Event {
    /// The stimulus whose budget this event spends, if it is not one of the system's own.
    pub const fn stimulus(&self) -> Option<Stimulus> {
        match self {
            Event::Age(_) => Some(Stimulus::Age),
            Event::InTab(stimulus, _) => Some(*stimulus),
            Event::Fail(..) => Some(Stimulus::Fail),
            Event::Lose { .. } => Some(Stimulus::Lose),
            Event::LoseCookie => Some(Stimulus::CookieLoss),
            Event::Rollout => Some(Stimulus::Rollout),
            Event::OiatOn => Some(Stimulus::OiatOn),
            Event::Tick | Event::Mint(..) | Event::Respond(..) | Event::Deliver { .. } => None,
        }
    }
}

/// How an event begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A participant does it by itself.
    Choice(Id),
    /// A request or response of a tab arrives.
    Arrival(TabId, Leg, Option<FetchId>),
    /// A tab's request is lost, and a participant says so.
    Loss(TabId, Option<FetchId>, Id),
}

impl Event {
    /// How the event begins. Everything else follows from what the participants do.
    pub(crate) fn opening(&self, roster: Roster) -> Opening {
        match *self {
            Event::Tick => Opening::Choice(roster.clock()),
            Event::Deliver { .. } => Opening::Choice(roster.channel()),
            Event::Mint(tab, fetch) => Opening::Arrival(tab, Leg::Request, fetch),
            Event::Respond(tab, fetch) => Opening::Arrival(tab, Leg::Response, fetch),
            Event::Fail(tab, fetch) => Opening::Loss(tab, fetch, roster.driver()),
            Event::Age(_)
            | Event::InTab(..)
            | Event::Lose { .. }
            | Event::LoseCookie
            | Event::Rollout
            | Event::OiatOn => Opening::Choice(roster.driver()),
        }
    }
}

impl Event {
    /// Whether it has to happen at some time if it can happen all the time: requests reach the mint,
    /// answers and broadcasts arrive. Stimuli and faults may fail to come, and time may stand still.
    pub fn is_inevitable(self) -> bool {
        match self {
            Event::Mint(..) | Event::Respond(..) | Event::Deliver { .. } => true,
            Event::Tick
            | Event::Age(_)
            | Event::InTab(..)
            | Event::Fail(..)
            | Event::Lose { .. }
            | Event::LoseCookie
            | Event::Rollout
            | Event::OiatOn => false,
        }
    }
}

/// The fetch in words: `fetch f0`, or `background refresh`.
pub fn fetch_in_words(fetch: Option<FetchId>) -> String {
    match fetch {
        Some(id) => format!("fetch {id}"),
        None => "background refresh".to_owned(),
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Tick => write!(f, "time goes on"),
            Event::Age(_) => write!(f, "tokens age"),
            Event::InTab(stimulus, tab) => write!(f, "{tab}: {}", stimulus.in_words()),
            Event::Mint(tab, fetch) => {
                write!(f, "{tab}'s {} reaches the mint", fetch_in_words(*fetch))
            }
            Event::Respond(tab, fetch) => {
                write!(f, "{tab}'s {} is answered", fetch_in_words(*fetch))
            }
            Event::Fail(tab, fetch) => write!(f, "{tab}'s {} fails", fetch_in_words(*fetch)),
            Event::Deliver { to, from } => write!(f, "broadcast from {from} reaches {to}"),
            Event::Lose { to, from } => write!(f, "broadcast from {from} to {to} is lost"),
            Event::LoseCookie => write!(f, "the cookie is lost"),
            Event::Rollout => write!(f, "the claims' format changes"),
            Event::OiatOn => write!(f, "the origin starts to send oiat"),
        }
    }
}
