//! A mutation report for a pull request.

use crate::mutate::{Fate, Mutation};
use crate::property::Property;

impl Mutation {
    /// The matrix, or what each property kills, as tables.
    pub fn as_markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.headline());
        text += &match self.tables {
            true => self.score_table(),
            false => self.matrix_table(),
        };
        let alive = self.results.iter().filter(|r| r.fate != Fate::Killed);
        let told =
            alive.map(|r| format!("- `{}` ({}): {}\n", r.mutant, r.fate.name(), r.why_alive()));
        let told: String = told.collect();
        text += match told.is_empty() {
            true => "\nEvery mutant is killed.\n",
            false => "\n### Not killed\n\n",
        };
        text += &told;
        text += "\n### The smallest sets of properties that kill all the others\n\n";
        for set in &self.smallest_sets {
            let names: Vec<_> = set.iter().map(|p| format!("`{p}`")).collect();
            text += &format!("- {}\n", names.join(", "));
        }
        text + "\n" + &self.conclusion() + "\n"
    }

    fn matrix_table(&self) -> String {
        let headings: Vec<_> = self.properties.iter().map(|p| p.heading()).collect();
        let mut text = format!("| mutant | {} | fate |\n", headings.join(" | "));
        text += &format!("|---|{}---|\n", "---:|".repeat(headings.len()));
        for result in &self.results {
            let cell = |property: &Property| {
                let kill = result.kills.iter().find(|kill| kill.property == *property);
                kill.map_or(String::new(), |kill| kill.steps.to_string())
            };
            let cells: Vec<_> = self.properties.iter().map(cell).collect();
            let (mutant, fate) = (&result.mutant, result.fate.name());
            text += &format!("| `{mutant}` | {} | {fate} |\n", cells.join(" | "));
        }
        text
    }

    fn score_table(&self) -> String {
        let mut text = "| property | kills | alone |\n|---|---:|---:|\n".to_owned();
        for &property in &self.properties {
            let (kills, alone) = self.score(property);
            text += &format!("| {property} | {kills} | {alone} |\n");
        }
        text
    }
}
