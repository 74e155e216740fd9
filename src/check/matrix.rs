//! Designs and scenarios, each with each.

use super::results::{Bounds, Report, Unreached};
use super::{Check, Options, RunResult};
use crate::design::Design;
use crate::explore::Error;
#[cfg(feature = "cluster")]
use crate::explore::Together;
use crate::freshness::Rule;
use crate::property::PropertySet;
use crate::scenario::Scenario;
#[cfg(feature = "cluster")]
use std::num::NonZeroUsize;
#[cfg(feature = "cluster")]
use std::sync::atomic::Ordering;
#[cfg(feature = "cluster")]
use std::sync::{Arc, Mutex};

/// Every one of these designs in every one of these scenarios, several runs at a time.
#[derive(Clone)]
pub struct Matrix<'a> {
    designs: Vec<&'a Design>,
    scenarios: Vec<&'a Scenario>,
    properties: PropertySet,
    options: Options<'a>,
    #[cfg(feature = "cluster")]
    together: Option<Arc<Mutex<Together>>>,
}

/// A matrix of every property, with the default options.
///
/// ```
/// # use freshest::{catalog::Catalog, check::{Agreement, matrix}};
/// let catalog = Catalog::load("models".as_ref())?;
/// let designs = catalog.designs.iter().filter(|design| !design.releases.is_empty());
/// let scenario = catalog.scenario("r1s1").ok_or("no such scenario")?;
///
/// let report = matrix(designs, [scenario]).run()?;
/// assert_eq!(report.agreement(), Agreement::Agrees);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn matrix<'a>(
    designs: impl IntoIterator<Item = &'a Design>,
    scenarios: impl IntoIterator<Item = &'a Scenario>,
) -> Matrix<'a> {
    Matrix {
        designs: designs.into_iter().collect(),
        scenarios: scenarios.into_iter().collect(),
        properties: PropertySet::ALL,
        options: Options::default(),
        #[cfg(feature = "cluster")]
        together: None,
    }
}

impl<'a> Matrix<'a> {
    /// Judges these properties only.
    #[must_use]
    pub fn properties(mut self, properties: PropertySet) -> Matrix<'a> {
        self.properties = properties;
        self
    }

    /// Runs in this way.
    #[must_use]
    pub fn options(mut self, options: Options<'a>) -> Matrix<'a> {
        self.options = options;
        self
    }

    /// Makes each run together with other processes, which make the same: one after the other, with as many threads in this
    /// process as the options say, which have been set before; one, where they say nothing.
    #[cfg(feature = "cluster")]
    #[must_use]
    pub fn together(mut self, together: &Arc<Mutex<Together>>) -> Matrix<'a> {
        let threads = self.options.threads.replace(NonZeroUsize::MIN);
        let helpers = threads.map_or(0, |threads| threads.get() - 1);
        self.options
            .watch
            .idle
            .fetch_add(helpers, Ordering::Relaxed);
        self.together = Some(Arc::clone(together));
        self
    }

    /// Has a part in every run, as another process than process 0, which is told what comes of them.
    ///
    /// # Errors
    ///
    /// As of [`Together::explore`], of the first run that has an error.
    #[cfg(feature = "cluster")]
    pub fn serve(&self) -> Result<(), Error> {
        let pairs = self.pairs();
        let mut checks = pairs
            .iter()
            .map(|&(design, scenario)| self.check(design, scenario));
        checks.try_for_each(|check| check.part().map(|_| ()))
    }

    /// Makes every run of a design in a scenario that it can be run in. Results come design by design, in the order of the scenarios, whoever is
    /// done first.
    ///
    /// # Errors
    ///
    /// As of [`Check::run`], of the first run in that order that has an error.
    pub fn run(&self) -> Result<Report, Error> {
        let pairs = self.pairs();
        let name = |(design, scenario): &(&Design, &Scenario)| {
            format!("{} in {}", design.name, scenario.name)
        };
        let results = self.options.run_each(&pairs, name, |(design, scenario)| {
            self.check(design, scenario).run()
        });
        let results: Vec<RunResult> = results.into_iter().collect::<Result<_, _>>()?;
        Ok(Report {
            engine: self.options.method.engine.name().to_owned(),
            symmetry: self.options.method.symmetry.name().to_owned(),
            bounds: Bounds::from(&self.options.limits),
            unreached: self.unreached(),
            ..Report::new(results)
        })
    }

    /// The runs, design by design.
    fn pairs(&self) -> Vec<(&'a Design, &'a Scenario)> {
        let with_each = |&design| {
            let scenarios = self.scenarios.iter().copied();
            let fitting = scenarios.filter(move |scenario| Design::runs_in(design, scenario));
            fitting.map(move |scenario| (design, scenario))
        };
        self.designs.iter().flat_map(with_each).collect()
    }

    fn check(&self, design: &'a Design, scenario: &'a Scenario) -> Check<'a> {
        let check = Check::new(design, scenario)
            .properties(self.properties)
            .method(self.options.method)
            .limits(self.options.limits)
            .watch(&self.options.watch);
        #[cfg(feature = "cluster")]
        if let Some(together) = &self.together {
            return check.together(together);
        }
        check
    }

    /// Of each comparator once, however many designs have it.
    fn unreached(&self) -> Vec<Unreached> {
        // What this process did not ask another one may have asked.
        #[cfg(feature = "cluster")]
        if self.together.is_some() {
            return Vec::new();
        }
        let mut rules: Vec<Rule> = Vec::new();
        for design in &self.designs {
            for rule in design.policy.rules.all() {
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
        }
        let mut parts: Vec<Unreached> = Vec::new();
        for part in rules.into_iter().flat_map(Rule::unreached) {
            let part = Unreached {
                file: part.path.display().to_string(),
                line: part.line,
                text: part.text,
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }
}
