//! `freshest check`.

use super::args::{CheckArgs, Destination};
#[cfg(feature = "cluster")]
use super::cluster;
use super::failure::Failure;
use super::interrupt::was_interrupted;
use super::{Exit, accept, comparator, file, gate, models, output, trial, watch};
use crate::catalog::Catalog;
use crate::check::Report;
use crate::design::Design;
use crate::receipt::Receipt;
use crate::report::document::Screen;
use crate::report::{Detail, Format, Playground, Setting, verdict_text};
use crate::source::Faults;
use std::path::PathBuf;

/// The gate, once, or again whenever something changes.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    match args.watch {
        true => watch::run(args, once),
        false => once(args),
    }
}

/// The gate by this process alone, or together with others.
#[cfg(feature = "cluster")]
fn once(args: &CheckArgs) -> Result<Exit, Failure> {
    let catalog = opened(args)?;
    let sameness = |selected: &[&[&str]]| {
        let tried = comparator::options(&args.trying);
        cluster::sameness(&args.gate, &catalog, tried, selected)
    };
    let tried = args.trying.comparator.is_some();
    let selection = gate::select(&args.gate, &catalog, tried)?;
    let names = selection.names();
    let names: Vec<&[&str]> = names.iter().map(Vec::as_slice).collect();
    if !args.cluster.is_another_s() {
        check_output(args, &catalog)?;
    }
    let Some(member) = args.cluster.join(&args.gate, sameness(&names))? else {
        return tell(args, &catalog, gate::run(&args.gate, &catalog, tried)?);
    };
    if args.cluster.is_another_s() {
        super::progress::hide();
        let served = gate::serve(&args.gate, &selection, &member.together)?;
        return member.serve(served);
    }
    let report = gate::run_together(&args.gate, &catalog, &selection, &member.together);
    let exit = report.and_then(|report| tell(args, &catalog, report));
    member.finish(&exit, args.quiet);
    exit
}

#[cfg(not(feature = "cluster"))]
fn once(args: &CheckArgs) -> Result<Exit, Failure> {
    if args.cluster.share_a_run() {
        let message = "this freshest was built without several processes for one run";
        let help = "use the program for your platform, built with its default features, or leave out \
                    --local-processes and --hosts";
        return Err(Failure::new(message).help(help));
    }
    let catalog = opened(args)?;
    check_output(args, &catalog)?;
    let tried = args.trying.comparator.is_some();
    tell(args, &catalog, gate::run(&args.gate, &catalog, tried)?)
}

/// The models, with what is tried.
fn opened(args: &CheckArgs) -> Result<Catalog, Failure> {
    let models = models::chosen(&args.gate.models)?;
    let catalog = match args.watch {
        true => Catalog::open_edited(models)?,
        false => Catalog::open(models)?,
    };
    comparator::catalog(catalog, &args.trying)
}

/// Fails if what is wanted cannot be told: a run may take long.
fn check_output(args: &CheckArgs, catalog: &Catalog) -> Result<(), Failure> {
    let outputs = args.output.iter().map(|Destination { path, .. }| path);
    let places = outputs.chain(&args.receipt).map(PathBuf::as_path);
    file::check_places(places, catalog)?;
    match args.trial {
        true => Ok(()),
        false => check_expectations(args, catalog),
    }
}

/// Prints and writes what was found.
fn tell(args: &CheckArgs, catalog: &Catalog, report: Report) -> Result<Exit, Failure> {
    let report = Report {
        tried: comparator::options(&args.trying),
        ..report
    };
    if args.trial {
        return trial::tell(args, catalog, &report);
    }
    if args.accept {
        return accept::run(args, catalog, &report);
    }
    let command = report.repeat(Some(catalog));
    let setting = Setting {
        screen: Screen::default(),
        detail: match args.full {
            true => Detail::Full,
            false => Detail::of(&report),
        },
        catalog,
        command: &command,
        playground: args.playground.as_ref(),
    };
    // Files first: whoever closes standard output early still has them.
    for wanted in &args.output {
        let text = render(&report, wanted.format, setting)?;
        file::write(&wanted.path, &text)?;
    }
    if let Some(path) = &args.receipt {
        match was_interrupted() {
            // A receipt has to be repeatable, which nobody's Ctrl-C is.
            true => output::tell("no receipt is written of an interrupted run\n"),
            false => file::write(path, &receipt(catalog, &report)?)?,
        }
    }
    let screen = Screen {
        coloured: args.color.is_on(),
        ..Screen::default()
    };
    match args.quiet {
        true => output::print(&verdict_text(&report, screen))?,
        false => {
            comparator::tell(args, catalog)?;
            let setting = Setting { screen, ..setting };
            let mut text = render(&report, args.format, setting)?;
            if let (Some(playground), Format::Text) = (&args.playground, args.format) {
                text += &tries(playground, catalog, &report);
            }
            output::print(&text)?;
        }
    }
    Ok(report.agreement().into())
}

/// An expectation about a scenario that is not here would be met by accident. Where only some
/// scenarios are asked for it is in nobody's way, so it is only told.
fn check_expectations(args: &CheckArgs, catalog: &Catalog) -> Result<(), Failure> {
    let asked = &args.gate.design;
    let is_judged = |design: &&Design| asked.is_empty() || asked.contains(&design.name);
    let mut faults = Faults::default();
    let mut notes = String::new();
    for design in catalog.designs.iter().filter(is_judged) {
        faults.extend(catalog.unfounded(design));
        let scenarios = design.expected_in.keys();
        let missing = scenarios.filter(|scenario| catalog.scenario(scenario).is_none());
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        if !missing.is_empty() {
            let (name, missing, models) = (&design.name, missing.join(", "), &catalog.models);
            notes += &format!(
                "note: {name} expects something in scenarios that are not in {models}: {missing}\n"
            );
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    if args.gate.scenario.is_empty() {
        return Err(faults.into());
    }
    output::tell(&notes);
    Ok(())
}

fn render(report: &Report, format: Format, setting: Setting<'_>) -> Result<String, Failure> {
    let rendered = format.renderer(setting).render(report);
    rendered.map_err(|error| Failure::new(format!("cannot be written as {format}: {error}")))
}

/// Where a change of what was checked is to be tried: of each design, or, of many, of any.
fn tries(playground: &Playground, catalog: &Catalog, report: &Report) -> String {
    let links = playground.links(catalog, report);
    match links.len() {
        1..=Detail::FEW => links
            .iter()
            .map(|link| format!("try a change: {}\n", link.address))
            .collect(),
        _ => format!("try a change: {playground}\n"),
    }
}

fn receipt(catalog: &Catalog, report: &Report) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&Receipt::new(catalog, report))
        .map_err(|error| Failure::new(format!("the receipt cannot be written: {error}")))?;
    Ok(text + "\n")
}
