//! What is said of runs that go on for ever.

use super::outcome::Bound;
use crate::model::Event;
use crate::property::Verdict;
use crate::vocabulary::{ModelToken, TabId};
use std::time::Duration;

/// What the liveness property says, in one sentence.
pub const MEANING: &str = "Every token that was posted is, as long as it is readable, eventually \
                           held by every other tab that keeps running, or something as fresh is.";

/// What it takes for it to have had a chance of being violated.
pub const WITNESS: &str = "a tab posts a token that outranks everything another tab ever had";

/// What has to happen at some time if it can happen all the time.
pub const FAIRNESS: &str = "requests reach the mint, answers arrive, broadcasts arrive";

/// Whether posts arrive in the end, in every fair run.
#[derive(Clone, Debug)]
pub struct Liveness {
    /// As for any property.
    pub verdict: Verdict,
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of such a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states with what is remembered of posts.
    pub explored: u64,
    /// How many of those are states in which some tab has yet to get something.
    pub undelivered: u64,
    /// Strongly connected components among those that have a transition in them.
    pub cyclic_components: u64,
    /// A run in which a tab never gets it.
    pub lasso: Option<Lasso>,
    /// The bound that ended the run early: then nothing is said.
    pub bound: Option<Bound>,
    /// Wall-clock time.
    pub elapsed: Duration,
}

/// A run that goes on for ever, with the shortest stem there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasso {
    /// The events that lead to where it stays.
    pub stem: Vec<Event>,
    /// The events that lead from there around and back, again and again. Empty: nothing that has to
    /// happen can happen any more, and the run stays where it is.
    pub cycle: Vec<Event>,
    /// The tab that never gets it.
    pub tab: TabId,
    /// What it never gets.
    pub token: ModelToken,
}
