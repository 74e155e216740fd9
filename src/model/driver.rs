//! The driver.

use super::channel::ChannelMsg;
use super::clock::ClockMsg;
use super::jar::JarMsg;
use super::mints::MintsMsg;
use super::roster::{Outbox, Roster};
use super::tab::TabMsg;
use crate::vocabulary::{Budgets, Stimulus, TabId};
use stateright::actor::Id;
use std::borrow::Cow;

/// What the driver is told by the composition: to take one from a budget and pass something on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriverMsg {
    /// Whose budget.
    pub stimulus: Stimulus,
    /// What is passed on.
    pub errand: Errand,
}

/// What the driver may tell others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Errand {
    Tab(TabId, TabMsg),
    /// To the broadcast channel.
    Channel(ChannelMsg),
    /// To the mint sources.
    Mints(MintsMsg),
    /// To the cookie jar.
    Jar(JarMsg),
    Clock(ClockMsg),
}

/// The driver: issues the stimuli that a scenario allows, each from its budget.
#[derive(Clone, Debug)]
pub struct Driver {
    pub(super) roster: Roster,
    pub(super) budgets: Budgets,
}

impl Driver {
    /// What is left of each budget.
    pub(super) fn start(&self) -> Budgets {
        self.budgets
    }

    pub(super) fn on_msg(
        &self,
        state: &mut Cow<Budgets>,
        _: Id,
        msg: DriverMsg,
        out: &mut Outbox<'_>,
    ) {
        state.to_mut().spend(msg.stimulus);
        out.errand(msg.errand);
    }
}
