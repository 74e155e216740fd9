//! What is violated, each with the command that tells its story.

use super::document::{Block, Command, Document, Screen, name};
use crate::check::{Agreement, PropertyResult, Report, RunResult, VERSION};
use crate::property::{Property, Verdict};
use serde::Serialize;

/// Every violation of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Violated {
    /// As in a report.
    pub version: u32,
    /// The violations.
    pub violations: Vec<Violation>,
    /// Some run was cut short: there may be more.
    pub incomplete: bool,
}

/// A property that is violated.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// The design.
    pub design: String,
    /// The scenario.
    pub scenario: String,
    /// Which one.
    pub property: Property,
    /// Length of the shortest counterexample.
    pub steps: Option<u32>,
    /// Whether it was expected.
    pub expected: bool,
    /// Tells its story.
    pub command: Option<String>,
}

impl Violated {
    /// Picks the violations out of a report.
    pub fn new(report: &Report) -> Violated {
        let violation = |(run, property): (&RunResult, &PropertyResult)| Violation {
            design: run.design.clone(),
            scenario: run.scenario.clone(),
            property: property.property,
            steps: property.steps,
            expected: property.agreement == Agreement::Agrees,
            command: report.command(run, property),
        };
        Violated {
            version: VERSION,
            violations: report
                .properties()
                .filter(|(_, property)| property.verdict == Verdict::Violated)
                .map(violation)
                .collect(),
            incomplete: report.results.iter().any(|run| !run.complete),
        }
    }

    /// The list as text, under a heading for each design and scenario.
    pub fn as_text(&self, screen: Screen) -> String {
        let mut document = Document::default();
        let mut rest = self.violations.as_slice();
        while let Some(first) = rest.first() {
            let same =
                |v: &&Violation| (&v.design, &v.scenario) == (&first.design, &first.scenario);
            let (these, others) = rest.split_at(rest.iter().take_while(same).count());
            let heading = name(&first.design).plain(" in ").name(&first.scenario);
            document.section(heading, these.iter().flat_map(Violation::blocks).collect());
            rest = others;
        }
        if self.violations.is_empty() {
            document.say("nothing is violated");
        }
        if self.incomplete {
            document.say("a bound was hit, so there may be more");
        }
        document.as_text(screen)
    }
}

impl Violation {
    fn blocks(&self) -> Vec<Block> {
        let steps = self.steps.map(|steps| format!(" in {steps} events"));
        let mark = match self.expected {
            true => "",
            false => " (not as expected)",
        };
        let said = format!(" is violated{}{mark}", steps.unwrap_or_default());
        let mut blocks = vec![Block::Items(vec![name(self.property.name()).plain(said)])];
        let command = self.command.as_ref();
        blocks.extend(
            command.map(|command| Block::Commands(vec![Command::plain(format!("  {command}"))])),
        );
        blocks
    }
}
