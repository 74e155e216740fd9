//! The driver.

use super::message::DriverMsg;
use super::roster::{Outbox, Roster};
use crate::vocabulary::Budgets;
use stateright::actor::Id;
use std::borrow::Cow;

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
