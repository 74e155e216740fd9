//! Judges steps with what is remembered.

use super::history::{History, TabHistory};
use super::judge::{is_asked_from_elsewhere, judge_cache, judge_cookie, readable_oiat};
use super::{Property, PropertySet};
use crate::cache::{Clock, Observation, RequestKind, TokenRequest};
use crate::freshness::{Org, Rank, rank};
use crate::model::{Evidence, Post, Request, TabState};
use crate::vocabulary::{ModelToken, TabId, TabSet};

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
