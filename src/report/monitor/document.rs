//! What a log comes to in words.

use super::{FEW, Logged, drawn, told};
use crate::monitor::{Finding, PropertyFound, is_judged};
use crate::property::Property;
use crate::report::diagram::mermaid;
use crate::report::document::{
    Align, Block, Cell, Command, Detail, Document, Line, Step, Table, Tone, name,
};
use crate::report::story::{Story, steps};
use crate::report::words::count;

impl Logged<'_> {
    /// What the log comes to, in words.
    pub(super) fn document(&self) -> Document {
        let record = self.record;
        let mut document = Document::from_iter([Block::Title(self.title().into())]);
        document.add(Block::Table(self.verdicts()));
        for found in &record.properties {
            for (number, finding) in found.findings.first.iter().take(FEW).enumerate() {
                document.append(self.story(found, finding, number == 0));
            }
        }
        let met: u64 = record.rows.iter().map(|row| row.cache + row.cookie).sum();
        if met > 0 {
            document.section("Rows that decided", vec![Block::Table(self.rows())]);
        }
        if record.against_the_comparator > 0 {
            document.say(format!(
                "Cached or written although {} keeps the one before: {}.",
                record.settings.comparator, record.against_the_comparator
            ));
        }
        document.section("Skipped lines", self.skipped());
        let notes = record.notes.iter().map(|note| note.as_str().into());
        let notes: Vec<Line> = notes.collect();
        if !notes.is_empty() {
            document.section("Beside that", vec![Block::Items(notes)]);
        }
        let unjudged = Property::ALL
            .into_iter()
            .filter(|property| !is_judged(*property));
        let unjudged: Vec<&str> = unjudged.map(Property::name).collect();
        document.say(format!(
            "Not judged, for a log cannot tell: {}.",
            unjudged.join(", ")
        ));
        let (tone, verdict) = match (record.is_violated(), record.is_inconclusive()) {
            (true, _) => (Tone::Bad, "violated".to_owned()),
            (false, true) => (
                Tone::Open,
                format!("inconclusive: {}", self.why_inconclusive()),
            ),
            (false, false) => (Tone::Good, "nothing is violated".to_owned()),
        };
        document.add(Block::Verdict(tone, verdict));
        document
    }

    fn title(&self) -> String {
        let record = self.record;
        format!(
            "{} of {}, {} skipped",
            count(usize::try_from(record.lines).unwrap_or(usize::MAX), "line"),
            record.logs.join(", "),
            record.skipped.count
        )
    }

    fn verdicts(&self) -> Table {
        let mut table = Table::new([
            ("property", Align::Left),
            ("verdict", Align::Left),
            ("judged", Align::Right),
            ("violated", Align::Right),
            ("first at", Align::Left),
        ]);
        for found in &self.record.properties {
            let first = found.findings.first.first();
            let first = first.map_or_else(String::new, |first| self.record.place(first.place));
            table.row([
                Cell::from(found.property.name()),
                Cell::from(found.verdict.name()),
                Cell::from(found.judged.to_string()),
                Cell::from(found.findings.count.to_string()),
                Cell::from(first),
            ]);
        }
        table
    }

    fn rows(&self) -> Table {
        let mut table = Table::new([
            ("row", Align::Left),
            ("when", Align::Left),
            ("in caches", Align::Right),
            ("at the cookie", Align::Right),
            ("existing kept", Align::Right),
        ]);
        for row in &self.record.rows {
            table.row([
                Cell::from(row.row.name()),
                Cell::from(row.row.condition()),
                Cell::from(row.cache.to_string()),
                Cell::from(row.cookie.to_string()),
                Cell::from(row.kept.to_string()),
            ]);
        }
        table
    }

    fn story(&self, found: &PropertyFound, finding: &Finding, is_first: bool) -> Document {
        let property = found.property;
        let mut blocks = vec![
            Block::Paragraph(property.meaning().into()),
            Block::Paragraph(finding.said.as_str().into()),
        ];
        let told = told(self.record, finding);
        let steps = (1..).zip(told).map(|(number, title)| Step {
            number,
            title,
            details: Vec::<Detail>::new(),
        });
        blocks.push(Block::Steps(steps.collect()));
        blocks.push(Block::Drawing(drawn::in_columns(finding)));
        if is_first {
            blocks.push(Block::Mermaid(self.mermaid(property, finding)));
            blocks.extend(
                self.beside
                    .get(&property)
                    .into_iter()
                    .flat_map(in_the_model),
            );
        }
        let heading = name(property.name()).plain(format!(
            ": violated at {}",
            self.record.place(finding.place)
        ));
        Document::from_iter([Block::Section(heading, blocks)])
    }

    fn skipped(&self) -> Vec<Block> {
        let skipped = &self.record.skipped;
        let mut items: Vec<Line> = skipped
            .first
            .iter()
            .map(|line| format!("{}: {}", self.record.place(line.place), line.why).into())
            .collect();
        let more = skipped.count - items.len() as u64;
        if more > 0 {
            items.push(format!("and {more} more").into());
        }
        match items.is_empty() {
            true => Vec::new(),
            false => vec![Block::Items(items)],
        }
    }
}

/// A property's shortest trace in the model: what happens, and where to see more of it.
fn in_the_model(story: &Story) -> Vec<Block> {
    let names = format!("design {}, scenario {}", story.design, story.scenario);
    let mut told = steps(&story.start, &story.steps);
    for step in &mut told {
        step.details.clear();
    }
    let command = story.command.iter();
    vec![
        Block::Paragraph(format!("The shortest trace in the model ({names}):").into()),
        Block::Steps(told),
        Block::Mermaid(mermaid(story)),
        Block::Commands(command.map(Command::plain).collect()),
    ]
}
