//! The events whose interleavings are explored: one step of the model each.

use super::channel::ChannelMsg;
use super::clock::ClockMsg;
use super::driver::{DriverMsg, Errand};
use super::jar::JarMsg;
use super::message::{Leg, Msg};
use super::mints::MintsMsg;
use super::participant::Shared;
use super::tab::TabMsg;
use crate::cache::{Call, RequestKind, TokenRequest};
use crate::freshness::Org;
use crate::vocabulary::{Age, Fault, RequestFault, SharedFault, Stimulus, TabAction, TabId};
use std::fmt;

/// One asynchronous event; everything synchronous that follows belongs to the same step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub enum Event {
    /// Time goes on: the next token minted is later than those so far.
    Tick,
    /// Tokens age until the next one becomes near or dead.
    Age(Age),
    /// A stimulus that happens in a tab: its own timer fires, or its page asks for something.
    InTab(TabAction, TabId),
    /// The same, of the entry under the key of the organisation: its timer fires.
    InTabOfOrg(TabAction, TabId),
    /// The page of a tab calls for a token while somebody has the lock, and waits.
    Wait(TabId, Call),
    /// The lock is free, and a call that waited gets it.
    Resume(TabId, Call),
    /// A request reaches the mint sources.
    Mint(TabId, RequestKind),
    /// A request reaches the server, which answers with the token that was minted last.
    CarryLast(TabId, RequestKind),
    /// A response reaches its tab.
    Respond(TabId, RequestKind),
    /// A request for a token brings none.
    Spoil(RequestFault, TabId, TokenRequest),
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
    /// All posts on their way to a tab are lost.
    Drop(TabId),
    /// A tab hears that another one has signed out.
    DeliverSignOut {
        /// The receiver.
        to: TabId,
        /// The tab that signed out.
        from: TabId,
    },
    /// Something befalls what all tabs share.
    Befall(SharedFault),
}

impl Event {
    /// The stimulus whose budget this event spends, if it is not one of the system's own.
    pub const fn stimulus(&self) -> Option<Stimulus> {
        match self {
            Event::Age(_) => Some(Stimulus::Fault(Fault::Age)),
            Event::InTab(action, _) | Event::InTabOfOrg(action, _) => Some(Stimulus::Tab(*action)),
            Event::Wait(_, call) => Some(Stimulus::Tab(action_of(*call))),
            Event::Spoil(fault, ..) => Some(Stimulus::Request(*fault)),
            Event::Lose { .. } => Some(Stimulus::Fault(Fault::Lose)),
            Event::Drop(_) => Some(Stimulus::Fault(Fault::Drop)),
            Event::Befall(fault) => Some(Stimulus::Shared(*fault)),
            Event::Tick
            | Event::Resume(..)
            | Event::Mint(..)
            | Event::CarryLast(..)
            | Event::Respond(..)
            | Event::Deliver { .. }
            | Event::DeliverSignOut { .. } => None,
        }
    }

    /// The event after tabs have got other numbers.
    pub(crate) fn of_tabs(self, number: impl Fn(TabId) -> TabId) -> Event {
        match self {
            Event::Tick | Event::Age(_) | Event::Befall(_) => self,
            Event::InTab(action, tab) => Event::InTab(action, number(tab)),
            Event::InTabOfOrg(action, tab) => Event::InTabOfOrg(action, number(tab)),
            Event::Wait(tab, call) => Event::Wait(number(tab), call),
            Event::Resume(tab, call) => Event::Resume(number(tab), call),
            Event::Mint(tab, kind) => Event::Mint(number(tab), kind),
            Event::CarryLast(tab, kind) => Event::CarryLast(number(tab), kind),
            Event::Respond(tab, kind) => Event::Respond(number(tab), kind),
            Event::Spoil(fault, tab, request) => Event::Spoil(fault, number(tab), request),
            Event::Deliver { to, from } => Event::Deliver {
                to: number(to),
                from: number(from),
            },
            Event::Lose { to, from } => Event::Lose {
                to: number(to),
                from: number(from),
            },
            Event::Drop(to) => Event::Drop(number(to)),
            Event::DeliverSignOut { to, from } => Event::DeliverSignOut {
                to: number(to),
                from: number(from),
            },
        }
    }

