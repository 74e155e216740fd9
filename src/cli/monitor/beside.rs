//! What the model knows of the properties that a log violates.

use crate::catalog::Catalog;
use crate::check::{Check, Shortest};
use crate::cli::args::MonitorArgs;
use crate::cli::comparator::LIKE;
use crate::cli::models;
use crate::design::Design;
use crate::explore::Limits;
use crate::monitor::Record;
use crate::property::{Property, PropertySet, Verdict};
use crate::report::{Story, Subject, with_models};
use crate::scenario::Scenario;
use crate::trace::{Claim, walk};
use std::collections::BTreeMap;

/// The design that is looked at first, unless another one is asked for: the headline's.
const FIRST: &str = "pr-8097";

/// A shortest trace that takes more states than this to find is not looked for.
const MAX_STATES: u64 = 100_000;

/// The shortest trace in the model of each property that is violated. What happened is told without
/// models, too, so nothing is wrong where there is none.
pub(crate) fn beside(args: &MonitorArgs, record: &Record) -> BTreeMap<Property, Story> {
    let violated = record.properties.iter();
    let violated = violated.filter(|found| found.verdict == Verdict::Violated);
    let violated: Vec<Property> = violated.map(|found| found.property).collect();
    if violated.is_empty() {
        return BTreeMap::new();
    }
    let Ok(catalog) = models::open(&args.rule.models) else {
        return BTreeMap::new();
    };
    let stories = violated.into_iter().filter_map(|property| {
        let mut designs = designs(args, &catalog);
        let story = designs.find_map(|design| story(&catalog, design, property));
        Some((property, story?))
    });
    stories.collect()
}

/// The named one, then the headline's, then the latest release's, then all others.
fn designs<'a>(args: &MonitorArgs, catalog: &'a Catalog) -> impl Iterator<Item = &'a Design> {
    let named = args.rule.design.as_deref().into_iter();
    let first = named.chain([FIRST, LIKE]);
    let first: Vec<_> = first
        .filter_map(|name| catalog.design_anywhere(name))
        .collect();
    first.into_iter().chain(&catalog.designs)
}

/// The design's shortest trace, in the scenario in which it is expected to be shortest.
fn story(catalog: &Catalog, design: &Design, property: Property) -> Option<Story> {
    let scenario = shortest_in(catalog, design, property)?;
    let check = Check::new(design, scenario).limits(Limits {
        max_states: Some(MAX_STATES),
        ..Limits::default()
    });
    let Ok(Shortest::Counterexample(events)) = check.shortest(property) else {
        return None;
    };
    let model = check.model(PropertySet::from_iter([property]));
    let steps = walk(&model, &events).ok()?;
    let subject = Subject {
        design,
        scenario,
        property,
        claim: Claim::Violated,
    };
    let mut story = subject.story(&model, &steps);
    let models = catalog.models.to_string();
    story.with_models(|command| with_models(command, &models));
    Some(story)
}

fn shortest_in<'a>(
    catalog: &'a Catalog,
    design: &Design,
    property: Property,
) -> Option<&'a Scenario> {
    let expected = design.expectations.iter();
    let violated = expected.filter(|((_, of), expected)| {
        *of == property && expected.verdict == Verdict::Violated && expected.steps.is_some()
    });
    let shortest = violated.min_by_key(|(_, expected)| expected.steps)?;
    let ((scenario, _), _) = shortest;
    catalog.scenario(scenario)
}
