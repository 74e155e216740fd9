//! What exactly the last step of a counterexample violates, and where to look.

use super::Walked;
use crate::cache::{Clock, Observation, Subject};
use crate::freshness::{Winner, rank};
use crate::model::{CookieFate, CookieUpdate, Evidence, Roster};
use crate::property::Property;
use crate::vocabulary::{ModelToken, TabId};

/// What the last step did against the property, in words; one line for each tab it happened in.
pub fn blame(steps: &[Walked], roster: Roster, property: Property) -> Vec<String> {
    let Some(last) = steps.last() else {
        return Vec::new();
    };
    match property {
        Property::CachedOiatNeverDecreases
        | Property::TabOiatNeverDecreases
        | Property::CachedClaimsNeverRegress
        | Property::TabClaimsNeverRegress => roster
            .tabs()
            .filter_map(|tab| blame_tab(steps, tab, property))
            .collect(),
        Property::FresherBroadcastIsKept | Property::TieIsAdopted => {
            last.evidence.iter().filter_map(blame_guard).collect()
        }
        Property::CookieOiatNeverDecreases | Property::UpdateReachesCookie => {
            last.evidence.iter().filter_map(blame_cookie).collect()
        }
        Property::TabsConverge => vec![blame_tabs(last, roster)],
        Property::SeedIsNotStale => last.evidence.iter().filter_map(blame_seed).collect(),
        Property::LiveTokenIsKept => {
            let of_tab = |item| blame_expiry(last, item);
            last.evidence.iter().filter_map(of_tab).collect()
        }
    }
}

/// The readable token of a tab after a step.
fn readable(step: &Walked, tab: TabId) -> Option<ModelToken> {
    step.after.tab(tab).readable().copied()
}

fn blame_tab(steps: &[Walked], tab: TabId, property: Property) -> Option<String> {
    let (last, earlier) = steps.split_last()?;
    let now = readable(last, tab)?;
    let first = steps.first()?;
    let at_start = first.before.tab(tab).cache.token().copied();
    let seen = earlier.iter().rev().find_map(|step| readable(step, tab));
    let before = seen.or(at_start)?;
    let by_claims = matches!(
        property,
        Property::CachedClaimsNeverRegress | Property::TabClaimsNeverRegress
    );
    if by_claims {
        let (was, is) = (before.claims, now.claims);
        (is < was).then(|| {
            format!("{tab} held {before} with claims of {was}, now holds {now} with claims of {is}")
        })
    } else {
        (now.oiat < before.oiat)
            .then(|| format!("{tab} held {before}, now holds {now}: its oiat went down"))
    }
}

fn blame_guard(evidence: &Evidence) -> Option<String> {
    match evidence {
        Evidence::Cache(tab, Observation::Compared(comparison))
            if comparison.subject == Subject::Broadcast
                && comparison.decision.winner == Winner::Existing
                && rank(&comparison.incoming) >= rank(&comparison.existing) =>
        {
            let (kept, lost) = (&comparison.existing, &comparison.incoming);
            Some(format!(
                "{tab} rejected broadcast {lost} in favour of {kept}"
            ))
        }
        Evidence::Cache(tab, Observation::WaitingRan(waiting)) => {
            let waiting: Vec<_> = waiting.iter().map(ToString::to_string).collect();
            let waiting = waiting.join(", ");
            Some(format!(
                "{tab} had waiting broadcasts {waiting}, which have run"
            ))
        }
        _ => None,
    }
}

fn blame_cookie(evidence: &Evidence) -> Option<String> {
    let Evidence::Cookie(CookieUpdate {
        tab,
        before,
        token,
        fate,
        ..
    }) = evidence
    else {
        return None;
    };
    let was = match before {
        Some((cookie, _)) => cookie.to_string(),
        None => "missing".to_owned(),
    };
    Some(match fate {
        CookieFate::Written => format!("{tab} replaced the cookie {was} by {token}"),
        CookieFate::Dropped | CookieFate::Withheld => {
            format!("{tab}'s update {token} did not reach the cookie, which is {was}")
        }
    })
}

fn blame_tabs(last: &Walked, roster: Roster) -> String {
    let tokens: Vec<_> = roster
        .tabs()
        .filter_map(|tab| Some(format!("{tab} holds {}", readable(last, tab)?)))
        .collect();
    format!("nothing is under way any more, and {}", tokens.join(", "))
}

fn blame_seed(evidence: &Evidence) -> Option<String> {
    match evidence {
        Evidence::Requested(tab, request) if !request.forced => {
            let parent = request.parent?;
            Some(format!(
                "{tab} seeds an unforced request with {parent}, though it had a fresher token"
            ))
        }
        _ => None,
    }
}

fn blame_expiry(last: &Walked, evidence: &Evidence) -> Option<String> {
    let Evidence::Cache(tab, Observation::Compared(comparison)) = evidence else {
        return None;
    };
    let (kept, lost) = (&comparison.existing, &comparison.incoming);
    let age = last.after.tab(*tab).age;
    let in_cache = comparison.site.decides_what_is_cached();
    let keeps = in_cache && comparison.decision.winner == Winner::Existing;
    (keeps && age.is_dead(kept) && !age.is_dead(lost))
        .then(|| format!("{tab} gave up {lost}, which is live, for {kept}, which is expired"))
}
