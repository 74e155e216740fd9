//! `freshest table` and `freshest list`.

use super::args::{Format, ListArgs, TableArgs};
use super::failure::Failure;
use super::{Exit, models, output, select};
use crate::check::decision_table;
use crate::design::script_rule;
use crate::freshness::{Rule, Table};
use crate::report::document::Screen;

/// Prints the decision table.
pub fn run(args: &TableArgs) -> Result<Exit, Failure> {
    let (title, rule) = match (&args.design, &args.comparator) {
        (None, Some(script)) => {
            let (rule, _) = script_rule(script, script, args.call.words())?;
            (script.display().to_string(), rule)
        }
        (Some(name), _) => {
            let catalog = models::open(&args.models)?;
            let design = select::design(&catalog, name)?;
            (format!("{name}: {}", design.title), design.policy.rule)
        }
        (None, None) => (
            "pick_freshest(existing, incoming), as in pull request #8097".to_owned(),
            Rule::Table(Table::STANDARD),
        ),
    };
    let table = decision_table(title, rule)?;
    match args.format {
        Format::Text => output::print(&table.as_text(Screen::default()))?,
        Format::Json => output::print_json(&table)?,
    }
    Ok(Exit::AsExpected)
}

/// Prints what there is.
pub fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let list = crate::report::list(&models::open(&args.models)?);
    match args.format {
        Format::Text => output::print(&list.as_text(Screen::default()))?,
        Format::Json => output::print_json(&list)?,
    }
    Ok(Exit::AsExpected)
}
