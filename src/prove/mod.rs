//! The properties of one tab, for any number of tabs, messages and mints, and any timestamps.
//!
//! One tab, run by [`Cache::handle`](crate::cache::Cache::handle) with the design's own policy and
//! judged by [`Monitor`](crate::property::Monitor), in an environment that may do anything honest. Its
//! states are taken up to the order of their instants; so there are few, and all are visited.
//!
//! **States.** A state ([`tab`]) is the cache and the property's auxiliary history. Instants are
//! renamed ([`order`]): those at which claims were read (`oiat`s) to dense numbers, those at which
//! tokens were minted (`iat`s) to dense numbers within a line and a phase: dead, near, live. A line
//! has the `iat`s that the rule can hold against each other: those of equal `oiat`, or, for a rule
//! that goes by `iat` alone at any site, all. This loses nothing. The cache is generic in its token: it can ask
//! for the stamps, which only the rule does, and for the phase, as a rule may, too. So it
//! commutes with every renaming that keeps order, equality, absence and phase, and so does the
//! judge. Any order of `oiat`s goes with any order of `iat`s on the lines: first the origin mints
//! once for each `oiat`, then the edge copies each as often and as late as is needed. Not
//! covered ([`Obstacle::Comparator`]) are rules that look at more: that hold an `iat` against an
//! `oiat` (where tokens lack `oiat`), count reads of the database, or calculate, as a script may.
//!
//! **Tokens without `oiat`** are older than any with it: the origin begins to send `oiat` once, for
//! good, so their claims were read before those that an `oiat` reports, or in the same instant
//! ([`order`]). If the design sends every request whose seed has no `oiat` to the origin
//! (`legacy-to-origin`), and so do all tabs, no edge ever copies such a token: then its `iat` is the
//! instant at which its claims and their format were read, and they are *dated* ([`formats`]).
//! Nothing else is assumed of measures: the cache that runs takes them.
//!
//! **Environment** ([`environment`]). At any time: page and timers, an answer or a failure to a
//! request under way, what other tabs broadcast in this design, and expiry of the next instant of a line. Tokens that arrive are
//! new in any order type: before, between, with or after the instants that the tab knows, in any
//! phase. What is let happen beyond what can happen:
//! - an answer may be any token, not only one minted after its request from the request's parent, so
//!   nothing hangs on whether the edge mints from a parent without `oiat`;
//! - tokens without `oiat` may have been minted at any time, not only before the origin's switch;
//! - a lock across tabs is not looked at;
//! - an answer that is lost, or that has no token, is a failure: it leaves the same behind, and a page that
//!   gets `null` is judged as one that is rejected. A 401 is about the life of a tab ([`life`]);
//! - a broadcast's format counts as newer than that of whatever it meets, unless dates say that it is
//!   not;
//! - the cookie that a write meets may be any, or missing ([`cookie`]), and so may the last active
//!   token that decides about the write, where no state has it.
//!
//! So what holds here holds in every scenario, and what is violated here may be impossible: it is
//! called violated only if a scenario violates it.
//!
//! **Fetches**, any number. A fetch is its name and the broadcasts that wait for it. Waiting
//! broadcasts are looked at only when their fetch ends, and were any tokens in any order: so they
//! are chosen then, and no state holds any. Then fetches that do not own the slot differ in nothing,
//! and a state only says whether there are any; when one ends, others may be left or not.
//!
//! **Waiting broadcasts**, any number, if what replaces what under the rule is a weak order, and
//! nothing else decides ([`waiting`]): one shows all states, and two all violations. Else at most
//! [`Question::waiting`] wait, and that is a bound.
//!
//! **The last active token** is part of the states where it decides about the slot (the site `last`),
//! and for the property about seeds. Elsewhere it is left out ([`last`]): that it decides nothing about
//! the slot is checked for the design at hand, in every state that is reached, with every event, with
//! every such token. If it does decide something it is kept.
//!
//! **Stories** ([`story`]). A counterexample is given real numbers that agree with every order it
//! was found with, and is run again with them before anybody sees it.

mod certificate;
mod cookie;
mod environment;
mod formats;
mod last;
mod life;
mod life_events;
#[cfg(test)]
mod life_tests;
mod order;
mod plan;
mod record;
mod search;
mod step;
mod story;
mod tab;
#[cfg(test)]
mod tests;
mod timeline;
mod waiting;

