//! The auxiliary state of the properties, and how a step is judged with it.

use super::{Property, PropertySet};
use crate::cache::{Clock, Comparison, Observation, Subject};
use crate::freshness::{Rank, Winner, rank};
use crate::model::{CookieFate, CookieUpdate, Evidence, Minted, Request, TabId, TabState};
use crate::scenario::TabSet;

/// What the properties need to remember, as little as possible. It is no part of the system: the
/// reachable graph is counted without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// Of each tab.
    tabs: Vec<TabHistory>,
    /// The properties that the last step violated.
    pub violated: PropertySet,
    /// The properties that the last step gave an opportunity to be violated. Kept only where a
    /// witness is looked for: else it would multiply the states.
    pub witnessed: PropertySet,
}

/// What was readable in one tab. Empty for a tab that is not watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct TabHistory {
    /// The last readable token since the entry was last removed.
    resident: Option<Readable>,
    /// The last readable token ever.
    life: Option<Readable>,
    /// The highest rank ever readable.
    best: Option<Rank>,
}

/// What the properties look at in a readable token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Readable {
    oiat: Option<u8>,
    claims: u8,
}

impl From<&Minted> for Readable {
    fn from(token: &Minted) -> Readable {
        Readable {
            oiat: token.oiat,
            claims: token.claims,
        }
    }
}

/// What a step did to the properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Violated by this step.
    pub violated: PropertySet,
    /// Given an opportunity by this step, violated or not.
    pub witnessed: PropertySet,
}

/// Judges steps.
#[derive(Clone, Debug)]
pub struct Judge {
    /// The tabs that the tab properties look at.
    pub watch: TabSet,
    /// The rank of the token everybody starts with.
    pub first: Rank,
    /// The properties to judge; the history keeps nothing for the others.
    pub properties: PropertySet,
}

/// The system after a step, as far as the properties look at it.
pub struct After<'a> {
    /// Every tab.
    pub tabs: &'a [&'a TabState],
    /// No request, response or broadcast is under way.
    pub quiescent: bool,
}

impl Judge {
    /// The history before anything happened.
    pub fn start(&self, after: &After<'_>) -> History {
        let mut history = History {
            tabs: vec![TabHistory::default(); after.tabs.len()],
            ..History::default()
        };
        self.observe(&mut history, after, &mut Verdicts::default());
        history
    }

    /// Moves the history over one step, and says what the step did.
    pub fn step(
        &self,
        history: &mut History,
        evidence: &[Evidence],
        after: &After<'_>,
    ) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for item in evidence {
            match item {
                Evidence::Cache(tab, saw) if self.watch.has(*tab) => {
                    let state = after.tabs[tab.index()];
                    let history = &mut history.tabs[tab.index()];
                    judge_cache(history, state, saw, &mut verdicts);
                }
                Evidence::Requested(tab, request) if self.watch.has(*tab) => {
                    let best = history.tabs[tab.index()].best;
                    self.judge_request(best, request, &mut verdicts);
                }
                Evidence::Cookie(update) => judge_cookie(update, &mut verdicts),
                _ => {}
            }
        }
        self.observe(history, after, &mut verdicts);
        verdicts.violated = verdicts.violated.and(self.properties);
        verdicts.witnessed = verdicts.witnessed.and(self.properties);
        history.violated = verdicts.violated;
        verdicts
    }

    fn judge_request(&self, best: Option<Rank>, request: &Request, verdicts: &mut Verdicts) {
        if let (false, Some(parent), Some(best)) = (request.forced, request.parent, best) {
            let seed = Property::SeedIsNotStale;
            verdicts.violated.insert_if(best > rank(&parent), seed);
            verdicts.witnessed.insert_if(best > self.first, seed);
        }
    }

    /// Looks at what is readable at the end of a step.
    fn observe(&self, history: &mut History, after: &After<'_>, verdicts: &mut Verdicts) {
        for (index, tab) in after.tabs.iter().enumerate() {
            let Some(token) = readable(tab) else { continue };
            if self.watch.has(TabId(index as u8)) {
                history.tabs[index].observe(token, self.properties, &mut verdicts.violated);
            }
        }
        let mut oiats = after
            .tabs
            .iter()
            .filter_map(|tab| readable(tab))
            .map(|t| t.oiat);
        if let Some(first) = oiats.next() {
            let apart = oiats.any(|oiat| oiat != first);
            let converge = Property::TabsConverge;
            verdicts.witnessed.insert_if(apart, converge);
            verdicts
                .violated
                .insert_if(apart && after.quiescent, converge);
        }
    }
}

