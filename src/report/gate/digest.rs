//! A line for each design, on one screen.

use super::full::{heading, unreached_parts};
use super::unexpected::{MAX_TOLD, blocks, unexpected};
use super::{Detail, MAX_LINES, verdict};
use crate::catalog::Catalog;
use crate::check::{Agreement, PropertyResult, Report};
use crate::design::{Design, DesignGroup};
use crate::property::{Group, Property, PropertySet, Verdict};
use crate::report::document::{
    Align, Block, Cell, Command, Document, Line, Row, Screen, Table, Tone,
};
use crate::report::list::latest;
use crate::report::summary::{Summary, checked, share};
use crate::report::words::{count, number};
use std::cmp::Reverse;

/// So much of what is not as expected is told one by one whatever else there is to say.
const LEAST_TOLD: usize = 5;

pub(super) fn digest(report: &Report, catalog: Option<&Catalog>, screen: Screen) -> Document {
    let unexpected = unexpected(report);
    let all = report.in_full(catalog);
    let told = |most| {
        let mut document = Document::default();
        let blocks = blocks(report, &unexpected, most, &all);
        document.section(heading(report), blocks);
        document
    };
    let title = title(report);
    let legend = Document::from_iter([Block::Items(legend(report))]);
    let mut foot = sums(report);
    if unexpected.is_empty() {
        foot.add(Block::Commands(next(report, catalog, all.clone())));
    }
    let lines = |document: &Document| document.as_text(screen).lines().count();
    // Everything but the table has its place first. Each part has a blank line before it.
    let around = lines(&title) + lines(&legend) + lines(&foot) + 4;
    let with_table = |most: usize| {
        let document = told(most);
        let room = MAX_LINES.saturating_sub(lines(&document) + around);
        let table = Digest::new(report, catalog).table(room, screen)?;
        Some((document, table))
    };
    // Of a few designs the table has few lines, and says more than the last of what is told.
    let least = match report.designs().len() {
        0..=Detail::FEW => LEAST_TOLD,
        _ => MAX_TOLD,
    };
    let (mut document, table) = match (least..=MAX_TOLD).rev().find_map(with_table) {
        Some((document, table)) => (document, Some(table)),
        None => (told(MAX_TOLD), None),
    };
    document.append(title);
    if let Some(table) = table {
        document.add(Block::Table(table));
        document.append(legend);
    }
    document.append(foot);
    document
}

fn title(report: &Report) -> Document {
    let properties = match report.extent {
        Some(extent) => share(extent.properties, "property"),
        None => count(report.judged().iter().count(), "property"),
    };
    let line = format!("{}, {properties}", checked(report));
    Document::from_iter([Block::Title(line.into())])
}

fn legend(report: &Report) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![
        "ok  holds wherever it can be violated   7  violated, shortest in 7 events".into(),
        "--  vacuous everywhere                  columns: freshest list".into(),
    ];
    if report.agreement() != Agreement::Agrees || report.results.iter().any(|run| !run.complete) {
        lines.push("??  inconclusive somewhere              !  not as expected".into());
    }
    lines
}

fn sums(report: &Report) -> Document {
    let summary = Summary::new(report);
    let states = number(summary.states);
    let explored = match (summary.cut_short.len(), summary.odds) {
        (0, 0.0) => format!("{states} states, every one explored and stored exactly"),
        (0, odds) => format!("{states} states; odds that one was missed: {odds:.1e}"),
        (cut_short, _) => {
            let cut_short = count(cut_short, "run");
            format!("{states} states; {cut_short} hit a bound, so something is not known")
        }
    };
    let (tone, line) = verdict(report);
    let sums = vec![explored.into(), summary.verdicts().into()];
    let mut document = Document::from_iter([Block::Items(sums)]);
    document.append(unreached_parts(report));
    document.add(Block::Verdict(tone, line));
    document
}

/// Three commands that go on from here.
fn next(report: &Report, catalog: Option<&Catalog>, all: String) -> Vec<Command> {
    let violated = report
        .properties()
        .filter(|(_, p)| p.verdict == Verdict::Violated);
    // What was released last is what most people use.
    let rank = |design: &str| {
        let release = design_of(catalog, design).and_then(release).map(Reverse);
        (group_of(catalog, design), release.is_none(), release)
    };
    let headline = violated.min_by_key(|(run, p)| (rank(&run.design), p.property, p.steps));
    let mut commands = Vec::new();
    if let Some((run, result)) = headline {
        commands.push(Command {
            command: report.with_models(format!(
                "freshest explain {} {}",
                run.design, result.property
            )),
            shows: "why that is violated",
        });
    }
    commands.push(Command {
        command: all,
        shows: "every table",
    });
    if let Some(run) = headline.map(|(run, _)| run).or(report.results.first()) {
        commands.push(Command {
            command: report.with_models(format!("freshest new mine --from {}", run.design)),
            shows: "a rule of your own",
        });
    }
    commands
}

fn design_of<'a>(catalog: Option<&'a Catalog>, name: &str) -> Option<&'a Design> {
    catalog.and_then(|catalog| catalog.design(name))
}

fn group_of(catalog: Option<&Catalog>, name: &str) -> DesignGroup {
    design_of(catalog, name).map_or(DesignGroup::Draft, |design| design.group)
}

/// The latest version that behaves like the design, as numbers.
fn release(design: &Design) -> Option<Vec<u64>> {
    latest(&design.releases)
}

/// What the table is made of.
struct Digest<'a> {
    report: &'a Report,
    catalog: Option<&'a Catalog>,
    columns: Vec<Column>,
}

/// Properties that share a column.
struct Column {
    heading: &'static str,
    properties: PropertySet,
}

