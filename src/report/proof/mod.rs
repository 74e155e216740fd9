//! What is proved of a design for any number of tabs, held against what scenarios found.

mod markdown;
mod text;

use super::{Bounds, Report, RunResult, VERSION};
use crate::explore::Limits;
use crate::property::Verdict;
use crate::prove::{Answer, Proof, Story, Tokens};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// Results of a `prove`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofReport {
    /// As in a report.
    pub version: u32,
    /// The version of freshest.
    pub freshest: String,
    /// The directory with the models, as it was named.
    pub models: String,
    /// One for each design and kind of tokens.
    pub results: Vec<ProofResult>,
}

/// One design, with one kind of tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofResult {
    /// The design.
    pub design: String,
    /// One line about it.
    pub title: String,
    /// Which tokens are about.
    pub tokens: Tokens,
    /// Tabs that differ in more than the names of their instants, all searches together.
    pub states: u64,
    /// Steps taken from them.
    pub transitions: u64,
    /// Every search came to its end.
    pub complete: bool,
    /// Why not.
    pub obstacle: Option<String>,
    /// What the verdicts are limited to.
    pub bounds: ProofBounds,
    /// Wall-clock time of the searches.
    pub seconds: f64,
    /// One for each property.
    pub properties: Vec<ProofProperty>,
}

/// What the verdicts of a proof are limited to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofBounds {
    /// The most broadcasts that wait for one fetch; none: any number.
    pub waiting: Option<usize>,
    /// What a search, or a run of a scenario, was not allowed to exceed.
    #[serde(flatten)]
    pub search: Bounds,
}

/// What is known of a property.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofProperty {
    /// The property.
    pub name: String,
    /// What is known.
    pub verdict: ProofVerdict,
    /// Events of the shortest counterexample: of the scenario that confirms it, or else of the
    /// story.
    pub steps: Option<u32>,
    /// The scenario that violates it in the fewest events.
    pub confirmed_by: Option<String>,
    /// How one tab, in an environment that may do anything honest, violates it.
    pub story: Option<Story>,
}

/// What is known of a property beyond all bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofVerdict {
    /// Nothing that can happen violates it.
    Proved,
    /// A scenario violates it.
    Violated,
    /// One tab violates it if its environment does anything honest; no scenario does.
    NotProved,
    /// Nothing that can happen could have violated it.
    Vacuous,
    /// A search hit a bound.
    Inconclusive,
    /// It is about several tabs together.
    NotOfOneTab,
}

impl fmt::Display for ProofVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ProofVerdict::Proved => "proved",
            ProofVerdict::Violated => "violated",
            ProofVerdict::NotProved => "not proved",
            ProofVerdict::Vacuous => "vacuous",
            ProofVerdict::Inconclusive => "inconclusive",
            ProofVerdict::NotOfOneTab => "not of one tab",
        })
    }
}

/// An internal error: a proof, and a scenario that violates what it proves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "internal error: {property} of {design} has a proof and a counterexample in scenario \
     {scenario}; please report it"
)]
pub struct Contradiction {
    design: String,
    scenario: String,
    property: String,
}

/// What all verdicts together say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofSummary {
    /// Everything that was asked for is proved.
    Proved,
    /// Something is neither proved nor violated.
    Open,
    /// Something is violated.
    Violated,
}

impl ProofReport {
    /// A report of these results.
    pub fn new(models: &Path, results: Vec<ProofResult>) -> ProofReport {
        ProofReport {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            models: models.display().to_string(),
            results,
        }
    }

    /// Every property of every result.
    pub fn properties(&self) -> impl Iterator<Item = (&ProofResult, &ProofProperty)> {
        let of_result = |result| move |property| (result, property);
        self.results
            .iter()
            .flat_map(move |result| result.properties.iter().map(of_result(result)))
    }

    /// What all verdicts together say.
    pub fn summary(&self) -> ProofSummary {
        let has = |verdict| self.properties().any(|(_, p)| p.verdict == verdict);
        if has(ProofVerdict::Violated) {
            return ProofSummary::Violated;
        }
        let open = [
            ProofVerdict::NotProved,
            ProofVerdict::Vacuous,
            ProofVerdict::Inconclusive,
        ];
        match open.into_iter().any(has) || !has(ProofVerdict::Proved) {
            true => ProofSummary::Open,
            false => ProofSummary::Proved,
        }
    }

    /// The last line.
    fn summary_line(&self) -> &'static str {
        match self.summary() {
            ProofSummary::Proved => "PROVED: every property of one tab",
            ProofSummary::Open => "UNKNOWN: some properties are not proved",
            ProofSummary::Violated => "VIOLATED: some properties, confirmed by scenarios",
        }
    }

    /// The command that tells a confirmed counterexample, or the story of one tab.
    fn command(&self, result: &ProofResult, property: &ProofProperty) -> String {
        let (design, name) = (&result.design, &property.name);
        let command = match &property.confirmed_by {
            Some(scenario) => format!("freshest explain {design} {scenario} {name}"),
            None => format!("freshest prove {design} --property {name}"),
        };
        match self.models.as_str() {
            super::DEFAULT_MODELS => command,
            models => format!("{command} --models {models}"),
        }
    }

    /// Properties of this verdict, each once, though it may be of several kinds of tokens.
    fn of_verdict(&self, verdict: ProofVerdict) -> Vec<(&ProofResult, &ProofProperty)> {
        let mut found: Vec<(&ProofResult, &ProofProperty)> = Vec::new();
        for (result, property) in self.properties().filter(|(_, p)| p.verdict == verdict) {
            let same = |(other, known): &(&ProofResult, &ProofProperty)| {
                (&other.design, &known.name, &known.confirmed_by)
                    == (&result.design, &property.name, &property.confirmed_by)
            };
            if !found.iter().any(same) {
                found.push((result, property));
            }
        }
        found
    }
}

