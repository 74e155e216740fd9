//! Every set of the changes between two designs, and which are enough.

use super::document::{Align, Block, Cell, Command, Document, Line, Screen, Table, name};
use super::words::{count, number};
use crate::mutate::Subsets;
use crate::property::Property;

/// The most sets that are listed one by one; JSON has them all.
const MAX_LISTED: usize = 12;

impl Subsets {
    /// What each change is needed for, and the smallest sets that are enough, as text.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    pub fn as_markdown(&self) -> String {
        let (from, to) = (&self.from, &self.to);
        let all = format!("freshest mutate {from} --subsets {to} --format json");
        self.document().as_markdown(&all)
    }

    fn document(&self) -> Document {
        let title = format!(
            "{} to {}: {}, every set of them ({}) in {}",
            self.from,
            self.to,
            count(self.changes.len(), "change"),
            number(self.sets as u64),
            count(self.scenarios.len(), "scenario"),
        );
        let mut document = Document::from_iter([Block::Title(title.into())]);
        document.add(Block::Table(self.needed()));
        document.section("Each as a story, for example", self.commands());
        document.append(self.allowed());
        document.append(self.enough());
        document
    }

    /// One row for each change: what the others violate without it.
    fn needed(&self) -> Table {
        let mut table = Table::new([
            ("change", Align::Left),
            ("without it, violated", Align::Left),
            ("events", Align::Right),
            ("scenario", Align::Left),
        ]);
        for needed in &self.changes {
            let change = Cell::from(name(&needed.change));
            let rest = match &needed.without {
                Some(without) => [
                    Cell::from(name(without.property.name())),
                    Cell::from(without.steps.to_string()),
                    Cell::from(name(&without.scenario)),
                ],
                None => ["nothing: it can be left out", "", ""].map(|t| Cell::from(t.to_owned())),
            };
            table.row(std::iter::once(change).chain(rest));
        }
        table
    }

    fn commands(&self) -> Vec<Block> {
        let needed = self
            .changes
            .iter()
            .find_map(|n| Some((n, n.without.as_ref()?)));
        let Some((needed, without)) = needed else {
            return Vec::new();
        };
        let command = format!(
            "freshest mutate {} --explain={} --scenario {}",
            self.to, needed.undone, without.scenario
        );
        vec![Block::Commands(vec![Command::plain(command)])]
    }

    /// What the whole set violates itself.
    fn allowed(&self) -> Document {
        let mut document = Document::default();
        let of = |property: Property| {
            let scenarios = self.violated.iter().filter(|v| v.property == property);
            let scenarios: Vec<_> = scenarios.map(|v| v.scenario.as_str()).collect();
            (!scenarios.is_empty())
                .then(|| name(property.name()).plain(format!(" in {}", scenarios.join(", "))))
        };
        let items: Vec<Line> = self.properties.iter().filter_map(|&p| of(p)).collect();
        if !items.is_empty() {
            let heading = format!("{} itself violates, and so every set may", self.to);
            document.section(heading, vec![Block::Items(items)]);
        }
        document
    }

    fn enough(&self) -> Document {
        let mut document = Document::default();
        if !self.is_conclusive() {
            document.say(format!(
                "Of {} a run was cut short, so nothing follows about the smallest ones.",
                count(self.unknown.len(), "set")
            ));
            return document;
        }
        if self.enough.len() == 1 {
            document.say(format!(
                "Of the {} sets only one violates nothing more: all of the changes together.",
                number(self.sets as u64)
            ));
            return document;
        }
        let minimal: Vec<_> = self.minimal().collect();
        let heading = format!(
            "{} of the {} sets violate nothing more. The smallest, none within another",
            number(self.enough.len() as u64),
            number(self.sets as u64)
        );
        let mut items: Vec<Line> = minimal
            .iter()
            .take(MAX_LISTED)
            .map(|set| set.join(", ").into())
            .collect();
        if minimal.len() > MAX_LISTED {
            items.push(
                format!(
                    "and {} more (see --format json)",
                    minimal.len() - MAX_LISTED
                )
                .into(),
            );
        }
        document.section(heading, vec![Block::Items(items)]);
        document
    }
}
