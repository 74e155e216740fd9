//! The composition as a [`stateright::Model`], for stateright's checkers and its Explorer.

use super::event::Event;
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
        Some(crate::trace::step_in_words(&step).join("\n"))
    }
}

/// A model that a checker of stateright's is given.
pub trait Checked: Model<State = System> {
    /// Whether a discovery that the checker is about to make is to be reported to it, given the
    /// name of stateright's property.
    ///
    /// stateright 0.31 keeps the last discovery of a property, so a shortest one survives only if
    /// later ones are withheld.
    fn reports(&self, name: &'static str) -> bool;
}

impl Checked for Composed {
    fn reports(&self, _: &'static str) -> bool {
        true
    }
}

impl Composed {
    /// The judged properties as `always`, and the witnesses that are kept as `sometimes`.
    ///
    /// The conditions look at the system alone, so they fit any model that has it for its state.
    pub fn stateright_properties<M: Checked>(&self) -> Vec<stateright::Property<M>> {
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

/// A condition in stateright's form: a plain function, which cannot capture its property.
type Condition<M> = fn(&M, &System) -> bool;

/// For each property: the last step did not violate it; the last step witnessed it.
fn conditions<M: Checked>() -> [(Condition<M>, Condition<M>); Property::ALL.len()] {
    fn holds<M: Checked, const P: usize>(model: &M, system: &System) -> bool {
        let property = Property::ALL[P];
        !(system.history().violated.has(property) && model.reports(property.name()))
    }
    fn witnessed<M: Checked, const P: usize>(model: &M, system: &System) -> bool {
        let property = Property::ALL[P];
        system.history().witnessed.has(property) && model.reports(property.witness_name())
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
    ]
}
