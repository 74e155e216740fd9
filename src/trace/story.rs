//! A trace in domain words.

use super::Walked;
use crate::cache::{Cache, Clock};
use crate::freshness::Org;
use crate::model::{Event, Evidence, Roster, System};
use crate::vocabulary::{ModelToken, SharedFault, TabId};

/// What a step did, one line for each thing: the evidence, then what became of the tabs.
pub(crate) fn narrate(step: &Walked, roster: Roster) -> Vec<String> {
    let mut lines: Vec<_> = step
        .evidence
        .iter()
        .filter_map(|evidence| Some(evidence.in_words()? + expiry(step, evidence)))
        .collect();
    lines.extend(roster.tabs().filter_map(|tab| tab_change(step, tab)));
    if let Event::Age(age) = step.event {
        let iat = age.0.div_ceil(2);
        let state = if age.0 % 2 == 1 {
            "about to expire"
        } else {
            "expired"
        };
        lines.push(format!("tokens minted at {iat} or before are now {state}"));
    }
    if step.event == Event::Tick {
        let now = step.after.clock().now;
        lines.push(format!(
            "tokens minted from here on have iat {now} or later"
        ));
    }
    if let Event::Wait(..) = step.event {
        let holders = roster.tabs().map(|tab| (tab, step.before.tab(tab)));
        let holders = holders.filter(|(_, state)| state.cache.is_asking());
        lines.extend(holders.map(|(tab, state)| match state.stopped {
            true => format!("{tab} has the lock: it stopped while its request was under way"),
            false => format!("{tab} has the lock: its request is under way"),
        }));
    }
    if step.event == Event::Befall(SharedFault::CookieLoss) {
        lines.push("cookie: none".to_owned());
    }
    lines
}

/// Whether what a call gets can still be used, where it cannot.
fn expiry(step: &Walked, evidence: &Evidence) -> &'static str {
    match evidence.got() {
        Some((tab, Some(token))) if step.after.tab(tab).age.is_dead(token) => ", which has expired",
        Some(_) | None => "",
    }
}

/// How a tab's slots, seed and session changed, if they did.
fn tab_change(step: &Walked, tab: TabId) -> Option<String> {
    let of = |system: &System| changes(&system.tab(tab).cache);
    let parts = of(&step.before).into_iter().zip(of(&step.after));
    let parts: Vec<_> = parts
        .filter(|((_, was), (_, is))| was != is)
        .map(|((what, was), (_, is))| format!("{what} {was} -> {is}"))
        .collect();
    (!parts.is_empty()).then(|| format!("{tab}: {}", parts.join("; ")))
}

/// What of a tab may be told to have changed, and what it is.
fn changes(cache: &Cache<ModelToken>) -> Vec<(&'static str, String)> {
    let org = |org: Org| match org {
        Org::PERSONAL => "personal".to_owned(),
        org => format!("org {}", org.number()),
    };
    let session = cache.current().map_or(Org::PERSONAL, |session| session.org);
    let seed = cache.last();
    vec![
        ("cache", cache.at(Org::PERSONAL).slot.to_string()),
        ("cache of org 1", cache.at(Org::FIRST).slot.to_string()),
        (
            "seed",
            seed.map_or_else(|| "none".to_owned(), ToString::to_string),
        ),
        ("session", org(session)),
        ("context", org(cache.context)),
        ("phase", cache.phase.name().to_owned()),
    ]
}
