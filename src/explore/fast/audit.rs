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
        let system = self.stage.system(columns, &self.model.start());
        if self.stage.row(&system) != *columns {
            let message = format!("a row does not survive being made a system: {system:?}");
            return Err(Disagreement { message });
        }
        let enabled = self.model.enabled(&system);
        let events: Vec<Event> = moves.iter().map(|first| first.event).collect();
        if enabled != events {
            let message = format!("{events:?} instead of {enabled:?} can happen in {system:?}");
            return Err(Disagreement { message });
        }
        for &first in moves {
            let event = first.event;
            let step = self.model.step(&system, event);
            let mut draft = Draft::default();
            draft.begin(columns);
            let begun = self.stage.prepare(columns, first);
            let stepped = begun.and_then(|begun| self.stage.step(&mut draft, &begun));
            let verdicts = stepped.map_err(|unsound| unsound.at(event))?;
            let verdicts = verdicts.or(self.stage.judge_together(&draft.columns));
            if self.stage.row(&step.system) != draft.columns {
                let message = format!("\"{event}\" leads to another system from {system:?}");
                return Err(Disagreement { message });
            }
            if verdicts != step.verdicts {
                let message = format!(
                    "\"{event}\" is judged {verdicts:?} instead of {:?} in {system:?}",
                    step.verdicts
                );
                return Err(Disagreement { message });
            }
        }
        Ok(())
    }
}
