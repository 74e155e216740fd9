//! Whether posts arrive in the end, of many designs and scenarios.

use super::{Bounds, DEFAULT_MODELS, Options, VERSION};
use crate::design::Design;
use crate::explore::{self, Bound, FAIRNESS, Lasso, Liveness, MEANING, WITNESS};
use crate::property::{Monitored, PropertySet, Verdict};
use crate::scenario::Scenario;
use crate::trace::{StoryStep, WalkError, Walked, beginning, steps_of, walk};
use serde::Serialize;

/// Results of `liveness`.
#[derive(Clone, Debug, Serialize)]
pub struct LivenessReport {
    /// [`VERSION`].
    pub version: u32,
    /// The directory with the models, as it was named.
    pub models: String,
    /// What the property says.
    pub meaning: &'static str,
    /// What it takes for it to have had a chance of being violated.
    pub witness: &'static str,
    /// What has to happen at some time if it can happen all the time.
    pub fairness: &'static str,
    /// What each run was not allowed to exceed.
    pub bounds: Bounds,
    /// One for each design and scenario.
    pub results: Vec<LivenessResult>,
}

/// One design in one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct LivenessResult {
    /// The design.
    pub design: String,
    /// The scenario.
    pub scenario: String,
    /// As for a property.
    pub verdict: Verdict,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states with what is remembered of posts.
    pub explored: u64,
    /// States in which some tab has yet to get something.
    pub indebted_states: u64,
    /// Strongly connected components among those with a transition in them.
    pub cyclic_components: u64,
    /// Everything reachable was explored.
    pub complete: bool,
    /// The bound that ended the run, if it is not complete.
    pub bound: Option<Bound>,
    /// Wall-clock time.
    pub seconds: f64,
    /// The run in which a tab never gets it.
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
    /// What it comes to.
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

/// Whether posts arrive in the end, for every one of these designs in every one of these scenarios.
/// Only the fast engine knows, so the method of the options does not matter.
///
/// # Errors
///
/// As of [`Check::run`](super::Check::run).
pub fn liveness<'a>(
    designs: impl IntoIterator<Item = &'a Design>,
    scenarios: &[&Scenario],
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
        LivenessResult::new(design, scenario, &model(), &found)
    });
    Ok(LivenessReport {
        version: VERSION,
        models: DEFAULT_MODELS.to_owned(),
        meaning: MEANING,
        witness: WITNESS,
        fairness: FAIRNESS,
        bounds: Bounds::from(&options.limits),
        results: results.into_iter().collect::<Result<_, _>>()?,
    })
}

impl LivenessReport {
    /// Whether some run has this verdict.
    pub fn has(&self, verdict: Verdict) -> bool {
        self.results.iter().any(|result| result.verdict == verdict)
    }
}

impl LivenessResult {
    fn new(
        design: &Design,
        scenario: &Scenario,
        model: &Monitored,
        liveness: &Liveness,
    ) -> Result<LivenessResult, LivenessError> {
        let lasso = match &liveness.lasso {
            Some(lasso) => Some(LassoRecord::new(scenario, model, lasso)?),
            None => None,
        };
        Ok(LivenessResult {
            design: design.name.clone(),
            scenario: scenario.name.clone(),
            verdict: liveness.verdict,
            states: liveness.states,
            transitions: liveness.transitions,
            explored: liveness.explored,
            indebted_states: liveness.undelivered,
            cyclic_components: liveness.cyclic_components,
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
        let Lasso { tab, token, .. } = lasso;
        let outcome = match cycle.is_empty() {
            true => format!(
                "Nothing is under way any more, so it can stay like this for ever: {tab} never \
                 gets {token}, nor anything as fresh."
            ),
            false => format!(
                "It can go around like this for ever: {tab} never gets {token}, nor anything as \
                 fresh."
            ),
        };
        Ok(LassoRecord {
            start: beginning(scenario, model.platform()),
            stem: steps,
            cycle,
            outcome,
        })
    }
}
