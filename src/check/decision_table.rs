//! The eight-row decision table, computed by running the comparator.

use super::VERSION;
use crate::cache::Rules;
use crate::freshness::{Expiry, Org, Row, Rule, TokenView, Unreliable, Winner};
use serde::Serialize;

/// A row of the table as the comparator decides it.
#[derive(Clone, Debug, Serialize)]
pub struct DecidedRow {
    /// The row, from A1 to B3; in files by its name.
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

#[derive(Clone, Debug, Serialize)]
pub struct DecisionTable {
    /// The version of this form, as that of a report.
    pub version: u32,
    /// Its title, one line of text from its file.
    pub title: String,
    /// The eight rows.
    pub rows: Vec<DecidedRow>,
    /// The guard sites that have a rule of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<SiteRows>,
}

/// The rows as a guard site decides them that has a rule of its own.
#[derive(Clone, Debug, Serialize)]
pub struct SiteRows {
    /// The site's name in a design's file.
    pub site: String,
    /// The eight rows.
    pub rows: Vec<DecidedRow>,
}

pub(crate) fn by_name<S: serde::Serializer>(row: &Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(row.name())
}

/// What rules do with each of the eight rows.
///
/// # Errors
///
/// A rule is a script that failed.
pub fn decision_table(title: String, rules: &Rules) -> Result<DecisionTable, Unreliable> {
    let decided = |rule| Row::ALL.into_iter().map(move |row| decide(rule, row));
    let rows = decided(rules.usual()).collect();
    let at = rules.own().map(|(site, rule)| SiteRows {
        site: site.name().to_owned(),
        rows: decided(rule).collect(),
    });
    let at = at.collect();
    rules.check()?;
    Ok(DecisionTable {
        version: VERSION,
        title,
        rows,
        at,
    })
}

/// Pairs of small stamps, existing and incoming, that together fall in every row in many ways. Where
/// one of the rules may look at the claims' format they differ in that, too, and where one asks for the
/// time, in how near they are to their expiry, as far as two tokens can.
pub(crate) fn pairs(rules: &[Rule]) -> impl Iterator<Item = (TokenView, TokenView)> + use<> {
    let formats = match rules.iter().any(|rule| matches!(rule, Rule::External(_))) {
        true => 0..=1,
        false => 0..=0,
    };
    let expiries = match rules.iter().any(|rule| rule.asks_for_time()) {
        true => &Expiry::ALL[..],
        false => &[Expiry::Ahead],
    };
    let mut tokens = Vec::new();
    for oiat in [None, Some(1), Some(2), Some(3)] {
        for iat in (1..=4).map(Some) {
            for &expiry in expiries {
                tokens.extend(formats.clone().map(|format| TokenView {
                    oiat,
                    iat,
                    format,
                    org: Org::PERSONAL,
                    expiry,
                }));
            }
        }
    }
    let others = tokens.clone();
    let against_all = move |existing| others.clone().into_iter().map(move |i| (existing, i));
    let pairs = tokens.into_iter().flat_map(against_all);
    pairs.filter(|(e, i)| e.expiry.can_be(e.iat, i.expiry, i.iat))
}

/// Asks the comparator about every pair of small stamps that falls in the row.
fn decide(rule: Rule, row: Row) -> DecidedRow {
    let mut winners: Vec<Winner> = pairs(&[rule])
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
