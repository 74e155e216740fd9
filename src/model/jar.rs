//! The cookie jar.

use super::evidence::{CookieFate, CookieUpdate, Evidence};
use super::roster::{Outbox, Roster};
use crate::cache::{Clock, Comparison, Policy, Writer, cookie_accepts, may_write_cookie};
use crate::freshness::Org;
use crate::vocabulary::{Age, ModelToken, Start};
use stateright::actor::Id;
use std::borrow::Cow;

/// What the cookie jar is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JarMsg {
    /// By a tab: this is the new cookie.
    Write(ModelToken, Writer),
    /// By a tab, as evidence only: a guard withheld this from the cookie.
    Withhold(ModelToken, Writer),
    /// By a tab: session cookie and context cookie are to go, whoever wrote them.
    Remove,
    /// By a tab: they are to go if it may write.
    RemoveOf(Writer),
    /// By the driver: the cookie is lost.
    Lose,
    /// By the clock: tokens have aged.
    Aged(Age),
}

/// The session cookie: one jar for all tabs, read and written at once.
#[derive(Clone, Debug)]
pub struct Jar {
    pub(super) roster: Roster,
    pub(super) policy: Policy,
    pub(super) start: Start,
}

/// See [`Jar`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct JarState {
    /// The session cookie's token.
    pub cookie: Option<ModelToken>,
    /// The context cookie: the context of whoever wrote last.
    pub context: Option<Org>,
    /// As last told by the clock.
    pub age: Age,
}

impl Jar {
    pub(super) fn start(&self) -> JarState {
        let cookie = self.start.token().filter(|_| self.policy.platform.cookie);
        JarState {
            cookie,
            context: cookie.map(|token| token.org),
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
            JarMsg::Write(token, writer) if self.may_write(state, &writer, &token) => {
                let (age, cookie) = (&state.age, state.cookie.as_ref());
                let (accepts, comparison) = cookie_accepts(&self.policy, age, cookie, &token);
                let fate = match accepts {
                    true => CookieFate::Written,
                    false => CookieFate::Dropped,
                };
                self.report(state, (src, writer), token, fate, comparison, out);
                if fate == CookieFate::Written {
                    let state = state.to_mut();
                    state.cookie = Some(token);
                    state.context = writer.context_cookie();
                }
            }
            JarMsg::Withhold(token, writer) if self.may_write(state, &writer, &token) => {
                let fate = CookieFate::Withheld;
                self.report(state, (src, writer), token, fate, None, out);
            }
            JarMsg::Write(token, writer) | JarMsg::Withhold(token, writer) => {
                let fate = CookieFate::Forbidden;
                self.report(state, (src, writer), token, fate, None, out);
            }
            JarMsg::Remove => self.remove(state, src, true, out),
            JarMsg::RemoveOf(writer) => {
                let may_write = writer.may_write(state.context);
                self.remove(state, src, may_write, out);
            }
            JarMsg::Lose => state.to_mut().cookie = None,
            JarMsg::Aged(age) => state.to_mut().age = age,
        }
    }

    fn may_write(&self, state: &JarState, writer: &Writer, token: &ModelToken) -> bool {
        may_write_cookie(&self.policy, writer, state.context, token)
    }

    fn remove(&self, state: &mut Cow<JarState>, src: Id, may_write: bool, out: &mut Outbox<'_>) {
        let tab = self.roster.tab_of(src);
        out.saw(Evidence::CookieRemoved(tab, may_write));
        if may_write {
            let state = state.to_mut();
            state.cookie = None;
            state.context = None;
        }
    }

    /// Tells what becomes of an update, before it does.
    fn report(
        &self,
        state: &JarState,
        (src, writer): (Id, Writer),
        token: ModelToken,
        fate: CookieFate,
        comparison: Option<Comparison<ModelToken>>,
        out: &mut Outbox<'_>,
    ) {
        out.saw(Evidence::Cookie(CookieUpdate {
            tab: self.roster.tab_of(src),
            writer,
            before: state.cookie.map(|c| (c, state.age.is_dead(&c))),
            token,
            fate,
            comparison,
        }));
    }
}
