//! What one thing that a step did means to the properties.

use super::history::{KeyHistory, TabHistory};
use super::{Property, PropertySet, StepFindings};
use crate::cache::{Cache, Clock, Comparison, Observation, Phase, Subject};
use crate::freshness::{Org, Winner, rank};
use crate::model::{CookieFate, CookieUpdate, TabState};
use crate::vocabulary::ModelToken;

/// The `oiat` of what a reader of the cache would get, if there is something: what has to be the
/// same in all tabs in the end.
pub fn readable_oiat(tab: &TabState) -> Option<Option<u8>> {
    let live = tab.cache.phase == Phase::Live;
    let token = tab.readable(Org::PERSONAL).filter(|_| live);
    token.map(|token| token.oiat)
}

/// Whether the background request under a key was made by a session of another organisation.
pub(super) fn is_asked_from_elsewhere(cache: &Cache<ModelToken>, key: Org) -> bool {
    let background = cache.at(key).background;
    let session = background.and_then(|of| cache.sessions.get(of.session.index()));
    session.is_some_and(|session| session.org != key)
}

pub(super) fn judge_cache<C: Clock<ModelToken>>(
    history: &mut TabHistory,
    state: &TabState<C>,
    saw: &Observation<ModelToken>,
    verdicts: &mut StepFindings,
) {
    match saw {
        Observation::Removed { key } => history.keys[key.index()].resident = None,
        Observation::Offered {
            key,
            subject,
            token,
            against,
            ..
        } => {
            if let Some(against) = against {
                if *subject == Subject::Broadcast {
                    judge_broadcast(against, token, &mut verdicts.witnessed);
                }
                judge_meeting(state, against, token, &mut verdicts.witnessed);
            }
            if *subject == Subject::Answer && token.org != *key {
                verdicts.witnessed.insert(Property::KeyHoldsOwnContext);
            }
            if !state.age.is_near(token) {
                judge_offer(&history.keys[key.index()], token, &mut verdicts.witnessed);
            }
        }
        Observation::Compared(comparison) => judge_comparison(state, comparison, verdicts),
        Observation::WaitingRan { key, waiting } => judge_waiting(state, *key, waiting, verdicts),
        Observation::Waits { .. }
        | Observation::Discarded(_)
        | Observation::Ignored(_)
        | Observation::Read { .. } => {}
    }
}

fn judge_comparison<C: Clock<ModelToken>>(
    state: &TabState<C>,
    comparison: &Comparison<ModelToken>,
    verdicts: &mut StepFindings,
) {
    let Comparison {
        site,
        subject,
        existing,
        incoming,
        decision,
    } = comparison;
    let keeps = decision.winner == Winner::Existing;
    if keeps && *subject == Subject::Broadcast {
        judge_broadcast(existing, incoming, &mut verdicts.violated);
    }
    if site.decides_what_is_cached() {
        judge_meeting(state, existing, incoming, &mut verdicts.witnessed);
        let lost = keeps && state.age.is_dead(existing) && !state.age.is_dead(incoming);
        verdicts.violated.insert_if(lost, Property::LiveTokenIsKept);
    }
}

/// Whether a careless rule would lose a live token to a dead one here.
fn judge_meeting<C: Clock<ModelToken>>(
    state: &TabState<C>,
    existing: &ModelToken,
    incoming: &ModelToken,
    set: &mut PropertySet,
) {
    let tempting = rank(existing) > rank(incoming);
    let lost = tempting && state.age.is_dead(existing) && !state.age.is_dead(incoming);
    set.insert_if(lost, Property::LiveTokenIsKept);
}

/// The properties that rejecting this broadcast violates.
fn judge_broadcast(existing: &ModelToken, broadcast: &ModelToken, set: &mut PropertySet) {
    let (old, new) = (rank(existing), rank(broadcast));
    let newer = broadcast.fmt > existing.fmt || broadcast.claims > existing.claims;
    set.insert_if(new > old, Property::FresherBroadcastIsKept);
    set.insert_if(new == old && newer, Property::TieIsAdopted);
}

/// The properties that installing this token would violate.
fn judge_offer(history: &KeyHistory, token: &ModelToken, set: &mut PropertySet) {
    if let Some(last) = history.resident {
        set.insert_if(token.oiat < last.oiat, Property::CachedOiatNeverDecreases);
        set.insert_if(
            token.claims < last.claims,
            Property::CachedClaimsNeverRegress,
        );
    }
    if let Some(last) = history.life {
        set.insert_if(token.oiat < last.oiat, Property::TabOiatNeverDecreases);
        set.insert_if(token.claims < last.claims, Property::TabClaimsNeverRegress);
    }
}

fn judge_waiting<C: Clock<ModelToken>>(
    state: &TabState<C>,
    key: Org,
    waiting: &[ModelToken],
    verdicts: &mut StepFindings,
) {
    let live = || waiting.iter().filter(|token| !state.age.is_dead(token));
    let kept = Property::FresherBroadcastIsKept;
    verdicts.witnessed.insert_if(live().next().is_some(), kept);
    if let Some(cached) = state.cache.at(key).token() {
        let lost = live().any(|token| rank(token) > rank(cached));
        verdicts.violated.insert_if(lost, kept);
    }
}

pub(super) fn judge_cookie(update: &CookieUpdate, verdicts: &mut StepFindings) {
    let token = &update.token;
    let lowers = match update.before {
        Some((cookie, false)) => cookie.org == token.org && token.oiat < cookie.oiat,
        Some((_, true)) | None => false,
    };
    let needed = update.before.is_none_or(|(cookie, _)| {
        let (old, new) = (rank(&cookie), rank(token));
        old < new || old == new && cookie.fmt < token.fmt
    });
    let written = update.fate == CookieFate::Written;
    let decreases = Property::CookieOiatNeverDecreases;
    let reaches = Property::UpdateReachesCookie;
    verdicts.witnessed.insert_if(lowers, decreases);
    verdicts.violated.insert_if(lowers && written, decreases);
    if update.fate != CookieFate::Forbidden {
        verdicts.witnessed.insert_if(needed, reaches);
        verdicts.violated.insert_if(needed && !written, reaches);
    }
    let writer = update.writer;
    let out = Property::NoCookieAfterSignout;
    let is_out = writer.phase == Phase::Out;
    verdicts.witnessed.insert_if(is_out, out);
    verdicts.violated.insert_if(is_out && written, out);
    let context = Property::CookieContext;
    let is_astray = !writer.phase.leaves() && token.org != writer.context;
    verdicts.witnessed.insert_if(is_astray, context);
    verdicts.violated.insert_if(is_astray && written, context);
}
