//! What any cookie does to a cookie write: the jar is shared, so it may hold whatever is honest, or
//! nothing.

use super::order::{Kinds, Order, Phases};
use super::step::{Stepper, TAB};
use crate::cache::{Clock, Effect, Writer, cookie_accepts};
use crate::model::{CookieFate, CookieUpdate, Evidence};
use crate::property::StepFindings;
use crate::vocabulary::ModelToken;
use std::collections::HashMap;

/// What a cookie write does depends on the written token alone, up to order: its kind and phase, and
/// whether a guard in the tab withheld it.
type Update = (bool, bool, bool, bool);

/// What is known of cookie writes.
pub struct Cookies<'a> {
    stepper: &'a Stepper,
    kinds: Kinds,
    known: HashMap<Update, StepFindings>,
}

impl Cookies<'_> {
    /// Nothing yet.
    pub fn new(stepper: &Stepper, kinds: Kinds) -> Cookies<'_> {
        Cookies {
            stepper,
            kinds,
            known: HashMap::new(),
        }
    }

    /// What the cookie writes among these effects do to the properties of the cookie.
    pub fn judge(&mut self, effects: &[Effect<ModelToken>]) -> StepFindings {
        let updates = effects.iter().filter_map(update);
        updates.fold(StepFindings::default(), |verdicts, (token, withheld)| {
            verdicts.or(self.judge_update(&token, withheld))
        })
    }

    fn judge_update(&mut self, token: &ModelToken, withheld: bool) -> StepFindings {
        let (is_near, is_dead) = (Phases.is_near(token), Phases.is_dead(token));
        let key = (token.oiat.is_none(), is_near, is_dead, withheld);
        let (stepper, kinds) = (self.stepper, self.kinds);
        *self.known.entry(key).or_insert_with(|| {
            let mut order = Order::default();
            order.add(kinds.lines, token);
            let judge = |verdicts: StepFindings, (cookie, token)| {
                let update = meet(stepper, &Phases, cookie, token, withheld);
                verdicts.or(stepper.judge.judge_shared(&Evidence::Cookie(update)))
            };
            meetings(&order, kinds, token).fold(StepFindings::default(), judge)
        })
    }
}

/// The token of a cookie write, and whether a guard in the tab withheld it.
pub fn update(effect: &Effect<ModelToken>) -> Option<(ModelToken, bool)> {
    match effect {
        Effect::WriteCookie { token, .. } => Some((*token, false)),
        Effect::WithholdCookie { token, .. } => Some((*token, true)),
        _ => None,
    }
}

/// Every cookie that an update may meet, with the update in a format as new as the cookie's or
/// newer.
pub fn meetings(
    order: &Order,
    kinds: Kinds,
    token: &ModelToken,
) -> impl Iterator<Item = (Option<ModelToken>, ModelToken)> {
    let cookies = order.arrivals(&kinds).into_iter().map(Some);
    let token = *token;
    [None].into_iter().chain(cookies).flat_map(move |cookie| {
        let may_be_newer = cookie.is_none_or(|cookie| kinds.may_be_newer(&token, &cookie));
        (0..=u8::from(may_be_newer)).map(move |fmt| (cookie, ModelToken { fmt, ..token }))
    })
}

/// An update meets a cookie, as in the jar.
pub fn meet<C: Clock<ModelToken>>(
    stepper: &Stepper,
    clock: &C,
    cookie: Option<ModelToken>,
    token: ModelToken,
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
        // Whoever wrote it last, a tab with focus may write.
        writer: Writer::FOREMOST,
        before: cookie.map(|cookie| (cookie, clock.is_dead(&cookie))),
        token,
        fate,
        comparison,
    }
}
