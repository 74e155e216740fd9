//! What is said of runs that go on for ever.

use super::outcome::Bound;
use crate::model::Event;
use crate::named::named;
use crate::property::{Property, Verdict};
use crate::vocabulary::{ModelToken, TabId};
use std::time::Duration;

named! {
    /// What is asked of runs that go on for ever.
    pub enum Question {
        /// Does what is posted get to every tab?
        EveryPostArrives = "every-post-arrives",
        /// Does every call of the page end?
        EveryCallEnds = "every-call-ends",
    }
}

impl Question {
    /// What is asked, in one sentence that is true if the verdict is that it holds.
    pub const fn meaning(self) -> &'static str {
        match self {
            Question::EveryPostArrives => {
                "Every token that was posted is, as long as it is readable, eventually held by \
                 every other tab that keeps running, or something as fresh is."
            }
            Question::EveryCallEnds => {
                "Every call of getToken, in a tab that keeps running, eventually ends, with a \
                 token or a rejection."
            }
        }
    }

    /// What it takes for it to have had a chance of being violated.
    pub const fn witness(self) -> &'static str {
        match self {
            Question::EveryPostArrives => Property::EveryPostArrives.definition().opportunity,
            Question::EveryCallEnds => Property::EveryCallEnds.definition().opportunity,
        }
    }

    /// A state in which it is still open whether what is asked comes true.
    pub const fn debt(self) -> &'static str {
        match self {
            Question::EveryPostArrives => "some tab has yet to get something",
            Question::EveryCallEnds => "some call waits",
        }
    }
}

/// What has to happen at some time if it can happen all the time.
pub const FAIRNESS: &str = "requests reach the mint, answers arrive, broadcasts arrive, a lock that \
                            is free goes to a call that waits for it";

/// What is said of every fair run.
#[derive(Clone, Debug)]
pub struct Liveness {
    /// Unique states of the reachable graph.
    pub states: u64,
    /// Pairs of such a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states with what is remembered of posts.
    pub explored: u64,
    /// In the order of [`Question::ALL`].
    pub answers: Vec<Answer>,
    /// The bound that ended the run early: then nothing is said.
    pub bound: Option<Bound>,
    /// Wall-clock time.
    pub elapsed: Duration,
}

impl Liveness {
    /// Whether something is owed all the way around some cycle.
    pub(super) fn goes_around(&self) -> bool {
        self.answers.iter().any(|of| of.cyclic_components > 0)
    }
}

/// The answer to one question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    pub verdict: Verdict,
    /// How many states, with what is remembered of posts, are in debt: see [`Question::debt`].
    pub indebted: u64,
    /// Strongly connected components among those that have a transition in them.
    pub cyclic_components: u64,
    /// A run that refutes it.
    pub lasso: Option<Lasso>,
}

/// A run that goes on for ever, with the shortest stem there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasso {
    /// The events that lead to where it stays.
    pub stem: Vec<Event>,
    /// The events that lead from there around and back, again and again. Empty: nothing that has to
    /// happen can happen any more, and the run stays where it is.
    pub cycle: Vec<Event>,
    /// Who is owed what.
    pub debt: Debt,
}

/// What never comes, and in which tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debt {
    /// A token that another tab posted, or something as fresh.
    Token(TabId, ModelToken),
    /// The end of a call.
    Call {
        /// The tab whose page called.
        tab: TabId,
        /// Who has the lock that the call waits for, and has stopped.
        holder: Option<TabId>,
    },
}
