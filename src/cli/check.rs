//! `freshest check`.

use super::args::{CheckArgs, Output};
use super::failure::Failure;
use super::gate::Gate;
use super::{Exit, file, output, progress, select};
use crate::catalog::Catalog;
use crate::explore::Watch;
use crate::report::{Format, Report, verdict_line};
use std::path::Path;
use std::sync::Arc;

/// The gate.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    check_outputs(&args.output)?;
    let catalog = Catalog::load(&args.models.models)?;
    let gate = Gate {
        models: &args.models.models,
        designs: select::designs(&catalog, &args.design)?,
        scenarios: select::scenarios(&catalog, &args.scenario)?,
        properties: select::properties(&args.property)?,
        limits: args.limits.limits(),
        threads: args.threads.map(usize::from),
    };
    let watch = Arc::new(Watch::default());
    progress::stop_on_interrupt(&watch)?;
    let report = gate.run(&watch);
    // Files first: whoever closes standard output early still has them.
    for wanted in &args.output {
        let text = render(&report, wanted.format, false)?;
        file::write(&wanted.path, &text)?;
    }
    match args.quiet {
        true => output::print(&format!("{}\n", verdict_line(report.agreement())))?,
        false => output::print(&render(&report, args.format, args.color.is_on())?)?,
    }
    Ok(report.agreement().into())
}

fn render(report: &Report, format: Format, coloured: bool) -> Result<String, Failure> {
    let rendered = format.renderer(coloured).render(report);
    rendered.map_err(|error| Failure::new(format!("cannot be written as {format}: {error}")))
}

/// A run may take long: what is wrong with the places for its results is said before it.
fn check_outputs(outputs: &[Output]) -> Result<(), Failure> {
    let mut paths: Vec<&Path> = Vec::new();
    for Output { path, .. } in outputs {
        if paths.contains(&path.as_path()) {
            let message = format!("--output names {} twice", path.display());
            return Err(Failure::new(message).help("give each format a file of its own"));
        }
        file::check_place(path)?;
        paths.push(path);
    }
    Ok(())
}