impl TabHistory {
    fn observe(&mut self, token: &Minted, wanted: PropertySet, violated: &mut PropertySet) {
        let now = Readable::from(token);
        if let Some(before) = self.resident {
            violated.insert_if(now.oiat < before.oiat, Property::CachedOiatNeverDecreases);
            violated.insert_if(
                now.claims < before.claims,
                Property::CachedClaimsNeverRegress,
            );
        }
        if let Some(before) = self.life {
            violated.insert_if(now.oiat < before.oiat, Property::TabOiatNeverDecreases);
            violated.insert_if(now.claims < before.claims, Property::TabClaimsNeverRegress);
        }
        let wants = |one, other| wanted.has(one) || wanted.has(other);
        if wants(
            Property::CachedOiatNeverDecreases,
            Property::CachedClaimsNeverRegress,
        ) {
            self.resident = Some(now);
        }
        if wants(
            Property::TabOiatNeverDecreases,
            Property::TabClaimsNeverRegress,
        ) {
            self.life = Some(now);
        }
        if wanted.has(Property::SeedIsNotStale) {
            self.best = self.best.max(Some(rank(token)));
        }
    }
}

/// What a reader of the cache would get: a token that is near its expiry counts as absent.
fn readable(tab: &TabState) -> Option<&Minted> {
    tab.cache.token().filter(|token| !tab.age.is_near(token))
}

fn judge_cache(
    history: &mut TabHistory,
    state: &TabState,
    saw: &Observation<Minted>,
    verdicts: &mut Verdicts,
) {
    match saw {
        Observation::Removed => history.resident = None,
        Observation::Offered {
            subject,
            token,
            against,
        } => {
            if *subject == Subject::Broadcast
                && let Some(against) = against
            {
                judge_broadcast(against, token, &mut verdicts.witnessed);
            }
            if !state.age.is_near(token) {
                judge_offer(history, token, &mut verdicts.witnessed);
            }
        }
        Observation::Compared(Comparison {
            subject: Subject::Broadcast,
            existing,
            incoming,
            decision,
            ..
        }) if decision.winner == Winner::Existing => {
            judge_broadcast(existing, incoming, &mut verdicts.violated);
        }
        Observation::WaitingRan(waiting) => judge_waiting(state, waiting, verdicts),
        Observation::Compared(_) | Observation::Waits { .. } => {}
    }
}

/// The properties that rejecting this broadcast violates.
fn judge_broadcast(existing: &Minted, broadcast: &Minted, set: &mut PropertySet) {
    let (old, new) = (rank(existing), rank(broadcast));
    let newer = broadcast.fmt > existing.fmt || broadcast.claims > existing.claims;
    set.insert_if(new > old, Property::FresherBroadcastIsKept);
    set.insert_if(new == old && newer, Property::TieIsAdopted);
}

/// The properties that installing this token would violate.
fn judge_offer(history: &TabHistory, token: &Minted, set: &mut PropertySet) {
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

fn judge_waiting(state: &TabState, waiting: &[Minted], verdicts: &mut Verdicts) {
    let live = || waiting.iter().filter(|token| !state.age.is_dead(token));
    let kept = Property::FresherBroadcastIsKept;
    verdicts.witnessed.insert_if(live().next().is_some(), kept);
    if let Some(cached) = state.cache.token() {
        let lost = live().any(|token| rank(token) > rank(cached));
        verdicts.violated.insert_if(lost, kept);
    }
}

fn judge_cookie(update: &CookieUpdate, verdicts: &mut Verdicts) {
    let token = &update.token;
    let lowers = matches!(update.before, Some((cookie, false)) if token.oiat < cookie.oiat);
    let needed = update.before.is_none_or(|(cookie, _)| {
        let (old, new) = (rank(&cookie), rank(token));
        old < new || old == new && cookie.fmt < token.fmt
    });
    let written = update.fate == CookieFate::Written;
    let decreases = Property::CookieOiatNeverDecreases;
    let reaches = Property::UpdateReachesCookie;
    verdicts.witnessed.insert_if(lowers, decreases);
    verdicts.violated.insert_if(lowers && written, decreases);
    verdicts.witnessed.insert_if(needed, reaches);
    verdicts.violated.insert_if(needed && !written, reaches);
}
