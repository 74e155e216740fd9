//! One step of a row: an event and everything synchronous that follows.

use super::Disagreement;
use super::draft::Draft;
use super::moves::{Hears, Move};
use super::reaction::InputCode;
use super::stage::Stage;
use crate::cache::FetchId;
use crate::model::{Event, Leg, TabId};
use crate::property::Verdicts;

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

impl Stage<'_> {
    /// Lets an enabled event happen, with everything synchronous that follows. Says what the step
    /// did to the properties, but for what they say of the tabs together.
    #[inline]
    pub(super) fn step(&mut self, draft: &mut Draft, first: Move) -> Result<Verdicts, Unsound> {
        self.pending.clear();
        self.begin_step(draft, first)?;
        let mut verdicts = Verdicts::default();
        let (mut next, mut acted) = (0, 0u32);
        while let Some(&(column, input)) = self.pending.get(next) {
            next += 1;
            let column = usize::from(column);
            let id = draft.columns[column];
            let reaction = match self.reactions.get(column, id, input) {
                Some(reaction) => reaction,
                None => self.react(column, id, input, first.event),
            };
            if reaction.next != id {
                draft.set(column, reaction.next);
            }
            if column < self.plan.tabs && acted >> column & 1 == 1 {
                return Err(Unsound::TwiceInOneStep);
            }
            acted |= 1 << column;
            verdicts = verdicts.or(reaction.verdicts);
            self.reactions.deliver(column, &reaction, &mut self.pending);
        }
        Ok(verdicts)
    }

    /// Delivers the event itself.
    #[inline]
    fn begin_step(&mut self, draft: &mut Draft, first: Move) -> Result<(), Unsound> {
        let taken = match first.taken {
            Some((tab, leg, fetch)) => self.take(draft, tab, leg, fetch)?,
            None => 0,
        };
        let input = match first.hears {
            Hears::Choice(input) => input,
            Hears::Arrival(from) => InputCode::message(from.into(), taken),
        };
        self.pending.push((first.column, input));
        Ok(())
    }

    /// Takes something that is on its way.
    #[inline]
    fn take(
        &self,
        draft: &mut Draft,
        tab: TabId,
        leg: Leg,
        fetch: Option<FetchId>,
    ) -> Result<u32, Unsound> {
        let column = self.plan.flight(tab.index());
        let aboard = self.flights.aboard(draft.columns[column], leg);
        let passenger = aboard.iter().find(|passenger| passenger.fetch == fetch);
        let passenger = passenger.ok_or(Unsound::NothingOnItsWay)?;
        draft.set(column, passenger.rest);
        Ok(passenger.message)
    }
}
