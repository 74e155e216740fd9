//! Two tokens side by side, as text.

use super::document::{Align, Block, Cell, Document, Screen, Table};
use crate::compare::{Comparison, Instant, Shown};
use crate::source::{cut, plain};

/// The longest name of a session or an organisation that is shown, in characters.
const MAX_NAME: usize = 40;

impl Comparison {
    pub fn as_text(&self, screen: Screen) -> String {
        let title = match (self.row, self.condition) {
            (Some(row), Some(condition)) => {
                format!("The {} token wins: row {row}, {condition}", self.winner)
            }
            _ => format!("The {} token wins: there is no other", self.winner),
        };
        let mut document = Document::from_iter([Block::Title(title.into())]);
        document.say(format!("{}: {}.", self.comparator, self.because));
        document.add(Block::Table(self.stamps()));
        if !self.without.is_empty() {
            document.section(
                "If a stamp were missing",
                vec![Block::Table(self.missing())],
            );
        }
        for note in &self.notes {
            document.say(note.as_str());
        }
        document.say("No signature was verified: anybody can write such stamps.");
        document.as_text(screen)
    }

    fn stamps(&self) -> Table {
        let mut table = Table::new([
            ("", Align::Left),
            ("existing", Align::Left),
            ("incoming", Align::Left),
        ]);
        let both = |cell: &dyn Fn(&Shown) -> String| {
            let existing = self.existing.as_ref();
            [
                existing.map_or_else(|| "none".to_owned(), cell),
                cell(&self.incoming),
            ]
        };
        for (name, [existing, incoming]) in [
            ("oiat", both(&|token| instant(token.oiat.as_ref()))),
            ("iat", both(&|token| instant(token.iat.as_ref()))),
            ("exp", both(&|token| instant(token.exp.as_ref()))),
            ("session", both(&|token| named(token.sid.as_deref()))),
            ("org", both(&|token| named(token.organisation.as_deref()))),
        ] {
            table.row([name.to_owned(), existing, incoming].map(Cell::from));
        }
        table
    }

    fn missing(&self) -> Table {
        let mut table = Table::new([
            ("without", Align::Left),
            ("row", Align::Left),
            ("when", Align::Left),
            ("winner", Align::Left),
        ]);
        for case in &self.without {
            let cells = [case.missing, case.row, case.condition, &case.winner];
            table.row(cells.map(Cell::from));
        }
        table
    }
}

fn named(name: Option<&str>) -> String {
    name.map_or_else(
        || "-".to_owned(),
        |name| plain(&cut(name, MAX_NAME)).into_owned(),
    )
}

fn instant(instant: Option<&Instant>) -> String {
    let Some(instant) = instant else {
        return "-".to_owned();
    };
    let date = instant.date.clone();
    let date = date.unwrap_or_else(|| format!("second {}", instant.seconds));
    format!("{date}, {}", age(instant.age))
}

/// How long ago an instant is, in the largest unit of which there is one at least.
fn age(seconds: i128) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    let length = seconds.abs();
    let unit = units.into_iter().find(|(unit, _)| length >= *unit);
    let (unit, name) = unit.unwrap_or((1, "s"));
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("{} {name} ago", length / unit),
        _ => format!("in {} {name}", length / unit),
    }
}
