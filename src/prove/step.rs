//! One step of the tab: the cache's own code, and the judge's own functions.

use super::environment::{Happening, Move, with_token};
use super::formats::Formats;
use super::life::View;
use super::order::{Lines, Phases, expired};
use super::tab::{OTHERS, Tab, fetch};
use crate::cache::{Cache, Clock, Effect, Event, Policy};
use crate::model::{Evidence, TabState};
use crate::property::{Monitor, StepFindings, TabHistory};
use crate::vocabulary::{ModelToken, TabId};

pub(crate) const TAB: TabId = TabId(0);

/// Makes the tab step.
pub(crate) struct Stepper {
    /// What the design decides: all that a proof knows of it.
    pub policy: Policy,
    /// The judge, of the properties that are asked for.
    pub judge: Monitor,
    /// Which `iat`s may be held against each other.
    pub lines: Lines,
    /// See [`Kinds::dated`](super::order::Kinds::dated).
    pub dated: bool,
    /// The tab's last active token is part of its state.
    pub keeps_last: bool,
    /// See [`Environment::life`](super::environment::Environment::life).
    pub life: Option<View>,
}

/// What a step led to.
pub(crate) struct Stepped {
    /// The tab, with the names that its fetches had.
    pub tab: Tab,
    /// What it asked for and reported.
    pub effects: Vec<Effect<ModelToken>>,
    /// What the step did to the properties of the tab.
    pub verdicts: StepFindings,
}

impl Stepper {
    /// What becomes of a tab in its own numbers, and what that does to the properties.
    pub(crate) fn step(&self, tab: &Tab, happens: &Move) -> Stepped {
        match happens {
            Move::Expiry { line, iat } => Stepped {
                tab: self.begin(self.expire(tab, *line, *iat)),
                effects: Vec::new(),
                verdicts: StepFindings::default(),
            },
            Move::Event(happening) => self.handle(tab, happening, &Phases),
        }
    }

    /// Looks at a tab to which nothing happens.
    pub(crate) fn begin(&self, tab: Tab) -> Tab {
        let state = TabState {
            cache: tab.cache,
            age: Phases,
            stopped: false,
        };
        let (history, _) = self.judge.step_tab(TAB, &tab.history, [], &state);
        Tab {
            cache: self.forget(state.cache),
            history: self.remembered(history),
        }
    }

    fn expire(&self, tab: &Tab, line: u8, instant: u8) -> Tab {
        tab.rename(
            |claims| claims,
            |oiat, iat| match self.lines.of(oiat) == line && iat == instant {
                true => expired(iat),
                false => iat,
            },
        )
    }

    pub(crate) fn handle<C: Clock<ModelToken> + Clone>(
        &self,
        tab: &Tab,
        happening: &Happening,
        clock: &C,
    ) -> Stepped {
        let (cache, effects) = self.react(tab, happening, clock);
        let state = TabState {
            cache,
            age: clock.clone(),
            stopped: false,
        };
        // Most effects are evidence: to grow takes longer than to look at it.
        let mut evidence = Vec::with_capacity(effects.len());
        evidence.extend(effects.iter().filter_map(|of| Evidence::of(TAB, of)));
        let judged = self.judge.step_tab(TAB, &tab.history, &evidence, &state);
        let (history, mut verdicts) = judged;
        if self.life.is_some() {
            let of_step = |verdicts: StepFindings, seen| verdicts.or(self.judge.judge_shared(seen));
            verdicts = evidence.iter().fold(verdicts, of_step);
        }
        let cache = self.settle(state.cache, happening);
        let history = self.remembered(history);
        let tab = Tab { cache, history };
        Stepped {
            tab,
            effects,
            verdicts,
        }
    }

    /// What the tab's cache does, with the formats that its tokens have in this step.
    fn react<C: Clock<ModelToken>>(
        &self,
        tab: &Tab,
        happening: &Happening,
        clock: &C,
    ) -> (Cache<ModelToken>, Vec<Effect<ModelToken>>) {
        let mut cache = tab.cache.clone();
        let session = match &self.life {
            Some(view) => view.before(&mut cache, happening),
            None => None,
        };
        let formats = Formats::of(self.dated, tab.cache.tokens().chain(happening.arriving()));
        if formats.are_dated() {
            cache = reformatted(cache, |token| formats.give(token, 0));
        }
        let ends = happening.ends();
        if let Some(fetch) = cache.fetches.iter_mut().find(|f| Some(f.id) == ends) {
            let waiting = (1..).zip(&happening.waiting);
            fetch.waiting = waiting.map(|(newer, t)| formats.give(t, newer)).collect();
        }
        if let Some(last) = &happening.last {
            let last = Some(formats.give(last, 0));
            match session {
                Some(session) => {
                    let mut of = cache.sessions.get_mut(session.index());
                    of.iter_mut().for_each(|of| of.last = last);
                }
                None => cache.sessions.iter_mut().for_each(|of| of.last = last),
            }
        }
        let newer = u8::from(matches!(happening.event, Event::Broadcast { .. }));
        let event = match happening.event.token() {
            Some(token) => with_token(&happening.event, formats.give(token, newer)),
            None => happening.event.clone(),
        };
        let effects = cache.handle(&self.policy, clock, event);
        (cache, effects)
    }

    /// What the tab keeps of its cache after a step.
    fn settle(&self, mut cache: Cache<ModelToken>, happening: &Happening) -> Cache<ModelToken> {
        if let Some(view) = &self.life {
            cache = view.after(cache);
        } else if happening.ends() == Some(OTHERS) {
            // It may not have been the last of them.
            cache.fetches.push(fetch(OTHERS));
        }
        let cache = reformatted(cache, |token| ModelToken { fmt: 0, ..*token });
        self.forget(cache)
    }

    /// The same as [`Stepper::handle`] where nobody asks for verdicts.
    pub(crate) fn unjudged<C: Clock<ModelToken>>(
        &self,
        tab: &Tab,
        happening: &Happening,
        clock: &C,
    ) -> (Cache<ModelToken>, Vec<Effect<ModelToken>>) {
        let (cache, effects) = self.react(tab, happening, clock);
        (self.settle(cache, happening), effects)
    }

    /// What is remembered of the way to a tab.
    fn remembered(&self, history: TabHistory) -> TabHistory {
        match &self.life {
            Some(view) => history.only(view.key),
            None => history,
        }
    }

    /// The tab in its canonical form; `None` if it holds too many instants.
    pub(crate) fn canonical(&self, tab: &Tab) -> Option<Tab> {
        match self.life {
            // Its fetches have their names already.
            Some(_) => tab.numbered(self.lines),
            None => tab.canonical(self.lines),
        }
    }

    fn forget(&self, mut cache: Cache<ModelToken>) -> Cache<ModelToken> {
        if !self.keeps_last {
            cache.sessions.iter_mut().for_each(|of| of.last = None);
        }
        cache
    }
}

/// The cache with its tokens in these formats; most have them already, and nothing is copied then.
fn reformatted(
    cache: Cache<ModelToken>,
    format: impl Fn(&ModelToken) -> ModelToken,
) -> Cache<ModelToken> {
    let is_so = cache.tokens().all(|token| format(token) == *token);
    match is_so {
        true => cache,
        false => cache.map(format),
    }
}
