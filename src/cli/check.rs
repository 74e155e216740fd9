//! `freshest check`.

use super::args::{CheckArgs, Destination};
use super::failure::Failure;
use super::{Exit, file, gate, output};
use crate::catalog::Catalog;
use crate::check::Report;
use crate::explore::Bound;
use crate::receipt::Receipt;
use crate::report::{Format, Text};
use std::path::Path;

/// The gate.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    check_places(args)?;
    let catalog = Catalog::load(&args.gate.models.models)?;
    let report = gate::run(&args.gate, &catalog)?;
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
        false => output::print(&render(&report, args.format, coloured)?)?,
    }
    Ok(report.agreement().into())
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
