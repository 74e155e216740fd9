//! `freshest mutate`.

use super::args::{DocumentFormat, MutateArgs};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, models, output, select};
use crate::design::Design;
use crate::mutate::{Between, Fate, Judged, Mutant, NoSubsets, Trial, mutants, tables};
use crate::property::{Monitored, PropertySet};
use crate::report::Subject;
use crate::report::document::Screen;
use crate::scenario::Scenario;
use crate::source::suggestion;
use crate::trace::{Claim, walk};

/// Changes a design, and says who notices.
pub(crate) fn run(args: &MutateArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let design = select::design(&catalog, &args.design)?;
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let scenarios = select::fitting(&[design], scenarios)?;
    let properties = select::properties(&args.property)?;
    if let Some(other) = &args.subsets {
        let to = select::design(&catalog, other)?;
        return subsets(args, (design, to), &scenarios, properties);
    }
    let wanted = match (&args.explain, args.tables) {
        (Some(name), _) => vec![named(design, name)?],
        (None, true) => tables(&design.policy),
        (None, false) => mutants(&design.policy),
    };
    if wanted.is_empty() {
        let message = format!("{} does not decide by a table", design.name);
        return Err(Failure::new(message).help("without --tables its other parts are changed"));
    }
    let progress = Progress::start()?;
    let trial = Trial {
        design,
        scenarios: &scenarios,
        properties,
        options: args.limits.options(args.threads, &progress),
    };
    let tried = trial.run(&wanted)?;
    let mutation = trial.record(&tried, args.tables);
    drop(progress);
    if let (Some(_), Some(one)) = (&args.explain, tried.judged.first()) {
        return explain(design, &scenarios, one, args.format);
    }
    match args.format {
        DocumentFormat::Text => output::print(&mutation.as_text(Screen::default()))?,
        DocumentFormat::Markdown => output::print(&mutation.as_markdown())?,
        DocumentFormat::Json => output::print_json(&mutation)?,
    }
    Ok(match mutation.is_conclusive() {
        true => Exit::AsExpected,
        false => Exit::Unknown,
    })
}

/// Tries every set of the changes from one design to the other.
fn subsets(
    args: &MutateArgs,
    (from, to): (&Design, &Design),
    scenarios: &[&Scenario],
    properties: PropertySet,
) -> Result<Exit, Failure> {
    let progress = Progress::start()?;
    let between = Between {
        from,
        to,
        scenarios,
        properties,
        options: args.limits.options(args.threads, &progress),
    };
    let subsets = between.run().map_err(|error| match error {
        NoSubsets::Run(error) => Failure::from(error),
        other => Failure::new(other.to_string()).help(format!(
            "`freshest diff {} {}` says what differs",
            from.name, to.name
        )),
    })?;
    drop(progress);
    match args.format {
        DocumentFormat::Text => output::print(&subsets.as_text(Screen::default()))?,
        DocumentFormat::Markdown => output::print(&subsets.as_markdown())?,
        DocumentFormat::Json => output::print_json(&subsets)?,
    }
    Ok(match subsets.is_conclusive() {
        true => Exit::AsExpected,
        false => Exit::Unknown,
    })
}

fn named(design: &Design, name: &str) -> Result<Mutant, Failure> {
    Mutant::from_name(&design.policy, name).map_err(|part| {
        let known: Vec<_> = mutants(&design.policy)
            .iter()
            .map(Mutant::to_string)
            .collect();
        let message = format!("`{part}` is not a mutant of {}", design.name);
        Failure::new(message).help(suggestion(part, known.iter().map(String::as_str)))
    })
}

/// Tells the shortest kill.
fn explain(
    design: &Design,
    scenarios: &[&Scenario],
    judged: &Judged,
    format: DocumentFormat,
) -> Result<Exit, Failure> {
    let Some(kill) = judged.shortest(None) else {
        let (mutant, fate) = (&judged.mutant, judged.fate.name());
        output::print(&format!("{mutant} is not killed ({fate})\n"))?;
        return Ok(match judged.fate {
            Fate::Unknown => Exit::Unknown,
            _ => Exit::AsExpected,
        });
    };
    let mutated = Design {
        title: format!("{} with {}", design.name, judged.mutant),
        policy: judged.mutant.policy,
        ..design.clone()
    };
    let scenario = scenarios[kill.scenario];
    let wanted = PropertySet::from_iter([kill.property]);
    let model = Monitored::new(mutated.policy, &scenario.setup, wanted);
    let steps = walk(&model, &kill.events)?;
    let subject = Subject {
        design: &mutated,
        scenario,
        property: kill.property,
        claim: Claim::Violated,
    };
    let told = subject.of_mutant(&model, &steps);
    match format {
        DocumentFormat::Text => output::print(&told.as_text(Screen::default()))?,
        DocumentFormat::Markdown => output::print(&told.as_markdown())?,
        DocumentFormat::Json => output::print_json(&told)?,
    }
    Ok(Exit::AsExpected)
}
