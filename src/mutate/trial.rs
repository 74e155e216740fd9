//! Running a design and its mutants.

use super::record::Setting;
use super::{Judged, Known, Mutant, Mutation, Run, judge, same_steps};
use crate::cache::Policy;
use crate::check::{Bounds, Options, side_by_side};
use crate::design::Design;
use crate::explore::{Error, explore};
use crate::model::Composed;
use crate::property::{Monitored, PropertySet};
use crate::scenario::Scenario;
use std::sync::Arc;

/// A design, and where its mutants are tried.
pub struct Trial<'a> {
    /// What is changed.
    pub design: &'a Design,
    /// Where it is tried.
    pub scenarios: &'a [&'a Scenario],
    /// The properties that may notice.
    pub properties: PropertySet,
    pub options: Options<'a>,
}

/// What became of mutants.
pub struct Tried {
    /// One for each mutant.
    pub judged: Vec<Judged>,
    /// Runs that it took: the rest could only have repeated one of these.
    pub executed: usize,
}

#[derive(Default)]
struct Column {
    known: Known,
    /// Of the design and of its mutants.
    runs: Vec<Run>,
    /// How many of them were not known already.
    executed: usize,
}

impl Trial<'_> {
    /// Runs the design and its mutants in every scenario, and compares. A scenario's runs come one
    /// after the other, so that which of them are made does not depend on who is faster.
    ///
    /// # Errors
    ///
    /// As of [`Check::run`](crate::check::Check::run).
    pub fn run(&self, mutants: &[Mutant]) -> Result<Tried, Error> {
        let (threads, watch) = (self.options.threads, &self.options.watch);
        let progress = self.options.progress;
        progress.expect(self.scenarios.len() * (mutants.len() + 1));
        let columns = side_by_side(self.scenarios, threads, watch, |scenario| {
            let mut column = Column::default();
            for (name, policy) in self.policies(mutants) {
                let name = format!("{name} in {}", scenario.name);
                progress.began(&name);
                self.run_one(&mut column, policy, scenario)?;
                progress.ended(&name);
            }
            Ok(column)
        });
        let columns: Vec<Column> = columns.into_iter().collect::<Result<_, Error>>()?;
        let row = |index: usize| columns.iter().map(|c| c.runs[index].clone()).collect();
        let original: Vec<Run> = row(0);
        let numbered: Vec<_> = (1..).zip(mutants).collect();
        let judged = side_by_side(&numbered, threads, watch, |&(index, mutant)| {
            let runs: Vec<Run> = row(index);
            let model = |policy, at: usize| Composed::new(policy, &self.scenarios[at].setup);
            let same = |at| same_steps(&model(self.design.policy, at), &model(mutant.policy, at));
            judge(mutant.clone(), &original, &runs, same)
        });
        self.design.policy.rules.check()?;
        Ok(Tried {
            judged,
            executed: columns.iter().map(|column| column.executed).sum(),
        })
    }

    /// The record of mutants that were tried; `tables`: they are all rule tables.
    pub fn record(&self, tried: &Tried, tables: bool) -> Mutation {
        let setting = Setting {
            design: &self.design.name,
            tables,
            engine: self.options.method.engine.name(),
            bounds: Bounds::from(&self.options.limits),
            scenarios: self.scenarios,
            properties: self.properties,
            runs: tried.executed,
        };
        Mutation::new(&setting, &tried.judged)
    }

    /// The design's policy, and those of its mutants, each with what it is called.
    fn policies(&self, mutants: &[Mutant]) -> impl Iterator<Item = (String, Policy)> {
        let name = &self.design.name;
        let named = move |mutant: &Mutant| (format!("{name} with {mutant}"), mutant.policy);
        let original = (name.clone(), self.design.policy);
        std::iter::once(original).chain(mutants.iter().map(named))
    }

    fn run_one(
        &self,
        column: &mut Column,
        policy: Policy,
        scenario: &Scenario,
    ) -> Result<(), Error> {
        let run = match column.known.find(&policy) {
            Some(run) => run,
            None => {
                let model = Monitored::new(policy, &scenario.setup, self.properties);
                let Options {
                    method,
                    limits,
                    watch,
                    ..
                } = &self.options;
                let outcome = Arc::new(explore(model, method, limits, watch)?);
                let run = Run { policy, outcome };
                column.executed += 1;
                column.known.add(&run);
                run
            }
        };
        column.runs.push(run);
        Ok(())
    }
}
