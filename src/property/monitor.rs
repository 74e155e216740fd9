//! Judges steps with what is remembered.

use super::arrivals::follow_posts;
use super::findings::{Findings, Judgement, StepFindings};
use super::history::{History, Needed, TabHistory};
use super::judge::{is_asked_from_elsewhere, judge_cache, judge_cookie, readable_in_the_end};
use super::waits::follow_calls;
use super::{Calls, Cause, Posts, Property, PropertySet, ReadableRank, calls, meaning};
use crate::cache::{Clock, Observation, RequestKind, TokenRequest};
use crate::freshness::{Org, Rank, rank};
use crate::model::{Evidence, Post, Request, TabState};
use crate::vocabulary::{ModelToken, TabId, TabSet};

/// Judges steps.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// The tabs that the tab properties look at.
    pub watch: TabSet,
    /// The rank of the token everybody starts with.
    pub first: Rank,
    /// How many requests of one tab may be under way at once, if that is limited.
    pub requests_per_tab: Option<u8>,
    /// The properties to judge; the history keeps nothing for the others.
    pub properties: PropertySet,
    /// Remember of every tab, watched or not, what it posted and the best that it ever had: what is
    /// still to arrive.
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
    /// Whether nothing is left that has to happen at some time.
    pub stuck: &'a dyn Fn() -> bool,
    /// How much each tab asks for, where that is limited.
    pub asking: Vec<Asking>,
}

/// How much a tab asks of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    pub under_way: u8,
    /// Something may happen in it that makes tabs ask.
    pub may_ask: bool,
}

/// What all tabs share, as far as the properties look at it when nothing is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// The session has ended at the server.
    pub ended: bool,
    /// A request whose answer brings a token, or that answer, is under way.
    pub asking: bool,
    /// Some tab has changed the organisation.
    pub switched: bool,
    pub cookie: Option<ModelToken>,
    /// What the context cookie says.
    pub context: Option<Org>,
}

impl Monitor {
    /// Whether anything is remembered of a tab.
    pub fn remembers(&self, tab: TabId) -> bool {
        self.watch.has(tab) || self.undelivered
    }

    /// The same without these properties.
    #[must_use]
    pub(crate) fn without(&self, properties: PropertySet) -> Monitor {
        Monitor {
            properties: self.properties.minus(properties),
            undelivered: self.undelivered && !properties.has(Property::EveryPostArrives),
            ..self.clone()
        }
    }

    /// Whether it remembers something else than another one.
    pub(crate) fn differs_in_memory(&self, other: &Monitor) -> bool {
        self.needed() != other.needed()
    }

    fn needed(&self) -> Needed {
        Needed::by(self.properties, self.undelivered)
    }

    /// What it remembers of a tab, given what one with more properties remembers.
    pub(crate) fn recalled(&self, tab: TabId, history: &TabHistory) -> Option<TabHistory> {
        let needed = match self.watch.has(tab) {
            true => self.needed(),
            false => Needed::by(PropertySet::NONE, self.undelivered),
        };
        self.remembers(tab).then(|| history.of_needed(needed))
    }

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

    /// Moves the history over one step, and says what the step did, and why it violates what it
    /// violates.
    pub fn step(
        &self,
        history: &mut History,
        evidence: &[Evidence],
        after: &After<'_>,
    ) -> Judgement {
        let mut judgement = Judgement::default();
        for (index, state) in after.tabs.iter().enumerate() {
            let tab = TabId(index as u8);
            let evidence = evidence.iter().filter(|item| item.tab() == Some(tab));
            let before = &history.tabs[index];
            history.tabs[index] = self.follow_tab(tab, before, evidence, state, &mut judgement);
        }
        for item in evidence {
            follow_shared(item, &mut judgement);
        }
        let readable = || {
            let tabs = (0u8..).map(TabId).zip(after.tabs);
            tabs.filter_map(|(tab, state)| Some((tab, *readable_in_the_end(state)?)))
        };
        follow_together(
            readable().map(|(_, token)| ReadableRank::of_token(&token)),
            || after.quiescent,
            || Cause::TabsApart(readable().collect()),
            &mut judgement,
        );
        follow_rest(&after.rest, after.quiescent, &mut judgement);
        let calls = after.tabs.iter().map(|tab| Calls::of(tab));
        follow_calls(calls, after.rest.ended, after.stuck, &mut judgement);
        let posts = after.tabs.iter().zip(&history.tabs);
        let posts = posts.map(|(tab, history)| Posts::of(tab, history));
        let missing = |between| history.undelivered(between);
        follow_posts(posts, after.stuck, missing, &mut judgement);
        self.follow_limit(after.asking.iter().copied(), &mut judgement);
        let judgement = judgement.and(self.properties);
        history.violated = judgement.findings.violated;
        judgement
    }

