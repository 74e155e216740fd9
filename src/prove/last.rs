//! The last active token, where the tab does not keep it and it may be any: that it decides nothing
//! about the slot, and what it does to cookie writes.

use super::cookie::Cookies;
use super::environment::{Environment, Happening, Move};
use super::order::Phases;
use super::search::{Found, Until};
use super::step::Stepper;
use super::tab::Tab;
use super::waiting::ENOUGH_FOR_STATES;
use crate::cache::{Cache, Effect, Observation};
use crate::vocabulary::ModelToken;
use std::collections::HashSet;

/// What was found of every last active token.
pub(crate) struct LastActive<'a> {
    stepper: &'a Stepper,
    environment: &'a Environment,
    cookies: Cookies<'a>,
    /// Nothing but the last active token itself, requests and cookie depends on it.
    pub is_inert: bool,
}

impl LastActive<'_> {
    /// Lets everything happen to every tab that was found, with every last active token, until one of
    /// them decides something. A bound that is hit is the search's.
    pub(crate) fn try_all(
        stepper: &Stepper,
        environment: &Environment,
        until: &Until<'_>,
        found: &mut Found,
    ) -> bool {
        let mut pass = LastActive {
            stepper,
            environment: &Environment {
                waiting: environment.waiting.min(ENOUGH_FOR_STATES),
                ..*environment
            },
            cookies: Cookies::new(stepper, environment.kinds),
            is_inert: true,
        };
        let mut seen = HashSet::new();
        for number in 0..found.tabs().len() {
            let Some(tab) = found.tabs().get_index(number) else {
                break;
            };
            if seen.insert(tab.cache.clone()) {
                let tab = tab.spread();
                pass.try_tab(number, &tab, found);
            }
            // No tab is found here, so the other bounds are not hit.
            found.bound = until.bound(0);
            if found.bound.is_some() || !pass.is_inert {
                return false;
            }
        }
        pass.is_inert
    }

    fn try_tab(&mut self, number: usize, tab: &Tab, found: &mut Found) {
        let order = tab.order(self.environment.kinds.lines);
        let environment = self.environment;
        environment.happenings(tab, &order, &mut |happening| {
            let mut order = order.clone();
            for token in happening.tokens() {
                order.add(environment.kinds.lines, token);
            }
            let without = self.outcome(tab, happening, number, found);
            for last in order.arrivals(&environment.kinds) {
                let happening = Happening {
                    last: Some(last),
                    ..happening.clone()
                };
                let with = self.outcome(tab, &happening, number, found);
                self.is_inert &= with == without;
            }
        });
    }

    /// What a step does to everything but the last active token and the cookie, and what it reports
    /// of that.
    fn outcome(
        &mut self,
        tab: &Tab,
        happening: &Happening,
        number: usize,
        found: &mut Found,
    ) -> (Cache<ModelToken>, Vec<Effect<ModelToken>>) {
        let (cache, effects) = self.stepper.unjudged(tab, happening, &Phases);
        let verdicts = self.cookies.judge(&effects);
        found.note(verdicts, number, || Move::Event(happening.clone()));
        let mut about_the_slot = Vec::new();
        for effect in effects {
            match effect {
                Effect::WriteCookie { .. } | Effect::WithholdCookie { .. } => {}
                // Any answer may come, whatever the request was like.
                Effect::Request { kind, org, .. } => about_the_slot.push(Effect::Request {
                    kind,
                    org,
                    parent: None,
                    forced: false,
                }),
                Effect::Saw(Observation::Compared(comparison))
                    if !comparison.site.is_about_the_slot() => {}
                effect => about_the_slot.push(effect),
            }
        }
        (cache, about_the_slot)
    }
}
