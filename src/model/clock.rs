//! The clock.

use super::jar::JarMsg;
use super::mints::MintsMsg;
use super::roster::{Outbox, Roster};
use super::tab::TabMsg;
use crate::vocabulary::Age;
use stateright::actor::Id;
use std::borrow::Cow;

/// What the clock is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockMsg {
    /// By the composition: time goes on.
    Tick,
    /// By the driver: tokens age to this value.
    Grow(Age),
    /// By the mint sources: a token was minted at this instant.
    Used,
}

/// Time: the instant at which tokens are minted, and how far their expiry has got.
#[derive(Clone, Debug)]
pub struct Clock {
    pub(super) roster: Roster,
}

/// See [`Clock`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct ClockState {
    /// The instant, from 1.
    pub now: u8,
    /// A token was minted at this instant.
    pub used: bool,
    /// How far expiry has got.
    pub age: Age,
    /// Instants left by a tick while age was odd. Tokens of such an instant never age further: else
    /// there would be no real seconds in which the trace could happen.
    pub unaged: Vec<u8>,
}

impl ClockState {
    fn next_instant(&mut self) -> u8 {
        self.used = false;
        self.now += 1;
        self.now
    }
}

impl Clock {
    pub(super) fn start(&self) -> ClockState {
        ClockState {
            now: 1,
            used: true,
            age: Age::default(),
            unaged: Vec::new(),
        }
    }

    pub(super) fn on_msg(
        &self,
        state: &mut Cow<ClockState>,
        _: Id,
        msg: ClockMsg,
        out: &mut Outbox<'_>,
    ) {
        match msg {
            ClockMsg::Tick => {
                let state = state.to_mut();
                if state.age.0 % 2 == 1 {
                    state.unaged.push(state.now);
                }
                out.mints(MintsMsg::Now(state.next_instant()));
            }
            ClockMsg::Grow(age) => {
                let state = state.to_mut();
                state.age = age;
                out.mints(MintsMsg::Now(state.next_instant()));
                out.jar(JarMsg::Aged(age));
                for tab in self.roster.tabs() {
                    out.tab(tab, TabMsg::Aged(age));
                }
            }
            ClockMsg::Used => {
                if !state.used {
                    state.to_mut().used = true;
                }
            }
        }
    }
}
