//! What exactly the last step of a counterexample violates, and where to look.

use super::Walked;
use crate::cache::{Clock, Observation, Phase, Subject};
use crate::freshness::{Org, Winner, rank};
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
            .flat_map(|tab| Org::ALL.map(|key| (tab, key)))
            .filter_map(|(tab, key)| blame_tab(steps, (tab, key), property))
            .collect(),
        Property::FresherBroadcastIsKept | Property::TieIsAdopted => {
            last.evidence.iter().filter_map(blame_guard).collect()
        }
        Property::CookieOiatNeverDecreases | Property::UpdateReachesCookie => {
            last.evidence.iter().filter_map(blame_cookie).collect()
        }
        Property::TabsConverge => vec![blame_tabs(last, roster)],
        Property::SeedIsNotStale => last.evidence.iter().filter_map(blame_seed).collect(),
        Property::NoCookieAfterSignout | Property::CookieContext => {
            last.evidence.iter().filter_map(blame_writer).collect()
        }
        Property::SignedOutAtRest => vec![blame_rest(last)],
        Property::ContextAtRest => vec![blame_context(last)],
        Property::KeyHoldsOwnContext => roster
            .tabs()
            .flat_map(|tab| Org::ALL.map(|key| (tab, key)))
            .filter_map(|(tab, key)| blame_key(last, tab, key))
            .collect(),
        Property::ReadReturnsOwnContext => last.evidence.iter().filter_map(blame_read).collect(),
        Property::LiveTokenIsKept => {
            let of_tab = |item| blame_expiry(last, item);
            last.evidence.iter().filter_map(of_tab).collect()
        }
    }
}

/// The readable token of a tab after a step.
fn readable(step: &Walked, (tab, key): (TabId, Org)) -> Option<ModelToken> {
    step.after.tab(tab).readable(key).copied()
}

fn blame_tab(steps: &[Walked], (tab, key): (TabId, Org), property: Property) -> Option<String> {
    let (last, earlier) = steps.split_last()?;
    let now = readable(last, (tab, key))?;
    let first = steps.first()?;
    let at_start = first.before.tab(tab).cache.at(key).token().copied();
    let seen = earlier
        .iter()
        .rev()
        .find_map(|step| readable(step, (tab, key)));
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
        Evidence::Cache(tab, Observation::WaitingRan { waiting, .. }) => {
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
        CookieFate::Dropped | CookieFate::Withheld | CookieFate::Forbidden => {
            format!("{tab}'s update {token} did not reach the cookie, which is {was}")
        }
    })
}

/// The account of an organisation, or one's own.
fn account(org: Org) -> String {
    match org {
        Org::PERSONAL => "the personal account".to_owned(),
        org => format!("organisation {}", org.number()),
    }
}

fn blame_writer(evidence: &Evidence) -> Option<String> {
    let Evidence::Cookie(update) = evidence else {
        return None;
    };
    let CookieUpdate {
        tab, token, writer, ..
    } = update;
    (update.fate == CookieFate::Written).then(|| match writer.phase {
        Phase::Out => format!("{tab} is signed out and writes {token} to the cookie"),
        Phase::Absent | Phase::Loading | Phase::Live | Phase::Leaving | Phase::Closed => {
            let (context, org) = (account(writer.context), account(token.org));
            format!("{tab} is in {context} and writes {token}, a token of {org}, to the cookie")
        }
    })
}

fn blame_rest(last: &Walked) -> String {
    match last.after.jar().cookie {
        Some(cookie) => {
            format!("the session has ended and nothing is under way, but the cookie is {cookie}")
        }
        None => "the session has ended".to_owned(),
    }
}

fn blame_context(last: &Walked) -> String {
    let jar = last.after.jar();
    let cookie = jar.cookie.map(|cookie| account(cookie.org));
    let context = jar.context.map(account);
    format!(
        "nothing is under way any more; the cookie's token is of {}, the context cookie names {}",
        cookie.as_deref().unwrap_or("nobody"),
        context.as_deref().unwrap_or("nothing"),
    )
}

fn blame_key(last: &Walked, tab: TabId, key: Org) -> Option<String> {
    let cache = &last.after.tab(tab).cache;
    let token = cache.at(key).token().filter(|token| token.org != key)?;
    let (of, key) = (account(token.org), account(key));
    let is_in = cache.phase.is_in();
    is_in.then(|| format!("{tab} holds {token}, a token of {of}, where it looks for {key}'s"))
}

fn blame_read(evidence: &Evidence) -> Option<String> {
    match evidence {
        Evidence::Cache(tab, Observation::Read { key, token }) if token.org != *key => {
            let (of, key) = (account(token.org), account(*key));
            Some(format!(
                "{tab} asks its cache for {key}'s token and gets {token}, {of}'s"
            ))
        }
        _ => None,
    }
}

fn blame_tabs(last: &Walked, roster: Roster) -> String {
    let tokens: Vec<_> = roster
        .tabs()
        .filter_map(|tab| {
            Some(format!(
                "{tab} holds {}",
                readable(last, (tab, Org::PERSONAL))?
            ))
        })
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
