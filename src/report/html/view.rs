//! A bundle as the template wants it: words and numbers, nothing to decide.

use crate::check::{Agreement, DecidedRow, PropertyResult, RunResult};
use crate::explore::Bound;
use crate::property::{Property, Verdict};
use crate::report::list::{DesignEntry, PropertyEntry, ScenarioEntry};
use crate::report::{ReportBundle, checked, verdict_sentence};

/// The most cells that are listed above the verdicts.
const MAX_HEADLINES: usize = 20;

/// What the page says first.
pub struct Summary {
    /// `pass`, `fail` or `unknown`.
    pub class: &'static str,
    /// The same in a sentence.
    pub sentence: &'static str,
    pub runs: usize,
    pub states: String,
    pub transitions: String,
    pub depth: u32,
    pub seconds: String,
    pub odds: String,
    pub violated: usize,
    pub unexpected: usize,
    /// How much of the models was checked.
    pub checked: String,
    /// What each run had.
    pub bounds: String,
    /// Whether some run hit a bound.
    pub bounded: bool,
}

/// The verdicts of one design.
pub struct DesignTable<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub releases: String,
    pub sources: &'a [String],
    pub headings: Vec<Heading>,
    pub runs: Vec<RunView<'a>>,
}

/// A property as a column.
pub struct Heading {
    pub name: &'static str,
    pub short: &'static str,
}

/// A run as a line.
pub struct RunView<'a> {
    pub run: &'a RunResult,
    pub states: String,
    pub transitions: String,
    pub explored: String,
    pub bounds: String,
    pub seconds: String,
    pub rows: String,
    pub ended: String,
    pub cells: Vec<Cell>,
}

/// A verdict.
pub struct Cell {
    pub property: &'static str,
    pub class: &'static str,
    pub symbol: String,
    pub words: String,
    pub expected: bool,
}

/// A row of the decision table, with what each design makes of it.
pub struct Row {
    pub name: &'static str,
    pub condition: String,
    pub because: &'static str,
    pub designs: Vec<RowOfDesign>,
}

/// One design's winner of a row.
pub struct RowOfDesign {
    pub winner: String,
    /// `12 of 26`, or `never`.
    pub used: String,
    pub idle: bool,
}

/// A counterexample to begin with.
pub struct Headline<'a> {
    pub design: &'a str,
    pub scenario: &'a str,
    pub property: Property,
    pub steps: u32,
    pub unexpected: bool,
}

/// `1234567` as `1 234 567`, with spaces that do not break.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// `fast engine, at most 8.0 GiB`
fn bounds(bundle: &ReportBundle) -> String {
    let bounds = &bundle.report.bounds;
    let mut words = match bundle.report.engine.as_str() {
        "" => "engine not recorded".to_owned(),
        engine => format!("{engine} engine"),
    };
    if let Some(states) = bounds.max_states {
        words += &format!(", at most {} states", grouped(states));
    }
    if let Some(seconds) = bounds.time_limit_seconds {
        words += &format!(", at most {seconds} s");
    }
    if let Some(bytes) = bounds.memory_limit_bytes {
        words += &format!(", at most {:.1} GiB", bytes as f64 / f64::from(1 << 30));
    }
    words
}

pub fn summary(bundle: &ReportBundle) -> Summary {
    let report = &bundle.report;
    let runs = &report.results;
    let sum = |of: fn(&RunResult) -> u64| grouped(runs.iter().map(of).sum());
    let count = |wanted: fn(&PropertyResult) -> bool| {
        report
            .properties()
            .filter(|(_, property)| wanted(property))
            .count()
    };
    let class = match report.agreement() {
        Agreement::Agrees => "pass",
        Agreement::Unknown => "unknown",
        Agreement::Differs => "fail",
    };
    let sentence = verdict_sentence(report);
    let odds: f64 = runs.iter().map(|run| run.fingerprint_collision_odds).sum();
    let seconds: f64 = runs.iter().map(|run| run.seconds).sum();
    Summary {
        class,
        sentence,
        runs: runs.len(),
        states: sum(|run| run.states),
        transitions: sum(|run| run.transitions),
        depth: runs.iter().map(|run| run.depth).max().unwrap_or(0),
        seconds: format!("{seconds:.1}"),
        odds: match odds {
            0.0 => "none: states kept whole".to_owned(),
            odds => format!("{odds:.1e}"),
        },
        violated: count(|property| property.verdict == Verdict::Violated),
        unexpected: count(|property| property.agreement != Agreement::Agrees),
        checked: checked(report),
        bounds: bounds(bundle),
        bounded: runs.iter().any(|run| !run.complete),
    }
}

