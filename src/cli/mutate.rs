//! `freshest mutate`.

use super::args::{DocumentFormat, MutateArgs};
use super::failure::Failure;
use super::progress::{Progress, stop_on_interrupt};
use super::side_by_side::side_by_side;
use super::{Exit, output, select};
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{self, Limits, Method, Watch, explore};
use crate::model::Composed;
use crate::mutate::{Judged, Known, Mutant, Run, judge, mutants, same_steps, tables};
use crate::property::PropertySet;
use crate::report::{Bounds, Mutation, Setting, diagram, story};
use crate::scenario::Scenario;
use crate::source::suggestion;
use crate::trace::{Claim, walk};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
        executed: AtomicUsize::new(0),
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
    let judged = bench.judge_all(wanted, &watch)?;
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
        runs: bench.executed.load(Ordering::Relaxed),
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
    /// Runs that were not known already.
    executed: AtomicUsize,
}

impl Bench<'_> {
    /// Runs the design and its mutants in every scenario, and compares.
    fn judge_all(&self, mutants: Vec<Mutant>, watch: &Arc<Watch>) -> Result<Vec<Judged>, Failure> {
        let count = self.scenarios.len();
        let progress = Progress::start(watch, count * (mutants.len() + 1));
        let known = Known::new(count);
        let run = |mutant: Option<&Mutant>, scenario| {
            let policy = mutant.map_or(self.design.policy, |mutant| mutant.policy);
            let result = self.run(&known, policy, scenario, watch);
            progress.ended();
            result
        };
        let scenarios: Vec<usize> = (0..count).collect();
        let original = side_by_side(&scenarios, self.threads, |&scenario| run(None, scenario));
        let original: Result<Vec<Run>, explore::Error> = original.into_iter().collect();
        let original = original?;
        let pairs: Vec<_> = mutants
            .iter()
            .flat_map(|mutant| scenarios.iter().map(move |&scenario| (mutant, scenario)))
            .collect();
        let runs = side_by_side(&pairs, self.threads, |&(mutant, scenario)| {
            run(Some(mutant), scenario)
        });
        let runs: Result<Vec<Run>, explore::Error> = runs.into_iter().collect();
        let runs = runs?;
        let of_mutant: Vec<_> = mutants.iter().zip(runs.chunks(count)).collect();
        let judged = side_by_side(&of_mutant, self.threads, |(mutant, runs)| {
            let model =
                |policy, at: usize| Composed::new(policy, self.scenarios[at], PropertySet::NONE);
            let same = |at| same_steps(&model(self.design.policy, at), &model(mutant.policy, at));
            judge((*mutant).clone(), &original, runs, same)
        });
        self.design.policy.rule.check()?;
        Ok(judged)
    }

    fn run(
        &self,
        known: &Known,
        policy: crate::cache::Policy,
        scenario: usize,
        watch: &Arc<Watch>,
    ) -> Result<Run, explore::Error> {
        if let Some(run) = known.find(scenario, &policy) {
            return Ok(run);
        }
        self.executed.fetch_add(1, Ordering::Relaxed);
        let model = Composed::new(policy, self.scenarios[scenario], self.properties);
        let outcome = explore(model, &self.method, &self.limits, watch)?;
        let run = Run {
            policy,
            outcome: Arc::new(outcome),
        };
        known.add(scenario, &run);
        Ok(run)
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
        let model = Composed::new(mutated.policy, scenario, wanted);
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
