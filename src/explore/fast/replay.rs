//! The way to a vector, walked through the model.

use super::Disagreement;
use super::encoded::StateId;
use super::layout::Columns;
use super::search::Search;
use super::tally::Discovery;
use crate::model::Event;
use crate::property::{MonitoredState, Property, PropertySet, StepFindings};
use rustc_hash::FxHashSet;

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
        let way = self.way_to(last);
        self.completed(&way, property, wanted)
    }

    /// The events that lead from vector to vector, from the first one, which is left out, and the first
    /// one more there that does it to the property.
    pub(super) fn completed(
        &mut self,
        way: &[Columns],
        property: Property,
        wanted: fn(StepFindings) -> PropertySet,
    ) -> Result<Vec<Event>, Disagreement> {
        for (mut events, state) in self.walked(way)? {
            let does_it = |event: &Event| {
                let step = self.model.step(&state, *event);
                wanted(step.findings).has(property)
            };
            if let Some(last) = self.model.enabled(&state).into_iter().find(does_it) {
                events.push(last);
                return Ok(events);
            }
        }
        let message = format!("no step does to {property} in the model what one does here");
        Err(Disagreement { message })
    }

    /// The events that lead to a vector, and the state there, of a run that has forgotten nothing.
    pub(super) fn walked_to(
        &mut self,
        id: StateId,
    ) -> Result<(Vec<Event>, MonitoredState), Disagreement> {
        let way = self.way_to(id);
        let mut walked = self.walked(&way)?;
        Ok(walked.swap_remove(0))
    }

    /// The events that lead from vector to vector, from the first one, which is left out, and the state
    /// there. That is one state and those that differ from it in what has been forgotten of the vectors
    /// only: whatever one of the ways there did, it is among them.
    fn walked(
        &mut self,
        way: &[Columns],
    ) -> Result<Vec<(Vec<Event>, MonitoredState)>, Disagreement> {
        let mut walked = vec![(Vec::new(), self.model.start())];
        for (index, columns) in way.iter().enumerate() {
            let mut longer = Vec::new();
            let mut known = FxHashSet::default();
            for (events, state) in walked {
                for event in self.model.enabled(&state) {
                    let next = self.model.step(&state, event).state;
                    let vector = self.packed.encode(&next);
                    let settled = self.packed.settled(&vector);
                    if self.packed.ask(|packed| packed.canonical(&settled)) == *columns
                        && known.insert(self.packed.ask(|packed| packed.canonical(&vector)))
                    {
                        longer.push(([events.as_slice(), &[event]].concat(), next));
                    }
                }
            }
            if longer.is_empty() {
                let message = format!("no step of the model leads to step {}", index + 1);
                return Err(Disagreement { message });
            }
            walked = longer;
        }
        Ok(walked)
    }

    /// The vectors from the first one, which is left out, to this one.
    fn way_to(&self, id: StateId) -> Vec<Columns> {
        let mut way = Vec::new();
        let mut id = id;
        // A parent is found before its children, so this ends with the first vector.
        while id != 0 {
            way.push(self.store.arena.columns(id));
            id = self.store.arena.parent(id);
        }
        way.reverse();
        way
    }
}
