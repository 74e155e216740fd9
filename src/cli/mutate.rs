//! `freshest mutate`.

use super::args::{DocumentFormat, MutateArgs};
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::side_by_side::side_by_side;
use super::{Exit, output, select};
use crate::cache::Policy;
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{self, Limits, Method, Watch, explore};
use crate::model::Composed;
use crate::mutate::{Judged, Known, Mutant, Run, judge, mutants, same_steps, tables};
use crate::property::{Monitored, PropertySet};
use crate::report::{Bounds, Mutation, Setting, diagram, story};
use crate::scenario::Scenario;
use crate::source::suggestion;
use crate::trace::{Claim, walk};
use std::sync::Arc;

/// Changes a design, and says who notices.
pub fn run(args: &MutateArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let design = select::design(&catalog, &args.design)?;
    let bench = Bench {
        design,
        scenarios: select::scenarios(&catalog, &args.scenario)?,
        properties: select::properties(&args.property)?,
        method: args.limits.method(),
        limits: args.limits.limits(),
        threads: args.threads.map(usize::from),
    };
    let wanted = match (&args.explain, args.tables) {
        (Some(name), _) => vec![named(design, name)?],
        (None, true) => tables(&design.policy),
        (None, false) => mutants(&design.policy),
    };
    if wanted.is_empty() {
        let message = format!("{} does not decide by a table", design.name);
        return Err(Failure::new(message).help("without --tables its other parts are changed"));
    }
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    let Tried { judged, executed } = bench.judge_all(&wanted, &watch)?;
    if let (Some(_), Some(one)) = (&args.explain, judged.first()) {
        return bench.explain(one, args.format);
    }
    let setting = Setting {
        design: &design.name,
        tables: args.tables,
        engine: bench.method.engine.name(),
        bounds: Bounds::from(&bench.limits),
        scenarios: &bench.scenarios,
        properties: bench.properties,
        runs: executed,
    };
    let mutation = Mutation::new(&setting, &judged);
    match args.format {
        DocumentFormat::Text => output::print(&mutation.as_text())?,
        DocumentFormat::Markdown => output::print(&mutation.as_markdown())?,
        DocumentFormat::Json => output::print_json(&mutation)?,
    }
    Ok(match mutation.is_conclusive() {
        true => Exit::AsExpected,
        false => Exit::Unknown,
    })
}

fn named(design: &Design, name: &str) -> Result<Mutant, Failure> {
    Mutant::from_name(&design.policy, name).map_err(|part| {
        let known: Vec<_> = mutants(&design.policy)
            .iter()
            .map(Mutant::to_string)
            .collect();
        let message = format!("`{part}` changes nothing about {}", design.name);
        Failure::new(message).help(suggestion(part, known.iter().map(String::as_str)))
    })
}

/// A design, and where its mutants are tried.
struct Bench<'a> {
    design: &'a Design,
    scenarios: Vec<&'a Scenario>,
    properties: PropertySet,
    method: Method,
    limits: Limits,
    /// Runs side by side; `None`: one for each processor.
    threads: Option<usize>,
}

/// The runs of one scenario.
#[derive(Default)]
struct Column {
    known: Known,
    /// Of the design and of its mutants.
    runs: Vec<Run>,
    /// How many of them were not known already.
    executed: usize,
}

/// What became of the mutants.
struct Tried {
    judged: Vec<Judged>,
    /// Runs that were not known already.
    executed: usize,
}

impl Bench<'_> {
    /// Runs the design and its mutants in every scenario, and compares. A scenario's runs come one
    /// after the other, so that which of them are made does not depend on who is faster.
    fn judge_all(&self, mutants: &[Mutant], watch: &Arc<Watch>) -> Result<Tried, Failure> {
        let progress = Progress::start(watch, self.scenarios.len() * (mutants.len() + 1));
        let columns = side_by_side(&self.scenarios, self.threads, |scenario| {
            let mut column = Column::default();
            for policy in self.policies(mutants) {
                self.run(&mut column, policy, scenario, watch)?;
                progress.ended();
            }
            Ok(column)
        });
        let columns: Result<Vec<Column>, explore::Error> = columns.into_iter().collect();
        let columns = columns?;
        let row = |index: usize| columns.iter().map(|c| c.runs[index].clone()).collect();
        let original: Vec<Run> = row(0);
        let numbered: Vec<_> = (1..).zip(mutants).collect();
        let judged = side_by_side(&numbered, self.threads, |&(index, mutant)| {
            let runs: Vec<Run> = row(index);
            let model = |policy, at: usize| Composed::new(policy, &self.scenarios[at].setup);
            let same = |at| same_steps(&model(self.design.policy, at), &model(mutant.policy, at));
            judge(mutant.clone(), &original, &runs, same)
        });
        self.design.policy.rule.check()?;
        Ok(Tried {
            judged,
            executed: columns.iter().map(|column| column.executed).sum(),
        })
    }

    /// The design's policy, and those of its mutants.
    fn policies(&self, mutants: &[Mutant]) -> impl Iterator<Item = Policy> {
        let of_mutants = mutants.iter().map(|mutant| mutant.policy);
        std::iter::once(self.design.policy).chain(of_mutants)
    }

    fn run(
        &self,
        column: &mut Column,
        policy: Policy,
        scenario: &Scenario,
        watch: &Arc<Watch>,
    ) -> Result<(), explore::Error> {
        let run = match column.known.find(&policy) {
            Some(run) => run,
            None => {
                let model = Monitored::new(policy, &scenario.setup, self.properties);
                let outcome = Arc::new(explore(model, &self.method, &self.limits, watch)?);
                let run = Run { policy, outcome };
                column.executed += 1;
                column.known.add(&run);
                run
            }
        };
        column.runs.push(run);
        Ok(())
    }

    /// Tells the shortest kill.
    fn explain(&self, judged: &Judged, format: DocumentFormat) -> Result<Exit, Failure> {
        let Some(kill) = judged.shortest(None) else {
            let (mutant, fate) = (&judged.mutant, judged.fate.name());
            output::print(&format!("{mutant} is not killed ({fate})\n"))?;
            return Ok(match judged.fate {
                crate::mutate::Fate::Unknown => Exit::Unknown,
                _ => Exit::AsExpected,
            });
        };
        let mutated = Design {
            title: format!("{} with {}", self.design.name, judged.mutant),
            policy: judged.mutant.policy,
            ..self.design.clone()
        };
        let scenario = self.scenarios[kill.scenario];
        let wanted = PropertySet::from_iter([kill.property]);
        let model = Monitored::new(mutated.policy, &scenario.setup, wanted);
        let steps = walk(&model, &kill.events).map_err(|step| {
            Failure::new(format!("internal error: step {step} cannot be repeated"))
        })?;
        let told = story(
            (&mutated, scenario, kill.property),
            Claim::Violated,
            &model,
            &steps,
        );
        match format {
            DocumentFormat::Text => output::print(&told.as_text())?,
            DocumentFormat::Markdown => output::print(&diagram::markdown(&told))?,
            DocumentFormat::Json => output::print_json(&told)?,
        }
        Ok(Exit::AsExpected)
    }
}
