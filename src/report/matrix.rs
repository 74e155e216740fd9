//! The verdict table as text.

use super::unreached::unreached;
use super::{Render, RenderError, Summary, verdict_line};
use crate::catalog::BUILTIN;
use crate::check::{Agreement, PropertyResult, Report, RunResult};
use crate::explore::Bound;
use crate::property::{Group, Verdict};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use tabled::builder::Builder;
use tabled::settings::object::{Cell, Columns, Rows};
use tabled::settings::{Alignment, Color, Modify, Padding, Style as Lines};

/// The verdict table of each design, what deviates, and what stands behind the verdicts.
pub struct Text {
    /// Colours stress what the letters say; none is a signal of its own.
    pub coloured: bool,
}

const LEGEND: &str = "\
ok  holds          7  violated, shortest counterexample of 7 events
--  vacuous: nothing in the scenario could violate it          ??  inconclusive
!   behind a verdict: not as expected
";

impl Render for Text {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let mut text = self.tables(report);
        text += &deviations(report);
        text += &statistics(&Summary::new(report));
        text += &unreached(&report.unreached);
        text += &self.verdict(report.agreement());
        text.push('\n');
        Ok(text)
    }
}

impl Text {
    /// Which models were checked, a table for each design, and what the cells mean.
    pub fn tables(&self, report: &Report) -> String {
        let mut text = which_models(report);
        for design in report.designs() {
            text += &format!("{}\n", self.paint(design, Style::new().bold()));
            for table in self.design_tables(&report.runs_of(design)) {
                text += &format!("{table}\n\n");
            }
        }
        text + LEGEND
    }

    /// The last line.
    pub fn verdict(&self, agreement: Agreement) -> String {
        let color = match agreement {
            Agreement::Agrees => AnsiColor::Green,
            Agreement::Unknown => AnsiColor::Magenta,
            Agreement::Differs => AnsiColor::Red,
        };
        let style = Style::new().bold().fg_color(Some(color.into()));
        self.paint(verdict_line(agreement), style)
    }

