//! What the runs of a receipt add up to.

use super::RunReceipt;
use crate::check::Agreement;
use crate::property::Verdict;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Sums over all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Runs: a design in a scenario each.
    pub runs: u64,
    /// Unique states of their reachable graphs.
    pub states: u64,
    /// Transitions of these.
    pub transitions: u64,
    /// Verdicts: a property in a run each.
    pub verdicts: u64,
    /// How many of them say that a property holds.
    pub holds: u64,
    pub violated: u64,
    /// That nothing could violate it.
    pub vacuous: u64,
    pub inconclusive: u64,
    /// Those of them that are not as expected.
    pub unexpected: u64,
}

impl Totals {
    /// Adds up; nothing if a sum is too large.
    pub fn of(runs: &[RunReceipt]) -> Option<Totals> {
        let mut totals = Totals::default();
        for run in runs {
            totals.runs += 1;
            totals.states = totals.states.checked_add(run.states)?;
            totals.transitions = totals.transitions.checked_add(run.transitions)?;
            for one in &run.verdicts {
                totals.verdicts += 1;
                *match one.verdict {
                    Verdict::Holds => &mut totals.holds,
                    Verdict::Violated => &mut totals.violated,
                    Verdict::Vacuous => &mut totals.vacuous,
                    Verdict::Inconclusive => &mut totals.inconclusive,
                } += 1;
                totals.unexpected += u64::from(one.agreement() != Agreement::Agrees);
            }
        }
        Some(totals)
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "runs {}, states {}, transitions {}, verdicts {}: {} hold, {} violated, {} vacuous, {} \
             inconclusive, {} unexpected",
            self.runs,
            self.states,
            self.transitions,
            self.verdicts,
            self.holds,
            self.violated,
            self.vacuous,
            self.inconclusive,
            self.unexpected
        )
    }
}
