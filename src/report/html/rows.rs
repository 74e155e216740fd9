//! The decision table: what each design makes of each row.

use crate::check::{DecidedRow, DecisionTable};
use crate::report::ReportBundle;

/// A row of the decision table.
pub(crate) struct Row {
    pub name: &'static str,
    pub condition: String,
    pub because: &'static str,
}

/// A design with its winner of each row.
pub(crate) struct Deciding<'a> {
    pub name: &'a str,
    pub winners: Vec<Winner>,
}

/// One design's winner of a row.
pub(crate) struct Winner {
    pub winner: String,
    /// `12 of 26`, or `never`.
    pub used: String,
    pub idle: bool,
}

/// The rows, which are the same in every design.
pub(crate) fn rows(bundle: &ReportBundle) -> Vec<Row> {
    let first = bundle.tables.first();
    let row = |decided: &DecidedRow| Row {
        name: decided.row.name(),
        condition: decided.condition.clone(),
        because: decided.row.reason(),
    };
    first.map_or_else(Vec::new, |table| table.rows.iter().map(row).collect())
}

/// The designs, in their order.
pub(crate) fn deciding<'a>(bundle: &'a ReportBundle) -> Vec<Deciding<'a>> {
    let deciding = |table: &'a DecisionTable| Deciding {
        name: &table.title,
        winners: winners(bundle, table),
    };
    bundle.tables.iter().map(deciding).collect()
}

fn winners(bundle: &ReportBundle, table: &DecisionTable) -> Vec<Winner> {
    let runs = bundle.report.runs_of(&table.title);
    let in_words = |row: &DecidedRow| row.winner.clone().unwrap_or_else(|| "depends".to_owned());
    let winner = |(index, row): (usize, &DecidedRow)| {
        let usual = in_words(row);
        let own = table.at.iter().filter_map(|own| {
            let there = in_words(own.rows.get(index)?);
            (there != usual).then(|| format!("; at {}: {there}", own.site))
        });
        let own: String = own.collect();
        let used = runs
            .iter()
            .filter(|run| run.rows.contains(&row.row))
            .count();
        Winner {
            winner: usual + &own,
            used: match used {
                0 => "never".to_owned(),
                used => format!("{used} of {}", runs.len()),
            },
            idle: used == 0,
        }
    };
    table.rows.iter().enumerate().map(winner).collect()
}
