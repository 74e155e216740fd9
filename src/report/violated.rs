//! What is violated, each with the command that tells its story.

use super::document::{Block, Command, Document, Screen, name};
use super::words::count;
use crate::check::{Agreement, PropertyResult, Report, RunResult, VERSION};
use crate::property::{Property, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Every violation of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Violated {
    /// The version of this form, as that of a report.
    pub version: u32,
    pub violations: Vec<Violation>,
    /// Some run was cut short: there may be more.
    pub incomplete: bool,
}

/// A property that is violated.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// The design's name, without the ending of its file.
    pub design: String,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// The property; in files by its name.
    pub property: Property,
    /// Length of the shortest counterexample.
    pub steps: Option<u32>,
    pub expected: bool,
    /// Tells its story.
    pub command: Option<String>,
}

/// How much of it text shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Each violation, with the command that tells its story.
    Each,
    /// Each property once for each design, where that takes the fewest events, with the command.
    Shortest,
    /// The same without commands.
    Names,
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

    /// The list as text, under a heading for each design, and scenario.
    pub fn as_text(&self, listed: Listed, screen: Screen) -> String {
        let mut document = match listed {
            Listed::Each => self.each(),
            Listed::Shortest | Listed::Names => self.shortest(listed == Listed::Shortest),
        };
        if self.violations.is_empty() {
            document.say("nothing is violated");
        }
        if self.incomplete {
            document.say("a bound was hit, so there may be more");
        }
        document.as_text(screen)
    }

    fn each(&self) -> Document {
        let mut document = Document::default();
        let of_one_run = |one: &Violation, v: &Violation| {
            (&one.design, &one.scenario) == (&v.design, &v.scenario)
        };
        for these in self.violations.chunk_by(of_one_run) {
            let Some(first) = these.first() else { continue };
            let heading = name(&first.design).plain(" in ").name(&first.scenario);
            let blocks = these.iter().flat_map(|of| of.blocks(None));
            document.section(heading, blocks.collect());
        }
        document
    }

    /// Each property of a design once, in the order of the properties.
    fn shortest(&self, with_commands: bool) -> Document {
        let mut document = Document::default();
        let mut of_designs: Vec<(&str, BTreeMap<Property, Vec<&Violation>>)> = Vec::new();
        for violation in &self.violations {
            if of_designs
                .last()
                .is_none_or(|(design, _)| *design != violation.design)
            {
                of_designs.push((&violation.design, BTreeMap::new()));
            }
            if let Some((_, known)) = of_designs.last_mut() {
                known.entry(violation.property).or_default().push(violation);
            }
        }
        for (design, properties) in &of_designs {
            let mut blocks = Vec::new();
            for violations in properties.values() {
                let shortest = violations
                    .iter()
                    .min_by_key(|of| of.steps.unwrap_or(u32::MAX));
                let Some(shortest) = shortest else { continue };
                let told = shortest.blocks(Some(violations.len() - 1));
                let many = if with_commands { told.len() } else { 1 };
                blocks.extend(told.into_iter().take(many));
            }
            document.section(name(*design), blocks);
        }
        let commands = match with_commands {
            true => vec![("freshest explain DESIGN SCENARIO", "all of one scenario")],
            false => vec![
                (
                    "freshest explain DESIGN",
                    "with the commands that tell the stories",
                ),
                ("freshest explain DESIGN PROPERTY", "the shortest story"),
            ],
        };
        if !of_designs.is_empty() {
            let command = |(command, shows): (&str, &'static str)| Command {
                command: command.to_owned(),
                shows,
            };
            document.add(Block::Commands(commands.into_iter().map(command).collect()));
        }
        document
    }
}

impl Violation {
    /// What is violated, and the command; where it stands for others, with where it is, and how many
    /// scenarios more there are.
    fn blocks(&self, others: Option<usize>) -> Vec<Block> {
        let steps = self.steps.map(|steps| format!(" in {steps} events"));
        let mark = match self.expected {
            true => "",
            false => " (not as expected)",
        };
        let place = match others {
            None => String::new(),
            Some(0) => format!(" ({})", self.scenario),
            Some(others) => format!(" ({}; {})", self.scenario, count(others, "more scenario")),
        };
        let said = format!(" is violated{}{place}{mark}", steps.unwrap_or_default());
        let mut blocks = vec![Block::Items(vec![name(self.property.name()).plain(said)])];
        let command = self.command.as_ref();
        blocks.extend(
            command.map(|command| Block::Commands(vec![Command::plain(format!("  {command}"))])),
        );
        blocks
    }
}
