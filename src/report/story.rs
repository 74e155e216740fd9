//! A counterexample, or a witness, as a story.

use super::diagram::{Sequence, draw};
use super::wrap::fill;
use crate::design::Design;
use crate::model::{Event, Roster, fetch_in_words};
use crate::property::{Monitored, Property};
use crate::scenario::Scenario;
use crate::trace::{Claim, EventRecord, Walked, advice, blame, narrate};
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
    /// The property.
    pub property: String,
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

/// A step of a story.
#[derive(Clone, Debug, Serialize)]
pub struct StoryStep {
    /// From 1.
    pub number: usize,
    /// What happened.
    pub event: EventRecord,
    /// The same in words.
    pub title: String,
    /// What followed at once.
    pub details: Vec<String>,
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
            Some(advice(property).to_owned()),
        ),
        Claim::Witnessed => (vec![format!("here {}", property.witness())], None),
    };
    Story {
        version: super::VERSION,
        design: design.name.clone(),
        design_title: design.title.clone(),
        scenario: scenario.name.clone(),
        scenario_title: scenario.title.clone(),
        property: property.name().to_owned(),
        meaning: property.meaning().to_owned(),
        claim,
        start: beginning(scenario),
        steps: steps_of(steps, roster),
        moment,
        advice,
        diagram: draw(model, steps),
    }
}

/// How everything begins.
pub(super) fn beginning(scenario: &Scenario) -> String {
    match scenario.setup.start.token() {
        Some(token) => format!("{} tabs and the cookie hold {token}", scenario.setup.tabs),
        None => format!("{} tabs and the cookie hold nothing", scenario.setup.tabs),
    }
}

/// The steps of a trace that was walked.
pub(super) fn steps_of(steps: &[Walked], roster: Roster) -> Vec<StoryStep> {
    let step = |(index, walked): (usize, &Walked)| StoryStep {
        number: index + 1,
        event: walked.event.into(),
        title: title(walked),
        details: narrate(walked, roster),
    };
    steps.iter().enumerate().map(step).collect()
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

/// The event in words, with the token or post it is about.
pub(super) fn title(step: &Walked) -> String {
    let mut title = step.event.to_string();
    let about = match step.event {
        Event::Deliver { to, from } | Event::Lose { to, from } => step
            .before
            .channel()
            .iter()
            .find(|(pair, _)| *pair == (to, from))
            .and_then(|(_, posts)| posts.first().map(ToString::to_string)),
        Event::Respond(tab, fetch) => {
            let responses = step.before.responses();
            let found = responses.iter().find(|r| (r.0, r.1) == (tab, fetch));
            found.map(|response| response.2.to_string())
        }
        _ => None,
    };
    if let Event::Respond(tab, fetch) = step.event {
        title = format!("{tab}'s {} is answered", fetch_in_words(fetch));
    }
    match about {
        Some(about) => format!("{title}: {about}"),
        None => title,
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
