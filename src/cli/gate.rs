//! Running designs in scenarios, side by side.

use super::args::GateArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::{require, select};
use crate::catalog::Catalog;
use crate::check::{Matrix, Report, matrix};
use crate::design::Design;
#[cfg(feature = "cluster")]
use crate::explore::{Error, Together};
#[cfg(feature = "cluster")]
use crate::property::Property;
use crate::property::PropertySet;
use crate::scenario::Scenario;
#[cfg(feature = "cluster")]
use std::sync::{Arc, Mutex};

/// What the arguments ask for.
pub(crate) struct Selection<'a> {
    designs: Vec<&'a Design>,
    scenarios: Vec<&'a Scenario>,
    properties: PropertySet,
}

impl Selection<'_> {
    /// The names of designs, scenarios and properties.
    #[cfg(feature = "cluster")]
    pub(crate) fn names(&self) -> [Vec<&str>; 3] {
        let designs = self.designs.iter().map(|design| &*design.name);
        let scenarios = self.scenarios.iter().map(|scenario| &*scenario.name);
        let properties = self.properties.iter().map(Property::name);
        [designs.collect(), scenarios.collect(), properties.collect()]
    }
}

/// Runs what the arguments ask for. `tried`: the only design stands in the place of all others.
pub(crate) fn run(args: &GateArgs, catalog: &Catalog, tried: bool) -> Result<Report, Failure> {
    let Selection {
        designs,
        scenarios,
        properties,
    } = select(args, catalog, tried)?;
    let progress = Progress::start()?;
    let options = args.limits.options(args.threads, &progress);
    let matrix = matrix(designs, scenarios).properties(properties);
    run_matrix(&matrix.options(options), catalog)
}

/// The same together with other processes, as process 0.
#[cfg(feature = "cluster")]
pub(crate) fn run_together(
    args: &GateArgs,
    catalog: &Catalog,
    selected: &Selection<'_>,
    together: &Arc<Mutex<Together>>,
) -> Result<Report, Failure> {
    let progress = Progress::start()?;
    let options = args.limits.options(args.threads, &progress);
    let matrix = matrix(selected.designs.clone(), selected.scenarios.clone());
    let matrix = matrix.properties(selected.properties).options(options);
    run_matrix(&matrix.together(together), catalog)
}

/// Has a part in the same as another process. Whatever comes of the runs is process 0's to tell.
#[cfg(feature = "cluster")]
pub(crate) fn serve(
    args: &GateArgs,
    selected: &Selection<'_>,
    together: &Arc<Mutex<Together>>,
) -> Result<Result<(), Error>, Failure> {
    let progress = Progress::start()?;
    let options = args.limits.options(args.threads, &progress);
    let matrix = matrix(selected.designs.clone(), selected.scenarios.clone());
    let matrix = matrix.properties(selected.properties).options(options);
    Ok(matrix.together(together).serve())
}

/// Finds what the arguments ask for.
pub(crate) fn select<'a>(
    args: &GateArgs,
    catalog: &'a Catalog,
    tried: bool,
) -> Result<Selection<'a>, Failure> {
    let designs = select::designs(catalog, &args.design)?;
    let scenarios = select::scenarios(catalog, &args.scenario)?;
    let properties = select::properties(&args.property)?;
    let (designs, scenarios) = fitting(args, tried, designs, scenarios)?;
    let design_names: Vec<&str> = designs.iter().map(|design| &*design.name).collect();
    let scenario_names: Vec<&str> = scenarios.iter().map(|scenario| &*scenario.name).collect();
    require::check(args, catalog, &design_names, &scenario_names)?;
    Ok(Selection {
        designs,
        scenarios,
        properties,
    })
}

/// The designs that can be run in one of the scenarios at least, and the scenarios that one of the designs can
/// be run in. What was named, and what is among everything, may not be passed over.
fn fitting<'a>(
    args: &GateArgs,
    tried: bool,
    designs: Vec<&'a Design>,
    scenarios: Vec<&'a Scenario>,
) -> Result<(Vec<&'a Design>, Vec<&'a Scenario>), Failure> {
    let all_designs = args.design.is_empty() && !tried;
    let all_scenarios = args.scenario.is_empty();
    let has_scenario = |design: &Design| scenarios.iter().any(|s| design.runs_in(s));
    let has_design = |scenario: &Scenario| designs.iter().any(|d| d.runs_in(scenario));
    for design in &designs {
        if !has_scenario(design) && (all_scenarios || !all_designs) {
            select::fitting(&[design], scenarios.clone())?;
        }
    }
    for scenario in &scenarios {
        if !has_design(scenario) && (all_designs || !all_scenarios) {
            let message = format!(
                "no design can be run in {}: none is of its platform",
                scenario.name
            );
            let help = "a scenario with a table `[platform]` is for designs with the same one";
            return Err(Failure::new(message).help(help));
        }
    }
    let fitting_designs = designs
        .iter()
        .copied()
        .filter(|design| has_scenario(design));
    let fitting_scenarios = scenarios
        .iter()
        .copied()
        .filter(|scenario| has_design(scenario));
    Ok((fitting_designs.collect(), fitting_scenarios.collect()))
}

/// Runs a matrix. The report says where its models are from, and how much of them was checked.
pub(crate) fn run_matrix(matrix: &Matrix<'_>, catalog: &Catalog) -> Result<Report, Failure> {
    let report = Report {
        models: catalog.models.to_string(),
        ..matrix.run()?
    };
    Ok(report.out_of(catalog.designs.len(), catalog.scenarios.len()))
}
