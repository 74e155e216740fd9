//! Which events can happen.
//!
//! Enabledness is a function of [`Facts`], which are put together from facts about single
//! participants, about the network, and of what the scenario permits ([`Permits`]). It can read
//! nothing else. So whoever remembers the facts of each participant, from the states themselves or
//! from a table, gets the same events in the same order.

mod facts;

pub(crate) use facts::{
    ClockFacts, DriverFacts, Facts, InboxFacts, JarFacts, MintsFacts, NetworkFacts, TabFacts,
    next_age, possible,
};

use super::event::{Event, action_of, leg_of};
use super::message::Leg;
use super::roster::Roster;
use crate::cache::{Call, RequestKind, Requests};
use crate::freshness::Org;
use crate::named::Set;
use crate::vocabulary::{Fault, RequestFault, Setup, SharedFault, Stimuli, TabAction, TabId};

/// What a scenario permits, whatever the state.
#[derive(Clone, Debug)]
pub(crate) struct Permits {
    /// The stimuli that may happen to each tab.
    allowed: Vec<Stimuli>,
    /// When requests may be made.
    requests: Requests,
    /// A load may be answered with the token that was minted last.
    stale_load: bool,
}

/// Who is asked whether an event can happen, beside those who take part in its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Nobody,
    Tabs,
    /// Whether there is a request on its way.
    Requests,
    Everybody,
}

impl Permits {
    pub(crate) fn new(roster: Roster, setup: &Setup, requests: Requests) -> Permits {
        Permits {
            allowed: roster.tabs().map(|tab| setup.allowed(tab)).collect(),
            requests,
            stale_load: setup.life.stale_load,
        }
    }

    /// The stimuli that may happen to a tab.
    pub(crate) fn allowed(&self, tab: TabId) -> Stimuli {
        self.allowed.get(tab.index()).copied().unwrap_or_default()
    }

    /// Whether something may still happen in each tab that makes tabs ask the server, whatever lock may
    /// keep it waiting.
    pub(crate) fn may_ask(&self, facts: &Facts) -> impl Iterator<Item = bool> {
        let budgets = facts.driver.budgets.actions;
        let tabs = facts.tabs.iter().zip(&self.allowed);
        tabs.map(move |((tab, ..), allowed)| {
            let possible = tab.possible.or(tab.possible_of_org);
            let next = budgets.and(allowed.actions).and(possible);
            next.iter().any(TabAction::may_ask)
        })
    }

    /// Lists the enabled events, in a fixed order. Whoever is asked here of an event that does not take
    /// part in its step is in [`Permits::asked`].
    pub(crate) fn list_enabled(&self, facts: &Facts, events: &mut Vec<Event>) {
        let budgets = facts.driver.budgets;
        let tabs = || (0u8..).map(TabId).zip(&facts.tabs).zip(&self.allowed);
        let mut of_tabs = facts.tabs.iter();
        if facts.clock.used && of_tabs.any(|(.., network)| !network.requests.is_empty()) {
            events.push(Event::Tick);
        }
        if budgets.faults.has(Fault::Age) {
            events.extend(facts.next_age.map(Event::Age));
        }
        let is_locked = self.is_locked(facts);
        let mut of_tabs = facts.tabs.iter();
        let is_polled = of_tabs.any(|(of_tab, ..)| of_tab.is_polling);
        for ((tab, (of_tab, ..)), allowed) in tabs() {
            let (mut possible, mut of_org) = (of_tab.possible, of_tab.possible_of_org);
            let permitted = budgets.actions.and(allowed.actions);
            if is_locked {
                let waits = permitted.and(possible).and(of_tab.requesting);
                let calls = Call::ALL.into_iter();
                let calls = calls.filter(|&call| waits.has(action_of(call)));
                events.extend(calls.map(|call| Event::Wait(tab, call)));
                possible = possible.minus(of_tab.requesting);
                of_org = of_org.minus(of_tab.requesting_of_org);
            } else {
                let calls = of_tab.waiting.iter();
                events.extend(calls.map(|call| Event::Resume(tab, call)));
            }
            if is_polled {
                possible = possible.without(TabAction::Poll);
            }
            for action in permitted.and(possible).iter() {
                events.push(Event::InTab(action, tab));
            }
            for action in permitted.and(of_org).iter() {
                events.push(Event::InTabOfOrg(action, tab));
            }
        }
        for ((tab, (.., network)), allowed) in tabs() {
            let faults = budgets.and(*allowed).request_faults;
            for &(kind, org) in &network.requests {
                self.list_answers(&facts.mints, (tab, kind, org), events);
                list_spoiled((tab, kind), Leg::Request, faults, events);
            }
        }
        for ((tab, (.., network)), allowed) in tabs() {
            let faults = budgets.and(*allowed).request_faults;
            for &kind in &network.responses {
                events.push(Event::Respond(tab, kind));
                list_spoiled((tab, kind), Leg::Response, faults, events);
            }
        }
        for ((to, (_, inbox, _)), allowed) in tabs() {
            let lost = budgets.and(*allowed).faults;
            for from in inbox.posters.iter() {
                events.push(Event::Deliver { to, from });
                events.extend(lost.iter().filter_map(|fault| match fault {
                    Fault::Lose => Some(Event::Lose { to, from }),
                    // Listed with all posts on their way to the tab, and with what ages.
                    Fault::Drop | Fault::Age => None,
                }));
            }
            if lost.has(Fault::Drop) && !inbox.posters.is_empty() {
                events.push(Event::Drop(to));
            }
            let signed_out = inbox.signed_out.iter();
            events.extend(signed_out.map(|from| Event::DeliverSignOut { to, from }));
        }
        let shared = budgets.shared_faults.iter();
        let possible = shared.filter(|&fault| can_befall(fault, facts));
        events.extend(possible.map(Event::Befall));
    }