    /// Whether it has to happen at some time if it can happen all the time: requests reach the mint,
    /// answers and messages of other tabs arrive, and a lock that is free goes to a call that waits
    /// for it. Stimuli and faults may fail to come, and time may stand still.
    pub const fn is_inevitable(self) -> bool {
        match self {
            Event::Resume(..)
            | Event::Mint(..)
            | Event::Respond(..)
            | Event::Deliver { .. }
            | Event::DeliverSignOut { .. } => true,
            // Whether an answer carries the last token is the server's choice.
            Event::CarryLast(..)
            | Event::Tick
            | Event::Age(_)
            | Event::InTab(..)
            | Event::InTabOfOrg(..)
            | Event::Wait(..)
            | Event::Drop(_)
            | Event::Spoil(..)
            | Event::Lose { .. }
            | Event::Befall(_) => false,
        }
    }

    /// What its words name beside it: what arrives, or the post that is lost.
    pub(crate) const fn brings(self) -> Option<Brought> {
        match self {
            Event::Deliver { to, from } | Event::Lose { to, from } => {
                Some(Brought::Post { to, from })
            }
            Event::Respond(tab, kind) => Some(Brought::Answer(tab, kind)),
            Event::Tick
            | Event::Age(_)
            | Event::InTab(..)
            | Event::InTabOfOrg(..)
            | Event::Wait(..)
            | Event::Resume(..)
            | Event::Mint(..)
            | Event::CarryLast(..)
            | Event::Spoil(..)
            | Event::Drop(_)
            | Event::DeliverSignOut { .. }
            | Event::Befall(_) => None,
        }
    }

    /// The action that happens in a tab under the personal key, if it is one.
    pub(crate) const fn action(self) -> Option<TabAction> {
        match self {
            Event::InTab(action, _) => Some(action),
            Event::InTabOfOrg(..)
            | Event::Wait(..)
            | Event::Tick
            | Event::Age(_)
            | Event::Resume(..)
            | Event::Mint(..)
            | Event::CarryLast(..)
            | Event::Respond(..)
            | Event::Spoil(..)
            | Event::Deliver { .. }
            | Event::Lose { .. }
            | Event::Drop(_)
            | Event::DeliverSignOut { .. }
            | Event::Befall(_) => None,
        }
    }
}

/// What arrives with an event, or is lost with it.
pub(crate) enum Brought {
    /// The oldest post of one tab on its way to another.
    Post {
        /// The receiver.
        to: TabId,
        /// The poster.
        from: TabId,
    },
    Answer(TabId, RequestKind),
}

/// How an event begins. Everything else follows from what the participants do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The request or response that leaves the network.
    pub(crate) taken: Option<(TabId, Leg, RequestKind)>,
    /// The tab of which all requests and responses leave the network, unheard.
    pub(crate) cleared: Option<TabId>,
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
    /// Something that the composition says to a tab.
    Told(TabId, TabMsg),
}

pub(crate) const fn action_of(call: Call) -> TabAction {
    match call {
        Call::GetToken => TabAction::GetToken,
        Call::SkipCache => TabAction::SkipCache,
    }
}

/// Where on its way a request for a token meets the fault.
pub(crate) const fn leg_of(fault: RequestFault) -> Leg {
    match fault.befalls_the_answer() {
        true => Leg::Response,
        false => Leg::Request,
    }
}

/// Who is told of what befalls him, and what.
const fn errand_of(fault: SharedFault) -> Errand {
    match fault {
        SharedFault::CookieLoss => Errand::Jar(JarMsg::Lose),
        SharedFault::Rollout => Errand::Mints(MintsMsg::Rollout),
        SharedFault::OiatOn => Errand::Mints(MintsMsg::OiatOn),
    }
}

