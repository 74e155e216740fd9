//! The last active token, which may be any: that it decides nothing about the slot, and what it and
//! any cookie do to a cookie write.

use super::environment::{Environment, Happening, Move};
use super::order::{Order, Phases};
use super::search::Found;
use super::step::{Stepper, TAB};
use super::tab::Tab;
use crate::cache::{Cache, Clock, Effect, Observation, cookie_accepts};
use crate::model::{CookieFate, CookieUpdate, Evidence, Minted};
use crate::property::Verdicts;
use std::collections::{HashMap, HashSet};

/// What a cookie write does depends on the written token alone, up to order: its kind and phase.
type Update = (bool, bool, bool, bool);

/// What was found of every last active token.
pub struct LastActive<'a> {
    stepper: &'a Stepper,
    environment: &'a Environment,
    cookies: HashMap<Update, Verdicts>,
    /// Nothing but the last active token itself, requests and cookie depends on it.
    pub is_inert: bool,
}

impl LastActive<'_> {
    /// Lets everything happen to every tab that was found, with every last active token.
    pub fn try_all(stepper: &Stepper, environment: &Environment, found: &mut Found) -> bool {
        let mut pass = LastActive {
            stepper,
            environment: &Environment {
                waiting: environment.waiting.min(1),
                ..*environment
            },
            cookies: HashMap::new(),
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
    ) -> (Cache<Minted>, Vec<Effect<Minted>>) {
        let stepped = self.stepper.handle(tab, happening, &Phases);
        let mut about_the_slot = Vec::new();
        for effect in stepped.effects {
            match effect {
                Effect::WriteCookie(token) => {
                    self.note(&token, false, happening, number, found);
                }
                Effect::WithholdCookie(token) => {
                    self.note(&token, true, happening, number, found);
                }
                Effect::Request { fetch, forced, .. } => about_the_slot.push(Effect::Request {
                    fetch,
                    parent: None,
                    forced,
                }),
                Effect::Saw(Observation::Compared(comparison))
                    if !comparison.site.is_about_the_slot() => {}
                effect => about_the_slot.push(effect),
            }
        }
        (stepped.tab.cache, about_the_slot)
    }

    fn note(
        &mut self,
        token: &Minted,
        withheld: bool,
        happening: &Happening,
        number: usize,
        found: &mut Found,
    ) {
        let phase = (Phases.is_near(token), Phases.is_dead(token));
        let key = (token.oiat.is_none(), phase.0, phase.1, withheld);
        if !self.cookies.contains_key(&key) {
            let verdicts = self.judge(token, withheld);
            self.cookies.insert(key, verdicts);
            found.note(verdicts, number, || Move::Event(happening.clone()));
        }
    }

    /// What an update does to the properties of the cookie: it may meet any cookie, or none.
    fn judge(&self, token: &Minted, withheld: bool) -> Verdicts {
        let mut verdicts = Verdicts::default();
        for (cookie, token) in meetings(self.environment, token) {
            let update = meet(self.stepper, &Phases, cookie, token, withheld);
            let judged = self.stepper.judge.judge_shared(&Evidence::Cookie(update));
            verdicts = verdicts.or(judged);
        }
        verdicts
    }
}

/// Every cookie that an update may meet, with the update in a format as new as the cookie's or
/// newer.
pub fn meetings(
    environment: &Environment,
    token: &Minted,
) -> impl Iterator<Item = (Option<Minted>, Minted)> {
    let mut order = Order::default();
    order.add(environment.kinds.lines, token);
    let cookies = order.arrivals(&environment.kinds).into_iter().map(Some);
    let token = *token;
    cookies
        .chain([None])
        .flat_map(move |cookie| [0, 1].map(|fmt| (cookie, Minted { fmt, ..token })))
}

/// An update meets a cookie, as in the jar.
pub fn meet<C: Clock<Minted>>(
    stepper: &Stepper,
    clock: &C,
    cookie: Option<Minted>,
    token: Minted,
    withheld: bool,
) -> CookieUpdate {
    let (accepts, comparison) = cookie_accepts(&stepper.policy, clock, cookie.as_ref(), &token);
    let (fate, comparison) = match (withheld, accepts) {
        (true, _) => (CookieFate::Withheld, None),
        (false, true) => (CookieFate::Written, comparison),
        (false, false) => (CookieFate::Dropped, comparison),
    };
    CookieUpdate {
        tab: TAB,
        before: cookie.map(|cookie| (cookie, clock.is_dead(&cookie))),
        token,
        fate,
        comparison,
    }
}
