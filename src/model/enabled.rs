//! Which events can happen.
//!
//! Enabledness is put together from facts about single participants and about the flight of one
//! tab's requests and responses ([`Surface`]). Whoever knows the facts, from the states themselves
//! or from a table, gets the same events in the same order.

use super::event::Event;
use super::message::TabId;
use super::minted::Instants;
use super::roster::Roster;
use super::tab::TabState;
use super::{ClockState, Local, System};
use crate::cache::{Clock, FetchId, Slot};
use crate::scenario::{Scenario, Stimuli, Stimulus};

/// What enabledness depends on.
pub(crate) trait Surface {
    /// The stimuli that have a budget left.
    fn budgets(&self) -> Stimuli;
    /// The stimuli that the tab's state permits; see [`possible`].
    fn possible(&self, tab: TabId) -> Stimuli;
    /// The fetches of a tab whose request is on its way, the background refresh first.
    fn requests(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>>;
    /// The fetches of a tab whose response is on its way, the background refresh first.
    fn responses(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>>;
    /// The (receiver, poster) pairs that have posts on their way.
    fn posts(&self) -> impl Iterator<Item = (TabId, TabId)>;
    /// There is a cookie.
    fn has_cookie(&self) -> bool;
    /// The origin does not send `oiat` yet.
    fn is_legacy(&self) -> bool;
    /// The clock.
    fn clock(&self) -> &ClockState;
    /// When the tokens held anywhere were minted; parents of requests under way are not held.
    fn held(&self) -> Instants;
}

/// Lists the enabled events, in a fixed order.
pub(crate) fn enabled(surface: &impl Surface, roster: Roster, scenario: &Scenario) -> Vec<Event> {
    let mut events = Vec::new();
    list_enabled(surface, roster, scenario, &mut events);
    events
}

/// As [`enabled`], into a list that the caller has emptied.
pub(crate) fn list_enabled(
    surface: &impl Surface,
    roster: Roster,
    scenario: &Scenario,
    events: &mut Vec<Event>,
) {
    let budgets = surface.budgets();
    let may_in = |stimulus, tab| budgets.has(stimulus) && scenario.allows(stimulus, tab);
    let is_asked = || {
        roster
            .tabs()
            .any(|tab| surface.requests(tab).next().is_some())
    };
    if surface.clock().used && is_asked() {
        events.push(Event::Tick);
    }
    if budgets.has(Stimulus::Age) {
        events.extend(next_age(surface));
    }
    for tab in roster.tabs() {
        let possible = budgets.and(surface.possible(tab)).iter();
        let allowed = possible.filter(|&stimulus| scenario.allows(stimulus, tab));
        events.extend(allowed.map(|stimulus| Event::InTab(stimulus, tab)));
    }
    for tab in roster.tabs() {
        for fetch in surface.requests(tab) {
            events.push(Event::Mint(tab, fetch));
            if may_in(Stimulus::Fail, tab) {
                events.push(Event::Fail(tab, fetch));
            }
        }
    }
    for tab in roster.tabs() {
        events.extend(
            surface
                .responses(tab)
                .map(|fetch| Event::Respond(tab, fetch)),
        );
    }
    for (to, from) in surface.posts() {
        events.push(Event::Deliver { to, from });
        if may_in(Stimulus::Lose, to) {
            events.push(Event::Lose { to, from });
        }
    }
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

/// The stimuli among [`Stimulus::IN_TAB`] that a tab's state permits.
pub(crate) fn possible(tab: &TabState) -> Stimuli {
    let is_possible = |stimulus: &Stimulus| match (*stimulus, &tab.cache.slot) {
        (Stimulus::Refresh, Slot::Resolved(entry)) => entry.armed,
        (Stimulus::Evict, Slot::Resolved(entry)) => tab.age.is_dead(&entry.token),
        (Stimulus::Refresh | Stimulus::Evict, _) => false,
        (Stimulus::ClearCache, slot) => !matches!(slot, Slot::Empty),
        _ => true,
    };
    Stimulus::IN_TAB.into_iter().filter(is_possible).collect()
}

/// The next age at which a token held somewhere becomes near or dead. It is not skipped if that
/// token's instant can no longer age: then nothing ages.
fn next_age(surface: &impl Surface) -> Option<Event> {
    let clock = surface.clock();
    let next = surface.held().next_threshold(clock.age)?;
    (!clock.unaged.contains(&next.instant())).then_some(Event::Age(next))
}

impl Surface for System {
    fn budgets(&self) -> Stimuli {
        System::budgets(self).some()
    }

    fn possible(&self, tab: TabId) -> Stimuli {
        possible(self.tab(tab))
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

    fn posts(&self) -> impl Iterator<Item = (TabId, TabId)> {
        self.channel().iter().map(|&(pair, _)| pair)
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
