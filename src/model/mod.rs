//! The system as a stateright actor model, composed with run to completion.
//!
//! Tabs, broadcast channel, mint sources, cookie jar, clock and driver are the [`Participant`]s of
//! one actor model. Two kinds of interaction exist:
//!
//! - asynchronous: requests and responses on the network, posts waiting in the channel, stimuli.
//!   Their interleavings are what is explored; each is an [`Event`].
//! - synchronous: everything else. `postMessage` enqueues at once, a cookie is written at once, a
//!   handler and its promise reactions run to completion before the next task (the HTML standard,
//!   section "Event loops").
//!
//! So a step of [`Composed`] is one event, delivered to one actor, followed by all synchronous
//! messages in the order in which they were sent. It knows no property: what properties remember,
//! and the [`stateright::Model`], are in [`property`](crate::property).

mod channel;
mod clock;
mod driver;
mod enabled;
mod event;
mod evidence;
mod jar;
mod message;
mod mints;
mod participant;
mod roster;
mod system;
mod tab;
mod words;

pub(crate) use channel::Handling;
pub(crate) use enabled::{
    Asked, ClockFacts, DriverFacts, Facts, InboxFacts, JarFacts, MintsFacts, NetworkFacts, Permits,
    TabFacts, next_age, possible,
};
pub(crate) use event::{Brought, Heard, Opening};
pub(crate) use message::Leg;
pub(crate) use tab::Meaning;

pub use channel::{Channel, ChannelMsg, ChannelState};
pub use clock::{Clock, ClockMsg, ClockState};
pub use driver::{Driver, DriverMsg, Errand};
pub use event::Event;
pub(crate) use event::request_in_words;
pub use evidence::{CookieFate, CookieUpdate, Evidence, Source};
pub use jar::{Jar, JarMsg, JarState};
pub use message::{Msg, Post, Request, Response};
pub use mints::{Mints, MintsMsg, MintsState};
pub use participant::{Local, Participant, Shared};
pub use roster::Roster;
pub use system::System;
pub use tab::{Tab, TabMsg, TabState};

use crate::cache::{Platform, Policy, Rules};
use crate::freshness::Rule;
use crate::vocabulary::Setup;
use stateright::Model;
use stateright::actor::{ActorModel, Envelope, Network};
use std::collections::VecDeque;
use std::sync::Arc;

/// One design in one scenario, as a transition system: events, and what they lead to.
pub struct Composed {
    actors: ActorModel<Participant>,
    roster: Roster,
    setup: Setup,
    permits: Permits,
    rules: Rules,
    platform: Platform,
    /// Those of them that may fail.
    external: Vec<Rule>,
}

/// What one step led to.
pub struct Step {
    /// The system afterwards.
    pub system: System,
    /// What was done on the way, in order.
    pub evidence: Vec<Evidence>,
}

impl Composed {
    pub fn new(policy: Policy, setup: &Setup) -> Composed {
        let roster = Roster { tabs: setup.tabs };
        let actors = ActorModel::new((), ())
            .actors(Participant::all(roster, policy, setup))
            .init_network(Network::new_unordered_nonduplicating([]));
        Composed {
            actors,
            roster,
            setup: setup.clone(),
            permits: Permits::new(roster, setup, policy.requests),
            rules: policy.rules,
            platform: policy.platform,
            external: external(&policy.rules),
        }
    }

    pub fn roster(&self) -> Roster {
        self.roster
    }

    /// What there is beside the tabs and their caches.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The rules by which the design compares tokens.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether one of them has failed, so that there is no point in going on.
    #[inline]
    pub fn has_failed(&self) -> bool {
        self.external.iter().any(|rule| rule.has_failed())
    }

    /// What there is and what may happen.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The participants, in the order of the roster.
    pub(crate) fn participants(&self) -> &[Participant] {
        &self.actors.actors
    }

    pub(crate) fn permits(&self) -> &Permits {
        &self.permits
    }

    /// The system before anything happened.
    pub fn start(&self) -> System {
        // An `ActorModel` has exactly one initial state.
        System(self.actors.init_states().remove(0))
    }

    /// The events that can happen, in a fixed order.
    pub fn enabled(&self, system: &System) -> Vec<Event> {
        let mut events = Vec::new();
        let facts = Facts::from(system);
        self.permits.list_enabled(&facts, &mut events);
        events
    }

    /// How many requests and answers of each tab are under way, and whether something may still happen
    /// in it that makes tabs ask.
    pub fn asking(&self, system: &System) -> Vec<(u8, bool)> {
        let facts = Facts::from(system);
        let under_way = system.under_way().into_iter();
        let may_ask = self.permits.may_ask(&facts);
        under_way.zip(may_ask).collect()
    }

    /// Lets one enabled event happen, with everything synchronous that follows.
    pub fn step(&self, system: &System, event: Event) -> Step {
        let mut turn = Turn {
            actors: &self.actors.actors,
            system: system.clone(),
            pending: VecDeque::new(),
            evidence: Vec::new(),
        };
        turn.begin(self.roster, event);
        turn.run_to_completion();
        let Turn {
            system, evidence, ..
        } = turn;
        Step { system, evidence }
    }
}

fn external(rules: &Rules) -> Vec<Rule> {
    let all = rules.all().into_iter();
    all.filter(|rule| matches!(rule, Rule::External(_)))
        .collect()
}

/// A step under way.
struct Turn<'a> {
    actors: &'a [Participant],
    system: System,
    /// Synchronous messages, in the order in which they were sent.
    pending: VecDeque<Envelope<Msg>>,
    evidence: Vec<Evidence>,
}

impl Turn<'_> {
    /// Delivers the event itself.
    fn begin(&mut self, roster: Roster, event: Event) {
        let Opening {
            taken,
            cleared,
            heard,
        } = Opening::of(event);
        if let Some(tab) = cleared {
            self.system.clear(tab);
        }
        let taken = taken.map(|(tab, leg, kind)| self.system.take(tab, leg, kind));
        let first = match (heard, taken) {
            (Heard::Said(shared, msg), None | Some(Some(_))) => Envelope {
                src: roster.composition(),
                dst: roster.shared(shared),
                msg,
            },
            (Heard::Told(tab, msg), None | Some(Some(_))) => Envelope {
                src: roster.composition(),
                dst: roster.tab(tab),
                msg: Msg::Tab(msg),
            },
            (Heard::Taken, Some(Some(envelope))) => envelope,
            (_, Some(None)) | (Heard::Taken, None) => {
                panic!("\"{event}\" cannot happen: nothing is on its way for it")
            }
        };
        self.handle(first);
    }

    fn run_to_completion(&mut self) {
        while let Some(envelope) = self.pending.pop_front() {
            self.handle(envelope);
        }
    }

    /// Runs one handler. A message that changes nothing is consumed all the same, unlike on
    /// stateright's unordered networks.
    fn handle(&mut self, Envelope { src, dst, msg }: Envelope<Msg>) {
        let state = &mut self.system.0.actor_states[usize::from(dst)];
        let (next, sent) = self.actors[usize::from(dst)].react(dst, state, src, msg);
        if let Some(next) = next {
            *state = Arc::new(next);
        }
        for (to, msg) in sent {
            self.send(Envelope {
                src: dst,
                dst: to,
                msg,
            });
        }
    }

    fn send(&mut self, envelope: Envelope<Msg>) {
        match envelope.msg {
            Msg::Saw(evidence) => self.evidence.push(evidence),
            msg if msg.flight().is_some() => self.system.put(Envelope { msg, ..envelope }),
            msg => self.pending.push_back(Envelope { msg, ..envelope }),
        }
    }
}
