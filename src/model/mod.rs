//! The system as a stateright actor model, composed with run to completion.
//!
//! Tabs, broadcast channel, mint sources, cookie jar, clock and driver are
//! [`Actor`](stateright::actor::Actor)s ([`Participant`]). Two kinds of interaction exist:
//!
//! - asynchronous: requests and responses on the network, posts waiting in the channel, stimuli.
//!   Their interleavings are what is explored; each is an [`Event`].
//! - synchronous: everything else. `postMessage` enqueues at once, a cookie is written at once, a
//!   handler and its promise reactions run to completion before the next task (the HTML standard,
//!   section "Event loops").
//!
//! So a step of [`Composed`] is one event, delivered to one actor, followed by all synchronous
//! messages in the order in which they were sent. The composition is itself a
//! [`stateright::Model`], so stateright's checkers and its Explorer work on it unchanged.

mod channel;
mod checked;
mod clock;
mod driver;
mod enabled;
mod event;
mod jar;
mod message;
mod minted;
mod mints;
mod participant;
mod roster;
mod system;
mod tab;
mod words;

pub(crate) use enabled::{Permits, Surface, next_age, possible, requesting};
pub(crate) use event::Opening;
pub(crate) use message::Leg;
pub(crate) use minted::Instants;
pub(crate) use participant::Input;

pub use channel::{Channel, ChannelState};
pub use checked::Judges;
pub use clock::{Clock, ClockState};
pub use driver::Driver;
pub use event::{Event, fetch_in_words};
pub use jar::{Jar, JarState};
pub use message::{CookieFate, CookieUpdate, Evidence, Msg, Post, Request, Source, TabId};
pub use minted::{Age, Minted};
pub use mints::{Mints, MintsState};
pub use participant::{Local, Participant};
pub use roster::Roster;
pub use system::System;
pub use tab::{Tab, TabState};

use crate::cache::Policy;
use crate::freshness::Rule;
use crate::property::{After, History, Judge, PropertySet, Verdicts};
use crate::scenario::Scenario;
use stateright::Model;
use stateright::actor::{ActorModel, Envelope, Id, Network};
use std::collections::VecDeque;
use std::sync::Arc;

/// One design in one scenario.
pub struct Composed {
    actors: ActorModel<Participant, (), History>,
    roster: Roster,
    scenario: Scenario,
    permits: Permits,
    rule: Rule,
    judge: Judge,
    /// The properties whose witnesses are part of the state.
    witnesses: PropertySet,
}

/// What one step led to.
pub struct Step {
    /// The system afterwards.
    pub system: System,
    /// What was done on the way, in order.
    pub evidence: Vec<Evidence>,
    /// What it did to the properties.
    pub verdicts: Verdicts,
}

impl Composed {
    /// Composes the model. Only the given properties are judged, and only what they need is
    /// remembered.
    pub fn new(policy: Policy, scenario: &Scenario, properties: PropertySet) -> Composed {
        let roster = Roster {
            tabs: scenario.tabs,
        };
        let actors = ActorModel::new((), History::default())
            .actors(Participant::all(
                roster,
                policy,
                scenario.start,
                scenario.budgets,
            ))
            .init_network(Network::new_unordered_nonduplicating([]));
        let first = scenario.start.token().unwrap_or(Minted::first(false));
        Composed {
            actors,
            roster,
            judge: Judge {
                watch: scenario.watch,
                first: crate::freshness::rank(&first),
                properties,
                debts: false,
            },
            scenario: scenario.clone(),
            permits: Permits::new(roster, scenario, policy.requests),
            rule: policy.rule,
            witnesses: PropertySet::NONE,
        }
    }

    /// The same model, with the opportunities of these properties as part of the state, so that the
    /// shortest way to one can be searched for.
    #[must_use]
    pub fn with_witnesses(self, witnesses: PropertySet) -> Composed {
        Composed { witnesses, ..self }
    }

    /// The same model, which remembers what was posted and what every tab ever had: what it takes to
    /// say whether posts arrive in the end.
    #[must_use]
    pub fn with_debts(mut self) -> Composed {
        self.judge.debts = true;
        self.judge.watch = crate::scenario::TabSet::ALL;
        self
    }