    fn paint(&self, text: &str, style: Style) -> String {
        match self.coloured {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    /// The verdicts of a design, no table wider than a terminal: one about tokens, and one about
    /// organisations and sign-out with the scenarios in which these play a part.
    fn design_tables(&self, runs: &[&RunResult]) -> Vec<String> {
        let of_life = |result: &&PropertyResult| match result.property.group() {
            Group::Cache | Group::Cookie | Group::Tabs | Group::Seeds => false,
            Group::Context | Group::SignOut => true,
        };
        let of_tokens = |property: &&PropertyResult| !of_life(property);
        let plays_a_part = |run: &&&RunResult| {
            let mut verdicts = run.properties.iter().filter(of_life);
            verdicts.any(|of| of.verdict != Verdict::Vacuous || of.agreement != Agreement::Agrees)
        };
        let lived: Vec<_> = runs.iter().filter(plays_a_part).copied().collect();
        let mut tables = Vec::new();
        if runs
            .iter()
            .any(|run| run.properties.iter().any(|of| of_tokens(&of)))
        {
            tables.push(self.table(runs, of_tokens));
        }
        if !lived.is_empty() || tables.is_empty() {
            let runs = if lived.is_empty() { runs } else { &lived };
            tables.push(self.table(runs, of_life));
        }
        tables
    }

    /// One row for each scenario, one column for each property that was judged.
    fn table(&self, runs: &[&RunResult], shown: impl Fn(&&PropertyResult) -> bool) -> String {
        let mut builder = Builder::default();
        let first = runs.first().map_or(&[][..], |run| &run.properties);
        let judged = first.iter().filter(&shown);
        let heading = |result: &PropertyResult| result.property.heading().replace(' ', "\n");
        builder.push_record(
            std::iter::once("scenario".to_owned())
                .chain(judged.map(heading))
                .chain(["states".to_owned()]),
        );
        for run in runs {
            builder.push_record(
                std::iter::once(run.scenario.clone())
                    .chain(run.properties.iter().filter(&shown).map(cell))
                    .chain([run.states.to_string() + if run.complete { "" } else { "+" }]),
            );
        }
        let mut table = builder.build();
        table
            .with(Lines::empty())
            .with(Padding::new(0, 1, 0, 0))
            .with(Modify::new(Columns::new(1..)).with(Alignment::right()))
            .with(Modify::new(Rows::first()).with(Alignment::bottom()));
        if self.coloured {
            for (row, run) in runs.iter().enumerate() {
                for (column, property) in run.properties.iter().filter(&shown).enumerate() {
                    let cell = Cell::new(row + 1, column + 1);
                    table.with(Modify::new(cell).with(color(property)));
                }
            }
        }
        let table = table.to_string();
        let lines: Vec<_> = table.lines().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }
}

/// How much of which models was checked: a gate must not pass unnoticed in the wrong directory.
fn which_models(report: &Report) -> String {
    let scenarios: BTreeSet<&str> = report.results.iter().map(|run| &*run.scenario).collect();
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let designs = counted(report.designs().len(), "design");
    let scenarios = counted(scenarios.len(), "scenario");
    let models = match report.models.as_str() {
        BUILTIN => "the models in the program (--models builtin)".to_owned(),
        directory => format!("{}/", directory.trim_end_matches('/')),
    };
    format!("{designs} in {scenarios} of {models}\n\n")
}

/// A verdict as short as it gets; `!` marks what is not as expected.
pub(super) fn cell(property: &PropertyResult) -> String {
    let verdict = match (property.verdict, property.steps) {
        (Verdict::Violated, Some(steps)) => steps.to_string(),
        (Verdict::Violated, None) => "x".to_owned(),
        (Verdict::Holds, _) => "ok".to_owned(),
        (Verdict::Vacuous, _) => "--".to_owned(),
        (Verdict::Inconclusive, _) => "??".to_owned(),
    };
    match property.agreement {
        Agreement::Agrees => verdict,
        Agreement::Unknown | Agreement::Differs => verdict + "!",
    }
}

fn color(property: &PropertyResult) -> Color {
    match (property.agreement, property.verdict) {
        (Agreement::Differs, _) => Color::FG_RED | Color::BOLD,
        (Agreement::Unknown, _) | (_, Verdict::Inconclusive) => Color::FG_MAGENTA,
        (_, Verdict::Violated) => Color::FG_YELLOW,
        (_, Verdict::Holds) => Color::FG_GREEN,
        (_, Verdict::Vacuous) => Color::FG_BRIGHT_BLACK,
    }
}

/// Every verdict that is not as expected, where that was stated, and the command that tells its
/// story.
fn deviations(report: &Report) -> String {
    let mut text = String::new();
    for (run, property) in report.deviations() {
        text += &format!("{}\n", property.deviation(run));
        if let Some(place) = &property.place {
            text += &format!("    {place}\n");
        }
        if let Some(command) = report.command(run, property) {
            text += &format!("    {command}\n");
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("\nNot as expected:\n{text}"),
    }
}

fn statistics(summary: &Summary<'_>) -> String {
    let mut text = format!(
        "\n{} runs, {} states, {} transitions, depth up to {}, {:.1} s of runs\n\
         rows of the table that decided something: {}\n",
        summary.runs,
        summary.states,
        summary.transitions,
        summary.depth,
        summary.seconds,
        summary.rows_in_words(),
    );
    text += &match summary.odds {
        0.0 => "states were kept whole: none was missed by a fingerprint collision\n".to_owned(),
        odds => format!("odds that a state was missed by a fingerprint collision: {odds:.1e}\n"),
    };
    match summary.cut_short.is_empty() {
        true => text += "bounds: none was hit, everything reachable was explored\n",
        false => {
            text += "bounds hit, so the verdicts marked ?? are not known:\n";
            let line = |(run, bound): &(&RunResult, Bound)| {
                format!("  {} in {}: {bound}\n", run.design, run.scenario)
            };
            text.extend(summary.cut_short.iter().map(line));
        }
    }
    text
}
