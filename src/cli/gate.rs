//! Running designs in scenarios, side by side.

use super::args::GateArgs;
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::select;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{self, Limits, Method, Watch, explore};
use crate::model::Composed;
use crate::property::PropertySet;
use crate::report::{Bounds, Report, RunResult};
use crate::scenario::Scenario;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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
        let processors = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = self.threads.unwrap_or_else(processors).min(pairs.len());
        let next = AtomicUsize::new(0);
        let results = Mutex::new(Vec::with_capacity(pairs.len()));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(&(design, scenario)) =
                        pairs.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        let result = self.run_one(design, scenario, watch);
                        progress.ended();
                        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                        results.push(result);
                    }
                });
            }
        });
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        let results: Result<Vec<RunResult>, explore::Error> = results.into_iter().collect();
        let mut results = results?;
        let position = |result: &RunResult| {
            pairs
                .iter()
                .position(|(d, s)| (&d.name, &s.name) == (&result.design, &result.scenario))
        };
        results.sort_by_key(position);
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
        let model = Composed::new(design.policy, scenario, self.properties);
        let outcome = explore(model, &self.method, &self.limits, watch)?;
        Ok(RunResult::new(design, scenario, &outcome))
    }
}
