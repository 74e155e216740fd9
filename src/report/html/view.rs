//! A bundle as the template wants it: words and numbers, nothing to decide.

use crate::check::{Agreement, PropertyResult, RunResult};
use crate::design::DesignGroup;
use crate::explore::Bound;
use crate::property::{Property, Verdict};
use crate::report::list::{DesignEntry, PropertyEntry, ScenarioEntry};
use crate::report::words::number;
use crate::report::{ReportBundle, Summary as Sums, checked, verdict_sentence};

/// The most cells that are listed above the verdicts.
const MAX_HEADLINES: usize = 20;

/// So many designs are all seen at first.
const FEW: usize = 3;

/// What the page says first.
pub(crate) struct Summary {
    /// `pass`, `fail` or `unknown`.
    pub class: &'static str,
    pub sentence: &'static str,
    /// What the verdicts add up to.
    pub verdicts: String,
    pub runs: String,
    pub states: String,
    pub transitions: String,
    pub depth: u32,
    pub seconds: String,
    pub odds: String,
    pub unexpected: bool,
    /// How much of the models was checked.
    pub checked: String,
    /// What each run had.
    pub bounds: String,
    /// Whether some run hit a bound.
    pub bounded: bool,
}

pub(crate) struct Group<'a> {
    pub heading: &'static str,
    /// Whether they are seen at first.
    pub open: bool,
    pub designs: Vec<DesignTable<'a>>,
}

pub(crate) struct DesignTable<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub releases: String,
    pub sources: &'a [String],
    pub headings: Vec<Heading>,
    pub runs: Vec<RunView<'a>>,
}

pub(crate) struct Heading {
    pub name: &'static str,
    pub short: &'static str,
}

/// A run as a line.
pub(crate) struct RunView<'a> {
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

pub(crate) struct Cell {
    pub class: &'static str,
    pub symbol: String,
    pub words: String,
    pub expected: bool,
}

impl Cell {
    /// The class as it is written thousands of times.
    pub(crate) fn letter(&self) -> &'static str {
        match self.class {
            "violated" => "k",
            "holds" => "h",
            "inconclusive" => "q",
            _ => "v",
        }
    }
}

/// A counterexample to begin with.
pub(crate) struct Headline<'a> {
    pub design: &'a str,
    pub scenario: &'a str,
    pub property: Property,
    pub steps: u32,
    pub unexpected: bool,
}

/// `fast engine, at most 8.0 GiB`
fn bounds(bundle: &ReportBundle) -> String {
    let bounds = &bundle.report.bounds;
    let mut words = match bundle.report.engine.as_str() {
        "" => "engine not recorded".to_owned(),
        engine => format!("{engine} engine"),
    };
    if let Some(states) = bounds.max_states {
        words += &format!(", at most {} states", number(states));
    }
    if let Some(seconds) = bounds.time_limit_seconds {
        words += &format!(", at most {seconds} s");
    }
    if let Some(bytes) = bounds.memory_limit_bytes {
        words += &format!(", at most {:.1} GiB", bytes as f64 / f64::from(1 << 30));
    }
    words
}

pub(crate) fn summary(bundle: &ReportBundle) -> Summary {
    let report = &bundle.report;
    let sums = Sums::new(report);
    let class = match report.agreement() {
        Agreement::Agrees => "pass",
        Agreement::Unknown => "unknown",
        Agreement::Differs => "fail",
    };
    Summary {
        class,
        sentence: verdict_sentence(report),
        verdicts: sums.verdicts(),
        runs: number(sums.runs as u64),
        states: number(sums.states),
        transitions: number(sums.transitions),
        depth: sums.depth,
        seconds: format!("{:.1}", sums.seconds),
        odds: match sums.odds {
            0.0 => "none: exact state storage".to_owned(),
            odds => format!("{odds:.1e}"),
        },
        unexpected: report.agreement() != Agreement::Agrees,
        checked: checked(report),
        bounds: bounds(bundle),
        bounded: !sums.cut_short.is_empty(),
    }
}

/// Released designs first.
pub(crate) fn groups(bundle: &ReportBundle) -> Vec<Group<'_>> {
    let few = bundle.list.designs.len() <= FEW;
    let group = |group: DesignGroup| {
        let designs = bundle.list.designs.iter().filter(|of| of.group == group);
        Group {
            heading: group.heading(),
            open: few || group == DesignGroup::Released,
            designs: designs.map(|design| design_table(bundle, design)).collect(),
        }
    };
    let groups = DesignGroup::ALL.into_iter().map(group);
    groups.filter(|group| !group.designs.is_empty()).collect()
}

/// The properties as columns.
pub(crate) fn headings(bundle: &ReportBundle) -> Vec<Heading> {
    let heading = |entry: &PropertyEntry| Heading {
        name: entry.property.name(),
        short: entry.property.heading(),
    };
    bundle.list.properties.iter().map(heading).collect()
}

fn design_table<'a>(bundle: &'a ReportBundle, design: &'a DesignEntry) -> DesignTable<'a> {
    let runs = bundle.report.results.iter();
    DesignTable {
        name: &design.name,
        title: &design.title,
        releases: design.releases.join(", "),
        sources: &design.sources,
        headings: headings(bundle),
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
        states: number(run.states),
        transitions: number(run.transitions),
        explored: number(run.explored),
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

pub(crate) fn cell(property: &PropertyResult) -> Cell {
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
        class,
        symbol,
        words,
        expected,
    }
}

/// What is not as expected; else the shortest counterexample of each design's first property that
/// has one.
pub(crate) fn headlines(bundle: &ReportBundle) -> Vec<Headline<'_>> {
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
    let designs = &bundle.list.designs;
    best.sort_by_key(|cell| designs.iter().position(|of| of.name == cell.design));
    best
}
