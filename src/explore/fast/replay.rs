//! The way to a vector, walked through the model.

use super::Disagreement;
use super::encoded::StateId;
use super::layout::Columns;
use super::search::Search;
use super::tally::Discovery;
use crate::model::Event;
use crate::property::{MonitoredState, Property, PropertySet, StepFindings};

impl Search<'_> {
    /// The events up to and including a marked step. Each is found by letting the model take every
    /// step it can until one leads to the next vector, and the last must do to the property what it
    /// is marked for, so what is returned is the model's own trace.
    pub(super) fn replayed(
        &mut self,
        discovery: Discovery,
        property: Property,
        wanted: fn(StepFindings) -> PropertySet,
    ) -> Result<Vec<Event>, Disagreement> {
        let last = match discovery.event {
            Some(_) => discovery.id,
            // It is the vector itself that tells, so the last step is the one that led to it.
            None => self.store.arena.parent(discovery.id),
        };
        let (events, state) = self.walked_to(last)?;
        self.completed(events, &state, property, wanted)
    }

    /// The events that led to a state, and the first one more there that does it to the property.
    pub(super) fn completed(
        &self,
        mut events: Vec<Event>,
        state: &MonitoredState,
        property: Property,
        wanted: fn(StepFindings) -> PropertySet,
    ) -> Result<Vec<Event>, Disagreement> {
        let does_it = |event: &Event| {
            let step = self.model.step(state, *event);
            wanted(step.findings).has(property)
        };
        let last = self.model.enabled(state).into_iter().find(does_it);
        let Some(last) = last else {
            let message = format!("no step does to {property} in the model what one does here");
            return Err(Disagreement { message });
        };
        events.push(last);
        Ok(events)
    }

    /// The events that lead to a vector, and the state there.
    pub(super) fn walked_to(
        &mut self,
        id: StateId,
    ) -> Result<(Vec<Event>, MonitoredState), Disagreement> {
        let way = self.way_to(id).into_iter();
        let way: Vec<Columns> = way.map(|id| self.store.arena.columns(id)).collect();
        self.walked(&way)
    }

    /// The events that lead from vector to vector, from the first one, which is left out, and the state
    /// there.
    pub(super) fn walked(
        &mut self,
        way: &[Columns],
    ) -> Result<(Vec<Event>, MonitoredState), Disagreement> {
        let mut events = Vec::new();
        let mut state = self.model.start();
        for columns in way {
            let steps = self.model.enabled(&state).into_iter();
            let mut steps = steps.map(|event| (event, self.model.step(&state, event).state));
            let step = steps.find(|(_, next)| {
                let next = self.packed.encode(next);
                self.packed.ask(|packed| packed.canonical(&next)) == *columns
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

    /// The vectors from the first one, which is left out, to this one.
    fn way_to(&self, id: StateId) -> Vec<StateId> {
        let mut way = Vec::new();
        let mut id = id;
        // A parent is found before its children, so this ends with the first vector.
        while id != 0 {
            way.push(id);
            id = self.store.arena.parent(id);
        }
        way.reverse();
        way
    }
}
