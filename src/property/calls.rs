//! What the calls of a page get, and whether they should.

use super::findings::Findings;
use super::history::KeyHistory;
use super::{Cause, Property, PropertySet, WrongReturn, meaning};
use crate::cache::Clock;
use crate::freshness::{Org, rank};
use crate::model::TabState;
use crate::vocabulary::{ModelToken, TabId};

/// The properties that giving this to a call would violate: a token, or a rejection.
pub(super) fn lost_by<C: Clock<ModelToken>>(
    history: &KeyHistory,
    after: &TabState<C>,
    key: Org,
    token: Option<&ModelToken>,
) -> PropertySet {
    let mut lost = PropertySet::NONE;
    // Nobody looks at the page of a tab that is signed out.
    if !after.cache.phase.is_in() {
        return lost;
    }
    match token {
        Some(token) => {
            lost = wrong_with(history, after, key, token)
                .map(|(property, _)| property)
                .collect();
            lost.insert_if(key != Org::PERSONAL, Property::ReturnedIsOwnContext);
        }
        None => {
            let holds = after.readable(key).is_some();
            lost.insert_if(holds, Property::RejectedOnlyWithoutToken);
        }
    }
    lost
}

/// What is wrong with returning this token.
fn wrong_with<C: Clock<ModelToken>>(
    history: &KeyHistory,
    after: &TabState<C>,
    key: Org,
    token: &ModelToken,
) -> impl Iterator<Item = (Property, WrongReturn)> {
    let is_dead = after.age.is_dead(token);
    let dead = is_dead.then_some((Property::ReturnedTokenIsNotDead, WrongReturn::Dead));
    let better = after.readable(key).copied();
    let better = better.filter(|better| meaning::is_outranked(rank(token), rank(better)));
    let outranked = better.map(|better| {
        let property = Property::ReturnedIsNotOutranked;
        (property, WrongReturn::Outranked(better))
    });
    let astray = meaning::is_astray(token.org, key)
        .then_some((Property::ReturnedIsOwnContext, WrongReturn::Astray(key)));
    let falls = history.falls_in_calls(token);
    let falls =
        falls.map(|(property, reading, held)| (property, WrongReturn::Older(held, reading)));
    dead.into_iter().chain(falls).chain(outranked).chain(astray)
}

/// Judges a token that calls of a tab's page got.
pub(super) fn judge_returned<C: Clock<ModelToken>>(
    history: &KeyHistory,
    (tab, after): (TabId, &TabState<C>),
    (key, token): (Org, ModelToken),
    findings: &mut impl Findings,
) {
    if after.cache.phase.is_in() {
        for (property, wrong) in wrong_with(history, after, key, &token) {
            findings.violate(property, || Cause::Returned { tab, token, wrong });
        }
    }
}

/// Judges a rejection that calls of a tab's page got.
pub(super) fn judge_rejected<C: Clock<ModelToken>>(
    (tab, after): (TabId, &TabState<C>),
    key: Org,
    findings: &mut impl Findings,
) {
    if let Some(&holds) = after.readable(key)
        && after.cache.phase.is_in()
    {
        let property = Property::RejectedOnlyWithoutToken;
        findings.violate(property, || Cause::CallFails { tab, holds });
    }
}
