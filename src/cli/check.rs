//! `freshest check`.

use super::args::{CheckArgs, Format};
use super::failure::Failure;
use super::gate::Gate;
use super::{Exit, output, progress, select};
use crate::catalog::Catalog;
use crate::explore::Watch;
use crate::report::matrix;
use std::sync::Arc;

/// The gate.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let gate = Gate {
        designs: select::designs(&catalog, &args.design)?,
        scenarios: select::scenarios(&catalog, &args.scenario)?,
        properties: select::properties(&args.property)?,
        limits: args.limits.limits(),
        threads: args.threads.map(usize::from),
    };
    let watch = Arc::new(Watch::default());
    progress::stop_on_interrupt(&watch)?;
    let report = gate.run(&watch);
    match args.format {
        Format::Text => output::print(&matrix(&report))?,
        Format::Json => output::print_json(&report)?,
    }
    Ok(report.agreement().into())
}
