//! Whether posts arrive in the end: the table, and the lasso as a story.

use super::story::{StoryStep, beginning, steps_of};
use super::wrap::fill;
use crate::design::Design;
use crate::explore::{FAIRNESS, Lasso, Liveness, MEANING, WITNESS};
use crate::property::{Monitored, Verdict};
use crate::scenario::Scenario;
use crate::trace::{Walked, walk};
use serde::Serialize;
use std::fmt::Write;

/// Results of `liveness`.
#[derive(Clone, Debug, Serialize)]
pub struct LivenessReport {
    /// As in a report.
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
    pub bounds: super::Bounds,
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
    pub bound: Option<String>,
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

impl LivenessResult {
    /// Of one run. `None` if the lasso cannot be walked, which would be an internal error.
    pub fn new(
        design: &Design,
        scenario: &Scenario,
        model: &Monitored,
        liveness: &Liveness,
    ) -> Option<LivenessResult> {
        let lasso = match &liveness.lasso {
            Some(lasso) => Some(LassoRecord::new(scenario, model, lasso)?),
            None => None,
        };
        Some(LivenessResult {
            design: design.name.clone(),
            scenario: scenario.name.clone(),
            verdict: liveness.verdict,
            states: liveness.states,
            transitions: liveness.transitions,
            explored: liveness.explored,
            indebted_states: liveness.indebted,
            cyclic_components: liveness.cyclic_components,
            complete: liveness.bound.is_none(),
            bound: liveness.bound.map(|bound| bound.to_string()),
            seconds: liveness.elapsed.as_secs_f64(),
            lasso,
        })
    }
}

impl LassoRecord {
    fn new(scenario: &Scenario, model: &Monitored, lasso: &Lasso) -> Option<LassoRecord> {
        let events: Vec<_> = lasso.stem.iter().chain(&lasso.cycle).copied().collect();
        let walked: Vec<Walked> = walk(model, &events).ok()?;
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
        Some(LassoRecord {
            start: beginning(scenario),
            stem: steps,
            cycle,
            outcome,
        })
    }

    fn as_text(&self) -> String {
        let mut text = format!("  0. {}\n", self.start);
        for step in &self.stem {
            text += &step.as_text();
        }
        if !self.cycle.is_empty() {
            text += "\nand from there around\n";
        }
        for step in &self.cycle {
            text += &step.as_text();
        }
        text + "\nFOR EVER\n" + &fill(&self.outcome, "  ", "  ")
    }
}

impl LivenessReport {
    /// The report as text, 80 columns wide: a table for each design and, where there is only one
    /// run, its story.
    pub fn as_text(&self) -> String {
        let mut text = fill(MEANING, "", "");
        let mut design = "";
        for result in &self.results {
            if result.design != design {
                design = &result.design;
                text += &format!(
                    "\n{design}\n{:<20} {:<12} {:>5} {:>5} {:>10} {:>10}\n",
                    "scenario", "verdict", "stem", "cycle", "states", "in debt"
                );
            }
            text += &line(result);
        }
        text.push('\n');
        let fair = format!("fair, so they happen at some time: {FAIRNESS}");
        text += &fill(&fair, "", "  ");
        text += &fill(&format!("vacuous unless {WITNESS}"), "", "  ");
        text += "in debt: states in which some tab has yet to get something\n";
        let cycles: u64 = self.results.iter().map(|r| r.cyclic_components).sum();
        let _ = writeln!(text, "cycles among those states: {cycles}");
        text += &self.bounds_in_words();
        if let [result] = &self.results[..]
            && let Some(lasso) = &result.lasso
        {
            text.push('\n');
            text += &lasso.as_text();
        }
        text
    }

    fn bounds_in_words(&self) -> String {
        let mut hit = self
            .results
            .iter()
            .filter_map(|r| r.bound.as_ref())
            .peekable();
        match hit.peek() {
            None => "bounds: none was hit, everything reachable was explored\n".to_owned(),
            Some(bound) => format!("bounds: {bound}; nothing is said of such a run\n"),
        }
    }
}

fn line(result: &LivenessResult) -> String {
    let lengths = result.lasso.as_ref();
    let length = |steps: Option<usize>| steps.map_or(String::new(), |steps| steps.to_string());
    format!(
        "{:<20} {:<12} {:>5} {:>5} {:>10} {:>10}\n",
        result.scenario,
        result.verdict,
        length(lengths.map(|lasso| lasso.stem.len())),
        length(lengths.map(|lasso| lasso.cycle.len())),
        result.states,
        result.indebted_states
    )
}
