//! The audit: this engine's successors of a vector, and what it takes for independent there, against
//! the model's own.

use super::Disagreement;
use super::encoded::Successor;
use super::events::EnabledEvent;
use super::layout::Columns;
use super::packed::PackedModel;
use super::sleep::only;
use crate::model::Event;
use crate::property::{Monitored, MonitoredState, PropertySet};

impl PackedModel<'_> {
    /// Rebuilds the system of a vector and compares what can happen in it, and what it leads to.
    pub(super) fn audit(
        &mut self,
        model: &Monitored,
        columns: &Columns,
    ) -> Result<(), Disagreement> {
        let possible = self.ask(|packed| packed.events(columns));
        let possible: Vec<EnabledEvent> = self.events.get(possible).copied().collect();
        let state = self.decode(columns, &model.start());
        let system = &state.system;
        if self.encode(&state) != *columns {
            let message = format!("a vector does not survive being made a system: {system:?}");
            return Err(Disagreement { message });
        }
        let enabled = model.enabled(&state);
        let events: Vec<Event> = possible.iter().map(|first| first.event).collect();
        if enabled != events {
            let message = format!("{events:?} instead of {enabled:?} can happen in {system:?}");
            return Err(Disagreement { message });
        }
        let mut known = Vec::new();
        for first in &possible {
            let event = first.event;
            let step = model.step(&state, event);
            let mut successor = Successor::default();
            let stepped = self.ask_step(|packed| {
                successor.begin(columns);
                let prepared = packed.prepare(columns, first)?;
                packed.step(&mut successor, &prepared)
            });
            let findings = stepped.map_err(|unsound| unsound.at(event))?;
            if self.independence.knows(first.number, successor.footprint) {
                known.push(*first);
            }
            let events = self.ask(|packed| packed.events(&successor.columns));
            let [judged, later] = [PropertySet::NONE, PropertySet::ALL]
                .map(|witnessed| self.judge(&successor.columns, events, witnessed));
            if later.violated != judged.violated {
                let message = format!(
                    "\"{event}\" is judged {later:?} instead of {judged:?} after opportunities in {system:?}"
                );
                return Err(Disagreement { message });
            }
            let findings = findings.or(judged);
            let led_to = self.encode(&step.state);
            if self.settled(&led_to) != successor.columns {
                let message = format!("\"{event}\" leads to another system from {system:?}");
                return Err(Disagreement { message });
            }
            let asked = self.monitor.properties;
            let [findings, expected] = [findings, step.findings].map(|of| of.and(asked));
            if findings != expected {
                let message = format!(
                    "\"{event}\" is judged {findings:?} instead of {expected:?} in {system:?}"
                );
                return Err(Disagreement { message });
            }
        }
        self.audit_independence(model, &state, &known)
    }

    /// Takes each two of these events, whose steps are known, in both orders if they are taken for
    /// independent of each other.
    fn audit_independence(
        &mut self,
        model: &Monitored,
        state: &MonitoredState,
        known: &[EnabledEvent],
    ) -> Result<(), Disagreement> {
        for (place, one) in known.iter().enumerate() {
            let independent = self.independence.of(one.number);
            let others = known[..place].iter();
            for other in others.filter(|other| independent & only(other.number) != 0) {
                let (one, other) = (one.event, other.event);
                let ends = self.after_both(model, state, [one, other]);
                if ends.is_none() || ends != self.after_both(model, state, [other, one]) {
                    let system = &state.system;
                    let message = format!(
                        "\"{one}\" and \"{other}\" are not independent of each other in {system:?}"
                    );
                    return Err(Disagreement { message });
                }
            }
        }
        Ok(())
    }

    /// The vector that two events lead to, if the second can happen after the first.
    fn after_both(
        &mut self,
        model: &Monitored,
        state: &MonitoredState,
        [first, second]: [Event; 2],
    ) -> Option<Columns> {
        let between = model.step(state, first).state;
        let can_happen = model.enabled(&between).contains(&second);
        can_happen.then(|| {
            let end = self.encode(&model.step(&between, second).state);
            self.settled(&end)
        })
    }
}
