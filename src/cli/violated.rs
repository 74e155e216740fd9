//! `freshest explain` without a property: what there is to explain.

use super::args::{ExplainArgs, Format};
use super::failure::Failure;
use super::gate::Gate;
use super::{Exit, output, progress, select};
use crate::catalog::Catalog;
use crate::explore::Watch;
use crate::property::PropertySet;
use crate::report::Violated;
use std::sync::Arc;

/// Lists what is violated, with the commands that tell the stories.
pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let gate = Gate {
        models: &args.models.models,
        designs: select::designs(&catalog, args.design.as_slice())?,
        scenarios: select::scenarios(&catalog, args.scenario.as_slice())?,
        properties: PropertySet::ALL,
        method: args.limits.method(),
        limits: args.limits.limits(),
        threads: None,
    };
    let watch = Arc::new(Watch::default());
    progress::stop_on_interrupt(&watch)?;
    let violated = Violated::new(&gate.run(&watch)?);
    match args.format {
        Format::Text => output::print(&violated.as_text())?,
        Format::Json => output::print_json(&violated)?,
    }
    Ok(match violated.incomplete {
        true => Exit::Unknown,
        false => Exit::AsExpected,
    })
}
