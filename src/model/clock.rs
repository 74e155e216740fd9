//! The clock.

use super::event::Event;
use super::message::Msg;
use super::minted::Age;
use super::participant::actor_types;
use super::roster::Roster;
use stateright::actor::{Actor, Id, Out};
use std::borrow::Cow;

/// Time: the instant at which tokens are minted, and how far their expiry has got.
#[derive(Clone, Debug)]
pub struct Clock {
    pub(super) roster: Roster,
}

/// See [`Clock`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

impl Actor for Clock {
    actor_types!(ClockState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> ClockState {
        ClockState {
            now: 1,
            used: true,
            age: Age::default(),
            unaged: Vec::new(),
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<ClockState>, _: Id, msg: Msg, out: &mut Out<Self>) {
        match msg {
            Msg::Used if !state.used => state.to_mut().used = true,
            Msg::Grow(age) => {
                let state = state.to_mut();
                state.age = age;
                let now = state.next_instant();
                out.send(self.roster.mints(), Msg::Now(now));
                out.send(self.roster.jar(), Msg::Aged(age));
                for tab in self.roster.tabs() {
                    out.send(self.roster.tab(tab), Msg::Aged(age));
                }
            }
            _ => {}
        }
    }

    fn on_random(&self, _: Id, state: &mut Cow<ClockState>, event: &Event, out: &mut Out<Self>) {
        if *event == Event::Tick {
            let state = state.to_mut();
            if state.age.0 % 2 == 1 {
                state.unaged.push(state.now);
            }
            let now = state.next_instant();
            out.send(self.roster.mints(), Msg::Now(now));
        }
    }
}
