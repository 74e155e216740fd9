//! `freshest explain` without a property: what there is to explain.

use super::args::{ExplainArgs, StoryFormat};
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
    let is_json = match args.format {
        StoryFormat::Text => false,
        StoryFormat::Json => true,
        StoryFormat::Markdown | StoryFormat::Mermaid | StoryFormat::Svg => {
            let message = "this format tells one story: name a design, a scenario and a property";
            return Err(Failure::new(message).help("`freshest explain` lists what is violated"));
        }
    };
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
    match is_json {
        true => output::print_json(&violated)?,
        false => output::print(&violated.as_text())?,
    }
    Ok(match violated.incomplete {
        true => Exit::Unknown,
        false => Exit::AsExpected,
    })
}
