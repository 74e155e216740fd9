//! `freshest check`.

use super::args::{CheckArgs, Destination};
use super::failure::Failure;
use super::{Exit, accept, comparator, file, gate, models, output, trial, watch};
use crate::catalog::Catalog;
use crate::check::Report;
use crate::explore::Bound;
use crate::receipt::Receipt;
use crate::report::{Format, Text};
use crate::source::Faults;
use std::path::Path;

/// The gate, once, or again whenever something changes.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    check_places(args)?;
    match args.watch {
        true => watch::run(args, once),
        false => once(args),
    }
}

fn once(args: &CheckArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.gate.models)?;
    let catalog = match &args.trying.comparator {
        Some(script) => comparator::catalog(catalog, script, &args.trying)?,
        None => catalog,
    };
    if !args.trial {
        check_expectations(args, &catalog)?;
    }
    let report = gate::run(&args.gate, &catalog)?;
    if args.trial {
        return trial::tell(args, &catalog, &report);
    }
    if args.accept {
        return accept::run(args, &catalog, &report);
    }
    // Files first: whoever closes standard output early still has them.
    for wanted in &args.output {
        let text = render(&report, wanted.format, false)?;
        file::write(&wanted.path, &text)?;
    }
    if let Some(path) = &args.receipt {
        file::write(path, &receipt(&catalog, &report)?)?;
    }
    let coloured = args.color.is_on();
    match args.quiet {
        true => output::print(&(Text { coloured }.verdict(report.agreement()) + "\n"))?,
        false => {
            comparator::tell(args, &catalog)?;
            output::print(&render(&report, args.format, coloured)?)?;
        }
    }
    Ok(report.agreement().into())
}

/// An expectation about a scenario that is not here would be met by accident. Where only some
/// scenarios are asked for it is in nobody's way, so it is only told.
fn check_expectations(args: &CheckArgs, catalog: &Catalog) -> Result<(), Failure> {
    let is_judged = |name: &str| {
        let asked = &args.gate.design;
        asked.is_empty() || asked.iter().any(|asked| asked == name)
    };
    let unfounded: Vec<Faults> = catalog
        .designs
        .iter()
        .filter(|design| is_judged(&design.name))
        .map(|design| catalog.unfounded(design))
        .filter(|faults| !faults.is_empty())
        .collect();
    let Some(faults) = unfounded.into_iter().reduce(|mut all, more| {
        all.extend(more);
        all
    }) else {
        return Ok(());
    };
    if args.gate.scenario.is_empty() {
        return Err(faults.into());
    }
    let count = faults.iter().count();
    eprintln!(
        "note: {count} expectations are about scenarios that are not in {}",
        catalog.models
    );
    Ok(())
}

fn render(report: &Report, format: Format, coloured: bool) -> Result<String, Failure> {
    let rendered = format.renderer(coloured).render(report);
    rendered.map_err(|error| Failure::new(format!("cannot be written as {format}: {error}")))
}

/// A receipt has to be repeatable, which nobody's Ctrl-C is.
fn receipt(catalog: &Catalog, report: &Report) -> Result<String, Failure> {
    let mut bounds = report.results.iter().map(|run| run.bound);
    if bounds.any(|bound| bound == Some(Bound::Interrupted)) {
        return Err(Failure::new("no receipt is written of an interrupted run"));
    }
    let text = serde_json::to_string_pretty(&Receipt::new(catalog, report))
        .map_err(|error| Failure::new(format!("the receipt cannot be written: {error}")))?;
    Ok(text + "\n")
}

/// A run may take long: what is wrong with the places for its results is said before it.
fn check_places(args: &CheckArgs) -> Result<(), Failure> {
    let outputs = args.output.iter().map(|Destination { path, .. }| path);
    let mut paths: Vec<&Path> = Vec::new();
    for path in outputs.chain(&args.receipt) {
        if paths.contains(&path.as_path()) {
            let message = format!("{} is named for two results", path.display());
            return Err(Failure::new(message).help("give each a file of its own"));
        }
        file::check_place(path)?;
        paths.push(path);
    }
    Ok(())
}