    /// Who is who.
    pub fn roster(&self) -> Roster {
        self.roster
    }

    /// The rule by which the design compares tokens.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The participants, in the order of the roster.
    pub(crate) fn participants(&self) -> &[Participant] {
        &self.actors.actors
    }

    /// What the scenario permits.
    pub(crate) fn permits(&self) -> &Permits {
        &self.permits
    }

    /// The judge of steps.
    pub(crate) fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The properties that are judged.
    pub fn properties(&self) -> PropertySet {
        self.judge.properties
    }

    /// The system before anything happened.
    pub fn start(&self) -> System {
        // An `ActorModel` has exactly one initial state.
        let mut system = System(self.actors.init_states().remove(0));
        let history = self.judge.start(&After {
            tabs: &self.tabs(&system),
            quiescent: system.is_quiescent(),
        });
        system.0.history = history;
        system
    }

    fn tabs<'a>(&self, system: &'a System) -> Vec<&'a TabState> {
        self.roster.tabs().map(|tab| system.tab(tab)).collect()
    }

    /// The events that can happen, in a fixed order.
    pub fn enabled(&self, system: &System) -> Vec<Event> {
        let mut events = Vec::new();
        self.permits.list_enabled(system, &mut events);
        events
    }

    /// Lets one enabled event happen, with everything synchronous that follows.
    pub fn step(&self, system: &System, event: Event) -> Step {
        let mut turn = Turn {
            actors: &self.actors.actors,
            observer: self.roster.observer(),
            system: system.clone(),
            pending: VecDeque::new(),
            evidence: Vec::new(),
        };
        turn.begin(self.roster, event);
        turn.run_to_completion();
        let Turn {
            mut system,
            evidence,
            ..
        } = turn;
        let mut history = std::mem::take(&mut system.0.history);
        let after = After {
            tabs: &self.tabs(&system),
            quiescent: system.is_quiescent(),
        };
        let verdicts = self.judge.step(&mut history, &evidence, &after);
        history.witnessed = verdicts.witnessed.and(self.witnesses);
        system.0.history = history;
        Step {
            system,
            evidence,
            verdicts,
        }
    }
}

/// A step under way.
struct Turn<'a> {
    actors: &'a [Participant],
    observer: Id,
    system: System,
    /// Synchronous messages, in the order in which they were sent.
    pending: VecDeque<Envelope<Msg>>,
    evidence: Vec<Evidence>,
}

impl Turn<'_> {
    /// Delivers the event itself.
    fn begin(&mut self, roster: Roster, event: Event) {
        match event.opening(roster) {
            Opening::Choice(actor) => self.handle(actor, Input::Choice(event)),
            Opening::Arrival(tab, leg, fetch) => {
                if let Some(Envelope { src, dst, msg }) = self.system.take(tab, leg, fetch) {
                    self.handle(dst, Input::Message(src, msg));
                }
            }
            Opening::Loss(tab, fetch, actor) => {
                self.system.take(tab, Leg::Request, fetch);
                self.handle(actor, Input::Choice(event));
            }
        }
    }

    fn run_to_completion(&mut self) {
        while let Some(Envelope { src, dst, msg }) = self.pending.pop_front() {
            self.handle(dst, Input::Message(src, msg));
        }
    }

    /// Runs one handler. A message that changes nothing is consumed all the same, unlike on
    /// stateright's unordered networks.
    fn handle(&mut self, id: Id, input: Input) {
        let state = &mut self.system.0.actor_states[usize::from(id)];
        let (next, sent) = self.actors[usize::from(id)].react(id, state, input);
        if let Some(next) = next {
            *state = Arc::new(next);
        }
        for (dst, msg) in sent {
            self.send(Envelope { src: id, dst, msg });
        }
    }

    fn send(&mut self, envelope: Envelope<Msg>) {
        match envelope.msg {
            Msg::Saw(evidence) => {
                debug_assert_eq!(envelope.dst, self.observer);
                self.evidence.push(evidence);
            }
            _ if envelope.msg.flight().is_some() => self.system.put(envelope),
            _ => self.pending.push_back(envelope),
        }
    }
}
