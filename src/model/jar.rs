//! The cookie jar.

use super::message::{CookieFate, CookieUpdate, Evidence, Msg, TabId};
use super::minted::{Age, Minted};
use super::participant::actor_types;
use super::roster::Roster;
use crate::cache::{Clock, Policy, cookie_accepts};
use crate::scenario::Start;
use stateright::actor::{Actor, Id, Out};
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
    pub cookie: Option<Minted>,
    /// As last told by the clock.
    pub age: Age,
}

impl Actor for Jar {
    actor_types!(JarState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> JarState {
        JarState {
            cookie: self.start.token(),
            age: Age::default(),
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<JarState>, src: Id, msg: Msg, out: &mut Out<Self>) {
        let (token, withheld) = match msg {
            Msg::WriteCookie(token) => (token, false),
            Msg::WithholdCookie(token) => (token, true),
            Msg::LoseCookie => return state.to_mut().cookie = None,
            Msg::Aged(age) => return state.to_mut().age = age,
            _ => return,
        };
        let before = state.cookie.map(|c| (c, state.age.is_dead(&c)));
        let (fate, comparison) = if withheld {
            (CookieFate::Withheld, None)
        } else {
            match cookie_accepts(&self.policy, &state.age, state.cookie.as_ref(), &token) {
                (true, comparison) => (CookieFate::Written, comparison),
                (false, comparison) => (CookieFate::Dropped, comparison),
            }
        };
        if fate == CookieFate::Written {
            state.to_mut().cookie = Some(token);
        }
        let update = CookieUpdate {
            tab: TabId(usize::from(src) as u8),
            before,
            token,
            fate,
            comparison,
        };
        out.send(self.roster.observer(), Msg::Saw(Evidence::Cookie(update)));
    }
}
