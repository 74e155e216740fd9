//! What several renderings say in the same words: sums over all runs, deviations, commands.

use super::words::{count, number};
use crate::catalog::BUILTIN;
use crate::check::{Agreement, DEFAULT_MODELS, PropertyResult, Report, RunResult, Share};
use crate::explore::{Bound, MostUnderWay};
use crate::freshness::Row;
use crate::property::Verdict;
use crate::source::shell_word;

/// Sums over all runs of a report.
pub struct Summary<'a> {
    pub runs: usize,
    /// Unique states, all runs together.
    pub states: u64,
    /// Transitions, all runs together.
    pub transitions: u64,
    /// Depth of the deepest run.
    pub depth: u32,
    /// Time of all runs, as if one had followed the other.
    pub seconds: f64,
    /// Odds that a state was missed in any of the runs.
    pub odds: f64,
    /// Rows of the decision table by which any run decided something.
    pub rows: Vec<Row>,
    /// The most requests under way at once in any of the runs, where that was counted.
    pub most_under_way: Option<MostUnderWay>,
    /// How many verdicts there are of each kind.
    pub counts: Counts,
    pub cut_short: Vec<(&'a RunResult, Bound)>,
}

/// How many verdicts there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub all: u64,
    /// Holds, as expected.
    pub hold: u64,
    /// Violated, as expected.
    pub known: u64,
    /// Vacuous, as expected.
    pub vacuous: u64,
    /// Not as expected.
    pub unexpected: u64,
}

impl Counts {
    fn new(report: &Report) -> Counts {
        let mut counts = Counts::default();
        for (_, property) in report.properties() {
            counts.all += 1;
            *match (property.agreement, property.verdict) {
                (Agreement::Differs | Agreement::Unknown, _) | (_, Verdict::Inconclusive) => {
                    &mut counts.unexpected
                }
                (Agreement::Agrees, Verdict::Holds) => &mut counts.hold,
                (Agreement::Agrees, Verdict::Violated) => &mut counts.known,
                (Agreement::Agrees, Verdict::Vacuous) => &mut counts.vacuous,
            } += 1;
        }
        counts
    }
}

impl<'a> Summary<'a> {
    /// `4,928 verdicts: 2,039 hold, 1,573 known violations, 1,316 vacuous, 0 unexpected`
    pub fn verdicts(&self) -> String {
        let Counts {
            all,
            hold,
            known,
            vacuous,
            unexpected,
        } = self.counts;
        format!(
            "{}: {} hold, {} known violations, {} vacuous, {} unexpected",
            count(all as usize, "verdict"),
            number(hold),
            number(known),
            number(vacuous),
            number(unexpected)
        )
    }

    /// The rows, or that there are none.
    pub(crate) fn rows_in_words(&self) -> String {
        match self.rows.is_empty() {
            true => "none".to_owned(),
            false => {
                let names: Vec<_> = self.rows.iter().map(|row| row.name()).collect();
                names.join(" ")
            }
        }
    }

    /// `at most 2 requests under way in one tab, 3 in all`, where that was counted.
    pub(crate) fn under_way_in_words(&self) -> Option<String> {
        let MostUnderWay { in_one_tab, in_all } = self.most_under_way?;
        let of_tab = count(in_one_tab as usize, "request");
        let words = format!("at most {of_tab} under way in one tab, {in_all} in all");
        Some(match self.cut_short.is_empty() {
            true => words,
            false => words + ", as far as the runs went",
        })
    }

