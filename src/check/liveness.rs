//! Whether posts arrive and calls end, of many designs and scenarios.

use super::{Bounds, DEFAULT_MODELS, Options, VERSION};
use crate::design::Design;
use crate::explore::{self, Answer, Bound, Debt, FAIRNESS, Lasso, Liveness, Question};
use crate::property::{Monitored, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::trace::{StoryStep, WalkError, Walked, beginning, steps_of, walk};
use serde::Serialize;

/// Results of `liveness`.
#[derive(Clone, Debug, Serialize)]
pub struct LivenessReport {
    /// The version of this form, [`VERSION`]; it changes when what is there gets another meaning.
    pub version: u32,
    /// The directory with the models, as it was named.
    pub models: String,
    /// What is asked.
    pub questions: Vec<QuestionRecord>,
    /// What has to happen at some time if it can happen all the time.
    pub fairness: &'static str,
    /// What each run was not allowed to exceed.
    pub bounds: Bounds,
    /// One for each design, scenario and question.
    pub results: Vec<LivenessResult>,
}

/// A question, in words.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct QuestionRecord {
    pub name: &'static str,
    /// What is so if it holds.
    pub meaning: &'static str,
    /// What it takes for it to have had a chance of being violated.
    pub witness: &'static str,
}

impl From<Question> for QuestionRecord {
    fn from(question: Question) -> QuestionRecord {
        QuestionRecord {
            name: question.name(),
            meaning: question.meaning(),
            witness: question.witness(),
        }
    }
}

/// The answer to one question about one design in one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct LivenessResult {
    /// The design's name, without the ending of its file.
    pub design: String,
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// The name of the question that is answered.
    pub question: &'static str,
    pub verdict: Verdict,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states with what is remembered of posts.
    pub explored: u64,
    /// States in which it is still open whether what is asked comes true.
    pub indebted_states: u64,
    /// Strongly connected components among those with a transition in them.
    pub cyclic_components: u64,
    /// Everything reachable was explored.
    pub complete: bool,
    /// The bound that ended the run, if it is not complete.
    pub bound: Option<Bound>,
    /// Wall-clock time of the run that answered all questions.
    pub seconds: f64,
    /// The run that refutes it.
    pub lasso: Option<LassoRecord>,
}

/// A lasso, retold.
#[derive(Clone, Debug, Serialize)]
pub struct LassoRecord {
    /// How everything began.
    pub start: String,
    /// What leads to where the run stays.
    pub stem: Vec<StoryStep>,
    /// What happens from there on, again and again; nothing where the run stays in one state.
    pub cycle: Vec<StoryStep>,
    /// What never comes true on this run, in words.
    pub outcome: String,
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LivenessError {
    /// The run itself.
    #[error(transparent)]
    Run(#[from] explore::Error),
    /// A lasso cannot be walked, which is a bug, or the comparator failed.
    #[error(transparent)]
    Walk(#[from] WalkError),
}

/// Whether posts arrive and calls end, for every one of these designs in every one of these scenarios.
/// Only the fast engine knows, so the method of the options does not matter.
/// All questions of a design in a scenario are answered by one run.
///
/// # Errors
///
/// As of [`Check::run`](super::Check::run).
pub fn liveness<'a>(
    designs: impl IntoIterator<Item = &'a Design>,
    scenarios: &[&Scenario],
    questions: &[Question],
    options: &Options<'_>,
) -> Result<LivenessReport, LivenessError> {
    let with_each = |design| scenarios.iter().map(move |&scenario| (design, scenario));
    let pairs = designs.into_iter().flat_map(with_each);
    let pairs: Vec<_> = pairs.filter(|(d, s)| d.runs_in(s)).collect();
    let name =
        |(design, scenario): &(&Design, &Scenario)| format!("{} in {}", design.name, scenario.name);
    let results = options.run_each(&pairs, name, |(design, scenario)| {
        let model = || Monitored::new(design.policy, &scenario.setup, PropertySet::NONE);
        let found = explore::liveness(model(), &options.limits, &options.watch)?;
        let answers = found.answers.iter();
        let answers = answers.filter(|answer| questions.contains(&answer.question));
        let result = |answer| LivenessResult::new((design, scenario), &model(), (&found, answer));
        answers.map(result).collect::<Result<Vec<_>, _>>()
    });
    let results = results.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(LivenessReport {
        version: VERSION,
        models: DEFAULT_MODELS.to_owned(),
        questions: questions.iter().map(|&of| of.into()).collect(),
        fairness: FAIRNESS,
        bounds: Bounds::from(&options.limits),
        results: results.into_iter().flatten().collect(),
    })
}

impl LivenessReport {
    /// Whether some run has this verdict.
    pub fn has(&self, verdict: Verdict) -> bool {
        self.results.iter().any(|result| result.verdict == verdict)
    }

    /// Whether there is a question to which no run gives an answer.
    pub fn has_unanswered(&self) -> bool {
        let answered = |question: &QuestionRecord| {
            let mut results = self.results.iter();
            results.any(|of| of.question == question.name && of.verdict.says_something())
        };
        !self.questions.iter().all(answered)
    }
}

impl LivenessResult {
    fn new(
        (design, scenario): (&Design, &Scenario),
        model: &Monitored,
        (liveness, answer): (&Liveness, &Answer),
    ) -> Result<LivenessResult, LivenessError> {
        let lasso = match &answer.lasso {
            Some(lasso) => Some(LassoRecord::new(scenario, model, lasso)?),
            None => None,
        };
        Ok(LivenessResult {
            design: design.name.clone(),
            scenario: scenario.name.clone(),
            question: answer.question.name(),
            verdict: answer.verdict,
            states: liveness.states,
            transitions: liveness.transitions,
            explored: liveness.explored,
            indebted_states: answer.indebted,
            cyclic_components: answer.cyclic_components,
            complete: liveness.bound.is_none(),
            bound: liveness.bound,
            seconds: liveness.elapsed.as_secs_f64(),
            lasso,
        })
    }
}

impl LassoRecord {
    fn new(
        scenario: &Scenario,
        model: &Monitored,
        lasso: &Lasso,
    ) -> Result<LassoRecord, WalkError> {
        let events: Vec<_> = lasso.stem.iter().chain(&lasso.cycle).copied().collect();
        let walked: Vec<Walked> = walk(model, &events)?;
        let mut steps = steps_of(&walked, model.roster());
        let cycle = steps.split_off(lasso.stem.len());
        let outcome = outcome(&lasso.debt, cycle.is_empty());
        Ok(LassoRecord {
            start: beginning(scenario, model.platform()),
            stem: steps,
            cycle,
            outcome,
        })
    }
}

/// What a lasso comes to.
fn outcome(debt: &Debt, stays: bool) -> String {
    let how = match stays {
        true => "Nothing is left that has to happen, so it can stay like this for ever",
        false => "It can go around like this for ever",
    };
    match debt {
        Debt::Token(tab, token) => {
            format!("{how}: {tab} never gets {token}, nor anything as fresh.")
        }
        Debt::Call { tab, holder: None } => format!("{how}: {tab}'s call never ends."),
        Debt::Call {
            tab,
            holder: Some(holder),
        } => format!(
            "{how}: {tab}'s call never ends. It waits for the lock, which {holder} has, and \
             {holder} has stopped for good."
        ),
    }
}
