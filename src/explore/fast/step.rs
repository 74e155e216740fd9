//! One step of a vector: an event and everything synchronous that follows.

use super::Disagreement;
use super::encoded::Successor;
use super::events::{EnabledEvent, Hears};
use super::footprint::Footprint;
use super::in_flight;
use super::layout::{Columns, MAX_COLUMNS};
use super::packed::PackedModel;
use super::reaction::{InputCode, Pending, Reaction};
use super::sleep::EventNumber;
use super::unknown::{Stop, Unknown};
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
pub(super) struct PreparedStep {
    pub(super) event: Event,
    pub(super) number: EventNumber,
    /// See [`labels`](super::sleep::labels).
    #[cfg(feature = "cluster")]
    pub(super) name: u64,
    /// Who hears of it first.
    pub(super) first: Pending,
    /// What that does, as far as it is known.
    reaction: Option<Reaction>,
    /// A column that is changed before: what arrives is no longer on its way.
    taken: Option<(u8, u32)>,
}

impl PackedModel<'_> {
    /// Prepares a step from a vector, and loads what the step begins with.
    #[inline]
    pub(super) fn prepare(
        &self,
        columns: &Columns,
        first: &EnabledEvent,
    ) -> Result<PreparedStep, Unsound> {
        let (mut taken, mut message) = (None, 0);
        if let Some(tab) = first.cleared {
            taken = Some((self.plan.in_flight(tab.index()) as u8, in_flight::NOTHING));
        }
        if let Some((tab, leg, kind)) = first.taken {
            let column = self.plan.in_flight(tab.index());
            let mut on_leg = self.in_flight.on_leg(columns[column], leg).iter();
            let found = on_leg.find(|found| found.kind == kind);
            let found = found.ok_or(Unsound::NothingOnItsWay)?;
            taken = Some((column as u8, found.without));
            message = found.message;
        }
        let input = match first.hears {
            Hears::Said(input) => input,
            Hears::Arrival(from) => InputCode::new(from.into(), message),
        };
        let column = usize::from(first.column);
        self.reactions.prefetch(column, columns[column], input);
        Ok(PreparedStep {
            event: first.event,
            number: first.number,
            #[cfg(feature = "cluster")]
            name: first.name,
            first: Pending {
                column: first.column,
                handling: first.handling,
                input,
            },
            reaction: None,
            taken,
        })
    }

    /// Looks up what a step begins with, and loads what it goes on with.
    #[inline]
    pub(super) fn look_ahead(&self, columns: &Columns, step: &mut PreparedStep) {
        let column = usize::from(step.first.column);
        let id = columns[column % MAX_COLUMNS];
        step.reaction = self.reactions.get(column, id, step.first.input);
        if let Some(reaction) = step.reaction {
            self.reactions.prefetch_sent(column, reaction, columns);
        }
    }

    /// Takes a step, with everything synchronous that follows. Says what it did to the properties,
    /// but for what they say of the tabs together. A successor that is given up on is left half
    /// changed.
    #[inline]
    pub(super) fn step(
        &self,
        successor: &mut Successor,
        prepared: &PreparedStep,
    ) -> Result<StepFindings, Stop> {
        if let Some((column, rest)) = prepared.taken {
            successor.set(usize::from(column), rest);
        }
        successor.pending.clear();
        successor.pending.push(prepared.first);
        let mut findings = StepFindings::default();
        let mut footprint = Footprint::NONE;
        let (mut next, mut acted) = (0, 0u32);
        let mut known = prepared.reaction;
        let tabs = (1 << self.plan.tabs) - 1;
        while let Some(&pending) = successor.pending.get(next) {
            next += 1;
            let (column, input) = (usize::from(pending.column) % MAX_COLUMNS, pending.input);
            footprint = footprint.or(Footprint::of(column, pending.handling));
            let id = successor.columns[column];
            let known = known.take();
            let Some(reaction) = known.or_else(|| self.reactions.get(column, id, input)) else {
                return Err(Unknown::Reaction { column, id, input }.into());
            };
            successor.set(column, reaction.next);
            if acted & tabs & 1 << column != 0 {
                return Err(Unsound::TwiceInOneStep.into());
            }
            acted |= 1 << column;
            let said = self
                .reactions
                .deliver(column, reaction, &mut successor.pending);
            findings = findings.or(said);
        }
        successor.footprint = footprint;
        Ok(findings)
    }

    /// Takes a step to the form in which its successor is stored.
    #[inline]
    pub(super) fn take(
        &self,
        successor: &mut Successor,
        prepared: &PreparedStep,
    ) -> Result<StepFindings, Stop> {
        let findings = self.step(successor, prepared)?;
        #[cfg(feature = "cluster")]
        {
            successor.stepped = successor.touched;
        }
        self.make_canonical(successor)?;
        Ok(findings)
    }
}