    /// One tab's history before anything happened.
    pub(crate) fn start_tab(&self, tab: TabId, state: &TabState) -> TabHistory {
        let (history, _) = self.step_tab(tab, &TabHistory::default(), [], state);
        history
    }

    /// Moves one tab's history over a step: a function of that history, of what that tab did in the
    /// step and of its state afterwards. A step in which the tab does nothing changes nothing.
    pub(crate) fn step_tab<'a, C: Clock<ModelToken>>(
        &self,
        tab: TabId,
        history: &TabHistory,
        evidence: impl IntoIterator<Item = &'a Evidence>,
        after: &TabState<C>,
    ) -> (TabHistory, StepFindings) {
        let mut findings = StepFindings::default();
        let history = self.follow_tab(tab, history, evidence, after, &mut findings);
        (history, findings.and(self.properties))
    }

    /// As [`Monitor::step_tab`], for either form of findings, about all properties.
    fn follow_tab<'a, C: Clock<ModelToken>>(
        &self,
        tab: TabId,
        history: &TabHistory,
        evidence: impl IntoIterator<Item = &'a Evidence>,
        after: &TabState<C>,
        findings: &mut impl Findings,
    ) -> TabHistory {
        let mut history = history.clone();
        if !self.remembers(tab) {
            return history;
        }
        let is_watched = self.watch.has(tab);
        let mut offered = [false; 2];
        for item in evidence {
            if let &Evidence::Posted(_, Post::Token(key, token)) = item
                && self.undelivered
            {
                history.keys[key.index()].post(&token);
            }
            if !is_watched {
                continue;
            }
            if let Evidence::Cache(_, Observation::Offered { key, .. }) = item {
                offered[key.index()] = true;
            }
            self.follow_evidence(&mut history, (tab, after), item, findings);
        }
        // A history ends when the tab is signed out or closed.
        if !after.cache.phase.is_in() {
            return TabHistory::default();
        }
        for key in after.cache.key_names() {
            if self.undelivered {
                history.keys[key.index()].observe_best(after.readable(key));
            }
            history.keys[key.index()].let_go(&after.age);
            if !is_watched {
                continue;
            }
            let of_key = (key, offered[key.index()]);
            self.follow_key(&mut history, (tab, after), of_key, findings);
        }
        history
    }

    /// What a tab did in a step, one thing after the other.
    fn follow_evidence<C: Clock<ModelToken>>(
        &self,
        history: &mut TabHistory,
        (tab, after): (TabId, &TabState<C>),
        item: &Evidence,
        findings: &mut impl Findings,
    ) {
        match item {
            Evidence::Cache(_, saw) => judge_cache(history, (tab, after), saw, findings),
            Evidence::Requested(_, request) => {
                let key = request.key();
                let best = history.keys[key.index()].best;
                self.judge_request((tab, best), request, findings);
                if let RequestKind::Token(TokenRequest::Background(_)) = request.kind {
                    let astray = Property::KeyHoldsOwnContext;
                    let is_elsewhere = is_asked_from_elsewhere(&after.cache, key);
                    findings.witness_if(is_elsewhere, astray);
                }
            }
            &Evidence::Returned(_, key, token) => {
                let of_key = &mut history.keys[key.index()];
                calls::judge_returned(of_key, (tab, after), (key, token), findings);
                of_key.observe_returned(token, self.properties);
            }
            // A page that gets null has no token either.
            &Evidence::Rejected(_, key) | &Evidence::ReturnedNull(_, key) => {
                calls::judge_rejected((tab, after), key, findings);
            }
            Evidence::Posted(..)
            | Evidence::Minted(..)
            | Evidence::Carried(..)
            | Evidence::Ended(_)
            | Evidence::SignedOut(_)
            | Evidence::Cookie(_)
            | Evidence::CookieRemoved(..) => {}
        }
    }

    /// What a tab holds for a key when the step ends.
    fn follow_key<C: Clock<ModelToken>>(
        &self,
        history: &mut TabHistory,
        (tab, after): (TabId, &TabState<C>),
        (key, offered): (Org, bool),
        findings: &mut impl Findings,
    ) {
        let of_key = &mut history.keys[key.index()];
        if let Some(token) = after.readable(key) {
            for (property, reading, held) in of_key.falls(token) {
                findings.violate(property, || Cause::Older {
                    tab,
                    held,
                    holds: *token,
                    reading,
                });
            }
            of_key.observe(token, self.properties);
        }
        // What is astray stays so until something else comes: it is told when it has come.
        if let Some(&token) = after.cache.at(key).token()
            && meaning::is_astray(token.org, key)
            && offered
        {
            let astray = Property::KeyHoldsOwnContext;
            findings.witness_if(true, astray);
            findings.violate(astray, || Cause::AstrayEntry { tab, key, token });
        }
    }

    /// Judges evidence that is about no single tab.
    pub(crate) fn judge_shared(&self, evidence: &Evidence) -> StepFindings {
        let mut findings = StepFindings::default();
        follow_shared(evidence, &mut findings);
        findings.and(self.properties)
    }

    /// Judges what all tabs share at the end of a step.
    pub(crate) fn judge_rest(&self, rest: &Rest, quiescent: bool) -> StepFindings {
        let mut findings = StepFindings::default();
        follow_rest(rest, quiescent, &mut findings);
        findings.and(self.properties)
    }

    /// Judges what the calls of each tab's page wait for at the end of a step, given whether the
    /// session has ended at the server, and whether nothing is left that has to happen.
    pub(crate) fn judge_calls(
        &self,
        calls: impl Iterator<Item = Calls> + Clone,
        ended: bool,
        stuck: impl FnOnce() -> bool,
    ) -> StepFindings {
        let mut findings = StepFindings::default();
        follow_calls(calls, ended, stuck, &mut findings);
        findings.and(self.properties)
    }

    /// Judges what each tab posted and has yet to get at the end of a step, given whether nothing is
    /// left that has to happen.
    #[inline]
    pub(crate) fn judge_posts(
        &self,
        posts: impl Iterator<Item = Posts> + Clone,
        stuck: impl FnOnce() -> bool,
    ) -> StepFindings {
        let mut findings = StepFindings::default();
        // Whoever has only ranks keeps no causes.
        follow_posts(posts, stuck, |_| None, &mut findings);
        findings.and(self.properties)
    }

    /// Judges what is readable in all tabs together at the end of a step.
    pub(crate) fn judge_together(
        &self,
        readable: impl Iterator<Item = ReadableRank> + Clone,
        quiescent: impl Fn() -> bool,
    ) -> StepFindings {
        let mut findings = StepFindings::default();
        // Whoever has only ranks keeps no causes.
        let cause = || Cause::TabsApart(Vec::new());
        follow_together(readable, quiescent, cause, &mut findings);
        findings.and(self.properties)
    }

    /// Judges how much each tab asks for at the end of a step.
    pub(crate) fn judge_limit(&self, asking: impl Iterator<Item = Asking>) -> StepFindings {
        let mut findings = StepFindings::default();
        self.follow_limit(asking, &mut findings);
        findings.and(self.properties)
    }

    fn follow_limit(&self, asking: impl Iterator<Item = Asking>, findings: &mut impl Findings) {
        let Some(limit) = self.requests_per_tab else {
            return;
        };
        let watched = (0u8..).map(TabId).zip(asking);
        for (tab, asking) in watched.filter(|(tab, _)| self.watch.has(*tab)) {
            let property = Property::RequestsWithinLimit;
            let (under_way, may_ask) = (asking.under_way, asking.may_ask);
            let cause = || Cause::AsksTooMuch {
                tab,
                under_way,
                limit,
            };
            findings.witness_if(under_way >= limit && may_ask, property);
            findings.violate_if(under_way > limit, property, cause);
        }
    }

    fn judge_request(
        &self,
        (tab, best): (TabId, Option<Rank>),
        request: &Request,
        findings: &mut impl Findings,
    ) {
        if let (false, Some(parent), Some(best)) = (request.forced, request.parent, best) {
            let seed = Property::SeedIsNotStale;
            findings.witness_if(best > self.first, seed);
            let is_stale = meaning::seed_is_stale(best, rank(&parent));
            findings.violate_if(is_stale, seed, || Cause::StaleSeed { tab, parent });
        }
    }
}

