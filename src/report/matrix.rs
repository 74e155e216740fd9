//! The verdict table as text.

use super::{Agreement, PropertyResult, Report, RunResult};
use crate::explore::Verdict;
use crate::freshness::Row;
use crate::property::Property;
use std::fmt::Write;
use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Modify, Padding, Style};

/// The verdict table of each design, what deviates, and what stands behind the verdicts.
pub fn matrix(report: &Report) -> String {
    let mut text = String::new();
    let mut designs: Vec<&str> = Vec::new();
    for run in &report.results {
        if !designs.contains(&run.design.as_str()) {
            designs.push(&run.design);
        }
    }
    for design in designs {
        let runs: Vec<_> = report
            .results
            .iter()
            .filter(|run| run.design == design)
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{design}\n{}\n", design_table(&runs));
    }
    text += LEGEND;
    text += &deviations(report);
    text += &statistics(report);
    text
}

const LEGEND: &str = "\
ok  holds          7  violated, shortest counterexample of 7 events
--  vacuous: nothing in the scenario could violate it          ??  inconclusive
!   behind a verdict: not as expected
";

/// One row for each scenario, one column for each property that was judged.
fn design_table(runs: &[&RunResult]) -> String {
    let mut builder = Builder::default();
    let judged: Vec<_> = runs
        .first()
        .map_or(&[][..], |run| &run.properties)
        .iter()
        .collect();
    let heading = |property: &&PropertyResult| {
        let heading = Property::from_name(&property.name).map_or("", Property::heading);
        heading.replace(' ', "\n")
    };
    builder.push_record(
        std::iter::once("scenario".to_owned())
            .chain(judged.iter().map(heading))
            .chain(["states".to_owned()]),
    );
    for run in runs {
        builder.push_record(
            std::iter::once(run.scenario.clone())
                .chain(run.properties.iter().map(cell))
                .chain([run.states.to_string() + if run.complete { "" } else { "+" }]),
        );
    }
    let mut table = builder.build();
    table
        .with(Style::empty())
        .with(Padding::new(0, 1, 0, 0))
        .with(Modify::new(Columns::new(1..)).with(Alignment::right()))
        .with(Modify::new(Rows::first()).with(Alignment::bottom()));
    let table = table.to_string();
    let lines: Vec<_> = table.lines().map(|line| line.trim_end()).collect();
    lines.join("\n")
}

fn cell(property: &PropertyResult) -> String {
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

/// Every verdict that is not as expected, with the command that tells its story.
fn deviations(report: &Report) -> String {
    let mut text = String::new();
    for (run, property) in report.properties() {
        if property.agreement == Agreement::Agrees {
            continue;
        }
        let (design, scenario, name) = (&run.design, &run.scenario, &property.name);
        let in_words = |verdict: Verdict, steps: Option<u32>| match steps {
            Some(steps) => format!("{verdict} in {steps} events"),
            None => verdict.to_string(),
        };
        let found = in_words(property.verdict, property.steps);
        let expected = in_words(property.expected, property.expected_steps);
        let _ = writeln!(
            text,
            "{design}, {scenario}: {name} is {found}, expected: {expected}"
        );
        if property.verdict != Verdict::Inconclusive {
            let _ = writeln!(text, "    freshest explain {design} {scenario} {name}");
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("\nNot as expected:\n{text}"),
    }
}

fn statistics(report: &Report) -> String {
    let sum = |count: fn(&RunResult) -> u64| report.results.iter().map(count).sum::<u64>();
    let odds: f64 = report
        .results
        .iter()
        .map(|run| run.fingerprint_collision_odds)
        .sum();
    let seconds: f64 = report.results.iter().map(|run| run.seconds).sum();
    let deepest = report
        .results
        .iter()
        .map(|run| run.depth)
        .max()
        .unwrap_or(0);
    let exercised = |row: &&Row| {
        let name = row.name();
        report
            .results
            .iter()
            .any(|run| run.rows.iter().any(|r| r == name))
    };
    let rows: Vec<_> = Row::ALL
        .iter()
        .filter(exercised)
        .map(|row| row.name())
        .collect();
    let bounds: Vec<_> = report
        .results
        .iter()
        .filter_map(|run| Some((run, run.bound.as_ref()?)))
        .map(|(run, bound)| format!("  {} in {}: {bound}\n", run.design, run.scenario))
        .collect();
    let mut text = format!(
        "\n{} runs, {} states, {} transitions, depth up to {deepest}, {seconds:.1} s of runs\n\
         rows of the table that decided something: {}\n\
         odds that a state was missed by a fingerprint collision: {odds:.1e}\n",
        report.results.len(),
        sum(|run| run.states),
        sum(|run| run.transitions),
        rows.join(" "),
    );
    match bounds.is_empty() {
        true => text += "bounds: none was hit, everything reachable was explored\n",
        false => {
            text += "bounds hit, so the verdicts marked ?? are not known:\n";
            text.extend(bounds);
        }
    }
    text + verdict_line(report)
}

fn verdict_line(report: &Report) -> &'static str {
    match report.agreement() {
        Agreement::Agrees => "PASS: every verdict is as expected\n",
        Agreement::Unknown => "UNKNOWN: some verdicts are inconclusive or unexpectedly vacuous\n",
        Agreement::Differs => "FAIL: some verdicts are not as expected\n",
    }
}
