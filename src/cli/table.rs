//! `freshest table` and `freshest list`.

use super::args::{Format, ListArgs, TableArgs};
use super::comparator::{NamedRules, named_rules};
use super::failure::Failure;
use super::{Exit, models, output};
use crate::check::decision_table;
use crate::report::document::Screen;

/// Prints the decision table.
pub(crate) fn run(args: &TableArgs) -> Result<Exit, Failure> {
    let (design, script) = (args.design.as_deref(), args.comparator.as_deref());
    let NamedRules { name, title, rules } = named_rules(design, script, &args.call, &args.models)?;
    let title = match (title, script) {
        (Some(title), _) => format!("{name}: {title}"),
        (None, Some(_)) => name,
        (None, None) => format!("pick_freshest(existing, incoming), as in {name}"),
    };
    let table = decision_table(title, &rules)?;
    match args.format {
        Format::Text => output::print(&table.as_text(Screen::default()))?,
        Format::Json => output::print_json(&table)?,
    }
    Ok(Exit::AsExpected)
}

/// Prints what there is.
pub(crate) fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let list = crate::report::list(&models::open(&args.models)?);
    match args.format {
        Format::Text => output::print(&list.as_text(Screen::default()))?,
        Format::Json => output::print_json(&list)?,
    }
    Ok(Exit::AsExpected)
}
