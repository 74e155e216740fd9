//! The composition as a [`stateright::Model`], for stateright's checkers and its Explorer.

use super::event::Event;
use super::message::Evidence;
use super::system::System;
use super::{Composed, Step};
use crate::property::Property;
use stateright::Model;

impl Model for Composed {
    type State = System;
    type Action = Event;

    fn init_states(&self) -> Vec<System> {
        vec![self.start()]
    }

    fn actions(&self, system: &System, events: &mut Vec<Event>) {
        events.extend(self.enabled(system));
    }

    fn next_state(&self, system: &System, event: Event) -> Option<System> {
        let Step { system, .. } = self.step(system, event);
        Some(system)
    }

    fn properties(&self) -> Vec<stateright::Property<Composed>> {
        self.stateright_properties()
    }

    fn format_action(&self, event: &Event) -> String {
        event.to_string()
    }

    fn format_step(&self, system: &System, event: Event) -> Option<String> {
        let step = self.step(system, event);
        let done = step.evidence.iter().filter_map(Evidence::in_words);
        let done = done.map(|what| format!("- {what}\n"));
        Some(done.collect::<String>() + &format!("\n{:?}", step.system))
    }
}

impl Composed {
    /// The judged properties as `always`, and the witnesses that are kept as `sometimes`, for any
    /// model that has systems for its states and can say what the last step did.
    pub fn stateright_properties<M>(&self) -> Vec<stateright::Property<M>>
    where
        M: Model<State = System> + Judges,
    {
        let conditions = conditions::<M>();
        let always = |property: Property| {
            stateright::Property::always(property.name(), conditions[property as usize].0)
        };
        let sometimes = |property: Property| {
            let condition = conditions[property as usize].1;
            stateright::Property::sometimes(property.witness_name(), condition)
        };
        let judged = self.properties().iter().map(always);
        judged.chain(self.witnesses.iter().map(sometimes)).collect()
    }
}

/// A model that says what the step into a state did to a property.
pub trait Judges {
    /// It violated the property.
    fn violated(&self, system: &System, property: Property) -> bool {
        system.history().violated.has(property)
    }

    /// It was an opportunity to violate the property.
    fn witnessed(&self, system: &System, property: Property) -> bool {
        system.history().witnessed.has(property)
    }
}

impl Judges for Composed {}

/// A condition in stateright's form: a plain function, which cannot capture its property.
type Condition<M> = fn(&M, &System) -> bool;

/// For each property: the last step did not violate it; the last step witnessed it.
fn conditions<M: Judges>() -> [(Condition<M>, Condition<M>); Property::ALL.len()] {
    fn holds<M: Judges, const P: usize>(model: &M, system: &System) -> bool {
        !model.violated(system, Property::ALL[P])
    }
    fn witnessed<M: Judges, const P: usize>(model: &M, system: &System) -> bool {
        model.witnessed(system, Property::ALL[P])
    }
    [
        (holds::<M, 0>, witnessed::<M, 0>),
        (holds::<M, 1>, witnessed::<M, 1>),
        (holds::<M, 2>, witnessed::<M, 2>),
        (holds::<M, 3>, witnessed::<M, 3>),
        (holds::<M, 4>, witnessed::<M, 4>),
        (holds::<M, 5>, witnessed::<M, 5>),
        (holds::<M, 6>, witnessed::<M, 6>),
        (holds::<M, 7>, witnessed::<M, 7>),
        (holds::<M, 8>, witnessed::<M, 8>),
        (holds::<M, 9>, witnessed::<M, 9>),
        (holds::<M, 10>, witnessed::<M, 10>),
    ]
}
