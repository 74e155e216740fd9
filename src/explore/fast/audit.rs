//! The audit: this engine's successors of a vector against the model's own.

use super::Disagreement;
use super::encoded::{StateId, Successor};
use super::events::EnabledEvent;
use super::layout::Columns;
use super::search::Search;
use crate::model::Event;

impl Search<'_> {
    /// Rebuilds the system of a vector and compares what can happen in it, and what it leads to.
    pub(super) fn audit(&mut self, id: StateId) -> Result<(), Disagreement> {
        let columns = &self.store.arena.columns(id);
        let possible = self.packed.ask(|packed| packed.events(columns));
        let possible = self.packed.events.get(possible).to_vec();
        self.compare(columns, &possible)?;
        self.make_room();
        Ok(())
    }

    fn compare(
        &mut self,
        columns: &Columns,
        possible: &[EnabledEvent],
    ) -> Result<(), Disagreement> {
        let state = self.packed.decode(columns, &self.model.start());
        let system = &state.system;
        if self.packed.encode(&state) != *columns {
            let message = format!("a vector does not survive being made a system: {system:?}");
            return Err(Disagreement { message });
        }
        let enabled = self.model.enabled(&state);
        let events: Vec<Event> = possible.iter().map(|first| first.event).collect();
        if enabled != events {
            let message = format!("{events:?} instead of {enabled:?} can happen in {system:?}");
            return Err(Disagreement { message });
        }
        for &first in possible {
            let event = first.event;
            let step = self.model.step(&state, event);
            let mut successor = Successor::default();
            let stepped = self.packed.ask_step(|packed| {
                successor.begin(columns);
                let prepared = packed.prepare(columns, first)?;
                packed.step(&mut successor, &prepared)
            });
            let findings = stepped.map_err(|unsound| unsound.at(event))?;
            let events = self.packed.ask(|packed| packed.events(&successor.columns));
            let findings = findings.or(self.packed.judge(&successor.columns, events));
            if self.packed.encode(&step.state) != successor.columns {
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
