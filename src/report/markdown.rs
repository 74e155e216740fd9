//! Markdown, for a step summary or a pull request.

use super::unreached::unreached;
use super::{Render, RenderError, Summary, matrix, verdict_line};
use crate::check::{Agreement, PropertyResult, Report, RunResult};

/// The verdict line, what deviates, a table for each design, and what stands behind the verdicts.
pub struct Markdown;

/// The most deviations that are told one by one: GitHub refuses a step summary beyond 1 MiB, and
/// nobody reads that far.
const MAX_TOLD: usize = 200;

impl Render for Markdown {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let mut text = format!("## {}\n", verdict_line(report.agreement()));
        text += &deviations(report);
        text += "\n### Verdicts\n\n";
        text += "`ok` holds; `7` violated, shortest counterexample of 7 events; `--` vacuous, \
                 nothing in the scenario could violate it; `??` inconclusive; `!` and bold: not as \
                 expected.\n";
        for design in report.designs() {
            text += &design_table(design, &report.runs_of(design));
        }
        text += &statistics(report);
        if !report.unreached.is_empty() {
            text += &format!("\n```text\n{}```\n", unreached(&report.unreached));
        }
        Ok(text)
    }
}

fn deviations(report: &Report) -> String {
    let total = report.deviations().count();
    if total == 0 {
        return String::new();
    }
    let mut text = "\n### Not as expected\n\n".to_owned();
    for (run, property) in report.deviations().take(MAX_TOLD) {
        text += &format!("- {}\n", escape(&property.deviation(run)));
        if let Some(place) = &property.place {
            text += &format!("  stated at {}\n", code(&place.to_string()));
        }
        if let Some(command) = report.command(run, property) {
            text += &format!("\n  ```sh\n  {command}\n  ```\n");
        }
    }
    if total > MAX_TOLD {
        text += &format!("\nand {} more.\n", total - MAX_TOLD);
    }
    text
}

/// Folded where everything is as expected.
fn design_table(design: &str, runs: &[&RunResult]) -> String {
    let judged = runs.first().map_or(&[][..], |run| &run.properties);
    let verdicts = || runs.iter().flat_map(|run| &run.properties);
    let off = |property: &&PropertyResult| property.agreement != Agreement::Agrees;
    let (all, off) = (verdicts().count(), verdicts().filter(off).count());
    let (open, said) = match off {
        0 => ("", format!("{all} verdicts, all as expected")),
        off => (" open", format!("{off} of {all} verdicts not as expected")),
    };
    let headings: Vec<_> = judged.iter().map(|p| p.property.heading()).collect();
    let mut text = format!(
        "\n<details{open}><summary><b>{}</b>: {said}</summary>\n\n| scenario | {} | states |\n",
        escape(design),
        headings.join(" | ")
    );
    text += &format!("|---|{}---:|\n", "---:|".repeat(judged.len()));
    for run in runs {
        let cells: Vec<_> = run.properties.iter().map(cell).collect();
        let more = if run.complete { "" } else { "+" };
        text += &format!(
            "| {} | {} | {}{more} |\n",
            escape(&run.scenario),
            cells.join(" | "),
            run.states
        );
    }
    text + "\n</details>\n"
}

fn cell(property: &PropertyResult) -> String {
    match property.agreement {
        Agreement::Agrees => matrix::cell(property),
        Agreement::Unknown | Agreement::Differs => format!("**{}**", matrix::cell(property)),
    }
}

fn statistics(report: &Report) -> String {
    let summary = Summary::new(report);
    let limit = |limit: Option<String>| limit.unwrap_or_else(|| "none".to_owned());
    let rows = [
        ("runs", summary.runs.to_string()),
        ("states", summary.states.to_string()),
        ("transitions", summary.transitions.to_string()),
        ("depth of the deepest run", summary.depth.to_string()),
        ("time of all runs", format!("{:.1} s", summary.seconds)),
        (
            "rows of the table that decided something",
            summary.rows_in_words(),
        ),
        (
            "odds that a state was missed by a fingerprint collision",
            match summary.odds {
                0.0 => "none: states were kept whole".to_owned(),
                odds => format!("{odds:.1e}"),
            },
        ),
        (
            "bound on states of a run",
            limit(report.bounds.max_states.map(|states| states.to_string())),
        ),
        (
            "bound on time of a run",
            limit(report.bounds.time_limit_seconds.map(|s| format!("{s} s"))),
        ),
        (
            "bound on memory of a run",
            limit(
                report
                    .bounds
                    .memory_limit_bytes
                    .map(|b| format!("{b} bytes")),
            ),
        ),
        ("engine", report.engine.clone()),
        ("freshest", report.freshest.clone()),
    ];
    let mut text = "\n### What stands behind it\n\n| | |\n|---|---|\n".to_owned();
    for (name, value) in rows {
        text += &format!("| {name} | {} |\n", escape(&value));
    }
    match summary.cut_short.as_slice() {
        [] => text + "\nNo bound was hit: everything reachable was explored.\n",
        cut_short => {
            text += "\nBounds were hit, so the verdicts marked `??` are not known:\n\n";
            for (run, bound) in cut_short {
                let run = escape(&format!("{} in {}", run.design, run.scenario));
                text += &format!("- {run}: {}\n", code(&bound.to_string()));
            }
            text
        }
    }
}

/// Names come from file names, which may hold anything.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped += "&lt;",
            '&' => escaped += "&amp;",
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// As code, which no escape reaches into.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}
