//! A trace in domain words.

use super::Walked;
use crate::model::{Event, Evidence, Roster, System};
use crate::vocabulary::TabId;

/// What a step did, one line for each thing: the evidence, then what became of the tabs.
pub fn narrate(step: &Walked, roster: Roster) -> Vec<String> {
    let mut lines: Vec<_> = step
        .evidence
        .iter()
        .filter_map(Evidence::in_words)
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
    if step.event == Event::LoseCookie {
        lines.push("cookie: none".to_owned());
    }
    lines
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
