//! Running designs in scenarios, side by side.

use super::args::GateArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::{require, select};
use crate::catalog::Catalog;
use crate::check::{Matrix, Report, matrix};

/// Runs what the arguments ask for.
pub fn run(args: &GateArgs, catalog: &Catalog) -> Result<Report, Failure> {
    let designs = select::designs(catalog, &args.design)?;
    let scenarios = select::scenarios(catalog, &args.scenario)?;
    let properties = select::properties(&args.property)?;
    let design_names: Vec<&str> = designs.iter().map(|design| &*design.name).collect();
    let scenario_names: Vec<&str> = scenarios.iter().map(|scenario| &*scenario.name).collect();
    require::check(args, catalog, &design_names, &scenario_names)?;
    let progress = Progress::start()?;
    let options = args.limits.options(args.threads, &progress);
    let matrix = matrix(designs, scenarios).properties(properties);
    run_matrix(&matrix.options(options), catalog)
}

/// Runs a matrix. The report says where its models are from, and how much of them was checked.
pub fn run_matrix(matrix: &Matrix<'_>, catalog: &Catalog) -> Result<Report, Failure> {
    let report = Report {
        models: catalog.models.to_string(),
        ..matrix.run()?
    };
    Ok(report.out_of(catalog.designs.len(), catalog.scenarios.len()))
}
