//! Running designs in scenarios, side by side.

use super::args::GateArgs;
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::select;
use super::side_by_side::side_by_side;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{self, Limits, Method, Watch, explore};
use crate::property::{Monitored, PropertySet};
use crate::report::{Bounds, Report, RunResult};
use crate::scenario::Scenario;
use std::path::Path;
use std::sync::Arc;

/// Runs what the arguments ask for.
pub fn run(args: &GateArgs, catalog: &Catalog) -> Result<Report, Failure> {
    let gate = Gate {
        models: &args.models.models,
        designs: select::designs(catalog, &args.design)?,
        scenarios: select::scenarios(catalog, &args.scenario)?,
        properties: select::properties(&args.property)?,
        method: args.limits.method(),
        limits: args.limits.limits(),
        threads: args.threads.map(usize::from),
    };
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    gate.run(&watch)
}

/// What to run, and how.
pub struct Gate<'a> {
    /// Where designs and scenarios are from.
    pub models: &'a Path,
    pub designs: Vec<&'a Design>,
    pub scenarios: Vec<&'a Scenario>,
    pub properties: PropertySet,
    pub method: Method,
    pub limits: Limits,
    /// Runs side by side; `None`: one for each processor.
    pub threads: Option<usize>,
}

impl Gate<'_> {
    /// Runs every design in every scenario. Results come in that order, whoever is done first.
    pub fn run(&self, watch: &Arc<Watch>) -> Result<Report, Failure> {
        let pairs: Vec<_> = self
            .designs
            .iter()
            .flat_map(|design| {
                self.scenarios
                    .iter()
                    .map(move |scenario| (*design, *scenario))
            })
            .collect();
        let progress = Progress::start(watch, pairs.len());
        let results = side_by_side(&pairs, self.threads, |(design, scenario)| {
            let result = self.run_one(design, scenario, watch);
            progress.ended();
            result
        });
        let results: Result<Vec<RunResult>, explore::Error> = results.into_iter().collect();
        let results = results?;
        Ok(Report {
            models: self.models.display().to_string(),
            engine: self.method.engine.name().to_owned(),
            bounds: Bounds::from(&self.limits),
            ..Report::new(results)
        })
    }

    fn run_one(
        &self,
        design: &Design,
        scenario: &Scenario,
        watch: &Arc<Watch>,
    ) -> Result<RunResult, explore::Error> {
        let model = Monitored::new(design.policy, &scenario.setup, self.properties);
        let outcome = explore(model, &self.method, &self.limits, watch)?;
        Ok(RunResult::new(design, scenario, &outcome))
    }
}
