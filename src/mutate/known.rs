//! Outcomes that are known already.

use crate::cache::{Policy, Site};
use crate::explore::{Outcome, RowSet};
use crate::freshness::{Row, Rule};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Run {
    /// The policy that ran: the one that was asked for, or one that nothing in the scenario tells
    /// from it.
    pub policy: Policy,
    /// What was found.
    pub outcome: Arc<Outcome>,
}

/// The complete runs of one scenario so far.
#[derive(Default)]
pub struct Known(Vec<Run>);

impl Known {
    /// A run that this policy could only repeat: one of a policy that differs from it at most in
    /// rows of its table by which the run never decided. By induction over the events both reach
    /// the same states.
    pub fn find(&self, policy: &Policy) -> Option<Run> {
        let same = |run: &&Run| acts_alike(&run.policy, policy, run.outcome.rows);
        self.0.iter().find(same).cloned()
    }

    /// Remembers a run; one that was cut short has not asked everything, and is of no use.
    pub fn add(&mut self, run: &Run) {
        if run.outcome.is_complete() {
            self.0.push(run.clone());
        }
    }
}

/// Whether two policies are the same but for rows that were not asked.
fn acts_alike(one: &Policy, other: &Policy, asked: RowSet) -> bool {
    let mut alike = *one;
    alike.rules = other.rules;
    if alike != *other {
        return false;
    }
    let sites = [None].into_iter().chain(Site::ALL.map(Some));
    // A row that was asked somewhere counts everywhere: where it was is not known.
    { sites }.all(|site| match (one.rules.of(site), other.rules.of(site)) {
        (Some(one), Some(other)) => decide_alike(one, other, asked),
        (one, other) => one == other,
    })
}

/// Whether two rules are the same but for rows that were not asked.
fn decide_alike(one: Rule, other: Rule, asked: RowSet) -> bool {
    let by_iat = |row| matches!(row, Row::A3 | Row::A4 | Row::A5);
    match (one, other) {
        (Rule::Table(a), Rule::Table(b)) | (Rule::ExpiredYields(a), Rule::ExpiredYields(b)) => {
            asked.iter().all(|r| a.winner(r) == b.winner(r))
        }
        (Rule::TableThenIat(a), Rule::TableThenIat(b))
        | (Rule::LiveThenTable(a), Rule::LiveThenTable(b)) => {
            // There rows A3 to A5 stand in for B3.
            let counts = |row: &Row| asked.has(*row) || by_iat(*row) && asked.has(Row::B3);
            let mut rows = Row::ALL.into_iter().filter(counts);
            rows.all(|row| row == Row::B3 || a.winner(row) == b.winner(row))
        }
        (a, b) => a == b,
    }
}
