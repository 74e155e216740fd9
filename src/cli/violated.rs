//! `freshest explain` without a property: what there is to explain.

use super::args::{ExplainArgs, StoryFormat};
use super::failure::Failure;
use super::gate::run_matrix;
use super::progress::Progress;
use super::{Exit, comparator, output, select};
use crate::catalog::Catalog;
use crate::check::{Report, matrix};
use crate::report::document::Screen;
use crate::report::{Listed, Violated};

/// Lists what is violated, with the commands that tell the stories.
pub(crate) fn run(args: &ExplainArgs, catalog: &Catalog) -> Result<Exit, Failure> {
    let is_json = match args.format {
        StoryFormat::Text => false,
        StoryFormat::Json => true,
        StoryFormat::Markdown | StoryFormat::Mermaid | StoryFormat::Svg => {
            let message = "this format tells one story: name a design, a scenario and a property";
            return Err(Failure::new(message).help("`freshest explain` lists what is violated"));
        }
    };
    let designs = select::designs(catalog, args.design.as_slice())?;
    let scenarios = select::scenarios(catalog, args.scenario.as_slice())?;
    let report = {
        let progress = Progress::start()?;
        let matrix = matrix(designs, scenarios).options(args.limits.options(None, &progress));
        Report {
            tried: comparator::options(&args.trying()),
            ..run_matrix(&matrix, catalog)?
        }
    };
    let violated = Violated::new(&report);
    match is_json {
        true => output::print_json(&violated)?,
        false => {
            let detail = match (&args.design, &args.scenario) {
                (Some(_), Some(_)) => Listed::Each,
                (Some(_), None) => Listed::Shortest,
                (None, _) => Listed::Names,
            };
            output::print(&violated.as_text(detail, Screen::default()))?;
        }
    }
    Ok(match violated.incomplete {
        true => Exit::Unknown,
        false => Exit::AsExpected,
    })
}
