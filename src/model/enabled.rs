//! Which events can happen.

use super::event::Event;
use super::minted::Age;
use super::roster::Roster;
use super::system::System;
use super::tab::TabState;
use crate::cache::{Clock, Slot};
use crate::scenario::{Scenario, Stimulus};

/// The enabled events, in a fixed order.
pub(super) fn enabled(system: &System, roster: Roster, scenario: &Scenario) -> Vec<Event> {
    let mut events = Vec::new();
    let requests = system.requests();
    let may = |stimulus| system.budgets().left(stimulus) > 0;
    let may_in = |stimulus, tab| may(stimulus) && scenario.allows(stimulus, tab);
    if system.clock().used && !requests.is_empty() {
        events.push(Event::Tick);
    }
    events.extend(
        may(Stimulus::Age)
            .then(|| next_age(system, roster))
            .flatten(),
    );
    for tab in roster.tabs() {
        for stimulus in Stimulus::IN_TAB {
            if may_in(stimulus, tab) && is_possible(stimulus, system.tab(tab)) {
                events.push(Event::InTab(stimulus, tab));
            }
        }
    }
    for (tab, request) in requests {
        events.push(Event::Mint(tab, request.fetch));
        if may_in(Stimulus::Fail, tab) {
            events.push(Event::Fail(tab, request.fetch));
        }
    }
    for (tab, fetch, _) in system.responses() {
        events.push(Event::Respond(tab, fetch));
    }
    for &((to, from), _) in system.channel() {
        events.push(Event::Deliver { to, from });
        if may_in(Stimulus::Lose, to) {
            events.push(Event::Lose { to, from });
        }
    }
    if may(Stimulus::CookieLoss) && system.jar().cookie.is_some() {
        events.push(Event::LoseCookie);
    }
    events.extend(may(Stimulus::Rollout).then_some(Event::Rollout));
    if may(Stimulus::OiatOn) && system.mints().legacy {
        events.push(Event::OiatOn);
    }
    events
}

/// Whether a tab is in a state in which the stimulus can happen.
fn is_possible(stimulus: Stimulus, tab: &TabState) -> bool {
    match (stimulus, &tab.cache.slot) {
        (Stimulus::Refresh, Slot::Resolved(entry)) => entry.armed,
        (Stimulus::Evict, Slot::Resolved(entry)) => tab.age.is_dead(&entry.token),
        (Stimulus::Refresh | Stimulus::Evict, _) => false,
        (Stimulus::ClearCache, slot) => !matches!(slot, Slot::Empty),
        _ => true,
    }
}

/// The next age at which a token held somewhere becomes near or dead. It is not skipped if that
/// token's instant can no longer age: then nothing ages.
fn next_age(system: &System, roster: Roster) -> Option<Event> {
    let clock = system.clock();
    let next = system
        .tokens(roster)
        .flat_map(|token| token.thresholds())
        .filter(|&threshold| threshold > clock.age.0)
        .min()?;
    let instant = next.div_ceil(2);
    (!clock.unaged.contains(&instant)).then_some(Event::Age(Age(next)))
}