    /// Adds up a report.
    pub fn new(report: &'a Report) -> Summary<'a> {
        let runs = &report.results;
        let exercised = |row: &Row| runs.iter().any(|run| run.rows.contains(row));
        let cut_short = |run: &'a RunResult| Some((run, run.bound?));
        Summary {
            runs: runs.len(),
            states: runs.iter().map(|run| run.states).sum(),
            transitions: runs.iter().map(|run| run.transitions).sum(),
            depth: runs.iter().map(|run| run.depth).max().unwrap_or(0),
            seconds: runs.iter().map(|run| run.seconds).sum(),
            odds: runs.iter().map(|run| run.fingerprint_collision_odds).sum(),
            rows: Row::ALL.into_iter().filter(exercised).collect(),
            most_under_way: runs
                .iter()
                .filter_map(|run| run.most_under_way)
                .reduce(MostUnderWay::max),
            counts: Counts::new(report),
            cut_short: runs.iter().filter_map(cut_short).collect(),
        }
    }
}

impl Report {
    /// The command that tells the story behind a verdict; an inconclusive one has none.
    pub fn command(&self, run: &RunResult, property: &PropertyResult) -> Option<String> {
        if property.verdict == Verdict::Inconclusive {
            return None;
        }
        let command = format!(
            "freshest explain {} {} {}",
            run.design, run.scenario, property.property
        );
        let command = match &self.tried {
            Some(options) => format!("{command} {options}"),
            None => command,
        };
        Some(self.with_models(command))
    }

    /// A command with where the models are, unless that is where they are looked for anyway.
    pub fn with_models(&self, command: String) -> String {
        with_models(command, &self.models)
    }
}

/// A command to copy, about the models of this directory.
pub fn with_models(command: String, models: &str) -> String {
    let word = shell_word(models);
    match models {
        DEFAULT_MODELS => command,
        // Else it would be taken for another option.
        models if models.starts_with('-') => format!("{command} --models={word}"),
        _ => format!("{command} --models {word}"),
    }
}

impl PropertyResult {
    /// `violated in 7 events`
    pub fn found(&self) -> String {
        in_words(self.verdict, self.steps)
    }

    /// `is violated in 7 events`, or `holds`
    pub fn said(&self) -> String {
        match self.verdict {
            Verdict::Holds => self.found(),
            Verdict::Violated | Verdict::Vacuous | Verdict::Inconclusive => {
                format!("is {}", self.found())
            }
        }
    }

    /// What was expected, in the same words.
    pub fn wanted(&self) -> String {
        in_words(self.expected, self.expected_steps)
    }

    /// `pr-8097, r1s1: tabs-converge is violated in 7 events, expected: holds`
    pub(crate) fn deviation(&self, run: &RunResult) -> String {
        let (said, wanted) = (self.said(), self.wanted());
        format!(
            "{}, {}: {} {said}, expected: {wanted}",
            run.design, run.scenario, self.property
        )
    }
}

pub(super) fn in_words(verdict: Verdict, steps: Option<u32>) -> String {
    match steps {
        Some(steps) => format!("{verdict} in {steps} events"),
        None => verdict.to_string(),
    }
}

/// What the gate says in the end, in one line.
pub fn verdict_line(report: &Report) -> String {
    let word = match report.agreement() {
        Agreement::Agrees => "PASS",
        Agreement::Unknown => "UNKNOWN",
        Agreement::Differs => "FAIL",
    };
    format!("{word}: {}", verdict_sentence(report))
}

/// The same without the word that it begins with.
pub fn verdict_sentence(report: &Report) -> &'static str {
    match report.agreement() {
        Agreement::Agrees => "every verdict is as expected",
        Agreement::Unknown if report.has_checked_nothing() => {
            "no verdict holds or is violated, so nothing was checked"
        }
        Agreement::Unknown => "some verdicts are inconclusive or unexpectedly vacuous",
        Agreement::Differs => "some verdicts are not as expected",
    }
}

/// Which models were checked: a gate must not pass unnoticed in the wrong directory.
fn models(report: &Report) -> String {
    match report.models.as_str() {
        BUILTIN => "the models in the program (--models builtin)".to_owned(),
        directory => format!("{}/", directory.trim_end_matches('/')),
    }
}

/// `1 of 18 designs, 2 of 71 scenarios of models/`
pub fn checked(report: &Report) -> String {
    let (designs, scenarios) = match report.extent {
        Some(extent) => (
            share(extent.designs, "design"),
            share(extent.scenarios, "scenario"),
        ),
        None => (
            count(report.designs().len(), "design"),
            count(report.scenarios().len(), "scenario"),
        ),
    };
    format!("{designs}, {scenarios} of {}", models(report))
}

/// `1 of 18 designs`
pub fn share(share: Share, what: &str) -> String {
    format!("{} of {}", share.checked, count(share.of, what))
}
