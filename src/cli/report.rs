//! `freshest report`.

use super::args::{GateArgs, ReportArgs};
use super::failure::Failure;
use super::{Exit, file, gate, models, output, require, select};
use crate::catalog::Catalog;
use crate::check::{Report, VERSION};
use crate::report::{BundleError, ReportBundle, bundle, html_with};
use crate::source::{from_json, is_shell_words};
use std::path::Path;

/// Runs the gate, or reads its results, and writes the page.
pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.gate.models)?;
    file::check_places(args.output.as_deref(), &catalog)?;
    if let (Some(output), Some(input)) = (&args.output, &args.from) {
        file::check_input(output, input)?;
    }
    let (report, exit) = match &args.from {
        Some(path) => (read(path, &args.gate, &catalog)?, Exit::AsExpected),
        None => {
            let report = gate::run(&args.gate, &catalog, false)?;
            let exit = report.agreement().into();
            (report, exit)
        }
    };
    let links = args
        .playground
        .as_ref()
        .map(|at| at.links(&catalog, &report));
    let bundle = tell(report, &catalog)?;
    let page = html_with(&bundle, &links.unwrap_or_default())
        .map_err(|error| Failure::new(format!("internal error: {error}")))?;
    match &args.output {
        Some(path) => file::write(path, &page)?,
        None => output::print(&page)?,
    }
    Ok(exit)
}

fn tell(report: Report, catalog: &Catalog) -> Result<ReportBundle, Failure> {
    let command = report.repeat(Some(catalog));
    bundle(report, catalog, command).map_err(|error| match error {
        BundleError::Unreliable(error) => error.into(),
        BundleError::Unknown { .. } | BundleError::Departs { .. } => {
            Failure::new(error.to_string())
                .help("--models DIR names the models that the results were made from")
        }
    })
}

/// Reads results of a `check`, as far as the filters let them through.
fn read(path: &Path, filters: &GateArgs, catalog: &Catalog) -> Result<Report, Failure> {
    let unreadable =
        |error: &dyn std::fmt::Display| Failure::of_file(path, "cannot be read", error);
    let mut report: Report = from_json(&file::read(path)?).map_err(|error| {
        unreadable(&error).help("`freshest check --format json` writes such a file")
    })?;
    if report.version != VERSION {
        let version = report.version;
        return Err(unreadable(&format!(
            "version {version} is not known, only {VERSION}"
        )));
    }
    if !report.tried.as_deref().is_none_or(is_shell_words) {
        return Err(unreadable(&"`tried` is more than the words of a command"));
    }
    let properties = select::properties(&filters.property)?;
    let designs = select::designs(catalog, &filters.design)?;
    let scenarios = select::scenarios(catalog, &filters.scenario)?;
    // Without filters everything passes, so that a name that the models do not have is told as such.
    report.results.retain(|run| {
        let is_design = designs.iter().any(|design| design.name == run.design);
        let is_scenario = scenarios
            .iter()
            .any(|scenario| scenario.name == run.scenario);
        (filters.design.is_empty() || is_design) && (filters.scenario.is_empty() || is_scenario)
    });
    for run in &mut report.results {
        run.properties
            .retain(|result| properties.has(result.property));
    }
    // Less may have been let through.
    if let Some(extent) = report.extent {
        report = report.out_of(extent.designs.of, extent.scenarios.of);
    }
    require::check(filters, catalog, &report.designs(), &report.scenarios())?;
    if report.properties().next().is_none() {
        return Err(
            Failure::of_file(path, "holds no result", &"nothing to report")
                .help("fewer of --design, --scenario and --property let more through"),
        );
    }
    Ok(report)
}