impl ProofResult {
    /// The result of a proof, held against the runs of the same design in scenarios.
    pub fn new<'a>(
        (design, title): (&str, &str),
        tokens: Tokens,
        proof: &Proof,
        limits: &Limits,
        runs: impl Iterator<Item = &'a RunResult> + Clone,
    ) -> Result<ProofResult, Contradiction> {
        let judge = |(property, answer): &(crate::property::Property, Answer)| {
            ProofProperty::new(design, property.name(), answer, runs.clone())
        };
        Ok(ProofResult {
            design: design.to_owned(),
            title: title.to_owned(),
            tokens,
            states: proof.states,
            transitions: proof.transitions,
            complete: proof.obstacle.is_none(),
            obstacle: proof.obstacle.map(|obstacle| obstacle.to_string()),
            bounds: ProofBounds {
                waiting: proof.waiting,
                search: Bounds::from(limits),
            },
            seconds: proof.elapsed.as_secs_f64(),
            properties: proof.answers.iter().map(judge).collect::<Result<_, _>>()?,
        })
    }
}

impl ProofProperty {
    fn new<'a>(
        design: &str,
        name: &str,
        answer: &Answer,
        runs: impl Iterator<Item = &'a RunResult>,
    ) -> Result<ProofProperty, Contradiction> {
        let violated = |run: &'a RunResult| {
            let mut properties = run.properties.iter();
            let found = properties.find(|property| property.name == name)?;
            let is_violated = found.verdict == Verdict::Violated;
            Some((found.steps.filter(|_| is_violated)?, run.scenario.as_str()))
        };
        let shortest = match answer {
            Answer::NotOfOneTab => None,
            _ => runs.filter_map(violated).min(),
        };
        let verdict = match (answer, shortest) {
            (Answer::Proved | Answer::Vacuous, Some((_, scenario))) => {
                return Err(Contradiction {
                    design: design.to_owned(),
                    scenario: scenario.to_owned(),
                    property: name.to_owned(),
                });
            }
            (_, Some(_)) => ProofVerdict::Violated,
            (Answer::Proved, None) => ProofVerdict::Proved,
            (Answer::Vacuous, None) => ProofVerdict::Vacuous,
            (Answer::Open(_), None) => ProofVerdict::NotProved,
            (Answer::Inconclusive, None) => ProofVerdict::Inconclusive,
            (Answer::NotOfOneTab, None) => ProofVerdict::NotOfOneTab,
        };
        let story = match answer {
            Answer::Open(story) => Some(story.clone()),
            _ => None,
        };
        let told = story.as_ref().map(|story| story.steps.len() as u32);
        Ok(ProofProperty {
            name: name.to_owned(),
            verdict,
            steps: shortest.map(|(steps, _)| steps).or(told),
            confirmed_by: shortest.map(|(_, scenario)| scenario.to_owned()),
            story,
        })
    }
}

/// What stands behind the verdicts of a result, in lines.
fn footing(report: &ProofReport) -> Vec<String> {
    let mut lines = vec![
        "proved: for any number of tabs, messages, mints, failures and fetches under way,"
            .to_owned(),
        "and any timestamps".to_owned(),
    ];
    let waiting = report.results.iter().filter_map(|r| r.bounds.waiting).max();
    lines.push(match waiting {
        None => "and any number of broadcasts that wait for a fetch".to_owned(),
        Some(n) => {
            format!("bound: at most {n} broadcasts wait for one fetch; more might do more")
        }
    });
    let sum = |of: fn(&ProofResult) -> u64| report.results.iter().map(of).sum::<u64>();
    let seconds: f64 = report.results.iter().map(|result| result.seconds).sum();
    lines.push(format!(
        "{} tabs up to the order of their instants, {} steps, {seconds:.1} s",
        sum(|result| result.states),
        sum(|result| result.transitions),
    ));
    for result in &report.results {
        if let Some(obstacle) = &result.obstacle {
            let tokens = result.tokens.meaning();
            lines.push(format!("inconclusive where {tokens}: {obstacle}"));
        }
    }
    lines
}

/// The runs of a report that a proof about these tokens has to agree with.
pub fn runs_about<'a>(
    report: &'a Report,
    design: &'a str,
    is_covered: impl Fn(&str) -> bool + Clone + 'a,
) -> impl Iterator<Item = &'a RunResult> + Clone {
    let runs = report.results.iter();
    runs.filter(move |run| run.design == design && is_covered(&run.scenario))
}
