//! One step of a row: an event and everything synchronous that follows.

use super::Disagreement;
use super::draft::Draft;
use super::flights;
use super::layout::{Columns, MAX_COLUMNS};
use super::moves::{Hears, Move};
use super::reaction::{InputCode, NOTHING};
use super::stage::Stage;
use crate::model::Event;
use crate::property::StepFindings;

/// What a step cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsound {
    /// A tab handled two messages in one step, but histories move once in a step.
    TwiceInOneStep,
    /// A message that should be on its way is not.
    NothingOnItsWay,
}

impl Unsound {
    /// The error, in words.
    pub(super) fn at(self, event: Event) -> Disagreement {
        let message = match self {
            Unsound::TwiceInOneStep => format!("a tab acts twice in the step \"{event}\""),
            Unsound::NothingOnItsWay => format!("nothing is on its way for \"{event}\""),
        };
        Disagreement { message }
    }
}

/// A step that is about to be taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    /// The event.
    pub(super) event: Event,
    /// The column that hears of it first, and what it hears.
    first: (u8, InputCode),
    /// A column that is changed before: what arrives is no longer on its way.
    taken: Option<(u8, u32)>,
}

impl Stage<'_> {
    /// Prepares a step from a row, and loads what the step begins with.
    #[inline]
    pub(super) fn prepare(&self, columns: &Columns, first: Move) -> Result<Begun, Unsound> {
        let (mut taken, mut message) = (None, 0);
        if let Some(tab) = first.cleared {
            taken = Some((self.plan.flight(tab.index()) as u8, flights::NOTHING));
        }
        if let Some((tab, leg, kind)) = first.taken {
            let column = self.plan.flight(tab.index());
            let mut aboard = self.flights.aboard(columns[column], leg).iter();
            let passenger = aboard.find(|passenger| passenger.kind == kind);
            let passenger = passenger.ok_or(Unsound::NothingOnItsWay)?;
            taken = Some((column as u8, passenger.rest));
            message = passenger.message;
        }
        let input = match first.hears {
            Hears::Said(input) => input,
            Hears::Arrival(from) => InputCode::new(from.into(), message),
        };
        let column = usize::from(first.column);
        self.reactions.prefetch(column, columns[column], input);
        Ok(Begun {
            event: first.event,
            first: (first.column, input),
            taken,
        })
    }

    /// Takes a step, with everything synchronous that follows. Says what it did to the properties,
    /// but for what they say of the tabs together.
    #[inline]
    pub(super) fn step(
        &mut self,
        draft: &mut Draft,
        begun: &Begun,
    ) -> Result<StepFindings, Unsound> {
        if let Some((column, rest)) = begun.taken {
            draft.set(usize::from(column), rest);
        }
        self.pending.clear();
        self.pending.push(begun.first);
        let mut verdicts = StepFindings::default();
        let (mut next, mut acted) = (0, 0u32);
        while let Some(&(column, input)) = self.pending.get(next) {
            next += 1;
            let column = usize::from(column) % MAX_COLUMNS;
            let id = draft.columns[column];
            let reaction = match self.reactions.get(column, id, input) {
                Some(reaction) => reaction,
                None => self.react(column, id, input),
            };
            if reaction.next != id {
                draft.set(column, reaction.next);
            }
            if column < self.plan.tabs && acted >> column & 1 == 1 {
                return Err(Unsound::TwiceInOneStep);
            }
            acted |= 1 << column;
            if reaction.outcome != NOTHING {
                let said = self.reactions.deliver(column, reaction, &mut self.pending);
                verdicts = verdicts.or(said);
            }
        }
        Ok(verdicts)
    }
}
