//! What one thing that a step did means to the properties.

use super::findings::Findings;
use super::history::{KeyHistory, TabHistory};
use super::{Cause, Property, PropertySet, WrongCookie, calls, meaning};
use crate::cache::{Cache, Clock, Comparison, Observation, Phase, Subject};
use crate::freshness::{Org, Rank, Winner, rank};
use crate::model::{CookieFate, CookieUpdate, TabState};
use crate::vocabulary::{ModelToken, TabId};
use std::num::NonZeroU32;

/// The rank of what a reader of a tab's cache would get, in one number: what has to be the same in
/// all tabs in the end. It ranks nothing: numbers are equal where ranks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadableRank(NonZeroU32);

impl ReadableRank {
    /// Of a tab, if a reader would get something.
    pub(crate) fn of(tab: &TabState) -> Option<ReadableRank> {
        readable_in_the_end(tab).map(ReadableRank::of_token)
    }

    pub(super) fn of_token(token: &ModelToken) -> ReadableRank {
        ReadableRank(rank_number(rank(token)))
    }

    /// Stands for the `oiat`, or for none.
    pub(super) fn oiat(self) -> u32 {
        (self.0.get() - 1) >> u8::BITS
    }
}

/// A rank of the model as a number: in the order of ranks.
pub(super) fn rank_number(rank: Rank) -> NonZeroU32 {
    // Stamps of the model are bytes.
    let number = match rank.stamps() {
        None => 0,
        Some((oiat, iat)) => (1 + oiat as u32) << u8::BITS | iat as u32,
    };
    NonZeroU32::MIN.saturating_add(number)
}

/// What a reader of the cache of a tab that is signed in would get.
pub(super) fn readable_in_the_end(tab: &TabState) -> Option<&ModelToken> {
    let live = tab.cache.phase == Phase::Live;
    tab.readable(Org::PERSONAL).filter(|_| live)
}

/// Whether the background request under a key was made by a session of another organisation.
pub(super) fn is_asked_from_elsewhere(cache: &Cache<ModelToken>, key: Org) -> bool {
    let background = cache.at(key).background;
    let session = background.and_then(|of| cache.sessions.get(of.session.index()));
    session.is_some_and(|session| session.org != key)
}

/// Judges what a tab's cache did, given the tab's state after the step.
pub(super) fn judge_cache<C: Clock<ModelToken>>(
    history: &mut TabHistory,
    (tab, state): (TabId, &TabState<C>),
    saw: &Observation<ModelToken>,
    findings: &mut impl Findings,
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
                    findings.witness(lost_by_rejecting(against, token));
                }
                let lost = is_tempting(state, against, token);
                findings.witness_if(lost, Property::LiveTokenIsKept);
            }
            let astray = *subject == Subject::Answer && token.org != *key;
            findings.witness_if(astray, Property::KeyHoldsOwnContext);
            if !state.age.is_near(token) {
                findings.witness(lost_by_installing(&history.keys[key.index()], token));
            }
        }
        Observation::Compared(comparison) => judge_comparison((tab, state), comparison, findings),
        Observation::WaitingRan { key, waiting } => {
            judge_waiting((tab, state), *key, waiting, findings);
        }
        Observation::Waits { .. }
        | Observation::Discarded(_)
        | Observation::Ignored(_)
        | Observation::Read { .. } => {}
        Observation::CallMet { key, token } => {
            let history = &history.keys[key.index()];
            findings.witness(calls::lost_by(history, state, *key, token.as_ref()));
        }
    }
}

fn judge_comparison<C: Clock<ModelToken>>(
    (tab, state): (TabId, &TabState<C>),
    comparison: &Comparison<ModelToken>,
    findings: &mut impl Findings,
) {
    let Comparison {
        site,
        subject,
        existing,
        incoming,
        decision,
    } = comparison;
    let (kept, lost) = (*existing, *incoming);
    let keeps = decision.winner == Winner::Existing;
    if keeps && *subject == Subject::Broadcast {
        for property in lost_by_rejecting(existing, incoming).iter() {
            findings.violate(property, || Cause::Rejected { tab, lost, kept });
        }
    }
    if site.decides_what_is_cached() {
        let live = Property::LiveTokenIsKept;
        findings.witness_if(is_tempting(state, existing, incoming), live);
        let is_lost = keeps && state.age.is_dead(existing) && !state.age.is_dead(incoming);
        findings.violate_if(is_lost, live, || Cause::Expired { tab, lost, kept });
    }
}

