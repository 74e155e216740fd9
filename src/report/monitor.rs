//! What a log comes to: text, Markdown, diagrams, a page, JUnit, SARIF.

use super::RenderError;
use super::diagram::{Picture, log_sequence, mermaid_sequence, picture};
use super::document::{
    Align, Block, Cell, Command, Detail, Document, Line, Screen, Step, Table, Tone, name,
};
use super::sarif;
use super::words::count;
use crate::monitor::{Finding, Place, PropertyFound, Record, is_judged};
use crate::property::{Property, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;

/// The most findings of one property whose stories are told in text, and drawn in a page.
const FEW: usize = 2;

/// The most rows that a picture draws.
const DRAWN: usize = 10;

/// A record, and what a reader gets beside it.
pub struct Logged<'a> {
    /// What the log comes to.
    pub record: &'a Record,
    /// The command that tells a property's shortest trace in the model.
    pub beside: BTreeMap<Property, String>,
}

impl Logged<'_> {
    /// For people.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    /// For a pull request or a ticket: the first story of each property is drawn.
    pub fn as_markdown(&self) -> String {
        let mut document = self.document();
        for (found, finding) in self.first_findings() {
            let mermaid = self.mermaid(found.property, finding);
            document.add(Block::Mermaid(mermaid));
        }
        document.as_markdown("the JSON form")
    }

    /// The first finding as a sequence diagram.
    pub fn as_mermaid(&self) -> Option<String> {
        let (found, finding) = self.first_findings().next()?;
        Some(self.mermaid(found.property, finding))
    }

    /// The first finding as a picture.
    pub fn as_svg(&self) -> Option<String> {
        let (found, finding) = self.first_findings().next()?;
        Some(self.svg(found.property, finding))
    }

    /// A page that needs nothing else: the text, and the first findings as pictures.
    pub fn as_html(&self) -> String {
        let mut page = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>freshest monitor</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <style>:root{color-scheme:light dark}body{font:14px system-ui,sans-serif;margin:2rem auto;\
             max-width:56rem;padding:0 1rem}pre{overflow-x:auto}svg{max-width:100%;height:auto}</style>\n",
        );
        let text = self.as_text(Screen::default());
        page += &format!("<pre>{}</pre>\n", super::diagram::escape(&text));
        for found in &self.record.properties {
            for finding in found.findings.first.iter().take(FEW) {
                let place = self.record.place(finding.place);
                let heading = format!("{} at {place}", found.property);
                page += &format!("<h2>{}</h2>\n", super::diagram::escape(&heading));
                // Of several pictures in one page each needs names of its own.
                let drawn = self.svg(found.property, finding);
                let own = format!(
                    "{}-{}-{}",
                    found.property, finding.place.log, finding.place.line
                );
                page += &drawn
                    .replace("\"name told\"", &format!("\"name-{own} told-{own}\""))
                    .replace("id=\"name\"", &format!("id=\"name-{own}\""))
                    .replace("id=\"told\"", &format!("id=\"told-{own}\""));
            }
        }
        page + "</html>\n"
    }

    /// One suite, a case for each property: what is violated is a failure, what nothing could have
    /// violated is skipped, and missing lines are an error of their own.
    pub fn as_junit(&self) -> Result<String, RenderError> {
        let mut suite = TestSuite::new("freshest monitor");
        for found in &self.record.properties {
            let mut status = match found.verdict {
                Verdict::Violated => TestCaseStatus::non_success(NonSuccessKind::Failure),
                Verdict::Vacuous => TestCaseStatus::skipped(),
                Verdict::Holds => TestCaseStatus::success(),
                Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
            };
            if let Some(finding) = found.findings.first.first() {
                let place = self.record.place(finding.place);
                status.set_message(format!("{place}: {}", finding.said));
                status.set_description(told(self.record, finding).join("\n"));
            }
            let mut case = TestCase::new(found.property.name(), status);
            case.set_classname("monitor");
            suite.add_test_case(case);
        }
        if self.record.is_inconclusive() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(self.why_inconclusive());
            let mut case = TestCase::new("the log is complete", status);
            case.set_classname("monitor");
            suite.add_test_case(case);
        }
        let mut junit = quick_junit::Report::new("freshest");
        junit.add_test_suite(suite);
        junit.to_string().map_err(RenderError::new)
    }

    /// A result for each finding that is told, at its line of the log.
    pub fn as_sarif(&self) -> Result<String, RenderError> {
        let record = self.record;
        let mut results = Vec::new();
        for found in &record.properties {
            for finding in &found.findings.first {
                let log = record.logs.get(finding.place.log);
                let log = log.map_or("-", String::as_str);
                results.push(sarif::of_log(
                    found.property,
                    finding.said.clone(),
                    log,
                    finding.place.line,
                ));
            }
        }
        sarif::log(
            results,
            record.is_inconclusive().then(|| self.why_inconclusive()),
        )
    }

    fn first_findings(&self) -> impl Iterator<Item = (&PropertyFound, &Finding)> {
        let properties = self.record.properties.iter();
        properties.filter_map(|found| Some((found, found.findings.first.first()?)))
    }

    fn why_inconclusive(&self) -> String {
        match self.record.incomplete {
            true => "lines are missing: what was not found may be there".to_owned(),
            false => "nothing in the log could have violated what was asked".to_owned(),
        }
    }

    fn document(&self) -> Document {
        let record = self.record;
        let mut document = Document::from_iter([Block::Title(self.title().into())]);
        document.add(Block::Table(self.verdicts()));
        for found in &record.properties {
            for finding in found.findings.first.iter().take(FEW) {
                document.append(self.story(found, finding));
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

    fn story(&self, found: &PropertyFound, finding: &Finding) -> Document {
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
        if let Some(command) = self.beside.get(&property) {
            blocks.push(Block::Commands(vec![Command {
                command: command.clone(),
                shows: "its shortest trace in the model",
            }]));
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

    fn mermaid(&self, property: Property, finding: &Finding) -> String {
        let (sequence, titles) = self.drawn(finding);
        let closing = format!("VIOLATED {property}: {}", finding.said);
        let titles = titles.iter().map(String::as_str);
        mermaid_sequence(&sequence, "what the log says", titles, &closing)
    }

    fn svg(&self, property: Property, finding: &Finding) -> String {
        let (sequence, mut titles) = self.drawn(finding);
        titles.insert(0, "what the log says".to_owned());
        picture(&Picture {
            sequence: &sequence,
            titles: &titles,
            name: format!("{property} in a log"),
            heading: format!("{property} is violated"),
            lines: [
                format!("at {}", self.record.place(finding.place)),
                "as recorded; nothing was verified".to_owned(),
            ],
            mark: "VIOLATED in the last line".to_owned(),
            moment: std::slice::from_ref(&finding.said),
        })
    }

    /// What a diagram draws of a story, and what is told beside it: the last lines.
    fn drawn(&self, finding: &Finding) -> (super::diagram::Sequence, Vec<String>) {
        let first = finding.entries.len().saturating_sub(DRAWN);
        let sequence = log_sequence(&finding.entries[first..]);
        let told = told(self.record, finding);
        (sequence, told.into_iter().skip(first).collect())
    }
}

/// The lines of a story in words, with their places.
fn told(record: &Record, finding: &Finding) -> Vec<String> {
    let story = finding.story.iter();
    let place = |place: Place| match record.logs.len() {
        1 => format!("line {}", place.line),
        _ => record.place(place),
    };
    story
        .map(|event| format!("tab {} {} ({})", event.tab, event.said, place(event.place)))
        .collect()
}
