//! Everything: a table for each design.

use super::unexpected::{MAX_TOLD, blocks, unexpected};
use super::{cell, tone, verdict};
use crate::check::{Agreement, PropertyResult, Report, RunResult};
use crate::property::{Group, Property, Verdict};
use crate::report::document::{Align, Block, Cell, Command, Document, Line, Table, name};
use crate::report::summary::{Summary, checked};
use crate::report::unreached::unreached;
use crate::report::words::{bound, bounds, count, number};

/// Every verdict.
pub(super) fn full(report: &Report) -> Document {
    let mut document = Document::default();
    let unexpected = unexpected(report);
    let rest = "the tables below mark them with !";
    document.section(heading(report), blocks(report, &unexpected, MAX_TOLD, rest));
    document.append(tables(report));
    document.append(footing(report));
    document
}

/// Which models were checked, a table for each design, and what the cells mean.
pub(super) fn tables(report: &Report) -> Document {
    let mut document = Document::default();
    document.say(checked(report));
    for design in report.designs() {
        document.add(Block::Title(name(design)));
        for table in design_tables(&report.runs_of(design)) {
            document.add(Block::Table(table));
        }
    }
    document.add(legend());
    document
}

/// The verdicts of a design: about tokens; and about what arrives and what calls return, about organisations and
/// sign-out, and about requests, each with the scenarios in which these play a part.
pub(super) fn design_tables(runs: &[&RunResult]) -> Vec<Table> {
    let of = |part: Part| move |result: &PropertyResult| Part::of(result) == part;
    let mut tables = Vec::new();
    let mut judged = runs.iter().flat_map(|run| &run.properties);
    if judged.any(of(Part::Tokens)) {
        tables.push(table(runs, of(Part::Tokens)));
    }
    for part in [Part::Calls, Part::Life, Part::Requests] {
        let shown = of(part);
        let plays_a_part = |run: &&&RunResult| {
            let mut verdicts = run.properties.iter().filter(|result| shown(result));
            verdicts.any(|of| is_news(of) || of.agreement != Agreement::Agrees)
        };
        let lived: Vec<&RunResult> = runs.iter().filter(plays_a_part).copied().collect();
        if !lived.is_empty() {
            tables.push(table(&lived, shown));
        }
    }
    if tables.is_empty() {
        tables.push(table(runs, |_| true));
    }
    tables
}

/// Whether a verdict is a reason to show a scenario beside those about tokens. That every call ends is
/// none, without a lock it does wherever there is a call; nor that every post arrives.
fn is_news(result: &PropertyResult) -> bool {
    match result.verdict {
        Verdict::Holds => !matches!(
            result.property,
            Property::EveryCallEnds | Property::EveryPostArrives
        ),
        Verdict::Violated | Verdict::Inconclusive => true,
        Verdict::Vacuous => false,
    }
}

/// What a table is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Tokens,
    Calls,
    Life,
    Requests,
}

impl Part {
    fn of(result: &PropertyResult) -> Part {
        // What never arrives stands beside what never ends, and one column more would not fit.
        if result.property == Property::EveryPostArrives {
            return Part::Calls;
        }
        match result.property.group() {
            Group::Cache | Group::Cookie | Group::Tabs | Group::Seeds => Part::Tokens,
            Group::Callers => Part::Calls,
            Group::Context | Group::SignOut => Part::Life,
            Group::Requests => Part::Requests,
        }
    }
}

/// The parts of comparators that no run reached.
pub(super) fn unreached_parts(report: &Report) -> Document {
    let told = unreached(&report.unreached);
    let lines = told
        .lines()
        .filter(|line| !line.is_empty())
        .map(Command::plain);
    let lines: Vec<Command> = lines.collect();
    match lines.is_empty() {
        true => Document::default(),
        false => Document::from_iter([Block::Commands(lines)]),
    }
}

/// `Not as expected (3 verdicts)`
pub(super) fn heading(report: &Report) -> String {
    let verdicts = count(report.deviations().count(), "verdict");
    format!("Not as expected ({verdicts})")
}

/// One row for each scenario, one column for each of these properties that was judged.
fn table(runs: &[&RunResult], shown: impl Fn(&PropertyResult) -> bool) -> Table {
    let judged = runs.first().map_or(&[][..], |run| &run.properties);
    let judged = judged.iter().filter(|result| shown(result));
    let headings = judged.map(|result| result.property.heading());
    let columns = [("scenario", Align::Left)].into_iter();
    let columns = columns
        .chain(headings.map(|heading| (heading, Align::Right)))
        .chain([("states", Align::Right)]);
    let mut table = Table::new(columns);
    for run in runs {
        let verdicts = run.properties.iter().filter(|result| shown(result));
        let verdicts = verdicts.map(|property| Cell {
            line: cell(property).into(),
            tone: tone(property),
        });
        let more = if run.complete { "" } else { "+" };
        let states = Cell::from(number(run.states) + more);
        table.row(
            [Cell::from(run.scenario.as_str())]
                .into_iter()
                .chain(verdicts)
                .chain([states]),
        );
    }
    table
}

fn legend() -> Block {
    let lines = [
        "ok  holds          7  violated, shortest counterexample of 7 events",
        "--  vacuous: nothing in the scenario could violate it          ??  inconclusive",
        "!   behind a verdict: not as expected",
    ];
    Block::Commands(lines.map(Command::plain).into())
}

/// What stands behind the verdicts, and what they come to.
pub(super) fn footing(report: &Report) -> Document {
    let summary = Summary::new(report);
    let mut lines: Vec<Line> = vec![
        format!(
            "{}, {} states, {} transitions, depth up to {}, {:.1} s (sum of all runs)",
            count(summary.runs, "run"),
            number(summary.states),
            number(summary.transitions),
            summary.depth,
            summary.seconds,
        )
        .into(),
        format!("rows exercised: {}", summary.rows_in_words()).into(),
    ];
    lines.extend(summary.under_way_in_words().map(Line::from));
    lines.push(match summary.odds {
        0.0 => "exact state storage, no hash compaction".into(),
        odds => {
            format!("odds that a state was missed by a fingerprint collision: {odds:.1e}").into()
        }
    });
    let limits = bounds(&report.bounds);
    match summary.cut_short.as_slice() {
        [] => lines.push(
            format!(
                "bounds of each run: {limits}; none was hit, everything reachable was explored"
            )
            .into(),
        ),
        cut_short => {
            lines.push("bounds hit, so the verdicts marked ?? are not known:".into());
            for (run, hit) in cut_short {
                let line = format!("{} in {}: {}", run.design, run.scenario, bound(*hit));
                lines.push(line.into());
            }
        }
    }
    lines.push(summary.verdicts().into());
    let (tone, line) = verdict(report);
    let mut document = Document::from_iter([Block::Items(lines)]);
    document.append(unreached_parts(report));
    document.add(Block::Verdict(tone, line));
    document
}
