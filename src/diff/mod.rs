//! What differs between two designs: what they say, what comes of it, and how to see it.

mod compare;
mod held;
mod sides;

pub use held::differ;
pub use sides::diff;

use crate::check::{self, Bounds};
use crate::explore::{self, Bound};
use crate::freshness::{Row, Unreliable};
use crate::property::{Property, Verdict};
use crate::trace::{EventRecord, WalkError};
use serde::Serialize;

/// Why there is no comparison.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Run(#[from] explore::Error),
    /// A trace that was found cannot be walked, which is a bug, or a comparator failed.
    #[error(transparent)]
    Walk(#[from] WalkError),
}

impl From<Unreliable> for Error {
    fn from(error: Unreliable) -> Error {
        Error::Run(error.into())
    }
}

/// Two designs compared.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    pub from: String,
    /// Its title, one line of text from its file.
    pub from_title: String,
    /// The design that may replace it.
    pub to: String,
    /// Its title, one line of text from its file.
    pub to_title: String,
    /// Rows of the decision table that differ somewhere.
    pub rows: Vec<RowDiff>,
    /// What else differs in what the designs say.
    pub fields: Vec<Fields>,
    pub scenarios: Vec<ScenarioDiff>,
    /// The scenario with the shortest trace that tells the designs apart.
    pub shortest: Option<String>,
    /// The bounds of each run.
    pub bounds: Bounds,
    /// Something is not known, because a bound was hit.
    pub inconclusive: bool,
}

/// A row of the decision table that is not decided alike.
#[derive(Clone, Debug, Serialize)]
pub struct RowDiff {
    /// The guard site, where it has a rule of its own in either design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The row, from A1 to B3; in files by its name.
    #[serde(serialize_with = "check::by_name")]
    pub row: Row,
    /// When a pair falls in it.
    pub condition: String,
    /// Who wins; `depends` where the rule does not decide the row as a whole.
    pub was: String,
    /// The same, for the other design.
    pub is: String,
    /// How many of the pairs of small stamps in this row are decided in another way.
    pub differing: usize,
    /// How many pairs there are.
    pub pairs: usize,
    /// One of those that differ: existing, incoming.
    pub example: [String; 2],
}

/// A field of the designs that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Fields {
    pub field: String,
    /// In the first design.
    pub was: String,
    /// In the second.
    pub is: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ScenarioDiff {
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// The verdicts that differ.
    pub verdicts: Vec<VerdictDiff>,
    /// How to tell the designs apart.
    pub telling: Telling,
    pub apart: Option<Apart>,
    /// Pairs of states that were looked at side by side.
    pub pairs: u64,
    /// The bound that ended that search, or one of the runs.
    pub bound: Option<Bound>,
}

/// Whether two designs can be told apart in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// There is a trace after which a cache or the cookie differs.
    Apart,
    /// None ever does, but there is a trace after which a seed, or something under way, differs.
    InPassing,
    /// Everything was looked at, and nothing of that ever differs.
    Never,
    /// A bound was hit first.
    Inconclusive,
}

/// A verdict that differs.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictDiff {
    /// The property; in files by its name.
    pub property: Property,
    /// Of the first design.
    pub was: Verdict,
    /// Length of its shortest counterexample.
    pub was_steps: Option<u32>,
    /// Of the second design.
    pub is: Verdict,
    /// Length of its shortest counterexample.
    pub is_steps: Option<u32>,
}

/// A shortest trace that tells two designs apart.
#[derive(Clone, Debug, Serialize)]
pub struct Apart {
    /// How everything began.
    pub start: String,
    pub steps: Vec<ApartStep>,
    /// What is held after the last one, where it differs.
    pub held: Vec<Held>,
}

/// A step, in both designs.
#[derive(Clone, Debug, Serialize)]
pub struct ApartStep {
    /// The number of the step, from 1.
    pub number: usize,
    pub event: EventRecord,
    /// The same in words.
    pub title: String,
    /// What followed in both.
    pub both: Vec<String>,
    /// What followed in the first design alone.
    pub from: Vec<String>,
    /// What followed in the second design alone.
    pub to: Vec<String>,
}

/// Something that is held in one way by one design and in another by the other.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// `tab 0's cache`, or `the cookie`.
    pub place: String,
    /// By the first design.
    pub from: String,
    /// By the second.
    pub to: String,
}

impl VerdictDiff {
    /// Nothing violated it before.
    pub fn is_broken(&self) -> bool {
        self.is == Verdict::Violated && matches!(self.was, Verdict::Holds | Verdict::Vacuous)
    }

    /// It was violated before, and holds now.
    pub fn is_met(&self) -> bool {
        self.was == Verdict::Violated && self.is == Verdict::Holds
    }
}

impl Diff {
    /// Verdicts that differ in this way, with their scenarios.
    pub fn verdicts(
        &self,
        wanted: impl Fn(&VerdictDiff) -> bool,
    ) -> Vec<(&ScenarioDiff, &VerdictDiff)> {
        let of = |scenario: &'_ ScenarioDiff| scenario.verdicts.len();
        let mut found = Vec::with_capacity(self.scenarios.iter().map(of).sum());
        for scenario in &self.scenarios {
            let some = scenario.verdicts.iter().filter(|verdict| wanted(verdict));
            found.extend(some.map(|verdict| (scenario, verdict)));
        }
        found
    }
}
