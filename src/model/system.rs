//! A snapshot of the whole system.

use super::event::fetch_in_words;
use super::message::{Leg, Msg, Request, TabId};
use super::minted::Minted;
use super::participant::{Local, Participant};
use super::{ChannelState, ClockState, JarState, MintsState, TabState};
use crate::cache::FetchId;
use crate::property::History;
use crate::scenario::Budgets;
use stateright::actor::{ActorModelState, Envelope, Id, Network};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Number of participants that are not tabs.
const SHARED: usize = 5;

/// The participants' states, the network, and the history of the properties.
#[derive(Clone, PartialEq, Eq)]
pub struct System(pub(super) ActorModelState<Participant, History>);

impl Hash for System {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash_graph(state);
        self.0.history.hash(state);
    }
}

/// In domain words, for the Explorer.
impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tabs = (0..self.0.actor_states.len() - SHARED).map(|tab| TabId(tab as u8));
        for tab in tabs {
            writeln!(f, "{tab}: {}", self.tab(tab))?;
        }
        match self.jar().cookie {
            Some(cookie) => writeln!(f, "cookie: {cookie}")?,
            None => writeln!(f, "cookie: none")?,
        }
        let clock = self.clock();
        let mints = self.mints();
        write!(f, "clock: instant {}, age {}", clock.now, clock.age.0)?;
        writeln!(f, "{}", if clock.used { ", used" } else { "" })?;
        let oiat = if mints.legacy { "no oiat yet" } else { "oiat" };
        writeln!(f, "origin: {oiat}, format {}", mints.fmt)?;
        for (tab, request) in self.requests() {
            writeln!(f, "on its way to the mint: {tab}, {request}")?;
        }
        for (tab, fetch, token) in self.responses() {
            let fetch = fetch_in_words(fetch);
            writeln!(f, "on its way to {tab}: {token} for {fetch}")?;
        }
        for ((to, from), posts) in self.channel() {
            let posts: Vec<_> = posts.iter().map(ToString::to_string).collect();
            writeln!(f, "broadcast from {from} to {to}: {}", posts.join(", "))?;
        }
        let left: Vec<_> = self
            .budgets()
            .iter()
            .map(|(stimulus, count)| format!("{} {count}", stimulus.name()))
            .collect();
        writeln!(f, "left: {}", left.join(", "))?;
        for property in self.history().violated.iter() {
            writeln!(f, "violated by the last step: {property}")?;
        }
        Ok(())
    }
}

impl System {
    /// Hashes the system without the auxiliary history: what the reachable graph consists of.
    pub fn hash_graph<H: Hasher>(&self, state: &mut H) {
        self.0.actor_states.hash(state);
        self.0.network.hash(state);
    }

    /// A 64-bit fingerprint of [`System::hash_graph`].
    pub fn graph_fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_graph(&mut hasher);
        hasher.finish()
    }

    /// The auxiliary state of the properties.
    pub fn history(&self) -> &History {
        &self.0.history
    }

    /// A tab's state.
    pub fn tab(&self, tab: TabId) -> &TabState {
        match &*self.0.actor_states[tab.index()] {
            Local::Tab(state) => state,
            other => misplaced("tab", other),
        }
    }

    /// The posts on their way.
    pub fn channel(&self) -> &ChannelState {
        match self.shared(0) {
            Local::Channel(state) => state,
            other => misplaced("channel", other),
        }
    }

    /// The mint sources.
    pub fn mints(&self) -> &MintsState {
        match self.shared(1) {
            Local::Mints(state) => state,
            other => misplaced("mint sources", other),
        }
    }

    /// The cookie jar.
    pub fn jar(&self) -> &JarState {
        match self.shared(2) {
            Local::Jar(state) => state,
            other => misplaced("cookie jar", other),
        }
    }

    /// The clock.
    pub fn clock(&self) -> &ClockState {
        match self.shared(3) {
            Local::Clock(state) => state,
            other => misplaced("clock", other),
        }
    }

    /// What is left of each budget.
    pub fn budgets(&self) -> &Budgets {
        match self.shared(4) {
            Local::Driver(state) => state,
            other => misplaced("driver", other),
        }
    }

    fn shared(&self, offset: usize) -> &Local {
        let states = &self.0.actor_states;
        &states[states.len() - SHARED + offset]
    }

    /// The requests on their way, by tab and fetch, the background refresh first.
    pub fn requests(&self) -> Vec<(TabId, Request)> {
        let mut requests: Vec<_> = self
            .envelopes()
            .filter_map(|envelope| match envelope.msg {
                Msg::Request(request) => Some((tab_of(envelope.src), *request)),
                _ => None,
            })
            .collect();
        requests.sort();
        requests
    }

    /// The responses on their way, by tab and fetch, the background refresh first.
    pub fn responses(&self) -> Vec<(TabId, Option<FetchId>, Minted)> {
        let mut responses: Vec<_> = self
            .envelopes()
            .filter_map(|envelope| match envelope.msg {
                Msg::Response { fetch, token } => Some((tab_of(envelope.dst), *fetch, *token)),
                _ => None,
            })
            .collect();
        responses.sort();
        responses
    }

    /// No request, response or broadcast is under way.
    pub fn is_quiescent(&self) -> bool {
        self.channel().is_empty() && self.envelopes().next().is_none()
    }

    /// Puts a message on the network.
    pub(super) fn put(&mut self, envelope: Envelope<Msg>) {
        if let Network::UnorderedNonDuplicating(messages) = &mut self.0.network {
            *messages.entry(envelope).or_insert(0) += 1;
        }
    }

    /// Takes a request or response of a tab from the network. There is at most one for each fetch.
    pub(super) fn take(
        &mut self,
        tab: TabId,
        leg: Leg,
        fetch: Option<FetchId>,
    ) -> Option<Envelope<Msg>> {
        let Network::UnorderedNonDuplicating(messages) = &mut self.0.network else {
            return None;
        };
        let found = messages.keys().find(|envelope| {
            let of = match leg {
                Leg::Request => envelope.src,
                Leg::Response => envelope.dst,
            };
            tab_of(of) == tab && envelope.msg.flight() == Some((leg, fetch))
        })?;
        let envelope = found.clone();
        messages.remove(&envelope);
        Some(envelope)
    }

    /// The participants' states, in the order of the roster.
    pub(crate) fn locals(&self) -> impl Iterator<Item = &Local> {
        self.0.actor_states.iter().map(|state| &**state)
    }

    /// Another system of the same model, from its parts.
    pub(crate) fn rebuilt(
        &self,
        locals: Vec<Arc<Local>>,
        envelopes: Vec<Envelope<Msg>>,
        history: History,
    ) -> System {
        let mut system = self.clone();
        system.0.actor_states = locals;
        system.0.network = Network::new_unordered_nonduplicating(envelopes);
        system.0.history = history;
        system
    }

    /// What is on the network, in no particular order.
    pub(crate) fn envelopes(&self) -> impl Iterator<Item = Envelope<&Msg>> {
        self.0.network.iter_deliverable()
    }
}

fn tab_of(id: Id) -> TabId {
    TabId(usize::from(id) as u8)
}

/// States are made by the participants in the order of the roster, so this cannot happen.
fn misplaced(wanted: &str, found: &Local) -> ! {
    unreachable!("the {wanted}'s place holds {found:?}")
}
