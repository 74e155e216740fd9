//! A counterexample, or a witness, as a story.

use super::diagram::{Sequence, draw, mermaid};
use super::document::{Block, Command, Detail, Document, Line, Screen, Step, name};
use super::summary::in_words;
use crate::check::{Agreement, VERSION, expectation};
use crate::design::Design;
use crate::property::{Monitored, Property, Verdict};
use crate::scenario::Scenario;
use crate::trace::{Claim, StoryStep, Walked, beginning, steps_of};
use serde::Serialize;

/// A trace with everything that a reader wants to know of it.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    pub design: String,
    /// What the design is, in one line.
    pub design_title: String,
    pub scenario: String,
    /// What the scenario is, in one line.
    pub scenario_title: String,
    pub property: Property,
    pub meaning: String,
    /// A counterexample, or only an opportunity for one.
    pub claim: Claim,
    /// What is expected; nothing is of a mutant.
    pub expected: Option<Expected>,
    /// How everything began.
    pub start: String,
    pub steps: Vec<StoryStep>,
    /// What the last step does, in detail.
    pub moment: Vec<String>,
    pub advice: Option<String>,
    /// Prints the story again; `None` for a mutant.
    pub command: Option<String>,
    pub diagram: Sequence,
}

/// What was expected of the property, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Expected {
    pub verdict: Verdict,
    /// Length of the shortest counterexample in events, where one is written down.
    pub steps: Option<u32>,
    /// The reason; none is needed for what holds.
    pub because: Option<String>,
    /// Of this one verdict; a bundle has its own for all.
    pub agreement: Agreement,
}

/// What a story is about.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub design: &'a Design,
    pub scenario: &'a Scenario,
    /// The property that the last step violates, or could have violated.
    pub property: Property,
    /// Which of both.
    pub claim: Claim,
}

impl Subject<'_> {
    /// Tells a trace that was walked, and whether it was expected.
    pub fn story(&self, model: &Monitored, steps: &[Walked]) -> Story {
        let Subject {
            design,
            scenario,
            property,
            claim,
        } = *self;
        let expected = expectation(design, scenario, property);
        let (verdict, length) = match claim {
            Claim::Violated => (Verdict::Violated, Some(steps.len() as u32)),
            Claim::Witnessed => (Verdict::Holds, None),
        };
        let names = format!("{} {} {property}", design.name, scenario.name);
        Story {
            expected: Some(Expected {
                agreement: Agreement::of(verdict, length, &expected),
                verdict: expected.verdict,
                steps: expected.steps,
                because: (!expected.because.is_empty()).then(|| expected.because.to_string()),
            }),
            command: Some(format!("freshest explain {names}")),
            ..self.of_mutant(model, steps)
        }
    }

    /// Tells a trace of a design of which nothing is expected, because it is in no file.
    pub(crate) fn of_mutant(&self, model: &Monitored, steps: &[Walked]) -> Story {
        let Subject {
            design,
            scenario,
            property,
            claim,
        } = *self;
        let roster = model.roster();
        let (moment, advice) = match claim {
            Claim::Violated => (causes(steps, property), Some(property.advice().to_owned())),
            Claim::Witnessed => (vec![format!("here {}", property.opportunity())], None),
        };
        Story {
            version: VERSION,
            design: design.name.clone(),
            design_title: design.title.clone(),
            scenario: scenario.name.clone(),
            scenario_title: scenario.title.clone(),
            property,
            meaning: property.meaning().to_owned(),
            claim,
            expected: None,
            start: beginning(scenario, design.policy.platform),
            steps: steps_of(steps, roster),
            moment,
            advice,
            command: None,
            diagram: draw(model, steps),
        }
    }
}

/// Why the last step violates the property, a line for each cause.
fn causes(steps: &[Walked], property: Property) -> Vec<String> {
    let last = steps.last().into_iter();
    let violations = last.flat_map(|step| &step.violations);
    let of_property = violations.filter(|violation| violation.property == property);
    of_property.map(|of| of.cause.to_string()).collect()
}

/// A trace that is about no property.
pub fn told(start: &str, of: &[StoryStep]) -> Document {
    let mut document = Document::default();
    document.add(Block::Steps(steps(start, of)));
    document
}

/// The steps of a story, after how everything began.
pub(super) fn steps(start: &str, steps: &[StoryStep]) -> Vec<Step> {
    let first = Step {
        number: 0,
        title: start.to_owned(),
        details: Vec::new(),
    };
    let step = |step: &StoryStep| Step {
        number: step.number,
        title: step.title.clone(),
        details: step.details.iter().map(|text| detail(text)).collect(),
    };
    std::iter::once(first)
        .chain(steps.iter().map(step))
        .collect()
}

fn detail(text: &str) -> Detail {
    Detail {
        design: None,
        text: text.to_owned(),
    }
}

impl Story {
    /// How everything began, and what happens in each step.
    pub(crate) fn titles(&self) -> Vec<String> {
        let steps = self.steps.iter().map(|step| &step.title);
        std::iter::once(&self.start).chain(steps).cloned().collect()
    }

    /// Adds where the models are to the command, unless that is where they are looked for anyway.
    pub fn with_models(&mut self, add: impl Fn(String) -> String) {
        self.command = self.command.take().map(add);
    }

    /// The story: what is violated, whether that was expected, and how it comes about.
    pub fn document(&self) -> Document {
        let said = match self.claim {
            Claim::Violated => " is violated",
            Claim::Witnessed => " is not violated; the shortest opportunity",
        };
        let heading = name(self.property.name()).plain(said);
        let mut document = Document::default();
        document.section(
            heading,
            vec![Block::Paragraph(self.meaning.as_str().into())],
        );
        let titled = |of: &str, title: &str| name(of).plain(format!(": {title}"));
        let mut facts = vec![
            ("design", titled(&self.design, &self.design_title)),
            ("scenario", titled(&self.scenario, &self.scenario_title)),
        ];
        facts.extend(
            self.expected
                .iter()
                .map(|expected| ("expected", expected.line())),
        );
        document.add(Block::Facts(facts));
        document.add(Block::Mermaid(mermaid(self)));
        document.add(Block::Steps(steps(&self.start, &self.steps)));
        let mark = match self.claim {
            Claim::Violated => "VIOLATED",
            Claim::Witnessed => "OPPORTUNITY",
        };
        let moment = self.moment.iter();
        document.section(
            format!("{mark} in step {}", self.steps.len()),
            moment
                .map(|line| Block::Paragraph(line.as_str().into()))
                .collect(),
        );
        if let Some(advice) = &self.advice {
            let advice = Block::Paragraph(advice.as_str().into());
            document.section("What to look at", vec![advice]);
        }
        if let Some(command) = &self.command {
            let command = Block::Commands(vec![Command::plain(command)]);
            document.section("Again", vec![command]);
        }
        document
    }

    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    /// The story as Markdown, with its diagram.
    pub fn as_markdown(&self) -> String {
        self.document().as_markdown(
            self.command
                .as_deref()
                .unwrap_or("freshest mutate --explain"),
        )
    }
}

impl Expected {
    /// `yes: the merged rule installs answers unguarded`
    fn line(&self) -> Line {
        let because = self.because.as_deref();
        let reason = because.map_or(String::new(), |because| format!(": {because}"));
        match self.agreement {
            Agreement::Agrees => format!("yes{reason}").into(),
            Agreement::Differs | Agreement::Unknown => {
                format!("no, but {}{reason}", in_words(self.verdict, self.steps)).into()
            }
        }
    }
}
