//! What the properties remember, and how a step is judged with it.

use super::{Property, PropertySet};
use crate::cache::{
    Cache, Clock, Comparison, Observation, Phase, RequestKind, Subject, TokenRequest,
};
use crate::freshness::{Org, Rank, Stamps, Winner, rank};
use crate::model::{CookieFate, CookieUpdate, Evidence, Post, Request, TabState};
use crate::vocabulary::{ModelToken, TabId, TabSet};

/// What the properties need to remember, as little as possible. It is no part of the system: the
/// reachable graph is counted without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// Of each tab.
    pub tabs: Vec<TabHistory>,
    /// The properties that the last step violated.
    pub violated: PropertySet,
    /// The properties that the last step gave an opportunity to be violated. Kept only where a
    /// witness is looked for: else it would multiply the states.
    pub witnessed: PropertySet,
}

/// What was readable in one tab. Empty for a tab that is not watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TabHistory {
    /// Under each key, whatever organisations' tokens meet there.
    keys: [KeyHistory; 2],
}

/// What was readable under one key of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct KeyHistory {
    /// The last readable token since the entry was last removed.
    resident: Option<Readable>,
    /// The last readable token ever.
    life: Option<Readable>,
    /// The highest rank ever readable.
    best: Option<Rank>,
    /// What the tab posted, as long as it is readable and nothing fresher and as long-lived was
    /// posted by the same tab. Kept only with [`Monitor::undelivered`].
    posted: Vec<ModelToken>,
}

/// What the properties look at in a readable token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Readable {
    oiat: Option<u8>,
    claims: u8,
}

impl From<&ModelToken> for Readable {
    fn from(token: &ModelToken) -> Readable {
        Readable {
            oiat: token.oiat,
            claims: token.claims,
        }
    }
}

/// What a step did to the properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StepFindings {
    /// Violated by this step.
    pub violated: PropertySet,
    /// Given an opportunity by this step, violated or not.
    pub witnessed: PropertySet,
}

impl StepFindings {
    /// What either says.
    #[must_use]
    pub const fn or(self, other: StepFindings) -> StepFindings {
        StepFindings {
            violated: self.violated.or(other.violated),
            witnessed: self.witnessed.or(other.witnessed),
        }
    }

    /// What is said of some properties only.
    #[must_use]
    pub const fn and(self, properties: PropertySet) -> StepFindings {
        StepFindings {
            violated: self.violated.and(properties),
            witnessed: self.witnessed.and(properties),
        }
    }
}

/// Judges steps.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// The tabs that the tab properties look at.
    pub watch: TabSet,
    /// The rank of the token everybody starts with.
    pub first: Rank,
    /// The properties to judge; the history keeps nothing for the others.
    pub properties: PropertySet,
    /// Remember what was posted, and the best that each tab ever had: what is still to arrive.
    pub undelivered: bool,
}

/// The system after a step, as far as the properties look at it.
pub struct After<'a> {
    /// Every tab.
    pub tabs: &'a [&'a TabState],
    /// No request, response, broadcast or sign-out message is under way.
    pub quiescent: bool,
    /// What is looked at when nothing is.
    pub rest: Rest,
}

/// What all tabs share, as far as the properties look at it when nothing is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// The session has ended at the server.
    pub ended: bool,
    /// A request of another kind than sign-out and reload, or its answer, is under way.
    pub asking: bool,
    /// Some tab has changed the organisation.
    pub switched: bool,
    /// The organisation of the session cookie's token.
    pub cookie: Option<Org>,
    /// What the context cookie says.
    pub context: Option<Org>,
}

impl Monitor {
    /// The history before anything happened.
    pub fn start(&self, after: &After<'_>) -> History {
        let tabs = (0u8..).map(TabId).zip(after.tabs);
        History {
            tabs: tabs
                .map(|(tab, state)| self.start_tab(tab, state))
                .collect(),
            ..History::default()
        }
    }

    /// Moves the history over one step, and says what the step did.
    pub fn step(
        &self,
        history: &mut History,
        evidence: &[Evidence],
        after: &After<'_>,
    ) -> StepFindings {
        let mut verdicts = StepFindings::default();
        for (index, state) in after.tabs.iter().enumerate() {
            let tab = TabId(index as u8);
            let evidence = evidence.iter().filter(|item| item.tab() == Some(tab));
            let (next, of_tab) = self.step_tab(tab, &history.tabs[index], evidence, state);
            history.tabs[index] = next;
            verdicts = verdicts.or(of_tab);
        }
        for item in evidence {
            verdicts = verdicts.or(self.judge_shared(item));
        }
        let readable = after.tabs.iter().filter_map(|tab| readable_oiat(tab));
        verdicts = verdicts.or(self.judge_together(readable, || after.quiescent));
        verdicts = verdicts.or(self.judge_rest(&after.rest, after.quiescent));
        history.violated = verdicts.violated;
        verdicts
    }

    /// One tab's history before anything happened.
    pub fn start_tab(&self, tab: TabId, state: &TabState) -> TabHistory {
        let (history, _) = self.step_tab(tab, &TabHistory::default(), [], state);
        history
    }

