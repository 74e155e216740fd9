//! Running designs in scenarios, side by side.

use super::args::GateArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::select;
use crate::catalog::{Catalog, Models};
use crate::check::{Matrix, Report, matrix};

/// Runs what the arguments ask for.
pub fn run(args: &GateArgs, catalog: &Catalog) -> Result<Report, Failure> {
    let designs = select::designs(catalog, &args.design)?;
    let scenarios = select::scenarios(catalog, &args.scenario)?;
    let properties = select::properties(&args.property)?;
    let progress = Progress::start()?;
    let options = args.limits.options(args.threads, &progress);
    let matrix = matrix(designs, scenarios).properties(properties);
    run_matrix(&matrix.options(options), &catalog.models)
}

/// Runs a matrix. The report says where its models are from.
pub fn run_matrix(matrix: &Matrix<'_>, models: &Models) -> Result<Report, Failure> {
    Ok(Report {
        models: models.to_string(),
        ..matrix.run()?
    })
}
