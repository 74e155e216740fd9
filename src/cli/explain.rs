//! `freshest explain`.

use super::args::{ExplainArgs, StoryFormat};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, comparator, file, models, output, save, select, violated};
use crate::check::{Check, Shortest};
use crate::design::Design;
use crate::property::{Property, PropertySet};
use crate::report::{diagram, story};
use crate::scenario::Scenario;
use crate::trace::{Claim, Header, walk};

/// Tells the shortest counterexample, or else the shortest witness.
pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let (Some(design), Some(scenario), Some(property)) =
        (&args.design, &args.scenario, &args.property)
    else {
        return violated::run(args);
    };
    let catalog = comparator::catalog(models::open(&args.models)?, &args.trying())?;
    file::check_places(args.save.as_deref(), &catalog)?;
    let design = select::design(&catalog, design)?;
    let scenario = select::scenario(&catalog, scenario)?;
    let property = select::property(property)?;
    let check = Check::new(design, scenario)
        .method(args.limits.method())
        .limits(args.limits.limits());
    let found = {
        let progress = Progress::start()?;
        check.clone().watch(progress.watch()).shortest(property)?
    };
    let (claim, events) = match found {
        Shortest::Counterexample(events) => (Claim::Violated, events),
        Shortest::Witness(events) => (Claim::Witnessed, events),
        Shortest::Vacuous => {
            output::print(&vacuous(design, scenario, property))?;
            return Ok(Exit::Unknown);
        }
        Shortest::Inconclusive(bound) => {
            let message =
                format!("{property} is inconclusive: {bound}, and no counterexample so far\n");
            output::print(&message)?;
            return Ok(Exit::Unknown);
        }
    };
    let model = check.model(PropertySet::from_iter([property]));
    let steps = walk(&model, &events)?;
    if let Some(path) = &args.save {
        let header = header(design, scenario, property, claim);
        save::save(path, &model, header, &steps)?;
    }
    let story = story((design, scenario, property), claim, &model, &steps);
    match args.format {
        StoryFormat::Text => output::print(&story.as_text())?,
        StoryFormat::Json => output::print_json(&story)?,
        StoryFormat::Markdown => output::print(&diagram::markdown(&story))?,
        StoryFormat::Mermaid => output::print(&diagram::mermaid(&story))?,
        StoryFormat::Svg => output::print(&diagram::svg(&story))?,
    }
    Ok(Exit::AsExpected)
}

fn vacuous(design: &Design, scenario: &Scenario, property: Property) -> String {
    let (design, scenario, name) = (&design.name, &scenario.name, property.name());
    let why = property.opportunity();
    format!(
        "{name} is vacuous for {design} in {scenario}: nothing could have violated it.\n\
         It would take that {why}.\n"
    )
}

/// What a trace file says of its trace.
fn header(design: &Design, scenario: &Scenario, property: Property, claim: Claim) -> Header {
    Header {
        property: Some(property.name().to_owned()),
        claim: Some(claim),
        ..Header::new(&design.name, &scenario.name, &scenario.setup)
    }
}
