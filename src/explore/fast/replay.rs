//! The way to a row, walked through the model.

use super::Disagreement;
use super::arena::RowId;
use super::search::{Mark, Search};
use crate::model::Event;
use crate::property::{MonitoredState, Property, PropertySet, StepFindings};

impl Search<'_> {
    /// The events up to and including a marked step. Each is found by letting the model take every
    /// step it can until one leads to the next row, and the last must do to the property what it is
    /// marked for, so what is returned is the model's own trace.
    pub(super) fn replayed(
        &mut self,
        mark: Mark,
        property: Property,
        wanted: fn(StepFindings) -> PropertySet,
    ) -> Result<Vec<Event>, Disagreement> {
        let last = match mark.event {
            Some(_) => mark.row,
            // It is the row itself that tells, so the last step is the one that led to it.
            None => self.store.arena.parent(mark.row),
        };
        let (mut events, state) = self.walked_to(last)?;
        let does_it = |event: &Event| {
            let step = self.model.step(&state, *event);
            wanted(step.findings).has(property)
        };
        let last = self.model.enabled(&state).into_iter().find(does_it);
        let Some(last) = last else {
            let message = format!("no step does to {property} in the model what one does here");
            return Err(Disagreement { message });
        };
        events.push(last);
        Ok(events)
    }

    /// The events that lead to a row, and the state there.
    pub(super) fn walked_to(
        &mut self,
        row: RowId,
    ) -> Result<(Vec<Event>, MonitoredState), Disagreement> {
        let mut events = Vec::new();
        let mut state = self.model.start();
        for row in self.way_to(row) {
            let columns = self.store.arena.columns(row);
            let steps = self.model.enabled(&state).into_iter();
            let mut steps = steps.map(|event| (event, self.model.step(&state, event).state));
            let step = steps.find(|(_, next)| {
                let next = self.stage.row(next);
                self.stage.canonical(&next) == columns
            });
            let Some((event, next)) = step else {
                let message = format!("no step of the model leads to step {}", events.len() + 1);
                return Err(Disagreement { message });
            };
            events.push(event);
            state = next;
        }
        Ok((events, state))
    }

    /// The rows from the first one, which is left out, to this one.
    fn way_to(&self, row: RowId) -> Vec<RowId> {
        let mut way = Vec::new();
        let mut row = row;
        // A parent is found before its children, so this ends with the first row.
        while row != 0 {
            way.push(row);
            row = self.store.arena.parent(row);
        }
        way.reverse();
        way
    }
}
