//! One step of the tab: the cache's own code, and the judge's own functions.

use super::environment::{Happening, Move};
use super::order::{Lines, Phases, expired};
use super::tab::{OTHERS, Tab};
use crate::cache::{Clock, Effect, Event, Fetch, Policy};
use crate::model::{Evidence, Minted, TabId, TabState};
use crate::property::{Judge, Verdicts};

/// The tab has no name.
pub const TAB: TabId = TabId(0);

/// Makes the tab step.
pub struct Stepper {
    /// The design.
    pub policy: Policy,
    /// The judge, of the properties that are asked for.
    pub judge: Judge,
    /// Which `iat`s may be held against each other.
    pub lines: Lines,
    /// The tab's last active token is part of its state.
    pub keeps_last: bool,
}

/// What a step led to.
pub struct Stepped {
    /// The tab, with the names that its fetches had.
    pub tab: Tab,
    /// What it asked for and reported.
    pub effects: Vec<Effect<Minted>>,
    /// What the step did to the properties of the tab.
    pub verdicts: Verdicts,
}

impl Stepper {
    /// What becomes of a tab in its own numbers, and what that does to the properties.
    pub fn step(&self, tab: &Tab, happens: &Move) -> Stepped {
        match happens {
            Move::Expiry { line, iat } => Stepped {
                tab: self.begin(self.expire(tab, *line, *iat)),
                effects: Vec::new(),
                verdicts: Verdicts::default(),
            },
            Move::Event(happening) => self.handle(tab, happening, &Phases),
        }
    }

    /// Looks at a tab to which nothing happens.
    pub fn begin(&self, tab: Tab) -> Tab {
        let state = TabState {
            cache: tab.cache,
            age: Phases,
            stopped: false,
        };
        let (history, _) = self.judge.step_tab(TAB, &tab.history, [], &state);
        Tab {
            cache: self.forget(state.cache),
            history,
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

    /// The same with any clock.
    pub fn handle<C: Clock<Minted> + Clone>(
        &self,
        tab: &Tab,
        happening: &Happening,
        clock: &C,
    ) -> Stepped {
        let mut state = TabState {
            cache: tab.cache.clone(),
            age: clock.clone(),
            stopped: false,
        };
        let ends = happening.ends();
        if let Some(fetch) = state.cache.fetches.iter_mut().find(|f| Some(f.id) == ends) {
            fetch.waiting = with_formats(&happening.waiting);
        }
        if happening.last.is_some() {
            state.cache.last = happening.last;
        }
        let event = match &happening.event {
            Event::Broadcast(token) => Event::Broadcast(Minted { fmt: 1, ..*token }),
            event => event.clone(),
        };
        let effects = state.cache.handle(&self.policy, clock, event);
        let evidence: Vec<_> = effects
            .iter()
            .filter_map(|effect| Evidence::of(TAB, effect))
            .collect();
        let judged = self.judge.step_tab(TAB, &tab.history, &evidence, &state);
        let (history, verdicts) = judged;
        if ends == Some(OTHERS) {
            // It may not have been the last of them.
            state.cache.fetches.push(Fetch {
                id: OTHERS,
                waiting: Vec::new(),
            });
        }
        let cache = self.forget(state.cache.map(|token| Minted { fmt: 0, ..*token }));
        let tab = Tab { cache, history };
        Stepped {
            tab,
            effects,
            verdicts,
        }
    }

    fn forget(&self, mut cache: crate::cache::Cache<Minted>) -> crate::cache::Cache<Minted> {
        if !self.keeps_last {
            cache.last = None;
        }
        cache
    }
}

/// Broadcasts whose format is newer than whatever they may meet: the worst case of all formats.
fn with_formats(waiting: &[Minted]) -> Vec<Minted> {
    let formats = (1..).zip(waiting);
    formats
        .map(|(fmt, token)| Minted { fmt, ..*token })
        .collect()
}
