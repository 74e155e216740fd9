//! Which events can happen.
//!
//! Enabledness is put together from facts about single participants and about the flight of one
//! tab's requests and responses ([`Surface`]), and of what the scenario permits ([`Permits`]). Whoever knows the facts, from the states themselves
//! or from a table, gets the same events in the same order.

use super::event::Event;
use super::message::{Msg, TabId};
use super::minted::{Age, Instants, Minted};
use super::roster::Roster;
use super::tab::{Tab, TabState};
use super::{ClockState, Local, System};
use crate::cache::{Clock, FetchId, Requests, Slot};
use crate::scenario::{Scenario, Stimuli, Stimulus};

/// What enabledness depends on.
pub(crate) trait Surface {
    /// The stimuli that have a budget left.
    fn budgets(&self) -> Stimuli;
    /// The stimuli that the tab's state permits; see [`possible`].
    fn possible(&self, tab: TabId) -> Stimuli;
    /// Those among them that would make a request; see [`requesting`].
    fn requesting(&self, tab: TabId) -> Stimuli;
    /// A request of the tab is under way, or was when the tab stopped.
    fn is_asking(&self, tab: TabId) -> bool;
    /// The fetches of a tab whose request is on its way, the background refresh first.
    fn requests(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>>;
    /// The fetches of a tab whose response is on its way, the background refresh first.
    fn responses(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>>;
    /// The tabs that have posts on their way to a tab.
    fn posters(&self, to: TabId) -> impl Iterator<Item = TabId>;
    /// There is a cookie.
    fn has_cookie(&self) -> bool;
    /// The origin does not send `oiat` yet.
    fn is_legacy(&self) -> bool;
    /// The clock.
    fn clock(&self) -> &ClockState;
    /// When the tokens held anywhere were minted; parents of requests under way are not held.
    fn held(&self) -> Instants;
}

/// What a scenario permits, whatever the state.
#[derive(Clone, Debug)]
pub(crate) struct Permits {
    roster: Roster,
    /// The stimuli that may happen to each tab.
    allowed: Vec<Stimuli>,
    /// When requests may be made.
    requests: Requests,
}

impl Permits {
    /// Of a scenario.
    pub(crate) fn new(roster: Roster, scenario: &Scenario, requests: Requests) -> Permits {
        let allowed = |tab| {
            let stimuli = Stimulus::ALL.into_iter();
            stimuli
                .filter(|&stimulus| scenario.allows(stimulus, tab))
                .collect()
        };
        Permits {
            roster,
            allowed: roster.tabs().map(allowed).collect(),
            requests,
        }
    }

    /// The stimuli that may happen to a tab.
    pub(crate) fn allowed(&self, tab: TabId) -> Stimuli {
        self.allowed.get(tab.index()).copied().unwrap_or_default()
    }

    /// Lists the enabled events, in a fixed order.
    #[inline]
    pub(crate) fn list_enabled(&self, surface: &impl Surface, events: &mut Vec<Event>) {
        let budgets = surface.budgets();
        let mut tabs = self.roster.tabs();
        if surface.clock().used && tabs.any(|tab| surface.requests(tab).next().is_some()) {
            events.push(Event::Tick);
        }
        if budgets.has(Stimulus::Age) {
            events.extend(next_age(surface).map(Event::Age));
        }
        let is_locked = self.is_locked(surface);
        for (tab, allowed) in self.roster.tabs().zip(&self.allowed) {
            let mut possible = surface.possible(tab);
            if is_locked {
                possible = possible.without(surface.requesting(tab));
            }
            for stimulus in budgets.and(*allowed).and(possible).iter() {
                events.push(Event::InTab(stimulus, tab));
            }
        }
        for (tab, allowed) in self.roster.tabs().zip(&self.allowed) {
            let may_fail = budgets.and(*allowed).has(Stimulus::Fail);
            for fetch in surface.requests(tab) {
                events.push(Event::Mint(tab, fetch));
                if may_fail {
                    events.push(Event::Fail(tab, fetch));
                }
            }
        }
        for tab in self.roster.tabs() {
            for fetch in surface.responses(tab) {
                events.push(Event::Respond(tab, fetch));
            }
        }
        for (to, allowed) in self.roster.tabs().zip(&self.allowed) {
            let may_lose = budgets.and(*allowed).has(Stimulus::Lose);
            for from in surface.posters(to) {
                events.push(Event::Deliver { to, from });
                if may_lose {
                    events.push(Event::Lose { to, from });
                }
            }
        }
        self.list_shared(surface, budgets, events);
    }

    /// Whoever has a request under way holds the lock, where the design has one.
    #[inline]
    fn is_locked(&self, surface: &impl Surface) -> bool {
        let mut tabs = self.roster.tabs();
        self.requests == Requests::Locked && tabs.any(|tab| surface.is_asking(tab))
    }

    fn list_shared(&self, surface: &impl Surface, budgets: Stimuli, events: &mut Vec<Event>) {
        if budgets.has(Stimulus::CookieLoss) && surface.has_cookie() {
            events.push(Event::LoseCookie);
        }
        if budgets.has(Stimulus::Rollout) {
            events.push(Event::Rollout);
        }
        if budgets.has(Stimulus::OiatOn) && surface.is_legacy() {
            events.push(Event::OiatOn);
        }
    }
}

/// The stimuli among [`Stimulus::IN_TAB`] that a tab's state permits.
pub(crate) fn possible<C: Clock<Minted>>(tab: &TabState<C>) -> Stimuli {
    if tab.stopped {
        return Stimuli::NONE;
    }
    let is_possible = |stimulus: &Stimulus| match (*stimulus, &tab.cache.slot) {
        (Stimulus::Refresh, Slot::Resolved(entry)) => entry.armed,
        (Stimulus::Evict, Slot::Resolved(entry)) => tab.age.is_dead(&entry.token),
        (Stimulus::Refresh | Stimulus::Evict, _) => false,
        (Stimulus::Orphan, _) => tab.cache.is_asking(),
        (Stimulus::ClearCache, slot) => !matches!(slot, Slot::Empty),
        _ => true,
    };
    Stimulus::IN_TAB.into_iter().filter(is_possible).collect()
}

/// The stimuli among [`Stimulus::IN_TAB`] that would make the tab send a request now.
pub(crate) fn requesting(tab: &TabState) -> Stimuli {
    let would_request = |stimulus: &Stimulus| {
        let event = Tab::event(Msg::Stimulus(*stimulus));
        event.is_some_and(|event| tab.cache.would_ask(&tab.age, &event))
    };
    Stimulus::IN_TAB.into_iter().filter(would_request).collect()
}

/// The next age at which a token held somewhere becomes near or dead. It is not skipped if that
/// token's instant can no longer age: then nothing ages.
pub(crate) fn next_age(surface: &impl Surface) -> Option<Age> {
    let clock = surface.clock();
    let next = surface.held().next_threshold(clock.age)?;
    (!clock.unaged.contains(&next.instant())).then_some(next)
}

impl Surface for System {
    fn budgets(&self) -> Stimuli {
        System::budgets(self).some()
    }

    fn possible(&self, tab: TabId) -> Stimuli {
        possible(self.tab(tab))
    }

    fn requesting(&self, tab: TabId) -> Stimuli {
        requesting(self.tab(tab))
    }

    fn is_asking(&self, tab: TabId) -> bool {
        self.tab(tab).cache.is_asking()
    }

    fn requests(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        let requests = System::requests(self).into_iter();
        requests
            .filter(move |(of, _)| *of == tab)
            .map(|(_, request)| request.fetch)
    }

    fn responses(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        let responses = System::responses(self).into_iter();
        responses
            .filter(move |(of, ..)| *of == tab)
            .map(|(_, fetch, _)| fetch)
    }

    fn posters(&self, to: TabId) -> impl Iterator<Item = TabId> {
        let pairs = self.channel().iter().map(|&(pair, _)| pair);
        pairs.filter(move |&(of, _)| of == to).map(|(_, from)| from)
    }

    fn has_cookie(&self) -> bool {
        self.jar().cookie.is_some()
    }

    fn is_legacy(&self) -> bool {
        self.mints().legacy
    }

    fn clock(&self) -> &ClockState {
        System::clock(self)
    }

    fn held(&self) -> Instants {
        let in_flight = self.envelopes().map(|envelope| envelope.msg.held());
        let in_locals = self.locals().map(Local::held);
        in_locals
            .chain(in_flight)
            .fold(Instants::NONE, Instants::or)
    }
}
