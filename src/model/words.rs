//! Evidence in domain words.

use super::evidence::{CookieFate, CookieUpdate, Evidence, Source};
use crate::cache::{Comparison, Observation, Site, Subject};
use crate::freshness::Winner;
use crate::vocabulary::{ModelToken, TabId};

impl Evidence {
    /// What was done, in words, if it is worth telling.
    pub fn in_words(&self) -> Option<String> {
        Some(match self {
            Evidence::Cache(tab, saw) => saw_in_words(*tab, saw)?,
            Evidence::Posted(tab, post) => format!("{tab} posts {post} to the other tabs"),
            Evidence::Requested(tab, request) => format!("{tab} sends a request: {request}"),
            Evidence::Returned(tab, _, token) => format!("getToken in {tab} returns {token}"),
            Evidence::Rejected(tab, _) => format!("getToken in {tab} is rejected"),
            Evidence::ReturnedNull(tab, _) => {
                format!("getToken in {tab} returns null, as if nobody were signed in")
            }
            Evidence::Minted(_, Source::Origin, token) => {
                format!("the origin reads the database and mints {token}")
            }
            Evidence::Minted(_, Source::Edge, token) => {
                format!("the edge copies the claims of the seed and mints {token}")
            }
            Evidence::Carried(_, token) => {
                format!("the server answers with the token that was minted last, {token}")
            }
            Evidence::Ended(_) => "the session ends at the server".to_owned(),
            Evidence::SignedOut(tab) => {
                format!("{tab} is signed out and tells the other tabs")
            }
            Evidence::Cookie(update) => cookie_in_words(update),
            Evidence::CookieRemoved(tab, true) => format!("{tab} removes the cookie"),
            Evidence::CookieRemoved(tab, false) => {
                format!("{tab} has no focus, so it leaves the cookie to others")
            }
        })
    }
}

fn saw_in_words(tab: TabId, saw: &Observation<ModelToken>) -> Option<String> {
    match saw {
        Observation::Compared(comparison) => Some(comparison_in_words(tab, comparison)),
        Observation::Waits { fetch, token } => Some(format!(
            "broadcast {token} waits in {tab} for fetch {fetch}"
        )),
        Observation::Discarded(token) => Some(format!(
            "{tab} discards {token}: its entry has been replaced or thrown away since the request"
        )),
        Observation::Ignored(token) => Some(format!("{tab} is signed out and ignores {token}")),
        Observation::Removed { .. } => Some(format!("{tab}'s entry is removed")),
        Observation::Offered { .. }
        | Observation::WaitingRan { .. }
        | Observation::CallMet { .. }
        | Observation::Read { .. } => None,
    }
}

/// `row A1 (existing oiat later) at the broadcast guard of tab 0: [..] stays, broadcast [..] loses`
fn comparison_in_words(tab: TabId, comparison: &Comparison<ModelToken>) -> String {
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
        Site::Last => format!("{tab}'s last active token"),
        Site::Client => format!("{tab}'s client guard"),
        Site::Dispatch => format!("{tab}'s dispatch guard"),
        Site::HighWater => format!("{tab}'s high-water mark"),
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
        CookieFate::Forbidden => {
            let tab = update.tab;
            let why = match token.org == update.writer.context {
                true => "it has no focus, and the cookie is another's",
                false => "it is in another organisation than the token, or has no focus",
            };
            format!("{tab} may not write {token}: {why}")
        }
        CookieFate::Withheld => {
            format!(
                "{} keeps {token} from the cookie, which is {was}",
                update.tab
            )
        }
    }
}
