//! A decision table.

use super::document::{Align, Block, Cell, Document, Screen, Table};
use crate::check::{DecidedRow, DecisionTable};

impl DecisionTable {
    pub fn as_text(&self, screen: Screen) -> String {
        let mut document = Document::from_iter([
            Block::Title(self.title.as_str().into()),
            Block::Table(table(&self.rows)),
        ]);
        for own in &self.at {
            let title = format!(
                "At the guard site {}, which has a rule of its own",
                own.site
            );
            document.add(Block::Title(title.into()));
            document.add(Block::Table(table(&own.rows)));
        }
        let rows = || self.at.iter().flat_map(|own| &own.rows).chain(&self.rows);
        if rows().any(|row| row.differs) {
            document.say("* #8097 decides this row in another way.");
        }
        document.say("No existing token: incoming. A missing iat counts as 0.");
        if rows().any(|row| row.winner.is_none()) {
            document.say("depends: some pairs of the row are decided one way, some the other.");
        }
        document.as_text(screen)
    }
}

fn table(rows: &[DecidedRow]) -> Table {
    let mut table = Table::new([
        ("row", Align::Left),
        ("when", Align::Left),
        ("winner", Align::Left),
        ("because", Align::Wrap),
    ]);
    for row in rows {
        let winner = row.winner.as_deref().unwrap_or("depends");
        let mark = if row.differs { " *" } else { "" };
        table.row([
            Cell::from(row.row.name()),
            Cell::from(row.condition.as_str()),
            Cell::from(format!("{winner}{mark}")),
            Cell::from(row.because.as_str()),
        ]);
    }
    table
}
