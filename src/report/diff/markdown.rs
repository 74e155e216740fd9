//! A comparison of designs for a pull request.

use crate::diff::{Apart, Diff, ScenarioDiff, VerdictDiff};
use crate::report::markdown::escape;

impl Diff {
    /// As GitHub's Markdown.
    pub fn as_markdown(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        let mut text = format!("## `{from}` → `{to}`\n\n{}\n\n", escape(&self.conclusion()));
        text += &format!("- `{from}`: {}\n", escape(&self.from_title));
        text += &format!("- `{to}`: {}\n", escape(&self.to_title));
        text += &self.says_markdown();
        let groups = [
            ("No longer holds", self.verdicts(VerdictDiff::is_broken)),
            ("Newly met", self.verdicts(VerdictDiff::is_met)),
            (
                "Other verdicts that differ",
                self.verdicts(|v| !v.is_broken() && !v.is_met()),
            ),
        ];
        for (heading, verdicts) in groups {
            if !verdicts.is_empty() {
                text +=
                    &format!("\n### {heading}\n\n| scenario | property | `{from}` | `{to}` |\n");
                text += "|---|---|---|---|\n";
            }
            for (scenario, verdict) in verdicts {
                text += &format!(
                    "| {} | `{}` | {} | {} |\n",
                    escape(&scenario.scenario),
                    verdict.property,
                    verdict.was(),
                    verdict.is()
                );
            }
        }
        text += "\n### How many events it takes to tell them apart\n\n| scenario | events |\n|---|---|\n";
        for scenario in &self.scenarios {
            let (name, told) = (escape(&scenario.scenario), escape(&scenario.told()));
            text += &format!("| {name} | {told} |\n");
        }
        for scenario in &self.scenarios {
            if let Some(apart) = &scenario.apart {
                text += &self.story_markdown(scenario, apart);
            }
        }
        text
    }

    fn says_markdown(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        if self.fields.is_empty() && self.rows.is_empty() {
            return "\nEvery row of the decision table is decided alike.\n".to_owned();
        }
        let mut text =
            format!("\n### What the designs say\n\n| | `{from}` | `{to}` |\n|---|---|---|\n");
        for field in &self.fields {
            let (was, is) = (escape(&field.was), escape(&field.is));
            text += &format!("| `{}` | {was} | {is} |\n", field.field);
        }
        for row in &self.rows {
            let (name, when) = (&row.row, &row.condition);
            text += &format!("| row {name}: {when} | {} | {} |\n", row.was, row.is);
        }
        for row in self.rows.iter().filter(|row| row.differing < row.pairs) {
            let [existing, incoming] = &row.example;
            text += &format!(
                "\nRow {} differs in {} of {} pairs, for example existing {}, incoming {}.\n",
                row.row,
                row.differing,
                row.pairs,
                escape(existing),
                escape(incoming)
            );
        }
        text
    }

    /// Folded, but for the shortest.
    fn story_markdown(&self, scenario: &ScenarioDiff, apart: &Apart) -> String {
        let (from, to) = (&self.from, &self.to);
        let is_shortest = self.shortest.as_ref() == Some(&scenario.scenario);
        let open = if is_shortest { " open" } else { "" };
        let (name, events) = (escape(&scenario.scenario), apart.steps.len());
        let mut text = format!(
            "\n<details{open}><summary><b>{name}</b>: told apart in {events} events</summary>\n\n"
        );
        text += &format!("At first {}.\n\n", escape(&apart.start));
        for step in &apart.steps {
            text += &format!("{}. {}\n", step.number, escape(&step.title));
            for line in &step.both {
                text += &format!("   - {}\n", escape(line));
            }
            for (design, lines) in [(from, &step.from), (to, &step.to)] {
                for line in lines {
                    text += &format!("   - `{design}`: {}\n", escape(line));
                }
            }
        }
        text += &format!("\n| in the end | `{from}` | `{to}` |\n|---|---|---|\n");
        for held in &apart.held {
            let (was, is) = (escape(&held.from), escape(&held.to));
            text += &format!("| {} | {was} | {is} |\n", held.place);
        }
        text + "\n</details>\n"
    }
}
