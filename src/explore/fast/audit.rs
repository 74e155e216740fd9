//! The audit: this engine's successors of a vector against the model's own.

use super::Disagreement;
use super::encoded::Successor;
use super::layout::Columns;
use super::packed::PackedModel;
use crate::model::Event;
use crate::property::Monitored;

impl PackedModel<'_> {
    /// Rebuilds the system of a vector and compares what can happen in it, and what it leads to.
    pub(super) fn audit(
        &mut self,
        model: &Monitored,
        columns: &Columns,
    ) -> Result<(), Disagreement> {
        let possible = self.ask(|packed| packed.events(columns));
        let possible = self.events.get(possible).to_vec();
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
        for first in possible {
            let event = first.event;
            let step = model.step(&state, event);
            let mut successor = Successor::default();
            let stepped = self.ask_step(|packed| {
                successor.begin(columns);
                let prepared = packed.prepare(columns, first)?;
                packed.step(&mut successor, &prepared)
            });
            let findings = stepped.map_err(|unsound| unsound.at(event))?;
            let events = self.ask(|packed| packed.events(&successor.columns));
            let findings = findings.or(self.judge(&successor.columns, events));
            if self.encode(&step.state) != successor.columns {
                let message = format!("\"{event}\" leads to another system from {system:?}");
                return Err(Disagreement { message });
            }
            if findings != step.findings {
                let message = format!(
                    "\"{event}\" is judged {findings:?} instead of {:?} in {system:?}",
                    step.findings
                );
                return Err(Disagreement { message });
            }
        }
        Ok(())
    }
}
