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
            let marked = match row.differs {
                true => format!("{winner} *"),
                false => winner.to_owned(),
            };
            builder.push_record([row.row.name(), &row.condition, &marked, &row.because]);
        }
        let table = builder.build().with(Style::empty()).to_string();
        let lines: Vec<_> = table.lines().map(str::trim).collect();
        let (title, table) = (&self.title, lines.join("\n"));
        let mark = match self.rows.iter().any(|row| row.differs) {
            true => "* #8097 decides this row in another way.\n",
            false => "",
        };
        format!(
            "{title}\n\n{table}\n\n{mark}No existing token: incoming. A missing iat counts as 0.\n"
        )
    }
}
