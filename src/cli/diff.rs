//! `freshest diff`.

use super::args::{DiffArgs, DocumentFormat};
use super::failure::Failure;
use super::gate::Gate;
use super::progress::{Progress, stop_on_interrupt};
use super::side_by_side::side_by_side;
use super::{Exit, file, output, select};
use crate::catalog::Catalog;
use crate::design::Design;
use crate::explore::{Limits, Lockstep, Watch, lockstep};
use crate::model::{Event, Roster, System};
use crate::property::{Monitored, PropertySet};
use crate::report::{Compared, Diff, VERSION, VerdictDiff, diff, differ, differ_in_passing};
use crate::scenario::Scenario;
use crate::trace::{Walked, walk};
use serde::Serialize;
use std::sync::Arc;

/// Compares two designs.
pub fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    for wanted in &args.output {
        file::check_place(&wanted.path)?;
    }
    let catalog = Catalog::load(&args.models.models)?;
    let from = select::design(&catalog, &args.from)?;
    let to = select::design(&catalog, &args.to)?;
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let gate = Gate {
        models: &args.models.models,
        designs: vec![from, to],
        scenarios: scenarios.clone(),
        properties: PropertySet::ALL,
        method: args.limits.method(),
        limits: args.limits.limits(),
        threads: args.threads.map(usize::from),
    };
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    let report = gate.run(&watch)?;
    let sides = compare(&gate, (from, to), &scenarios, &watch);
    let mut compared = Vec::with_capacity(sides.len());
    for side in &sides {
        let walked = match &side.lockstep.apart {
            Some(events) => Some((
                walked(&side.models.0, events)?,
                walked(&side.models.1, events)?,
            )),
            None => None,
        };
        compared.push(Compared {
            scenario: side.scenario,
            models: (&side.models.0, &side.models.1),
            lockstep: &side.lockstep,
            in_passing: side.in_passing,
            walked,
        });
    }
    let diff = diff(from, to, &compared, &report);
    for design in [from, to] {
        design.policy.rule.check()?;
    }
    tell(args, &diff)?;
    Ok(match diff.verdicts(VerdictDiff::is_broken).is_empty() {
        false => Exit::Differs,
        true if diff.inconclusive => Exit::Unknown,
        true => Exit::AsExpected,
    })
}

fn walked(model: &Monitored, events: &[Event]) -> Result<Vec<Walked>, Failure> {
    walk(model, events)
        .map_err(|step| Failure::new(format!("internal error: step {step} cannot be repeated")))
}

/// A scenario, and what became of both designs side by side.
struct Side<'a> {
    scenario: &'a Scenario,
    models: (Monitored, Monitored),
    lockstep: Lockstep,
    in_passing: bool,
}

/// Runs the designs side by side, several scenarios at a time.
fn compare<'a>(
    gate: &Gate<'_>,
    (from, to): (&Design, &Design),
    scenarios: &[&'a Scenario],
    watch: &Arc<Watch>,
) -> Vec<Side<'a>> {
    let progress = Progress::start(watch, scenarios.len());
    side_by_side(scenarios, gate.threads, |scenario| {
        let side = side(scenario, (from, to), &gate.limits, watch);
        progress.ended();
        side
    })
}

fn side<'a>(
    scenario: &'a Scenario,
    (from, to): (&Design, &Design),
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Side<'a> {
    let model = |design: &Design| Monitored::new(design.policy, &scenario.setup, PropertySet::NONE);
    let models = (model(from), model(to));
    let roster = models.0.roster();
    let run = |differ: fn(Roster, &System, &System) -> bool| {
        let both = (models.0.model(), models.1.model());
        lockstep(both, |one, other| differ(roster, one, other), limits, watch)
    };
    let nothing = Lockstep {
        apart: None,
        pairs: 0,
        bound: None,
    };
    // Designs are nothing but their policies.
    let held = match from.policy == to.policy {
        true => nothing,
        false => run(differ),
    };
    let never = held.apart.is_none() && held.bound.is_none() && held.pairs > 0;
    let lockstep = match never {
        true => run(differ_in_passing),
        false => held,
    };
    Side {
        scenario,
        models,
        lockstep,
        in_passing: never,
    }
}

/// As every command writes JSON.
#[derive(Serialize)]
struct Results<'a> {
    version: u32,
    results: [&'a Diff; 1],
}

/// Files first: whoever closes standard output early still has them.
fn tell(args: &DiffArgs, diff: &Diff) -> Result<(), Failure> {
    for wanted in &args.output {
        file::write(&wanted.path, &rendered(diff, wanted.format)?)?;
    }
    output::print(&rendered(diff, args.format)?)
}

fn rendered(diff: &Diff, format: DocumentFormat) -> Result<String, Failure> {
    Ok(match format {
        DocumentFormat::Text => diff.as_text(),
        DocumentFormat::Markdown => diff.as_markdown(),
        DocumentFormat::Json => {
            let results = Results {
                version: VERSION,
                results: [diff],
            };
            let json = serde_json::to_string_pretty(&results);
            json.map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?
                + "\n"
        }
    })
}