impl<'a> Digest<'a> {
    fn new(report: &'a Report, catalog: Option<&'a Catalog>) -> Digest<'a> {
        let judged = report.judged();
        let column = |property: Property| Column {
            heading: property.heading(),
            properties: PropertySet::from_iter([property]),
        };
        Digest {
            report,
            catalog,
            columns: judged.iter().map(column).collect(),
        }
    }

    /// The table in so many lines; `None` if there is no room for a design.
    fn table(mut self, room: usize, screen: Screen) -> Option<Table> {
        let mut table = self.rows(usize::MAX);
        if !table.is_within(screen.width) {
            self.columns = self.grouped();
            table = self.rows(usize::MAX);
        }
        let heading = table.head.iter().map(|head| head.split(' ').count()).max();
        let room = room.saturating_sub(heading.unwrap_or(1));
        if table.rows.len() > room {
            table = self.rows(room);
        }
        let has_a_design = table.rows.iter().any(|row| matches!(row, Row::Cells(_)));
        (room > 0 && has_a_design).then_some(table)
    }

    /// A column for each group of properties.
    fn grouped(&self) -> Vec<Column> {
        let judged = self
            .columns
            .iter()
            .flat_map(|column| column.properties.iter());
        let judged: PropertySet = judged.collect();
        let column = |group: Group| Column {
            heading: group.name(),
            properties: judged.and(group.properties()),
        };
        // Most scenarios limit no requests: a column for that is there where it says something.
        let says = |of: &PropertyResult| {
            of.verdict != Verdict::Vacuous || of.agreement != Agreement::Agrees
        };
        let limits = Group::Requests.properties();
        let mut limited = self.report.properties().map(|(_, result)| result);
        let is_limited = limited.any(|of| limits.has(of.property) && says(of));
        let columns = Group::ALL.into_iter();
        columns
            .filter(|&group| group != Group::Requests || is_limited)
            .map(column)
            .filter(|column| !column.properties.is_empty())
            .collect()
    }

    /// A table of at most so many rows. What is not as expected has its row before everything else.
    fn rows(&self, room: usize) -> Table {
        let headings = self
            .columns
            .iter()
            .map(|column| (column.heading, Align::Right));
        let columns = [("design", Align::Left), ("", Align::Left)].into_iter();
        let mut table = Table::new(columns.chain(headings));
        let designs = self.report.designs();
        let mut left = room;
        for group in DesignGroup::ALL {
            let of_group = |name: &&&str| group_of(self.catalog, name) == group;
            let mut names: Vec<&str> = designs.iter().filter(of_group).copied().collect();
            // The latest release first, and what differs before what does not.
            names.sort_by_key(|name| (!self.deviates(name), self.release(name).map(Reverse)));
            if names.is_empty() {
                continue;
            }
            // Whatever follows needs a line of its own, too.
            let later = DesignGroup::ALL.iter().filter(|&&later| later > group);
            let later = later.filter(|&&later| {
                designs
                    .iter()
                    .any(|name| group_of(self.catalog, name) == later)
            });
            let reserved = later.count();
            let free = left.saturating_sub(reserved);
            let shown = match names.len() < free {
                true => names.len(),
                // One line is the heading.
                false => free.saturating_sub(1),
            };
            let heading = group.heading();
            let hidden = names.len() - shown;
            table.group(match (shown, hidden) {
                (_, 0) => heading.to_owned(),
                (0, hidden) => format!("{heading} ({hidden}): freshest --full"),
                (_, hidden) => format!("{heading}, and {hidden} more: freshest --full"),
            });
            for name in &names[..shown] {
                table.row(self.row(name));
            }
            left = left.saturating_sub(1 + shown);
        }
        table
    }

    fn deviates(&self, design: &str) -> bool {
        self.report
            .deviations()
            .any(|(run, _)| run.design == design)
    }

    fn release(&self, design: &str) -> Option<Vec<u64>> {
        design_of(self.catalog, design).and_then(release)
    }

    fn row(&self, design: &str) -> Vec<Cell> {
        let release = self.release(design);
        let release = release.map_or(String::new(), |numbers| {
            let parts: Vec<String> = numbers.iter().map(u64::to_string).collect();
            parts.join(".")
        });
        let first = [
            Cell::from(Line::default().plain("  ").name(design)),
            Cell::from(release),
        ];
        let cells = self.columns.iter().map(|column| self.cell(design, column));
        first.into_iter().chain(cells).collect()
    }

    /// The shortest counterexample of these properties in any scenario.
    fn cell(&self, design: &str, column: &Column) -> Cell {
        let runs = self.report.runs_of(design);
        let results = runs.iter().flat_map(|run| &run.properties);
        let results: Vec<&PropertyResult> = results
            .filter(|p| column.properties.has(p.property))
            .collect();
        let has = |verdict| results.iter().any(|p| p.verdict == verdict);
        let shortest = results.iter().filter_map(|p| p.steps).min();
        let worst = results.iter().map(|p| p.agreement).max();
        let (mut text, mut tone) = match shortest {
            Some(steps) => (steps.to_string(), Tone::Known),
            None if has(Verdict::Violated) => ("x".to_owned(), Tone::Known),
            None if has(Verdict::Inconclusive) => ("??".to_owned(), Tone::Open),
            None if has(Verdict::Holds) => ("ok".to_owned(), Tone::Good),
            None => ("--".to_owned(), Tone::Faint),
        };
        match worst {
            Some(Agreement::Agrees) | None => {}
            Some(Agreement::Unknown) => (text, tone) = (text + "!", Tone::Open),
            Some(Agreement::Differs) => (text, tone) = (text + "!", Tone::Bad),
        }
        Cell {
            line: text.into(),
            tone,
        }
    }
}
