//! What any cookie does to a cookie write: the jar is shared, so it may hold whatever is honest, or
//! nothing.

use super::order::{Kinds, Order, Phases};
use super::step::{Stepper, TAB};
use crate::cache::{Clock, Effect, Writer, cookie_accepts, may_write_cookie};
use crate::freshness::Org;
use crate::model::{CookieFate, CookieUpdate, Evidence};
use crate::property::StepFindings;
use crate::vocabulary::ModelToken;
use rustc_hash::FxHashMap;

/// What a cookie write does depends on the written token and the writer alone, up to order: the token's
/// kind and phase, whether a guard in the tab withheld it, and the writer's phase and context.
type Class = (bool, bool, bool, bool, Writer, Org);

/// A token update on its way to the cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update {
    pub token: ModelToken,
    /// What the tab's right to write depends on.
    pub writer: Writer,
    /// A guard in the tab withheld it.
    pub withheld: bool,
}

/// What is known of cookie writes.
pub(crate) struct Cookies<'a> {
    stepper: &'a Stepper,
    kinds: Kinds,
    known: FxHashMap<Class, StepFindings>,
}

impl Cookies<'_> {
    /// Nothing yet.
    pub(crate) fn new(stepper: &Stepper, kinds: Kinds) -> Cookies<'_> {
        Cookies {
            stepper,
            kinds,
            known: FxHashMap::default(),
        }
    }

    /// What the cookie writes among these effects do to the properties of the cookie.
    pub(crate) fn judge(&mut self, effects: &[Effect<ModelToken>]) -> StepFindings {
        let mut verdicts = StepFindings::default();
        for update in effects.iter().filter_map(update) {
            for update in in_contexts(self.stepper, update) {
                verdicts = verdicts.or(self.judge_update(&update));
            }
        }
        verdicts
    }

    fn judge_update(&mut self, update: &Update) -> StepFindings {
        let Update {
            token,
            writer,
            withheld,
        } = update;
        let (is_near, is_dead) = (Phases.is_near(token), Phases.is_dead(token));
        let is_legacy = token.oiat.is_none();
        let class = (is_legacy, is_near, is_dead, *withheld, *writer, token.org);
        let (stepper, kinds) = (self.stepper, self.kinds);
        *self.known.entry(class).or_insert_with(|| {
            let mut order = Order::default();
            order.add(kinds.lines, token);
            let judge = |verdicts: StepFindings, (cookie, token)| {
                let update = meet(stepper, &Phases, cookie, &Update { token, ..*update });
                verdicts.or(stepper.judge.judge_shared(&Evidence::Cookie(update)))
            };
            meetings(&order, kinds, token).fold(StepFindings::default(), judge)
        })
    }
}

/// The update on its way to the cookie that an effect is, if it is one.
pub(crate) fn update(effect: &Effect<ModelToken>) -> Option<Update> {
    let (token, writer, withheld) = match effect {
        Effect::WriteCookie { token, writer } => (token, writer, false),
        Effect::WithholdCookie { token, writer } => (token, writer, true),
        _ => return None,
    };
    Some(Update {
        token: *token,
        writer: *writer,
        withheld,
    })
}

/// The update in every context that the tab may believe it is in: no state of a tab that comes and goes
/// has it (docs/proof-life.md, lemma 8).
pub(crate) fn in_contexts(stepper: &Stepper, update: Update) -> impl Iterator<Item = Update> {
    let known = update.writer.context;
    let other = stepper.life.map(|_| known.other());
    [known].into_iter().chain(other).map(move |context| Update {
        writer: Writer {
            context,
            ..update.writer
        },
        ..update
    })
}

/// Every cookie that an update may meet, with the update in a format as new as the cookie's or
/// newer. A cookie of the other organisation stands in no write's way, and is lowered by none.
pub(crate) fn meetings(
    order: &Order,
    kinds: Kinds,
    token: &ModelToken,
) -> impl Iterator<Item = (Option<ModelToken>, ModelToken)> {
    let token = *token;
    let of_its_org = move |cookie| ModelToken {
        org: token.org,
        ..cookie
    };
    let cookies = order.arrivals(&kinds).into_iter().map(of_its_org).map(Some);
    [None].into_iter().chain(cookies).flat_map(move |cookie| {
        let may_be_newer = cookie.is_none_or(|cookie| kinds.may_be_newer(&token, &cookie));
        (0..=u8::from(may_be_newer)).map(move |fmt| (cookie, ModelToken { fmt, ..token }))
    })
}

/// An update meets a cookie, as in the jar.
pub(crate) fn meet<C: Clock<ModelToken>>(
    stepper: &Stepper,
    clock: &C,
    cookie: Option<ModelToken>,
    update: &Update,
) -> CookieUpdate {
    let Update {
        token,
        writer,
        withheld,
    } = *update;
    // Whoever wrote it last, a tab with focus may write, unless the design forbids it.
    let is_open = may_write_cookie(&stepper.policy, &writer, None, &token);
    let (accepts, comparison) = cookie_accepts(&stepper.policy, clock, cookie.as_ref(), &token);
    let (fate, comparison) = match (is_open, withheld, accepts) {
        (false, ..) => (CookieFate::Forbidden, None),
        (true, true, _) => (CookieFate::Withheld, None),
        (true, false, true) => (CookieFate::Written, comparison),
        (true, false, false) => (CookieFate::Dropped, comparison),
    };
    CookieUpdate {
        tab: TAB,
        writer,
        before: cookie.map(|cookie| (cookie, clock.is_dead(&cookie))),
        token,
        fate,
        comparison,
    }
}
