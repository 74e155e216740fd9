//! A trace that does not apply any more, as a story.

use super::document::{Block, Command, Document, Line, Screen, Step, name};
use super::story;
use crate::design::Design;
use crate::model::Roster;
use crate::property::Property;
use crate::scenario::Scenario;
use crate::trace::{Claim, Departure, DepartureKind, Difference, beginning, steps_of};

/// What a replayed trace is about.
pub struct Departed<'a> {
    pub design: &'a Design,
    pub scenario: &'a Scenario,
    /// What the trace was recorded for, if anything.
    pub claim: Option<(Property, Claim)>,
    /// Who takes part.
    pub roster: Roster,
    pub departure: &'a Departure,
}

impl Departed<'_> {
    /// The story up to where the trace departs, what is other than recorded, and what that means for
    /// the property. `command` tells whether there is another counterexample.
    pub fn document(&self, command: &str) -> Document {
        let Departed {
            design,
            scenario,
            departure,
            ..
        } = *self;
        let mut document = Document::default();
        let step = match departure.step() {
            0 => "at the start".to_owned(),
            step => format!("in step {step} of {}", departure.recorded),
        };
        let heading = name(&design.name)
            .plain(" in ")
            .name(&scenario.name)
            .plain(format!(" departs from the trace {step}"));
        document.section(heading, vec![Block::Steps(self.steps())]);
        let (heading, lines) = self.difference();
        document.section(heading, vec![Block::Items(lines)]);
        document.section("What that means", vec![Block::Paragraph(self.meaning())]);
        if let Some((_, Claim::Violated)) = self.claim {
            let command = Block::Commands(vec![Command::plain(command)]);
            document.section("Whether there is a counterexample now", vec![command]);
        }
        document
    }

    pub fn as_text(&self, command: &str) -> String {
        self.document(command).as_text(Screen::default())
    }

    /// What happens, by its titles alone: only in the last step is it of interest what follows.
    fn steps(&self) -> Vec<Step> {
        let start = beginning(self.scenario, self.design.policy.platform);
        let mut steps = steps_of(&self.departure.steps, self.roster);
        let last = steps.len().saturating_sub(1);
        for step in &mut steps[..last] {
            step.details.clear();
        }
        story::steps(&start, &steps)
    }

    fn difference(&self) -> (String, Vec<Line>) {
        let step = self.departure.step();
        let told = |differences: &[Difference]| {
            let line = |difference: &Difference| difference.to_string().into();
            differences.iter().map(line).collect()
        };
        match &self.departure.kind {
            DepartureKind::Starts(differences) => (
                "Other than recorded, at the start".to_owned(),
                told(differences),
            ),
            DepartureKind::Differs(differences) => (
                format!("Other than recorded, after step {step}"),
                told(differences),
            ),
            DepartureKind::NotEnabled { event, enabled } => {
                let line = |event: &String| event.as_str().into();
                let possible = match enabled.is_empty() {
                    true => vec!["nothing, the system is at its end".into()],
                    false => enabled.iter().map(line).collect(),
                };
                (
                    format!("Step {step}, \"{event}\", cannot happen here; what can"),
                    possible,
                )
            }
            DepartureKind::ClaimFails { property, claim } => {
                let what = match claim {
                    Claim::Violated => format!("it does not violate {property}"),
                    Claim::Witnessed => format!("it gives no opportunity to violate {property}"),
                };
                let heading = format!("Other than recorded, in step {step}");
                (heading, vec![what.into()])
            }
        }
    }

    fn meaning(&self) -> Line {
        match (self.claim, self.departure.violated_in) {
            (None, _) => "The trace no longer applies.".into(),
            (Some((property, Claim::Witnessed)), _) => {
                let line = Line::from("The old opportunity to violate ").name(property.name());
                line.plain(" no longer comes about in this way.")
            }
            (Some((property, Claim::Violated)), None) => {
                let line = Line::from("The old counterexample of ").name(property.name());
                line.plain(" no longer happens.")
            }
            (Some((property, Claim::Violated)), Some(step)) => {
                let line = Line::from("The old counterexample of ").name(property.name());
                line.plain(format!(
                    " no longer happens as recorded, but its events still violate it, in step {step}."
                ))
            }
        }
    }
}
