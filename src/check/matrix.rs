//! Designs and scenarios, each with each.

use super::results::{Bounds, Report, Unreached};
use super::{Check, Options, RunResult};
use crate::design::Design;
use crate::explore::Error;
use crate::freshness::Rule;
use crate::property::PropertySet;
use crate::scenario::Scenario;

/// Every one of these designs in every one of these scenarios, several runs at a time.
#[derive(Clone)]
pub struct Matrix<'a> {
    designs: Vec<&'a Design>,
    scenarios: Vec<&'a Scenario>,
    properties: PropertySet,
    options: Options<'a>,
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

    /// Makes every run of a design in a scenario that it can be run in. Results come design by design, in the order of the scenarios, whoever is
    /// done first.
    ///
    /// # Errors
    ///
    /// As of [`Check::run`], of the first run in that order that has an error.
    pub fn run(&self) -> Result<Report, Error> {
        let with_each = |&design| {
            let scenarios = self.scenarios.iter().copied();
            let fitting = scenarios.filter(move |scenario| Design::runs_in(design, scenario));
            fitting.map(move |scenario| (design, scenario))
        };
        let pairs: Vec<_> = self.designs.iter().flat_map(with_each).collect();
        let name = |(design, scenario): &(&Design, &Scenario)| {
            format!("{} in {}", design.name, scenario.name)
        };
        let results = self.options.run_each(&pairs, name, |(design, scenario)| {
            Check::new(design, scenario)
                .properties(self.properties)
                .method(self.options.method)
                .limits(self.options.limits)
                .watch(&self.options.watch)
                .run()
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

    /// Of each comparator once, however many designs have it.
    fn unreached(&self) -> Vec<Unreached> {
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
