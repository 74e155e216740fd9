//! The events whose interleavings are explored: one step of the model each.

use super::message::{ChannelMsg, ClockMsg, DriverMsg, Errand, JarMsg, Leg, MintsMsg, Msg, TabMsg};
use super::participant::Shared;
use crate::cache::FetchId;
use crate::vocabulary::{Age, Fault, Stimulus, TabAction, TabId};
use std::fmt;

/// One asynchronous event; everything synchronous that follows belongs to the same step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Time goes on: the next token minted is later than those so far.
    Tick,
    /// Tokens age until the next one becomes near or dead.
    Age(Age),
    /// A stimulus that happens in a tab: its own timer fires, or its page asks for something.
    InTab(TabAction, TabId),
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
            Event::Age(_) => Some(Stimulus::Fault(Fault::Age)),
            Event::InTab(action, _) => Some(Stimulus::Tab(*action)),
            Event::Fail(..) => Some(Stimulus::Fault(Fault::Fail)),
            Event::Lose { .. } => Some(Stimulus::Fault(Fault::Lose)),
            Event::LoseCookie => Some(Stimulus::Fault(Fault::CookieLoss)),
            Event::Rollout => Some(Stimulus::Fault(Fault::Rollout)),
            Event::OiatOn => Some(Stimulus::Fault(Fault::OiatOn)),
            Event::Tick | Event::Mint(..) | Event::Respond(..) | Event::Deliver { .. } => None,
        }
    }

    /// Whether it has to happen at some time if it can happen all the time: requests reach the mint,
    /// answers and broadcasts arrive. Stimuli and faults may fail to come, and time may stand still.
    pub const fn is_inevitable(self) -> bool {
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

/// How an event begins. Everything else follows from what the participants do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The request or response that leaves the network.
    pub(crate) taken: Option<(TabId, Leg, Option<FetchId>)>,
    /// Who hears of it first, and what.
    pub(crate) heard: Heard,
}

/// What is heard first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// What leaves the network, by whoever it is for.
    Taken,
    /// Something that the composition says to a shared participant.
    Said(Shared, Msg),
}

impl Opening {
    /// Of an event.
    pub(crate) fn of(event: Event) -> Opening {
        let said = |shared, msg| Opening {
            taken: None,
            heard: Heard::Said(shared, msg),
        };
        let arrives = |tab, leg, fetch| Opening {
            taken: Some((tab, leg, fetch)),
            heard: Heard::Taken,
        };
        let issued = |stimulus: Stimulus, errand| {
            let msg = DriverMsg { stimulus, errand };
            said(Shared::Driver, Msg::Driver(msg))
        };
        match event {
            Event::Tick => said(Shared::Clock, Msg::Clock(ClockMsg::Tick)),
            Event::Deliver { to, from } => {
                let msg = ChannelMsg::Deliver { to, from };
                said(Shared::Channel, Msg::Channel(msg))
            }
            Event::Mint(tab, fetch) => arrives(tab, Leg::Request, fetch),
            Event::Respond(tab, fetch) => arrives(tab, Leg::Response, fetch),
            Event::Age(age) => issued(Fault::Age.into(), Errand::Clock(ClockMsg::Grow(age))),
            Event::InTab(action, tab) => {
                issued(action.into(), Errand::Tab(tab, TabMsg::Act(action)))
            }
            Event::Fail(tab, fetch) => Opening {
                taken: Some((tab, Leg::Request, fetch)),
                ..issued(Fault::Fail.into(), Errand::Tab(tab, TabMsg::Failure(fetch)))
            },
            Event::Lose { to, from } => {
                let msg = ChannelMsg::Lose { to, from };
                issued(Fault::Lose.into(), Errand::Channel(msg))
            }
            Event::LoseCookie => issued(Fault::CookieLoss.into(), Errand::Jar(JarMsg::Lose)),
            Event::Rollout => issued(Fault::Rollout.into(), Errand::Mints(MintsMsg::Rollout)),
            Event::OiatOn => issued(Fault::OiatOn.into(), Errand::Mints(MintsMsg::OiatOn)),
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
            Event::InTab(action, tab) => write!(f, "{tab}: {}", action.in_words()),
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