impl Opening {
    pub(crate) fn of(event: Event) -> Opening {
        let said = |shared, msg| Opening {
            taken: None,
            cleared: None,
            heard: Heard::Said(shared, msg),
        };
        let arrives = |tab, leg, kind| Opening {
            taken: Some((tab, leg, kind)),
            cleared: None,
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
            Event::DeliverSignOut { to, from } => {
                let msg = ChannelMsg::DeliverSignOut { to, from };
                said(Shared::Channel, Msg::Channel(msg))
            }
            Event::Mint(tab, kind) => arrives(tab, Leg::Request, kind),
            Event::CarryLast(tab, kind) => Opening {
                taken: Some((tab, Leg::Request, kind)),
                ..said(Shared::Mints, Msg::Mints(MintsMsg::CarryLast(tab, kind)))
            },
            Event::Respond(tab, kind) => arrives(tab, Leg::Response, kind),
            Event::Age(age) => issued(Fault::Age.into(), Errand::Clock(ClockMsg::Grow(age))),
            Event::InTab(action, tab) => Opening {
                cleared: Some(tab).filter(|_| action == TabAction::Close),
                ..issued(action.into(), Errand::Tab(tab, TabMsg::Act(action)))
            },
            Event::InTabOfOrg(action, tab) => {
                issued(action.into(), Errand::Tab(tab, TabMsg::ActOfOrg(action)))
            }
            Event::Wait(tab, call) => {
                issued(action_of(call).into(), Errand::Tab(tab, TabMsg::Wait(call)))
            }
            Event::Resume(tab, call) => Opening {
                taken: None,
                cleared: None,
                heard: Heard::Told(tab, TabMsg::Resume(call)),
            },
            Event::Spoil(fault, tab, request) => {
                let leg = leg_of(fault);
                let heard = TabMsg::Spoiled(fault.to_the_tab(), request);
                Opening {
                    taken: Some((tab, leg, RequestKind::Token(request))),
                    ..issued(fault.into(), Errand::Tab(tab, heard))
                }
            }
            Event::Drop(to) => issued(Fault::Drop.into(), Errand::Channel(ChannelMsg::Drop(to))),
            Event::Lose { to, from } => {
                let msg = ChannelMsg::Lose { to, from };
                issued(Fault::Lose.into(), Errand::Channel(msg))
            }
            Event::Befall(fault) => issued(fault.into(), errand_of(fault)),
        }
    }
}

/// The request in words: `fetch f0`, or `background refresh`.
pub(crate) fn request_in_words(kind: RequestKind) -> String {
    match kind {
        RequestKind::Token(TokenRequest::Fetch(id)) => format!("fetch {id}"),
        RequestKind::Token(TokenRequest::Background(Org::PERSONAL)) => {
            "background refresh".to_owned()
        }
        RequestKind::Token(TokenRequest::Background(key)) => {
            format!("background refresh of org {}", key.number())
        }
        RequestKind::Touch(0) => "touch".to_owned(),
        RequestKind::Touch(number) => format!("touch {}", number + 1),
        RequestKind::Switch(0) => "change of the organisation".to_owned(),
        RequestKind::Switch(number) => format!("change {} of the organisation", number + 1),
        RequestKind::Load => "load of the client".to_owned(),
        RequestKind::End => "sign-out".to_owned(),
        RequestKind::Reload => "reload of the client".to_owned(),
        RequestKind::Recheck(request) => {
            let request = request_in_words(RequestKind::Token(request));
            format!("look at the client because of {request}")
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Tick => write!(f, "time goes on"),
            Event::Age(_) => write!(f, "tokens age"),
            Event::InTab(action, tab) => write!(f, "{tab}: {}", action.in_words()),
            Event::InTabOfOrg(action, tab) => write!(f, "{tab}, org 1: {}", action.in_words()),
            Event::Wait(tab, call) => {
                let call = call.in_words();
                write!(f, "{tab}: page calls {call} and waits for the lock")
            }
            Event::Resume(tab, call) => write!(f, "{tab}: {} gets the lock", call.in_words()),
            Event::Mint(tab, kind @ RequestKind::Token(_)) => {
                write!(f, "{tab}'s {} reaches the mint", request_in_words(*kind))
            }
            Event::Mint(tab, kind) => {
                write!(f, "{tab}'s {} reaches the server", request_in_words(*kind))
            }
            Event::CarryLast(tab, kind) => {
                let request = request_in_words(*kind);
                write!(f, "{tab}'s {request} is to be answered with the last token")
            }
            Event::Respond(tab, kind) => {
                write!(f, "{tab}'s {} is answered", request_in_words(*kind))
            }
            Event::Spoil(fault, tab, request) => {
                let request = request_in_words(RequestKind::Token(*request));
                f.write_str(&fault.in_words(*tab, &request))
            }
            Event::Drop(to) => write!(f, "{to} is frozen: broadcasts on their way to it are lost"),
            Event::DeliverSignOut { to, from } => {
                write!(f, "{to} hears that {from} has signed out")
            }
            Event::Deliver { to, from } => write!(f, "broadcast from {from} reaches {to}"),
            Event::Lose { to, from } => write!(f, "broadcast from {from} to {to} is lost"),
            Event::Befall(fault) => f.write_str(fault.in_words()),
        }
    }
}