pub use certificate::{Certificate, obstacle as certificate_obstacle};
pub use record::{
    Asked, Contradiction, Error, ProofBounds, ProofProperty, ProofReport, ProofResult,
    ProofSummary, ProofVerdict, prove_design,
};
pub use story::{Story, StoryStep};

use crate::cache::Policy;
use crate::explore::{Bound, Limits, Watch};
use crate::property::{Property, PropertySet};
use certificate::Invariant;
use std::fmt;
use std::time::Duration;

/// Which tokens are about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")] // As in `Tokens::name`.
pub enum Tokens {
    /// Every token has `oiat`.
    WithOiat,
    /// Tokens without `oiat` as well.
    Mixed,
}

impl Tokens {
    /// Both.
    pub const ALL: [Tokens; 2] = [Tokens::WithOiat, Tokens::Mixed];

    /// The name in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Tokens::WithOiat => "with-oiat",
            Tokens::Mixed => "mixed",
        }
    }

    /// The inverse of [`Tokens::name`].
    pub fn from_name(name: &str) -> Option<Tokens> {
        Tokens::ALL.into_iter().find(|tokens| tokens.name() == name)
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Tokens::WithOiat => "every token has oiat",
            Tokens::Mixed => "tokens may lack oiat",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What the design decides: all that a proof knows of it.
    pub policy: Policy,
    /// Which tokens are about.
    pub tokens: Tokens,
    /// The properties; those of several tabs together are passed over.
    pub properties: PropertySet,
    /// Where the comparator is not transitive, the most broadcasts that wait for one fetch.
    pub waiting: usize,
    /// Keep what the searches found, for a [`Certificate`].
    pub certify: bool,
    /// Of a tab that comes and goes, gets and loses focus, signs out and changes the organisation; else of
    /// one in its first session, with focus, in the personal account.
    pub life: bool,
}

#[derive(Clone, Debug)]
pub enum Answer {
    /// Nothing that can happen violates it.
    Proved,
    /// Nothing that can happen could have violated it.
    Vacuous,
    /// It is violated in the most general environment, shortest like this.
    Open(Story),
    /// The search did not come to its end.
    Inconclusive,
    /// It is about several tabs together.
    NotOfOneTab,
    /// It is about a tab that comes and goes, and the question is not.
    OfLife,
}

/// Why a search did not come to its end, or could not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A bound of the search.
    Bound(Bound),
    /// A tab held more instants than can be numbered.
    Crowded,
    /// The comparator may look at more than the order that the argument is about.
    Comparator,
    /// What becomes of an answer depends on when it was asked for, which the argument leaves out.
    Fence,
    /// What is dispatched is held against the last active token of any session, and the argument about a
    /// tab that comes and goes keeps that of the current one only.
    Dispatch,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::Bound(bound) => bound.fmt(f),
            Obstacle::Crowded => write!(f, "a tab held more instants than can be numbered"),
            Obstacle::Comparator => {
                write!(
                    f,
                    "the comparator may look at more than the order of oiat and iat, as scripts may"
                )
            }
            Obstacle::Fence => write!(
                f,
                "what becomes of an answer depends on when it was asked for (answer = \"fence\")"
            ),
            Obstacle::Dispatch => write!(
                f,
                "a guard looks at the last active tokens of older sessions (site `dispatch`)"
            ),
        }
    }
}

/// What the searches for a design found.
#[derive(Clone, Debug)]
pub struct Proof {
    /// One for each property that was asked for.
    pub answers: Vec<(Property, Answer)>,
    /// Canonical tabs, all searches together.
    pub states: u64,
    /// Steps, all searches together.
    pub transitions: u64,
    /// The most broadcasts that wait for one fetch; `None`: any number.
    pub waiting: Option<usize>,
    /// Whether the last active token had to be part of the tabs.
    pub keeps_last: bool,
    /// Why something is inconclusive.
    pub obstacle: Option<Obstacle>,
    /// What the searches found, if [`Question::certify`] asks for it.
    invariants: Vec<Invariant>,
    /// Wall-clock time.
    pub elapsed: Duration,
}

pub fn prove(question: &Question, limits: &Limits, watch: &Watch) -> Proof {
    plan::Plan::new(question, limits, watch).run()
}
