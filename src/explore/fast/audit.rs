//! The audit: this engine's successors of a row against the model's own.

use super::Disagreement;
use super::draft::Draft;
use super::layout::Columns;
use super::moves::Move;
use super::search::Search;
use crate::model::Event;

impl Search<'_> {
    /// Rebuilds the system of a row and compares what can happen in it, and what it leads to.
    pub(super) fn audit(&mut self, columns: &Columns, moves: &[Move]) -> Result<(), Disagreement> {
        let state = self.stage.state(columns, &self.model.start());
        let system = &state.system;
        if self.stage.row(&state) != *columns {
            let message = format!("a row does not survive being made a system: {system:?}");
            return Err(Disagreement { message });
        }
        let enabled = self.model.enabled(&state);
        let events: Vec<Event> = moves.iter().map(|first| first.event).collect();
        if enabled != events {
            let message = format!("{events:?} instead of {enabled:?} can happen in {system:?}");
            return Err(Disagreement { message });
        }
        for &first in moves {
            let event = first.event;
            let step = self.model.step(&state, event);
            let mut draft = Draft::default();
            draft.begin(columns);
            let begun = self.stage.prepare(columns, first);
            let stepped = begun.and_then(|begun| self.stage.step(&mut draft, &begun));
            let verdicts = stepped.map_err(|unsound| unsound.at(event))?;
            let verdicts = verdicts.or(self.stage.judge_together(&draft.columns));
            if self.stage.row(&step.state) != draft.columns {
                let message = format!("\"{event}\" leads to another system from {system:?}");
                return Err(Disagreement { message });
            }
            if verdicts != step.findings {
                let message = format!(
                    "\"{event}\" is judged {verdicts:?} instead of {:?} in {system:?}",
                    step.findings
                );
                return Err(Disagreement { message });
            }
        }
        Ok(())
    }
}
