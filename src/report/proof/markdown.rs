//! A proof as Markdown.

use super::footing;
use crate::prove::{ProofProperty, ProofReport, ProofResult, ProofVerdict};
use crate::report::markdown::{code, escape};

impl ProofReport {
    /// The report in GitHub's Markdown.
    pub fn as_markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.summary_line());
        if let Some(first) = self.results.first() {
            text += &format!("{}: {}\n\n", code(&first.design), escape(&first.title));
        }
        let tokens = self.results.iter().map(|result| result.tokens.meaning());
        text += &format!("| | {} |\n", tokens.collect::<Vec<_>>().join(" | "));
        text += &format!("|---|{}\n", "---|".repeat(self.results.len()));
        let names = self.results.first().map_or(&[][..], |r| &r.properties);
        for (row, property) in names.iter().enumerate() {
            let cell = |result: &ProofResult| result.properties.get(row).map(cell);
            let cells: Vec<_> = self.results.iter().filter_map(cell).collect();
            text += &format!(
                "| {} | {} |\n",
                code(property.property.name()),
                cells.join(" | ")
            );
        }
        text += "\n";
        for line in footing(self) {
            text += &format!("{}\n", escape(&line));
        }
        for (result, property) in self.of_verdict(ProofVerdict::Violated) {
            let command = self.command(result, property);
            text += &format!(
                "\n- {} is violated\n  ```sh\n  {command}\n  ```\n",
                code(property.property.name())
            );
        }
        for (_, property) in self.of_verdict(ProofVerdict::NotProved) {
            text += &open(property);
        }
        text
    }
}

fn cell(property: &ProofProperty) -> String {
    match (property.verdict, property.steps, &property.confirmed_by) {
        (ProofVerdict::Violated, Some(steps), Some(scenario)) => {
            format!("**violated** in {} ({steps} events)", code(scenario))
        }
        (verdict, ..) => verdict.to_string(),
    }
}

fn open(property: &ProofProperty) -> String {
    let mut text = format!(
        "\n### {} is not proved\n\nA tab like this violates it. No scenario does, and it may be \
         that no other tabs bring it about.\n",
        code(property.property.name())
    );
    let Some(story) = &property.story else {
        return text;
    };
    text += &format!("\nAt first {}.\n\n", escape(&story.start));
    for (number, step) in (1..).zip(&story.steps) {
        text += &format!("{number}. {}\n", escape(&step.title));
        for detail in &step.details {
            text += &format!("   - {}\n", escape(detail));
        }
    }
    text
}