    /// Moves one tab's history over a step: a function of that history, of what that tab did in the
    /// step and of its state afterwards. A step in which the tab does nothing changes nothing.
    pub fn step_tab<'a, C: Clock<ModelToken>>(
        &self,
        tab: TabId,
        history: &TabHistory,
        evidence: impl IntoIterator<Item = &'a Evidence>,
        after: &TabState<C>,
    ) -> (TabHistory, StepFindings) {
        let mut history = history.clone();
        let mut verdicts = StepFindings::default();
        if !self.watch.has(tab) {
            return (history, verdicts);
        }
        let mut offered = [false; 2];
        for item in evidence {
            if let Evidence::Cache(_, Observation::Offered { key, .. }) = item {
                offered[key.index()] = true;
            }
            match item {
                Evidence::Cache(_, saw) => judge_cache(&mut history, after, saw, &mut verdicts),
                Evidence::Requested(_, request) => {
                    let key = request.key();
                    let of_key = &history.keys[key.index()];
                    self.judge_request(of_key.best, request, &mut verdicts);
                    if let RequestKind::Token(TokenRequest::Background(_)) = request.kind {
                        let astray = Property::KeyHoldsOwnContext;
                        let is_elsewhere = is_asked_from_elsewhere(&after.cache, key);
                        verdicts.witnessed.insert_if(is_elsewhere, astray);
                    }
                }
                Evidence::Posted(_, Post::Token(key, token)) => {
                    if self.undelivered {
                        history.keys[key.index()].post(token);
                    }
                }
                Evidence::Posted(_, Post::OutOfDate(_))
                | Evidence::Minted(..)
                | Evidence::Carried(..)
                | Evidence::Ended(_)
                | Evidence::SignedOut(_)
                | Evidence::Cookie(_)
                | Evidence::CookieRemoved(..) => {}
            }
        }
        // A history ends when the tab is signed out or closed.
        if !after.cache.phase.is_in() {
            return (TabHistory::default(), verdicts.and(self.properties));
        }
        for key in after.cache.key_names() {
            let of_key = &mut history.keys[key.index()];
            if let Some(token) = after.readable(key) {
                of_key.observe(token, self.properties, &mut verdicts.violated);
                if self.undelivered {
                    of_key.best = of_key.best.max(Some(rank(token)));
                }
            }
            of_key.posted.retain(|token| !after.age.is_near(token));
            // What is astray stays so until something else comes: it is told when it has come.
            let token = after.cache.at(key).token();
            let is_astray = token.is_some_and(|token| token.org != key);
            let came = offered[key.index()];
            let astray = Property::KeyHoldsOwnContext;
            verdicts.violated.insert_if(came && is_astray, astray);
            verdicts.witnessed.insert_if(came && is_astray, astray);
        }
        (history, verdicts.and(self.properties))
    }

    /// Judges evidence that is about no single tab.
    pub fn judge_shared(&self, evidence: &Evidence) -> StepFindings {
        let mut verdicts = StepFindings::default();
        match evidence {
            Evidence::Cookie(update) => judge_cookie(update, &mut verdicts),
            Evidence::Cache(_, Observation::Read { key, token }) => {
                let read = Property::ReadReturnsOwnContext;
                let is_astray = token.org != *key;
                let is_apart = is_astray || *key != Org::PERSONAL;
                verdicts.violated.insert_if(is_astray, read);
                verdicts.witnessed.insert_if(is_apart, read);
            }
            Evidence::Cache(_, Observation::Ignored(_)) => {
                verdicts.witnessed.insert(Property::NoCookieAfterSignout);
            }
            Evidence::Cache(..)
            | Evidence::Posted(..)
            | Evidence::Requested(..)
            | Evidence::Minted(..)
            | Evidence::Carried(..)
            | Evidence::Ended(_)
            | Evidence::SignedOut(_)
            | Evidence::CookieRemoved(..) => {}
        }
        verdicts.and(self.properties)
    }

    /// Judges what all tabs share at the end of a step.
    pub fn judge_rest(&self, rest: &Rest, quiescent: bool) -> StepFindings {
        let mut verdicts = StepFindings::default();
        let out = Property::SignedOutAtRest;
        let remains = rest.ended && quiescent && rest.cookie.is_some();
        verdicts.violated.insert_if(remains, out);
        verdicts.witnessed.insert_if(rest.ended && rest.asking, out);
        let context = Property::ContextAtRest;
        let apart = rest.cookie.zip(rest.context).is_some_and(|(a, b)| a != b);
        verdicts.violated.insert_if(quiescent && apart, context);
        let is_over = quiescent && (rest.switched || apart);
        verdicts.witnessed.insert_if(is_over, context);
        verdicts.and(self.properties)
    }

    /// Judges what is readable in all tabs together at the end of a step, given the `oiat` (or
    /// anything that stands for it) of each readable token.
    pub fn judge_together<O: PartialEq>(
        &self,
        mut readable: impl Iterator<Item = O>,
        quiescent: impl FnOnce() -> bool,
    ) -> StepFindings {
        let mut verdicts = StepFindings::default();
        if let Some(first) = readable.next() {
            let apart = readable.any(|oiat| oiat != first);
            let converge = Property::TabsConverge;
            verdicts.witnessed.insert_if(apart, converge);
            verdicts.violated.insert_if(apart && quiescent(), converge);
        }
        verdicts.and(self.properties)
    }

    fn judge_request(&self, best: Option<Rank>, request: &Request, verdicts: &mut StepFindings) {
        if let (false, Some(parent), Some(best)) = (request.forced, request.parent, best) {
            let seed = Property::SeedIsNotStale;
            verdicts.violated.insert_if(best > rank(&parent), seed);
            verdicts.witnessed.insert_if(best > self.first, seed);
        }
    }
}