/// Whether a careless rule would lose a live token to a dead one here.
fn is_tempting<C: Clock<ModelToken>>(
    state: &TabState<C>,
    existing: &ModelToken,
    incoming: &ModelToken,
) -> bool {
    let tempting = rank(existing) > rank(incoming);
    tempting && state.age.is_dead(existing) && !state.age.is_dead(incoming)
}

/// The properties that rejecting this broadcast violates.
fn lost_by_rejecting(existing: &ModelToken, broadcast: &ModelToken) -> PropertySet {
    let (old, new) = (rank(existing), rank(broadcast));
    let newer = broadcast.fmt > existing.fmt || broadcast.claims > existing.claims;
    let mut lost = PropertySet::NONE;
    lost.insert_if(new > old, Property::FresherBroadcastIsKept);
    lost.insert_if(new == old && newer, Property::TieIsAdopted);
    lost
}

/// The properties that installing this token would violate.
fn lost_by_installing(history: &KeyHistory, token: &ModelToken) -> PropertySet {
    let falls = history.falls(token);
    falls.map(|(property, ..)| property).collect()
}

fn judge_waiting<C: Clock<ModelToken>>(
    (tab, state): (TabId, &TabState<C>),
    key: Org,
    waiting: &[ModelToken],
    findings: &mut impl Findings,
) {
    let mut live = waiting.iter().filter(|token| !state.age.is_dead(token));
    let kept = Property::FresherBroadcastIsKept;
    findings.witness_if(live.clone().next().is_some(), kept);
    if let Some(&cached) = state.cache.at(key).token()
        && let Some(&waited) = live.find(|token| rank(*token) > rank(&cached))
    {
        findings.violate(kept, || Cause::Outranked {
            tab,
            waited,
            cached,
        });
    }
}

/// Judges a token update that met the cookie.
pub(super) fn judge_cookie(update: &CookieUpdate, findings: &mut impl Findings) {
    let token = &update.token;
    let before = update.before.as_ref();
    let before = before.map(|(cookie, is_dead)| (cookie, *is_dead));
    let lowers = meaning::cookie_decreases(before, |cookie| cookie.org == token.org, token);
    let needed = update.before.is_none_or(|(cookie, _)| {
        let (old, new) = (rank(&cookie), rank(token));
        old < new || old == new && cookie.fmt < token.fmt
    });
    let because = |wrong| move || Cause::of_cookie(update, wrong);
    let written = update.fate == CookieFate::Written;
    let decreases = Property::CookieOiatNeverDecreases;
    findings.witness_if(lowers, decreases);
    findings.violate_if(lowers && written, decreases, because(WrongCookie::Lowered));
    let writer = update.writer;
    let is_out = writer.phase == Phase::Out;
    // Nobody asks for what must not be written: by a tab that may not, or after sign-out.
    if update.fate != CookieFate::Forbidden && !is_out {
        let reaches = Property::UpdateReachesCookie;
        findings.witness_if(needed, reaches);
        findings.violate_if(needed && !written, reaches, because(WrongCookie::Kept));
    }
    let out = Property::NoCookieAfterSignout;
    findings.witness_if(is_out, out);
    findings.violate_if(is_out && written, out, because(WrongCookie::SignedOut));
    let context = Property::CookieContext;
    let is_astray = !writer.phase.leaves() && meaning::is_astray(token.org, writer.context);
    findings.witness_if(is_astray, context);
    findings.violate_if(is_astray && written, context, because(WrongCookie::Astray));
}

#[cfg(test)]
mod tests;
