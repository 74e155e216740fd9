//! One step of a row: an event and everything synchronous that follows.

use super::reaction::InputCode;
use super::stage::{Draft, Stage};
use crate::cache::FetchId;
use crate::model::{Event, Leg, Opening, TabId};
use crate::property::Verdicts;

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
        self.pending.clear();
        self.begin(draft, event)?;
        let mut verdicts = Verdicts::default();
        let mut next = 0;
        while let Some(&(column, input)) = self.pending.get(next) {
            next += 1;
            let column = usize::from(column);
            let id = draft.columns[column];
            let reaction = match self.reactions.get(column, id, input) {
                Some(reaction) => reaction,
                None => self.react(column, id, input, event),
            };
            if column < self.plan.tabs && draft.touched >> column & 1 == 1 {
                return Err(Unsound::TwiceInOneStep);
            }
            draft.set(column, reaction.next);
            verdicts = verdicts.or(reaction.verdicts);
            self.reactions.deliver(column, &reaction, &mut self.pending);
        }
        Ok(verdicts.or(self.judge_together(&draft.columns)))
    }

    /// Delivers the event itself.
    #[inline]
    fn begin(&mut self, draft: &mut Draft, event: Event) -> Result<(), Unsound> {
        let roster = self.model.roster();
        match event.opening(roster) {
            Opening::Choice(actor) => self.choose(usize::from(actor), event),
            Opening::Loss(tab, fetch, actor) => {
                self.take(draft, tab, Leg::Request, fetch)?;
                self.choose(usize::from(actor), event);
            }
            Opening::Arrival(tab, leg, fetch) => {
                let message = self.take(draft, tab, leg, fetch)?;
                let (from, to) = match leg {
                    Leg::Request => (tab.index(), self.plan.shared(roster.mints().into())),
                    Leg::Response => (roster.mints().into(), tab.index()),
                };
                let input = InputCode::message(from, message);
                self.pending.push((to as u8, input));
            }
        }
        Ok(())
    }

    #[inline]
    fn choose(&mut self, actor: usize, event: Event) {
        let column = match event {
            // The channel chooses for one inbox; the others are left alone.
            Event::Deliver { to, .. } => self.plan.inbox(to.index()),
            _ => self.plan.shared(actor),
        };
        self.pending.push((column as u8, InputCode::choice(event)));
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