impl TabHistory {
    /// See [`KeyHistory::map`].
    pub(crate) fn map(
        &self,
        mut claims: impl FnMut(u8) -> u8,
        mut minted: impl FnMut(u8, u8) -> u8,
    ) -> TabHistory {
        let TabHistory { keys } = self;
        TabHistory {
            keys: keys.each_ref().map(|of| of.map(&mut claims, &mut minted)),
        }
    }

    /// The `oiat` and the claims of the readable tokens that are remembered.
    pub(crate) fn reads(&self) -> impl Iterator<Item = (Option<u8>, u8)> {
        self.keys.iter().flat_map(KeyHistory::reads)
    }

    /// A readable token that another tab posted under a key and that outranks everything this tab
    /// ever had readable there: it has yet to get it, or something as fresh.
    pub(crate) fn undelivered_from(&self, other: &TabHistory) -> Option<ModelToken> {
        let mut keys = self.keys.iter().zip(&other.keys);
        keys.find_map(|(of, other)| of.undelivered_from(other))
    }
}

impl KeyHistory {
    /// The same history with its instants renamed: `claims` renames instants at which claims were
    /// read, `minted` the `iat` that stands beside an `oiat`.
    fn map(
        &self,
        mut claims: impl FnMut(u8) -> u8,
        mut minted: impl FnMut(u8, u8) -> u8,
    ) -> KeyHistory {
        // Every field by name: one that is added has to be renamed as well.
        let KeyHistory {
            resident,
            life,
            best,
            posted,
        } = self;
        let mut readable = |Readable { oiat, claims: read }: &Readable| Readable {
            oiat: oiat.map(&mut claims),
            claims: claims(*read),
        };
        let (resident, life) = (
            resident.as_ref().map(&mut readable),
            life.as_ref().map(readable),
        );
        // Stamps of the model are bytes.
        let best = best.map(|best| match best.stamps() {
            Some((oiat, iat)) => rank(&Stamps {
                oiat: Some(u64::from(claims(oiat as u8))),
                iat: Some(u64::from(minted(oiat as u8, iat as u8))),
            }),
            None => best,
        });
        KeyHistory {
            resident,
            life,
            best,
            // Proofs do not remember posts: there is nothing to rename.
            posted: posted.clone(),
        }
    }

    /// The `oiat` and the claims of the readable tokens that are remembered.
    fn reads(&self) -> impl Iterator<Item = (Option<u8>, u8)> {
        let readable = self.resident.iter().chain(&self.life);
        readable.map(|readable| (readable.oiat, readable.claims))
    }

    /// A readable token that another tab posted and that outranks everything this tab ever had
    /// readable: it has yet to get it, or something as fresh.
    fn undelivered_from(&self, other: &KeyHistory) -> Option<ModelToken> {
        let mut posted = other.posted.iter().copied();
        posted.find(|token| self.best.is_none_or(|best| rank(token) > best))
    }

    fn post(&mut self, token: &ModelToken) {
        let outlives =
            |one: &ModelToken, other: &ModelToken| rank(one) >= rank(other) && one.iat >= other.iat;
        if !self.posted.iter().any(|posted| outlives(posted, token)) {
            self.posted.retain(|posted| !outlives(token, posted));
            self.posted.push(*token);
            self.posted.sort_unstable();
        }
    }

    fn observe(&mut self, token: &ModelToken, wanted: PropertySet, violated: &mut PropertySet) {
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

/// The `oiat` of what a reader of the cache would get, if there is something: what has to be the
/// same in all tabs in the end.
pub fn readable_oiat(tab: &TabState) -> Option<Option<u8>> {
    let live = tab.cache.phase == Phase::Live;
    let token = tab.readable(Org::PERSONAL).filter(|_| live);
    token.map(|token| token.oiat)
}

/// Whether the background request under a key was made by a session of another organisation.
fn is_asked_from_elsewhere(cache: &Cache<ModelToken>, key: Org) -> bool {
    let background = cache.at(key).background;
    let session = background.and_then(|of| cache.sessions.get(of.session.index()));
    session.is_some_and(|session| session.org != key)
}

fn judge_cache<C: Clock<ModelToken>>(
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

fn judge_cookie(update: &CookieUpdate, verdicts: &mut StepFindings) {
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
