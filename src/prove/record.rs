//! What is proved of a design for any number of tabs, held against what scenarios found.

use super::{Answer, Certificate, Proof, Question, Story, Tokens, prove};
use crate::check::{Bounds, DEFAULT_MODELS, Options, Report, RunResult, VERSION, matrix};
use crate::design::Design;
use crate::explore::{self, Limits};
use crate::property::{Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Results of a `prove`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofReport {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// The version of the program that wrote this, as in `Cargo.toml`.
    pub freshest: String,
    /// The directory with the models, as it was named.
    pub models: String,
    /// Of a tab that comes and goes.
    #[serde(default)]
    pub life: bool,
    /// One for each design and kind of tokens.
    pub results: Vec<ProofResult>,
    /// What the searches found, where it was asked for.
    #[serde(skip)]
    pub certificate: Option<Certificate>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofResult {
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

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProofProperty {
    /// The property; in files by its name.
    #[serde(rename = "name")]
    pub property: Property,
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
    Violated,
    /// One tab violates it if its environment does anything honest; no scenario does.
    NotProved,
    /// Nothing that can happen could have violated it.
    Vacuous,
    /// A search hit a bound.
    Inconclusive,
    /// It is about several tabs together.
    NotOfOneTab,
    /// It is about a tab that comes and goes, and that was not asked.
    OfLife,
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
            ProofVerdict::OfLife => "only with --life",
        })
    }
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Run(#[from] explore::Error),
    /// A proof and a scenario do not go together.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
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
    property: Property,
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
    fn new(life: bool, results: Vec<ProofResult>) -> ProofReport {
        ProofReport {
            version: VERSION,
            freshest: env!("CARGO_PKG_VERSION").to_owned(),
            models: DEFAULT_MODELS.to_owned(),
            life,
            results,
            certificate: None,
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
}

impl ProofResult {
    /// The result of a proof, held against the runs of the same design in scenarios.
    fn new<'a>(
        design: &Design,
        tokens: Tokens,
        proof: &Proof,
        limits: &Limits,
        runs: impl Iterator<Item = &'a RunResult> + Clone,
    ) -> Result<ProofResult, Contradiction> {
        let judge = |(property, answer): &(Property, Answer)| {
            ProofProperty::new(&design.name, *property, answer, runs.clone())
        };
        Ok(ProofResult {
            design: design.name.clone(),
            title: design.title.clone(),
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
        property: Property,
        answer: &Answer,
        runs: impl Iterator<Item = &'a RunResult>,
    ) -> Result<ProofProperty, Contradiction> {
        let violated = |run: &'a RunResult| {
            let found = run.property(property)?;
            let is_violated = found.verdict == Verdict::Violated;
            Some((found.steps.filter(|_| is_violated)?, run.scenario.as_str()))
        };
        let shortest = match answer {
            Answer::NotOfOneTab | Answer::OfLife => None,
            _ => runs.filter_map(violated).min(),
        };
        let verdict = match (answer, shortest) {
            (Answer::Proved | Answer::Vacuous, Some((_, scenario))) => {
                return Err(Contradiction {
                    design: design.to_owned(),
                    scenario: scenario.to_owned(),
                    property,
                });
            }
            (_, Some(_)) => ProofVerdict::Violated,
            (Answer::Proved, None) => ProofVerdict::Proved,
            (Answer::Vacuous, None) => ProofVerdict::Vacuous,
            (Answer::Open(_), None) => ProofVerdict::NotProved,
            (Answer::Inconclusive, None) => ProofVerdict::Inconclusive,
            (Answer::NotOfOneTab, None) => ProofVerdict::NotOfOneTab,
            (Answer::OfLife, None) => ProofVerdict::OfLife,
        };
        let story = match answer {
            Answer::Open(story) => Some(story.clone()),
            _ => None,
        };
        let told = story.as_ref().map(|story| story.steps.len() as u32);
        Ok(ProofProperty {
            property,
            verdict,
            steps: shortest.map(|(steps, _)| steps).or(told),
            confirmed_by: shortest.map(|(_, scenario)| scenario.to_owned()),
            story,
        })
    }
}

/// Looks for a proof of what the question asks, for each kind of tokens, and in every scenario for
/// violations of what has none.
///
/// # Errors
///
/// A run has none, see [`Check::run`](crate::check::Check::run), or a proof and a scenario contradict
/// each other, which is a bug.
pub fn prove_design(
    design: &Design,
    scenarios: &[Scenario],
    asked: &Asked<'_>,
    options: &Options<'_>,
) -> Result<ProofReport, Error> {
    let bounded = matrix([design], scenarios)
        .properties(asked.properties)
        .options(options.clone())
        .run()?;
    let question = |&tokens| Question {
        policy: design.policy,
        tokens,
        properties: asked.properties,
        waiting: asked.waiting,
        certify: asked.certify,
        life: asked.life,
    };
    let questions: Vec<Question> = asked.tokens.iter().map(question).collect();
    let name = |question: &Question| format!("{}, {}", design.name, question.tokens.meaning());
    let mut proofs = options.run_each(&questions, name, |question| {
        prove(question, &options.limits, &options.watch)
    });
    let results = asked.tokens.iter().zip(&proofs).map(|(&tokens, proof)| {
        let runs = runs_about(&bounded, scenarios, tokens, asked.life);
        ProofResult::new(design, tokens, proof, &options.limits, runs)
    });
    let report = ProofReport::new(asked.life, results.collect::<Result<_, _>>()?);
    let invariants = proofs
        .iter_mut()
        .flat_map(|proof| proof.invariants.drain(..));
    let certificate = match asked.certify {
        true => Certificate::new(design, invariants.collect()),
        false => None,
    };
    Ok(ProofReport {
        certificate,
        ..report
    })
}

#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The properties; those of several tabs together are passed over.
    pub properties: PropertySet,
    /// The kinds of tokens; there is a result for each.
    pub tokens: &'a [Tokens],
    /// As of a [`Question`].
    pub waiting: usize,
    /// As of a [`Question`].
    pub certify: bool,
    /// As of a [`Question`].
    pub life: bool,
}

/// The runs that a proof about these tokens has to agree with.
fn runs_about<'a>(
    report: &'a Report,
    scenarios: &'a [Scenario],
    tokens: Tokens,
    life: bool,
) -> impl Iterator<Item = &'a RunResult> + Clone {
    let covers = move |run: &&RunResult| {
        let scenario = scenarios.iter().find(|s| s.name == run.scenario);
        // A proof of a tab that neither comes nor goes, in its first session, says nothing of others.
        let is_about_it = |s: &&Scenario| life || !s.setup.is_about_life();
        let starts = |s: &Scenario| tokens == Tokens::Mixed || !s.setup.start.is_legacy();
        scenario.filter(is_about_it).is_some_and(starts)
    };
    report.results.iter().filter(covers)
}