/// See [`Monitor::judge_shared`].
fn follow_shared(evidence: &Evidence, findings: &mut impl Findings) {
    match evidence {
        Evidence::Cookie(update) => judge_cookie(update, findings),
        &Evidence::Cache(tab, Observation::Read { key, token }) => {
            let read = Property::ReadReturnsOwnContext;
            let is_astray = meaning::is_astray(token.org, key);
            let cause = || Cause::AstrayRead { tab, key, token };
            findings.witness_if(is_astray || key != Org::PERSONAL, read);
            findings.violate_if(is_astray, read, cause);
        }
        Evidence::Cache(_, Observation::Ignored(_)) => {
            findings.witness_if(true, Property::NoCookieAfterSignout);
        }
        Evidence::Cache(
            _,
            Observation::Compared(_)
            | Observation::Offered { .. }
            | Observation::Waits { .. }
            | Observation::WaitingRan { .. }
            | Observation::Discarded(_)
            | Observation::CallMet { .. }
            | Observation::Removed { .. },
        )
        | Evidence::Posted(..)
        | Evidence::Requested(..)
        | Evidence::Returned(..)
        | Evidence::Rejected(..)
        | Evidence::ReturnedNull(..)
        | Evidence::Minted(..)
        | Evidence::Carried(..)
        | Evidence::Ended(_)
        | Evidence::SignedOut(_)
        | Evidence::CookieRemoved(..) => {}
    }
}

