//! A trace in domain words.

use super::Walked;
use crate::cache::{Comparison, Observation, Site, Subject};
use crate::freshness::Winner;
use crate::model::{
    CookieFate, CookieUpdate, Event, Evidence, Minted, Roster, Source, System, TabId,
};

/// What a step did, one line for each thing: the evidence, then what became of the tabs.
pub fn narrate(step: &Walked, roster: Roster) -> Vec<String> {
    let mut lines: Vec<_> = step.evidence.iter().filter_map(evidence_in_words).collect();
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
    if step.event == Event::LoseCookie {
        lines.push("cookie: none".to_owned());
    }
    lines
}

/// One piece of evidence in words, if it is worth telling.
pub fn evidence_in_words(evidence: &Evidence) -> Option<String> {
    Some(match evidence {
        Evidence::Cache(tab, saw) => saw_in_words(*tab, saw)?,
        Evidence::Posted(tab, token) => format!("{tab} posts {token} to the other tabs"),
        Evidence::Requested(tab, request) => format!("{tab} sends a request: {request}"),
        Evidence::Minted(_, Source::Origin, token) => {
            format!("the origin reads the database and mints {token}")
        }
        Evidence::Minted(_, Source::Edge, token) => {
            format!("the edge copies the claims of the seed and mints {token}")
        }
        Evidence::Cookie(update) => cookie_in_words(update),
    })
}

fn saw_in_words(tab: TabId, saw: &Observation<Minted>) -> Option<String> {
    match saw {
        Observation::Compared(comparison) => Some(comparison_in_words(tab, comparison)),
        Observation::Waits { fetch, token } => Some(format!(
            "broadcast {token} waits in {tab} for fetch {fetch}"
        )),
        Observation::Removed => Some(format!("{tab}'s entry is removed")),
        Observation::Offered { .. } | Observation::WaitingRan(_) => None,
    }
}

/// `row A1 (existing oiat later) at the broadcast guard of tab 0: [..] stays, broadcast [..] loses`
fn comparison_in_words(tab: TabId, comparison: &Comparison<Minted>) -> String {
    let Comparison {
        site,
        subject,
        existing,
        incoming,
        decision,
    } = comparison;
    let what = match subject {
        Subject::Broadcast => "broadcast",
        Subject::Answer => "answer",
        Subject::Update => "update",
    };
    let outcome = match decision.winner {
        Winner::Existing => format!("{existing} stays, {what} {incoming} loses"),
        Winner::Incoming => format!("{what} {incoming} wins over {existing}"),
    };
    let place = match site {
        Site::Cookie => "the cookie guard".to_owned(),
        Site::Broadcast => format!("{tab}'s broadcast guard"),
        Site::Install => format!("{tab}'s install guard"),
        Site::Baseline => format!("{tab}'s baseline"),
        Site::Seed => format!("{tab}'s seed guard"),
        Site::Dispatch => format!("{tab}'s dispatch guard"),
    };
    match decision.row {
        Some(row) => format!("row {row} ({}) at {place}: {outcome}", row.condition()),
        None => format!("nothing to compare at {place}: {outcome}"),
    }
}

fn cookie_in_words(update: &CookieUpdate) -> String {
    let guard = update
        .comparison
        .as_ref()
        .map(|comparison| comparison_in_words(update.tab, comparison) + "; ")
        .unwrap_or_default();
    let was = match update.before {
        Some((cookie, true)) => format!("{cookie}, expired"),
        Some((cookie, false)) => cookie.to_string(),
        None => "none".to_owned(),
    };
    let token = update.token;
    match update.fate {
        CookieFate::Written if update.before.is_some_and(|(cookie, _)| cookie == token) => {
            format!("{guard}cookie: {token} (unchanged)")
        }
        CookieFate::Written => format!("{guard}cookie: {was} -> {token}"),
        CookieFate::Dropped => format!("{guard}cookie keeps {was}"),
        CookieFate::Withheld => {
            format!(
                "{} keeps {token} from the cookie, which is {was}",
                update.tab
            )
        }
    }
}

/// How a tab's slot and seed changed, if they did.
fn tab_change(step: &Walked, tab: TabId) -> Option<String> {
    let slot = |system: &System| system.tab(tab).cache.slot.to_string();
    let seed = |system: &System| match system.tab(tab).cache.last {
        Some(token) => token.to_string(),
        None => "none".to_owned(),
    };
    let (was, is) = (slot(&step.before), slot(&step.after));
    let (seed_was, seed_is) = (seed(&step.before), seed(&step.after));
    let mut parts = Vec::new();
    if was != is {
        parts.push(format!("cache {was} -> {is}"));
    }
    if seed_was != seed_is {
        parts.push(format!("seed {seed_was} -> {seed_is}"));
    }
    (!parts.is_empty()).then(|| format!("{tab}: {}", parts.join("; ")))
}
