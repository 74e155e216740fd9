//! What is expected of a verdict, and how the verdict compares with it.

use crate::design::{Design, Expectation};
use crate::property::{Property, Verdict};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// How a verdict compares with what was expected; the worst is greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// As expected.
    Agrees,
    /// Inconclusive, or unexpectedly vacuous: nothing is known.
    Unknown,
    /// Another verdict, or another length of the shortest counterexample.
    Differs,
}

impl Agreement {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Agreement::Agrees => "agrees",
            Agreement::Unknown => "unknown",
            Agreement::Differs => "differs",
        }
    }

    /// Compares a verdict, and the length of its counterexample in events.
    pub fn of(verdict: Verdict, steps: Option<u32>, expected: &Expectation) -> Agreement {
        Agreement::compare((verdict, steps), (expected.verdict, expected.steps))
    }

    /// The same of a verdict and length with an expected verdict and length.
    pub fn compare(found: (Verdict, Option<u32>), wanted: (Verdict, Option<u32>)) -> Agreement {
        let ((verdict, steps), (expected, expected_steps)) = (found, wanted);
        let same_steps = expected_steps.is_none() || expected_steps == steps;
        match (verdict, expected) {
            (verdict, expected) if verdict == expected && same_steps => Agreement::Agrees,
            (Verdict::Inconclusive, _) | (Verdict::Vacuous, Verdict::Holds) => Agreement::Unknown,
            _ => Agreement::Differs,
        }
    }
}

impl Agreement {
    /// The worst of all; unknown at best where nothing was checked.
    pub(crate) fn of_all(all: impl Iterator<Item = Agreement>, has_checked: bool) -> Agreement {
        let worst = all.max().unwrap_or(Agreement::Unknown);
        match has_checked {
            true => worst,
            false => worst.max(Agreement::Unknown),
        }
    }
}

/// What is expected of a property of a design in a scenario: what the design says, else that it is vacuous
/// if it is about what the platform lacks, else what the scenario says, else that it holds.
pub fn expectation(design: &Design, scenario: &Scenario, property: Property) -> Expectation {
    let key = (scenario.name.clone(), property);
    if let Some(expectation) = design.expectations.get(&key) {
        return expectation.clone();
    }
    if !property.exists_on(design.policy.platform) {
        return Expectation {
            verdict: Verdict::Vacuous,
            steps: None,
            because: "What it is about does not exist on the design's platform.".into(),
            path: design.path.as_path().into(),
            line: 1,
        };
    }
    match scenario.vacuous.get(&property) {
        Some(reason) => Expectation {
            verdict: Verdict::Vacuous,
            steps: None,
            because: reason.text.as_str().into(),
            path: scenario.path.as_path().into(),
            line: reason.line,
        },
        None => Expectation {
            verdict: Verdict::Holds,
            steps: None,
            because: "".into(),
            path: design.path.as_path().into(),
            line: 1,
        },
    }
}
