//! A counterexample, or a witness, as a story.

use super::diagram::{Sequence, draw};
use super::wrap::fill;
use crate::design::Design;
use crate::property::{Monitored, Property};
use crate::scenario::Scenario;
use crate::trace::{Claim, StoryStep, Walked, beginning, blame, steps_of};
use serde::Serialize;

/// A trace with everything that a reader wants to know of it.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// As in a report.
    pub version: u32,
    /// The design, and its title.
    pub design: String,
    /// One line.
    pub design_title: String,
    /// The scenario.
    pub scenario: String,
    /// One line.
    pub scenario_title: String,
    /// Which property.
    pub property: Property,
    /// What it says.
    pub meaning: String,
    /// A counterexample, or only an opportunity for one.
    pub claim: Claim,
    /// How everything began.
    pub start: String,
    /// The steps.
    pub steps: Vec<StoryStep>,
    /// What the last step does, in detail.
    pub moment: Vec<String>,
    /// Where to look.
    pub advice: Option<String>,
    /// The same as a diagram.
    pub diagram: Sequence,
}

/// Tells a trace that was walked.
pub fn story(
    (design, scenario, property): (&Design, &Scenario, Property),
    claim: Claim,
    model: &Monitored,
    steps: &[Walked],
) -> Story {
    let roster = model.roster();
    let (moment, advice) = match claim {
        Claim::Violated => (
            blame(steps, roster, property),
            Some(property.advice().to_owned()),
        ),
        Claim::Witnessed => (vec![format!("here {}", property.opportunity())], None),
    };
    Story {
        version: crate::check::VERSION,
        design: design.name.clone(),
        design_title: design.title.clone(),
        scenario: scenario.name.clone(),
        scenario_title: scenario.title.clone(),
        property,
        meaning: property.meaning().to_owned(),
        claim,
        start: beginning(scenario),
        steps: steps_of(steps, roster),
        moment,
        advice,
        diagram: draw(model, steps),
    }
}

impl StoryStep {
    /// The step as text.
    pub(super) fn as_text(&self) -> String {
        let mut text = fill(&self.title, &format!("{:>3}. ", self.number), "     ");
        for detail in &self.details {
            text += &fill(detail, "       - ", "         ");
        }
        text
    }
}

impl Story {
    /// The story as text, 80 columns wide.
    pub fn as_text(&self) -> String {
        let mut text = match self.claim {
            Claim::Violated => format!("{} is violated\n", self.property),
            Claim::Witnessed => format!(
                "{} is not violated; the shortest opportunity\n",
                self.property
            ),
        };
        text += &fill(&self.meaning, "  ", "  ");
        text += &format!("\ndesign    {}: {}\n", self.design, self.design_title);
        text += &format!("scenario  {}: {}\n", self.scenario, self.scenario_title);
        text += &format!("\n  0. {}\n", self.start);
        for step in &self.steps {
            text += &step.as_text();
        }
        let mark = match self.claim {
            Claim::Violated => "VIOLATED",
            Claim::Witnessed => "OPPORTUNITY",
        };
        text += &format!("\n{mark} in step {}\n", self.steps.len());
        for line in &self.moment {
            text += &fill(line, "  ", "  ");
        }
        if let Some(advice) = &self.advice {
            text += "\nWhat to look at\n";
            text += &fill(advice, "  ", "  ");
        }
        text
    }
}
