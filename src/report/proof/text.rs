//! A proof as text.

use super::footing;
use crate::prove::{ProofProperty, ProofReport, ProofResult, ProofVerdict, Story, Tokens};
use textwrap::Options;

impl ProofReport {
    /// The report as text, 80 columns wide.
    pub fn as_text(&self) -> String {
        let mut text = String::new();
        if let Some(first) = self.results.first() {
            text += &wrap(&format!("{}: {}", first.design, first.title), "", "  ");
            text.push('\n');
        }
        text += &self.table();
        text.push('\n');
        for line in footing(self) {
            text += &wrap(&line, "", "  ");
        }
        for (result, property) in self.of_verdict(ProofVerdict::Violated) {
            text += &self.confirmed(result, property);
        }
        for (_, property) in self.of_verdict(ProofVerdict::NotProved) {
            text += &open(property);
        }
        text + &format!("\n{}\n", self.summary_line())
    }

    fn table(&self) -> String {
        let heading = |result: &ProofResult| match result.tokens {
            Tokens::WithOiat => "oiat always",
            Tokens::Mixed => "or no oiat",
        };
        let line = |name: &str, cells: Vec<String>| {
            let cells: String = cells.iter().map(|cell| format!("  {cell:<16}")).collect();
            format!("{name:<28}{cells}").trim_end().to_owned() + "\n"
        };
        let headings = self.results.iter().map(heading).map(str::to_owned);
        let mut text = line("", headings.collect());
        let names = self.results.first().map_or(&[][..], |r| &r.properties);
        for (row, property) in names.iter().enumerate() {
            let cell = |result: &ProofResult| result.properties.get(row).map(cell);
            let cells = self.results.iter().filter_map(cell).collect();
            text += &line(property.property.name(), cells);
        }
        text
    }

    fn confirmed(&self, result: &ProofResult, property: &ProofProperty) -> String {
        let (name, steps) = (property.property, property.steps.unwrap_or_default());
        let command = self.command(result, property);
        format!("\n{name} is violated in {steps} events\n  {command}\n")
    }
}

fn cell(property: &ProofProperty) -> String {
    match (property.verdict, property.steps) {
        (ProofVerdict::Violated, Some(steps)) => format!("violated ({steps})"),
        (verdict, _) => verdict.to_string(),
    }
}

fn open(property: &ProofProperty) -> String {
    let mut text = format!("\n{} is not proved\n", property.property);
    let said = "A tab like this violates it. No scenario does, and it may be that no other tabs \
                bring it about.";
    text += &wrap(said, "  ", "  ");
    if let Some(story) = &property.story {
        text += &told(story);
    }
    text
}

fn told(story: &Story) -> String {
    let mut text = wrap(&story.start, "  0. ", "     ");
    for (number, step) in (1..).zip(&story.steps) {
        text += &wrap(&step.title, &format!("{number:>3}. "), "     ");
        for detail in &step.details {
            text += &wrap(detail, "       - ", "         ");
        }
    }
    text
}

fn wrap(text: &str, first: &str, rest: &str) -> String {
    let options = Options::new(80)
        .initial_indent(first)
        .subsequent_indent(rest);
    textwrap::fill(text, options) + "\n"
}
