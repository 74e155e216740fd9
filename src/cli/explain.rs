//! `freshest explain`.

use super::args::{ExplainArgs, StoryFormat};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, comparator, file, models, output, save, select, violated};
use crate::catalog::Catalog;
use crate::check::{Check, Options, Progress as _, Shortest, matrix};
use crate::design::Design;
use crate::property::{Property, PropertySet, Verdict};
use crate::report::document::Screen;
use crate::report::{Subject, diagram, with_models, words};
use crate::scenario::Scenario;
use crate::trace::{Claim, Header, walk};

/// Tells the shortest counterexample, or else the shortest witness.
pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let catalog = comparator::catalog(models::open(&args.models)?, &args.trying())?;
    let Some(wanted) = Wanted::new(args, &catalog)? else {
        if args.save.is_some() {
            let message = "--save writes one trace: name a design and a property";
            return Err(Failure::new(message).help("`freshest explain` lists what is violated"));
        }
        return violated::run(args, &catalog);
    };
    file::check_places(args.save.as_deref(), &catalog)?;
    let progress = Progress::start()?;
    let options = args.limits.options(None, &progress);
    let (scenario, property) = wanted.simplest(&catalog, &options)?;
    progress.began(&format!("{} in {}", wanted.design.name, scenario.name));
    let check = Check::new(wanted.design, scenario)
        .method(options.method)
        .limits(options.limits)
        .watch(progress.watch());
    let found = check.shortest(property)?;
    drop(progress);
    let design = wanted.design;
    let (claim, events) = match found {
        Shortest::Counterexample(events) => (Claim::Violated, events),
        Shortest::Witness(events) => (Claim::Witnessed, events),
        Shortest::Vacuous => {
            output::print(&vacuous(design, scenario, property))?;
            return Ok(Exit::Unknown);
        }
        Shortest::Inconclusive(bound) => {
            let bound = words::bound(bound);
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
    let subject = Subject {
        design,
        scenario,
        property,
        claim,
    };
    let mut story = subject.story(&model, &steps);
    let (tried, models) = (
        comparator::options(&args.trying()),
        catalog.models.to_string(),
    );
    story.with_models(|command| match &tried {
        Some(options) => with_models(format!("{command} {options}"), &models),
        None => with_models(command, &models),
    });
    match args.format {
        StoryFormat::Text => output::print(&story.as_text(Screen::default()))?,
        StoryFormat::Json => output::print_json(&story)?,
        StoryFormat::Markdown => output::print(&story.as_markdown())?,
        StoryFormat::Mermaid => output::print(&diagram::mermaid(&story))?,
        StoryFormat::Svg => output::print(&diagram::svg(&story))?,
    }
    Ok(Exit::AsExpected)
}

/// What a story is asked for.
struct Wanted<'a> {
    design: &'a Design,
    /// `None`: the one in which it is shortest.
    scenario: Option<&'a Scenario>,
    /// One, or those of a group.
    properties: PropertySet,
}

impl<'a> Wanted<'a> {
    /// `DESIGN SCENARIO PROPERTY`, or `DESIGN PROPERTY`; `None` if no property is named.
    fn new(args: &ExplainArgs, catalog: &'a Catalog) -> Result<Option<Wanted<'a>>, Failure> {
        let Some(design) = &args.design else {
            return Ok(None);
        };
        let (scenario, properties) = match (&args.scenario, &args.property) {
            (Some(scenario), Some(name)) => {
                let properties = match select::property_or_group(name) {
                    Some(properties) => properties,
                    None => PropertySet::from_iter([select::property(name)?]),
                };
                (Some(scenario), properties)
            }
            // A scenario comes first where both have the name.
            (Some(name), None) if catalog.scenario(name).is_none() => {
                match select::property_or_group(name) {
                    Some(properties) => (None, properties),
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        let design = select::design(catalog, design)?;
        let scenario = match scenario {
            Some(scenario) => Some(select::scenario(catalog, scenario)?),
            None => None,
        };
        if let Some(scenario) = scenario {
            select::check_fit(design, scenario)?;
        }
        Ok(Some(Wanted {
            design,
            scenario,
            properties,
        }))
    }

    /// The scenario and the property with the shortest counterexample, or else a scenario in which
    /// one holds.
    fn simplest(
        &self,
        catalog: &'a Catalog,
        options: &Options<'_>,
    ) -> Result<(&'a Scenario, Property), Failure> {
        let single = self.properties.iter().next();
        if let (Some(scenario), Some(property), 1) = (self.scenario, single, self.properties.len())
        {
            return Ok((scenario, property));
        }
        let scenarios: Vec<&Scenario> = match self.scenario {
            Some(scenario) => vec![scenario],
            None => catalog.scenarios.iter().collect(),
        };
        let report = matrix([self.design], scenarios)
            .properties(self.properties)
            .options(options.clone())
            .run()?;
        let rank = |verdict| match verdict {
            Verdict::Violated => 0,
            Verdict::Holds => 1,
            Verdict::Inconclusive => 2,
            Verdict::Vacuous => 3,
        };
        let results = report.properties();
        let first = results.min_by_key(|(_, result)| (rank(result.verdict), result.steps));
        let found = first
            .and_then(|(run, result)| Some((catalog.scenario(&run.scenario)?, result.property)));
        found.ok_or_else(|| Failure::new("there is no scenario"))
    }
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
