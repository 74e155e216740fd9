//! The cookie jar.

use super::evidence::{CookieFate, CookieUpdate, Evidence};
use super::message::JarMsg;
use super::roster::{Outbox, Roster};
use crate::cache::{Clock, Comparison, Policy, cookie_accepts};
use crate::vocabulary::{Age, ModelToken, Start};
use stateright::actor::Id;
use std::borrow::Cow;

/// The session cookie: one jar for all tabs, read and written at once.
#[derive(Clone, Debug)]
pub struct Jar {
    pub(super) roster: Roster,
    pub(super) policy: Policy,
    pub(super) start: Start,
}

/// See [`Jar`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JarState {
    /// The session cookie's token.
    pub cookie: Option<ModelToken>,
    /// As last told by the clock.
    pub age: Age,
}

impl Jar {
    pub(super) fn start(&self) -> JarState {
        JarState {
            cookie: self.start.token(),
            age: Age::default(),
        }
    }

    pub(super) fn on_msg(
        &self,
        state: &mut Cow<JarState>,
        src: Id,
        msg: JarMsg,
        out: &mut Outbox<'_>,
    ) {
        match msg {
            JarMsg::Write(token) => {
                let (age, cookie) = (&state.age, state.cookie.as_ref());
                let (accepts, comparison) = cookie_accepts(&self.policy, age, cookie, &token);
                let fate = match accepts {
                    true => CookieFate::Written,
                    false => CookieFate::Dropped,
                };
                self.report(state, src, token, fate, comparison, out);
                if fate == CookieFate::Written {
                    state.to_mut().cookie = Some(token);
                }
            }
            JarMsg::Withhold(token) => {
                self.report(state, src, token, CookieFate::Withheld, None, out);
            }
            JarMsg::Lose => state.to_mut().cookie = None,
            JarMsg::Aged(age) => state.to_mut().age = age,
        }
    }

    /// Tells what becomes of an update, before it does.
    fn report(
        &self,
        state: &JarState,
        src: Id,
        token: ModelToken,
        fate: CookieFate,
        comparison: Option<Comparison<ModelToken>>,
        out: &mut Outbox<'_>,
    ) {
        out.saw(Evidence::Cookie(CookieUpdate {
            tab: self.roster.tab_of(src),
            before: state.cookie.map(|c| (c, state.age.is_dead(&c))),
            token,
            fate,
            comparison,
        }));
    }
}
