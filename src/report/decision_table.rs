//! A decision table as text.

use crate::check::DecisionTable;
use tabled::builder::Builder;
use tabled::settings::Style;

impl DecisionTable {
    /// The table as text.
    pub fn as_text(&self) -> String {
        let mut builder = Builder::default();
        builder.push_record(["row", "when", "winner", "because"]);
        for row in &self.rows {
            let winner = row.winner.as_deref().unwrap_or("depends");
            builder.push_record([row.row.name(), &row.condition, winner, &row.because]);
        }
        let table = builder.build().with(Style::empty()).to_string();
        let lines: Vec<_> = table.lines().map(str::trim).collect();
        let (title, table) = (&self.title, lines.join("\n"));
        format!("{title}\n\n{table}\n\nNo existing token: incoming. A missing iat counts as 0.\n")
    }
}
