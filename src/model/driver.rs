//! The driver.

use super::event::Event;
use super::message::Msg;
use super::participant::actor_types;
use super::roster::Roster;
use crate::scenario::Budgets;
use stateright::actor::{Actor, Id, Out};
use std::borrow::Cow;

/// The driver: issues the stimuli and faults that a scenario allows, each from its budget.
#[derive(Clone, Debug)]
pub struct Driver {
    pub(super) roster: Roster,
    pub(super) budgets: Budgets,
}

impl Actor for Driver {
    // What is left of each budget.
    actor_types!(Budgets);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> Budgets {
        self.budgets
    }

    fn on_random(&self, _: Id, state: &mut Cow<Budgets>, event: &Event, out: &mut Out<Self>) {
        if let Some(stimulus) = event.stimulus() {
            state.to_mut().spend(stimulus);
        }
        let roster = self.roster;
        match *event {
            Event::InTab(stimulus, tab) => out.send(roster.tab(tab), Msg::Stimulus(stimulus)),
            Event::Fail(tab, fetch) => out.send(roster.tab(tab), Msg::Failure(fetch)),
            Event::Lose { to, from } => out.send(roster.channel(), Msg::Lose { to, from }),
            Event::Age(age) => out.send(roster.clock(), Msg::Grow(age)),
            Event::LoseCookie => out.send(roster.jar(), Msg::LoseCookie),
            Event::Rollout => out.send(roster.mints(), Msg::Rollout),
            Event::OiatOn => out.send(roster.mints(), Msg::OiatOn),
            Event::Tick | Event::Mint(..) | Event::Respond(..) | Event::Deliver { .. } => {}
        }
    }
}
