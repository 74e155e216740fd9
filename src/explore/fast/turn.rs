//! One step of a row: an event and everything synchronous that follows.

use super::cast::{InputCode, Reaction};
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
    pub(super) fn step(&mut self, draft: &mut Draft, event: Event) -> Result<Verdicts, Unsound> {
        let mut turn = Turn {
            stage: self,
            draft,
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
        let input = InputCode::choice(self.event);
        match self.event {
            // Other inboxes are left alone by this.
            Event::Deliver { to, .. } => {
                let inbox = self.stage.plan.inbox(to.index());
                self.handle_in(inbox, usize::from(actor), input);
                Ok(())
            }
            _ => self.handle(usize::from(actor), input),
        }
    }

    #[inline]
    fn take(&mut self, tab: TabId, leg: Leg, fetch: Option<FetchId>) -> Result<u32, Unsound> {
        let column = self.stage.plan.flight(tab.index());
        let aboard = self.stage.flights.aboard(self.draft.columns[column], leg);
        let passenger = aboard.iter().find(|passenger| passenger.fetch == fetch);
        let passenger = passenger.ok_or(Unsound::NothingOnItsWay)?;
        self.draft.set(column, passenger.rest);
        Ok(passenger.message)
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
        let plan = self.stage.plan;
        if participant < plan.tabs {
            self.handle_in_tab(participant, input)?;
        } else if participant == plan.channel() {
            for inbox in plan.inboxes() {
                self.handle_in(inbox, participant, input);
            }
        } else {
            self.handle_in(plan.shared(participant), participant, input);
        }
        Ok(())
    }

    #[inline]
    fn handle_in_tab(&mut self, tab: usize, input: InputCode) -> Result<(), Unsound> {
        if self.acted >> tab & 1 == 1 {
            return Err(Unsound::TwiceInOneStep);
        }
        self.acted |= 1 << tab;
        let seat = self.draft.columns[tab];
        let reaction = match self.stage.seat_reactions.get(seat, input.code()) {
            Some(reaction) => reaction,
            None => self.stage.react_of_seat(tab, seat, input, self.event),
        };
        self.carry_out(tab, tab, &reaction);
        Ok(())
    }

    #[inline]
    fn handle_in(&mut self, column: usize, participant: usize, input: InputCode) {
        let local = self.draft.columns[column];
        let reaction = self.stage.cast.react(column, local, input, self.event);
        self.carry_out(column, participant, &reaction);
    }

    #[inline]
    fn carry_out(&mut self, column: usize, participant: usize, reaction: &Reaction) {
        self.draft.set(column, reaction.next);
        self.verdicts = self.verdicts.or(reaction.verdicts);
        for index in reaction.sent() {
            let sent = self.stage.cast.sent(index);
            if sent.flies {
                // One end is a tab, and tabs come first.
                let tab = participant.min(usize::from(sent.to));
                let column = self.stage.plan.flight(tab);
                let messages = self.stage.cast.messages();
                let flight = self.draft.columns[column];
                let with = self.stage.flights.with(flight, sent.message, messages);
                self.draft.set(column, with);
            } else {
                let from = participant as u8;
                self.stage.pending.push((from, sent.to, sent.message));
            }
        }
    }
}
