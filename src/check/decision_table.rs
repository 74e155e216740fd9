//! The eight-row decision table, computed by running the comparator.

use super::VERSION;
use crate::freshness::{Row, Rule, TokenView, Unreliable, Winner};
use serde::Serialize;

/// A row of the table as the comparator decides it.
#[derive(Clone, Debug, Serialize)]
pub struct DecidedRow {
    /// Which one.
    #[serde(serialize_with = "by_name")]
    pub row: Row,
    /// When a pair falls in it.
    pub condition: String,
    /// Who wins; `None` if the rule does not decide the row as a whole.
    pub winner: Option<String>,
    /// Whether #8097 decides it in another way.
    pub differs: bool,
    /// Why the standard table decides it so, or what the rule looks at instead.
    pub because: String,
}

/// The whole table.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionTable {
    /// As in a report.
    pub version: u32,
    /// One line.
    pub title: String,
    /// The eight rows.
    pub rows: Vec<DecidedRow>,
}

pub(crate) fn by_name<S: serde::Serializer>(row: &Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(row.name())
}

/// What a rule does with each of the eight rows.
///
/// # Errors
///
/// The rule is a script that failed.
pub fn decision_table(title: String, rule: Rule) -> Result<DecisionTable, Unreliable> {
    let rows = Row::ALL.into_iter().map(|row| decide(rule, row)).collect();
    rule.check()?;
    Ok(DecisionTable {
        version: VERSION,
        title,
        rows,
    })
}

/// Pairs of small stamps, existing and incoming, that together fall in every row in many ways. Where
/// the rule may look at the claims' format they differ in that, too.
pub(crate) fn pairs(rule: Rule) -> impl Iterator<Item = (TokenView, TokenView)> {
    let formats = match rule {
        Rule::External(_) => 0..=1,
        _ => 0..=0,
    };
    let mut tokens = Vec::new();
    for oiat in [None, Some(1), Some(2), Some(3)] {
        for iat in (1..=4).map(Some) {
            tokens.extend(
                formats
                    .clone()
                    .map(|format| TokenView { oiat, iat, format }),
            );
        }
    }
    let others = tokens.clone();
    let against_all = move |existing| others.clone().into_iter().map(move |i| (existing, i));
    tokens.into_iter().flat_map(against_all)
}

/// Asks the comparator about every pair of small stamps that falls in the row.
fn decide(rule: Rule, row: Row) -> DecidedRow {
    let mut winners: Vec<Winner> = pairs(rule)
        .map(|(existing, incoming)| rule.decide(&existing, &incoming))
        .filter(|decision| decision.row == Some(row))
        .map(|decision| decision.winner)
        .collect();
    winners.sort();
    winners.dedup();
    let standard = Rule::Table(crate::freshness::Table::STANDARD);
    let (existing, incoming) = row.example();
    let usual = standard.decide(&existing, &incoming).winner;
    let (winner, because) = match winners.as_slice() {
        [winner] if *winner == usual => (Some(winner.to_string()), row.reason().to_owned()),
        [winner] => (Some(winner.to_string()), "as this design has it".to_owned()),
        _ => (None, "this rule does not decide by rows".to_owned()),
    };
    DecidedRow {
        row,
        condition: row.condition().to_owned(),
        differs: winners != [usual],
        winner,
        because,
    }
}