/// See [`Monitor::judge_rest`].
fn follow_rest(rest: &Rest, quiescent: bool, findings: &mut impl Findings) {
    let out = Property::SignedOutAtRest;
    findings.witness_if(rest.ended && rest.asking, out);
    if let Some(cookie) = rest.cookie
        && rest.ended
        && quiescent
    {
        findings.violate(out, || Cause::CookieRemains(cookie));
    }
    let agree = Property::ContextAtRest;
    let cookies = rest.cookie.zip(rest.context);
    let apart = cookies.filter(|(cookie, context)| cookie.org != *context);
    let is_over = quiescent && (rest.switched || apart.is_some());
    findings.witness_if(is_over, agree);
    if let Some((cookie, context)) = apart.filter(|_| quiescent) {
        findings.violate(agree, || Cause::CookiesApart { cookie, context });
    }
}

/// See [`Monitor::judge_together`].
fn follow_together(
    readable: impl Iterator<Item = ReadableRank> + Clone,
    quiescent: impl Fn() -> bool,
    cause: impl Fn() -> Cause,
    findings: &mut impl Findings,
) {
    if !meaning::are_apart(readable.clone()) {
        return;
    }
    let in_oiat = meaning::are_apart(readable.map(ReadableRank::oiat));
    let over = quiescent();
    for (apart, property) in [
        (in_oiat, Property::TabsConverge),
        (true, Property::TabsConvergeInRank),
    ] {
        findings.witness_if(apart, property);
        findings.violate_if(apart && over, property, &cause);
    }
}

#[cfg(test)]
mod tests;
