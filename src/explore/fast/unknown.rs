//! What a vector's steps need and nobody has found out yet.
//!
//! Whatever is asked again and again only reads what is known, so that many can ask at once. Who
//! meets something unknown stops, and says what it is; whoever has the model for himself finds it
//! out.

use super::layout::Columns;
use super::order::{Order, TABS};
use super::packed::PackedModel;
use super::reaction::InputCode;
use super::step::Unsound;
use crate::vocabulary::Age;

/// Something to find out.
#[derive(Debug)]
pub(super) enum Unknown {
    /// What an input does in a column.
    Reaction {
        column: usize,
        id: u32,
        input: InputCode,
    },
    /// The number of a sequence of facts with one more at its end.
    Facts { sequence: u32, last: u32 },
    /// What can happen in vectors with this signature, such as the one given.
    Events {
        signature: u32,
        columns: Box<Columns>,
        next_age: Option<Age>,
    },
    /// An inbox after the tabs have been put in order.
    Renumbering { inbox: u32, order: Order },
    /// The number of a sequence of inboxes with one more at its end.
    Sequence { sequence: u32, inbox: u32 },
    /// The order of tabs that are equal but for these inboxes, of which a sequence stands for all.
    Resolution {
        sequence: u32,
        ties: u32,
        inboxes: Box<[u32; TABS]>,
    },
}

/// Why a step was not taken.
#[derive(Debug)]
pub(super) enum Stop {
    /// It cannot be.
    Unsound(Unsound),
    /// It can, when this has been found out.
    Unknown(Unknown),
}

impl From<Unsound> for Stop {
    fn from(unsound: Unsound) -> Stop {
        Stop::Unsound(unsound)
    }
}

impl From<Unknown> for Stop {
    fn from(unknown: Unknown) -> Stop {
        Stop::Unknown(unknown)
    }
}

impl PackedModel<'_> {
    /// Finds something out.
    #[cold]
    pub(super) fn learn(&mut self, unknown: Unknown) {
        match unknown {
            Unknown::Reaction { column, id, input } => self.react(column, id, input),
            Unknown::Facts { sequence, last } => self.events.number(sequence, last),
            Unknown::Events {
                signature,
                columns,
                next_age,
            } => self.list_events(signature, &columns, next_age),
            Unknown::Renumbering { inbox, order } => {
                if let Some(symmetry) = &mut self.symmetry {
                    symmetry.renumber(inbox, &order, &mut self.locals);
                }
            }
            Unknown::Sequence { sequence, inbox } => {
                if let Some(symmetry) = &mut self.symmetry {
                    symmetry.number(sequence, inbox);
                }
            }
            Unknown::Resolution {
                sequence,
                ties,
                inboxes,
            } => {
                if let Some(symmetry) = &mut self.symmetry {
                    symmetry.learn_resolution(sequence, ties, &inboxes, &mut self.locals);
                }
            }
        }
    }

    /// The answer to a question, with whatever has to be found out for it.
    pub(super) fn ask<T>(&mut self, mut question: impl FnMut(&Self) -> Result<T, Unknown>) -> T {
        loop {
            match question(self) {
                Ok(answer) => return answer,
                Err(unknown) => self.learn(unknown),
            }
        }
    }

    pub(super) fn ask_step<T>(
        &mut self,
        mut step: impl FnMut(&Self) -> Result<T, Stop>,
    ) -> Result<T, Unsound> {
        loop {
            match step(self) {
                Ok(taken) => return Ok(taken),
                Err(Stop::Unsound(unsound)) => return Err(unsound),
                Err(Stop::Unknown(unknown)) => self.learn(unknown),
            }
        }
    }
}
