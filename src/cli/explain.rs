//! `freshest explain`.

use super::args::{ExplainArgs, StoryFormat};
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::{Exit, file, output, save, select, violated};
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{Bound, Watch, explore, witness};
use crate::model::Event;
use crate::property::{Monitored, Property, PropertySet, Verdict};
use crate::report::{diagram, story};
use crate::scenario::Scenario;
use crate::trace::{Claim, FORMAT, Header, walk};
use std::sync::Arc;

/// Tells the shortest counterexample, or else the shortest witness.
pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let (Some(design), Some(scenario), Some(property)) =
        (&args.design, &args.scenario, &args.property)
    else {
        return violated::run(args);
    };
    if let Some(path) = &args.save {
        file::check_place(path)?;
    }
    let catalog = Catalog::load(&args.models.models)?;
    let design = select::design(&catalog, design)?;
    let scenario = select::scenario(&catalog, scenario)?;
    let property = select::property(property)?;
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    let found = {
        let _progress = Progress::start(&watch, 1);
        find(args, design, scenario, property, &watch)?
    };
    let (claim, events) = match found {
        Found::Trace(claim, events) => (claim, events),
        Found::Nothing => {
            output::print(&vacuous(design, scenario, property))?;
            return Ok(Exit::Unknown);
        }
        Found::Bound(bound) => {
            let message =
                format!("{property} is inconclusive: {bound}, and no counterexample so far\n");
            output::print(&message)?;
            return Ok(Exit::Unknown);
        }
    };
    let model = Monitored::new(
        design.policy,
        &scenario.setup,
        PropertySet::from_iter([property]),
    );
    let steps = walk(&model, &events)
        .map_err(|step| Failure::new(format!("internal error: step {step} cannot be repeated")))?;
    design.policy.rule.check()?;
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

enum Found {
    Trace(Claim, Vec<Event>),
    Bound(Bound),
    Nothing,
}

fn find(
    args: &ExplainArgs,
    design: &Design,
    scenario: &Scenario,
    property: Property,
    watch: &Arc<Watch>,
) -> Result<Found, Failure> {
    let wanted = PropertySet::from_iter([property]);
    let model = || Monitored::new(design.policy, &scenario.setup, wanted);
    let limits = args.limits.limits();
    let method = args.limits.method();
    let outcome = explore(model(), &method, &limits, watch)?;
    let finding = outcome.findings.into_iter().next();
    Ok(match finding.map(|f| (f.verdict, f.counterexample)) {
        Some((Verdict::Violated, Some(events))) => Found::Trace(Claim::Violated, events),
        Some((Verdict::Holds, _)) => {
            let witness = witness(model(), property, &method, &limits, watch)?;
            match witness {
                Some(events) => Found::Trace(Claim::Witnessed, events),
                None => Found::Nothing,
            }
        }
        _ => match outcome.bound {
            Some(bound) => Found::Bound(bound),
            None => Found::Nothing,
        },
    })
}

fn vacuous(design: &Design, scenario: &Scenario, property: Property) -> String {
    let (design, scenario, name) = (&design.name, &scenario.name, property.name());
    let why = property.witness();
    format!(
        "{name} is vacuous for {design} in {scenario}: nothing could have violated it.\n\
         It would take that {why}.\n"
    )
}

/// What a trace file says of its trace.
fn header(design: &Design, scenario: &Scenario, property: Property, claim: Claim) -> Header {
    Header {
        format: FORMAT,
        freshest: env!("CARGO_PKG_VERSION").to_owned(),
        design: design.name.clone(),
        scenario: scenario.name.clone(),
        tabs: scenario.setup.tabs,
        start: scenario.setup.start.name().to_owned(),
        property: Some(property.name().to_owned()),
        claim: Some(claim),
        coverage: None,
    }
}
