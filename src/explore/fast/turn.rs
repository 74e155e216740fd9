//! One step of a row: an event and everything synchronous that follows.

use super::cast::InputCode;
use super::layout::Layout;
use super::stage::{Draft, Stage};
use crate::cache::FetchId;
use crate::model::{Event, Leg, Opening, TabId};
use crate::property::Verdicts;
use stateright::actor::Id;

/// What a step cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsound {
    /// A tab handled two messages in one step, but histories move once in a step.
    TwiceInOneStep,
    /// A message that should be on its way is not.
    NothingOnItsWay,
}

impl Stage<'_> {
    /// Lets an enabled event happen, with everything synchronous that follows.
    #[inline]
    pub(super) fn step(
        &mut self,
        draft: &mut Draft,
        layout: &Layout,
        event: Event,
    ) -> Result<Verdicts, Unsound> {
        let mut turn = Turn {
            stage: self,
            draft,
            layout,
            event,
            acted: 0,
            verdicts: Verdicts::default(),
        };
        turn.begin()?;
        turn.run_to_completion()?;
        let verdicts = turn.verdicts;
        Ok(verdicts.or(self.judge_together(&draft.columns)))
    }
}

/// A step under way.
struct Turn<'a, 'm> {
    stage: &'a mut Stage<'m>,
    draft: &'a mut Draft,
    layout: &'a Layout,
    event: Event,
    /// The tabs that have handled something.
    acted: u8,
    verdicts: Verdicts,
}

impl Turn<'_, '_> {
    #[inline]
    fn begin(&mut self) -> Result<(), Unsound> {
        let roster = self.stage.model.roster();
        self.stage.pending.clear();
        match self.event.opening(roster) {
            Opening::Choice(actor) => self.choose(actor),
            Opening::Arrival(tab, leg, fetch) => {
                let message = self.take(tab, leg, fetch)?;
                let (from, to) = match leg {
                    Leg::Request => (roster.tab(tab), roster.mints()),
                    Leg::Response => (roster.mints(), roster.tab(tab)),
                };
                let input = InputCode::message(usize::from(from), message);
                self.handle(usize::from(to), input)
            }
            Opening::Loss(tab, fetch, actor) => {
                self.take(tab, Leg::Request, fetch)?;
                self.choose(actor)
            }
        }
    }

    #[inline]
    fn choose(&mut self, actor: Id) -> Result<(), Unsound> {
        self.handle(usize::from(actor), InputCode::choice(self.event))
    }

    #[inline]
    fn take(&mut self, tab: TabId, leg: Leg, fetch: Option<FetchId>) -> Result<u32, Unsound> {
        let column = self.stage.flight_column(tab.index());
        let flight = self.draft.columns[column];
        let messages = self.stage.cast.messages();
        let taken = self.stage.flights.take(flight, leg, fetch, messages);
        let (message, rest) = taken.ok_or(Unsound::NothingOnItsWay)?;
        self.stage.set(self.draft, self.layout, column, rest);
        Ok(message)
    }

    #[inline]
    fn run_to_completion(&mut self) -> Result<(), Unsound> {
        let mut next = 0;
        while let Some(&(from, to, message)) = self.stage.pending.get(next) {
            next += 1;
            let input = InputCode::message(usize::from(from), message);
            self.handle(usize::from(to), input)?;
        }
        Ok(())
    }

    #[inline]
    fn handle(&mut self, participant: usize, input: InputCode) -> Result<(), Unsound> {
        let local = self.draft.columns[participant];
        let reaction = if participant < self.stage.tabs {
            if self.acted >> participant & 1 == 1 {
                return Err(Unsound::TwiceInOneStep);
            }
            self.acted |= 1 << participant;
            match self.stage.seat_reactions.get(local, input.code()) {
                Some(reaction) => reaction,
                None => self
                    .stage
                    .react_of_seat(participant, local, input, self.event),
            }
        } else {
            self.stage.cast.react(participant, local, input, self.event)
        };
        self.stage
            .set(self.draft, self.layout, participant, reaction.next);
        self.verdicts = self.verdicts.or(reaction.verdicts);
        let mut index = 0;
        while let Some(sent) = self.stage.cast.sent(&reaction, index) {
            index += 1;
            if sent.flies {
                let tab = participant.min(usize::from(sent.to));
                let column = self.stage.flight_column(tab);
                let flight = self.draft.columns[column];
                let messages = self.stage.cast.messages();
                let with = self.stage.flights.with(flight, sent.message, messages);
                self.stage.set(self.draft, self.layout, column, with);
            } else {
                let from = participant as u8;
                self.stage.pending.push((from, sent.to, sent.message));
            }
        }
        Ok(())
    }
}
