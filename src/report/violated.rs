//! What is violated, each with the command that tells its story.

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
    pub fn as_text(&self) -> String {
        let mut text = String::new();
        let mut heading = None;
        for violation in &self.violations {
            let of = (&violation.design, &violation.scenario);
            if heading != Some(of) {
                let gap = if heading.is_some() { "\n" } else { "" };
                text += &format!("{gap}{} in {}\n", of.0, of.1);
                heading = Some(of);
            }
            let steps = violation.steps.map(|steps| format!(" in {steps} events"));
            let mark = if violation.expected {
                ""
            } else {
                " (not as expected)"
            };
            let (property, steps) = (&violation.property, steps.unwrap_or_default());
            text += &format!("  {property} is violated{steps}{mark}\n");
            if let Some(command) = &violation.command {
                text += &format!("    {command}\n");
            }
        }
        if self.violations.is_empty() {
            text += "nothing is violated\n";
        }
        if self.incomplete {
            text += "\na bound was hit, so there may be more\n";
        }
        text
    }
}
