//! A snapshot of the whole system.

use super::TabState;
use super::message::{Leg, Msg, Request, Response};
use super::participant::{Local, Participant, Shared};
use crate::cache::RequestKind;
use crate::freshness::Org;
use crate::named::Member;
use crate::vocabulary::TabId;
use stateright::actor::{ActorModelState, Envelope, Id, Network};
use std::fmt;
use std::sync::Arc;

/// The participants' states and the network.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct System(pub(super) ActorModelState<Participant, ()>);

/// In domain words, for the Explorer.
impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tab in self.tabs() {
            writeln!(f, "{tab}: {}", self.tab(tab))?;
        }
        match self.jar().cookie {
            Some(cookie) => writeln!(f, "cookie: {cookie}")?,
            None => writeln!(f, "cookie: none")?,
        }
        match self.jar().context {
            Some(Org::PERSONAL) => {}
            Some(org) => writeln!(f, "context cookie: org {}", org.number())?,
            None => writeln!(f, "context cookie: none")?,
        }
        let clock = self.clock();
        let mints = self.mints();
        write!(f, "clock: instant {}, age {}", clock.now, clock.age.0)?;
        writeln!(f, "{}", if clock.used { ", used" } else { "" })?;
        let oiat = if mints.legacy { "no oiat yet" } else { "oiat" };
        writeln!(f, "origin: {oiat}, format {}", mints.fmt)?;
        if mints.ended {
            writeln!(f, "the session has ended")?;
        }
        for (tab, request) in self.requests() {
            writeln!(f, "on its way to the mint: {tab}, {request}")?;
        }
        for (tab, response) in self.responses() {
            writeln!(f, "on its way to {tab}: {response}")?;
        }
        for ((to, from), posts) in &self.channel().posts {
            let posts: Vec<_> = posts.iter().map(ToString::to_string).collect();
            writeln!(f, "broadcast from {from} to {to}: {}", posts.join(", "))?;
        }
        for ((to, from), count) in &self.channel().sign_outs {
            writeln!(f, "sign-out messages from {from} to {to}: {count}")?;
        }
        let left: Vec<_> = self
            .budgets()
            .iter()
            .map(|(stimulus, count)| format!("{} {count}", stimulus.name()))
            .collect();
        writeln!(f, "left: {}", left.join(", "))
    }
}

impl System {
    pub fn tabs(&self) -> impl Iterator<Item = TabId> {
        let tabs = self.0.actor_states.len() - Shared::ALL.len();
        (0..tabs).map(|tab| TabId(tab as u8))
    }

    /// A tab's state.
    pub fn tab(&self, tab: TabId) -> &TabState {
        match &*self.0.actor_states[tab.index()] {
            Local::Tab(state) => state,
            // Tabs come first.
            other => unreachable!("{tab} has {other:?}"),
        }
    }

    pub(super) fn shared(&self, shared: Shared) -> &Local {
        let states = &self.0.actor_states;
        &states[states.len() - Shared::ALL.len() + shared.index()]
    }

    /// The requests on their way, by tab and kind, the background refresh first.
    pub fn requests(&self) -> Vec<(TabId, Request)> {
        let mut requests: Vec<_> = self
            .envelopes()
            .filter_map(|envelope| Some((tab_of(envelope.src), *envelope.msg.request()?)))
            .collect();
        requests.sort();
        requests
    }

    /// The responses on their way, by tab and kind, the background refresh first.
    pub fn responses(&self) -> Vec<(TabId, Response)> {
        let mut responses: Vec<_> = self
            .envelopes()
            .filter_map(|envelope| Some((tab_of(envelope.dst), *envelope.msg.response()?)))
            .collect();
        responses.sort();
        responses
    }

    /// How many requests of each tab are under way, until their answers have arrived.
    pub fn under_way(&self) -> Vec<u8> {
        let mut counts = vec![0; self.tabs().count()];
        for envelope in self.envelopes() {
            let of = match envelope.msg.flight() {
                Some((Leg::Request, _)) => envelope.src,
                Some((Leg::Response, _)) => envelope.dst,
                // Nothing else is on the network.
                None => continue,
            };
            counts[tab_of(of).index()] += 1;
        }
        counts
    }

    /// No request, response, broadcast or sign-out message is under way.
    pub fn is_quiescent(&self) -> bool {
        self.channel().is_empty() && self.envelopes().next().is_none()
    }

    /// Puts a message on the network.
    pub(super) fn put(&mut self, envelope: Envelope<Msg>) {
        if let Network::UnorderedNonDuplicating(messages) = &mut self.0.network {
            *messages.entry(envelope).or_insert(0) += 1;
        }
    }

    /// Takes a request or response of a tab from the network. There is at most one of each kind, but
    /// for reloads, which are all alike.
    pub(super) fn take(
        &mut self,
        tab: TabId,
        leg: Leg,
        kind: RequestKind,
    ) -> Option<Envelope<Msg>> {
        let Network::UnorderedNonDuplicating(messages) = &mut self.0.network else {
            return None;
        };
        let found = messages.keys().find(|envelope| {
            let of = match leg {
                Leg::Request => envelope.src,
                Leg::Response => envelope.dst,
            };
            tab_of(of) == tab && envelope.msg.flight() == Some((leg, kind))
        })?;
        let envelope = found.clone();
        match messages.get_mut(&envelope) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => {
                messages.remove(&envelope);
            }
        }
        Some(envelope)
    }

    /// Takes all requests and responses of a tab from the network.
    pub(super) fn clear(&mut self, tab: TabId) {
        if let Network::UnorderedNonDuplicating(messages) = &mut self.0.network {
            messages.retain(|envelope, _| match envelope.msg.flight() {
                Some((Leg::Request, _)) => tab_of(envelope.src) != tab,
                Some((Leg::Response, _)) => tab_of(envelope.dst) != tab,
                None => true,
            });
        }
    }

    /// The participants' states, in the order of the roster.
    pub(crate) fn locals(&self) -> impl Iterator<Item = &Local> {
        self.0.actor_states.iter().map(|state| &**state)
    }

    /// Another system of the same model, from its parts.
    pub(crate) fn rebuilt(&self, locals: Vec<Arc<Local>>, envelopes: Vec<Envelope<Msg>>) -> System {
        let mut system = self.clone();
        system.0.actor_states = locals;
        system.0.network = Network::new_unordered_nonduplicating(envelopes);
        system
    }

    /// What is on the network, in no particular order, as often as it is there: stateright's own
    /// `iter_all` shows what is there more than once one time too many.
    pub(crate) fn envelopes(&self) -> impl Iterator<Item = Envelope<&Msg>> {
        let messages = match &self.0.network {
            Network::UnorderedNonDuplicating(messages) => Some(messages),
            // No model is made with another kind.
            Network::UnorderedDuplicating(..) | Network::Ordered(_) => None,
        };
        messages
            .into_iter()
            .flatten()
            .flat_map(|(envelope, count)| {
                let Envelope { src, dst, msg } = envelope;
                let (src, dst) = (*src, *dst);
                std::iter::repeat_n(Envelope { src, dst, msg }, *count)
            })
    }
}

fn tab_of(id: Id) -> TabId {
    TabId(usize::from(id) as u8)
}