pub fn tables(bundle: &ReportBundle) -> Vec<DesignTable<'_>> {
    bundle
        .list
        .designs
        .iter()
        .map(|design| design_table(bundle, design))
        .collect()
}

fn design_table<'a>(bundle: &'a ReportBundle, design: &'a DesignEntry) -> DesignTable<'a> {
    let heading = |entry: &PropertyEntry| Heading {
        name: entry.property.name(),
        short: entry.property.heading(),
    };
    let runs = bundle.report.results.iter();
    DesignTable {
        name: &design.name,
        title: &design.title,
        releases: design.releases.join(", "),
        sources: &design.sources,
        headings: bundle.list.properties.iter().map(heading).collect(),
        runs: runs
            .filter(|run| run.design == design.name)
            .map(|run| run_view(bundle, run))
            .collect(),
    }
}

fn run_view<'a>(bundle: &'a ReportBundle, run: &'a RunResult) -> RunView<'a> {
    let scenarios = &bundle.list.scenarios;
    let scenario = scenarios
        .iter()
        .find(|scenario| scenario.name == run.scenario);
    let names: Vec<_> = run.rows.iter().map(|row| row.name()).collect();
    RunView {
        states: grouped(run.states),
        transitions: grouped(run.transitions),
        explored: grouped(run.explored),
        bounds: scenario.map_or(String::new(), ScenarioEntry::bounds_in_words),
        seconds: format!("{:.2}", run.seconds),
        rows: names.join(" "),
        ended: run
            .bound
            .map_or("explored to the end".to_owned(), |b: Bound| b.to_string()),
        cells: run.properties.iter().map(cell).collect(),
        run,
    }
}

fn cell(property: &PropertyResult) -> Cell {
    let (class, mut symbol) = match (property.verdict, property.steps) {
        (Verdict::Violated, Some(steps)) => ("violated", steps.to_string()),
        (Verdict::Violated, None) => ("violated", "x".to_owned()),
        (Verdict::Holds, _) => ("holds", "ok".to_owned()),
        (Verdict::Vacuous, _) => ("vacuous", "--".to_owned()),
        (Verdict::Inconclusive, _) => ("inconclusive", "??".to_owned()),
    };
    let expected = property.agreement == Agreement::Agrees;
    let mut words = match property.steps {
        Some(steps) => format!("{} in {steps} events", property.verdict),
        None => property.verdict.to_string(),
    };
    if !expected {
        symbol.push('!');
        words.push_str(", not as expected");
    }
    Cell {
        property: property.property.name(),
        class,
        symbol,
        words,
        expected,
    }
}

pub fn rows(bundle: &ReportBundle) -> Vec<Row> {
    let Some(first) = bundle.tables.first() else {
        return Vec::new();
    };
    let row = |(index, decided): (usize, &DecidedRow)| Row {
        name: decided.row.name(),
        condition: decided.condition.clone(),
        because: decided.row.reason(),
        designs: bundle
            .tables
            .iter()
            .map(|table| row_of_design(bundle, &table.title, &table.rows[index]))
            .collect(),
    };
    first.rows.iter().enumerate().map(row).collect()
}

fn row_of_design(bundle: &ReportBundle, design: &str, row: &DecidedRow) -> RowOfDesign {
    let runs = || {
        bundle
            .report
            .results
            .iter()
            .filter(|run| run.design == design)
    };
    let used = runs().filter(|run| run.rows.contains(&row.row)).count();
    RowOfDesign {
        winner: row.winner.clone().unwrap_or_else(|| "depends".to_owned()),
        used: match used {
            0 => "never".to_owned(),
            used => format!("{used} of {}", runs().count()),
        },
        idle: used == 0,
    }
}

/// What is not as expected; else the shortest counterexample of each design's first property that
/// has one.
pub fn headlines(bundle: &ReportBundle) -> Vec<Headline<'_>> {
    let violated = bundle.report.properties().filter_map(|(run, property)| {
        Some(Headline {
            design: &run.design,
            scenario: &run.scenario,
            property: property.property,
            steps: property.steps?,
            unexpected: property.agreement != Agreement::Agrees,
        })
    });
    let (unexpected, expected): (Vec<_>, Vec<_>) = violated.partition(|cell| cell.unexpected);
    if !unexpected.is_empty() {
        return unexpected.into_iter().take(MAX_HEADLINES).collect();
    }
    let rank = |cell: &Headline<'_>| (cell.property, cell.steps);
    let mut best: Vec<Headline<'_>> = Vec::new();
    for cell in expected {
        match best.iter_mut().find(|other| other.design == cell.design) {
            Some(other) if rank(&cell) < rank(other) => *other = cell,
            Some(_) => {}
            None => best.push(cell),
        }
    }
    best
}