    /// How the server may answer a request. Once the session has ended it mints nothing.
    fn list_answers(
        &self,
        mints: &MintsFacts,
        (tab, kind, org): (TabId, RequestKind, Org),
        events: &mut Vec<Event>,
    ) {
        let (mints_token, may_carry) = match kind {
            RequestKind::End | RequestKind::Reload | RequestKind::Recheck(_) => (false, false),
            RequestKind::Token(_) => (true, false),
            RequestKind::Touch(_) | RequestKind::Switch(_) => (true, true),
            RequestKind::Load => (true, self.stale_load),
        };
        if mints_token && mints.ended {
            return;
        }
        events.push(Event::Mint(tab, kind));
        if may_carry && mints.carries[org.index()] {
            events.push(Event::CarryLast(tab, kind));
        }
    }

    /// Who is asked whether an event can happen, beside those who take part in its step.
    pub(crate) fn asked(&self, event: Event) -> Asked {
        match event {
            Event::Tick => Asked::Requests,
            Event::Age(_) => Asked::Everybody,
            Event::InTab(TabAction::Poll, _) => Asked::Tabs,
            Event::InTab(..) | Event::InTabOfOrg(..) | Event::Wait(..) | Event::Resume(..) => {
                match self.requests {
                    Requests::Free => Asked::Nobody,
                    Requests::Locked => Asked::Tabs,
                }
            }
            Event::Mint(..)
            | Event::CarryLast(..)
            | Event::Respond(..)
            | Event::Spoil(..)
            | Event::Deliver { .. }
            | Event::Lose { .. }
            | Event::Drop(_)
            | Event::DeliverSignOut { .. }
            | Event::Befall(_) => Asked::Nobody,
        }
    }

    /// Whoever has a request under way holds the lock, where the design has one.
    fn is_locked(&self, facts: &Facts) -> bool {
        let mut tabs = facts.tabs.iter();
        match self.requests {
            Requests::Free => false,
            Requests::Locked => tabs.any(|(tab, ..)| tab.is_asking),
        }
    }
}

/// What may befall a request for a token on this leg of its way.
fn list_spoiled(
    (tab, kind): (TabId, RequestKind),
    leg: Leg,
    faults: Set<RequestFault>,
    events: &mut Vec<Event>,
) {
    let RequestKind::Token(request) = kind else {
        return;
    };
    let here = faults.iter().filter(|fault| leg_of(*fault) == leg);
    events.extend(here.map(|fault| Event::Spoil(fault, tab, request)));
}

/// Whether there is something that it would change.
fn can_befall(fault: SharedFault, facts: &Facts) -> bool {
    match fault {
        SharedFault::CookieLoss => facts.jar.has_cookie,
        SharedFault::Rollout => true,
        SharedFault::OiatOn => facts.mints.legacy,
    }
}

#[cfg(test)]
mod tests;
