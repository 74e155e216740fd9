//! `freshest table` and `freshest list`.

use super::args::{Format, ListArgs, TableArgs};
use super::failure::Failure;
use super::{Exit, output, select};
use crate::catalog::Catalog;
use crate::check::decision_table;
use crate::freshness::{Rule, Table};

/// Prints the decision table.
pub fn run(args: &TableArgs) -> Result<Exit, Failure> {
    let (title, rule) = match &args.design {
        Some(name) => {
            let catalog = Catalog::load(&args.models.models)?;
            let design = select::design(&catalog, name)?;
            (format!("{name}: {}", design.title), design.policy.rule)
        }
        None => (
            "pick_freshest(existing, incoming), as in pull request #8097".to_owned(),
            Rule::Table(Table::STANDARD),
        ),
    };
    let table = decision_table(title, rule)?;
    match args.format {
        Format::Text => output::print(&table.as_text())?,
        Format::Json => output::print_json(&table)?,
    }
    Ok(Exit::AsExpected)
}

/// Prints what there is.
pub fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let list = crate::report::list(&Catalog::load(&args.models.models)?);
    match args.format {
        Format::Text => output::print(&list.as_text())?,
        Format::Json => output::print_json(&list)?,
    }
    Ok(Exit::AsExpected)
}
