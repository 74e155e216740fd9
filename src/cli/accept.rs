//! `freshest check --accept`: what was found becomes what is expected.

use super::args::CheckArgs;
use super::failure::Failure;
use super::{Exit, file, models, output};
use crate::catalog::{Catalog, document};
use crate::check::{Agreement, Report, expectation};
use crate::design::{Accepted, Design, MISSING_REASON, accept};
use crate::property::{Property, Verdict};
use crate::scenario::Scenario;
use std::io::{IsTerminal, stderr, stdin};
use std::path::PathBuf;

/// What a design would have to expect.
pub(crate) struct Differences {
    /// The design's file.
    pub path: PathBuf,
    /// In the order of the runs; nothing that is inconclusive.
    pub accepted: Vec<Accepted>,
}

/// Every verdict that is not as expected and can be expected, by design.
pub(crate) fn differences(catalog: &Catalog, report: &Report) -> Vec<Differences> {
    let of = |design: &Design| {
        let runs = report
            .results
            .iter()
            .filter(|run| run.design == design.name);
        let accepted = runs.flat_map(|run| {
            let scenario = catalog.scenario(&run.scenario);
            let differing = run.properties.iter().filter(|property| {
                property.agreement != Agreement::Agrees && property.verdict != Verdict::Inconclusive
            });
            differing.filter_map(move |found| {
                let (scenario, property) = (scenario?, found.property);
                Some(Accepted {
                    scenario: scenario.name.clone(),
                    property,
                    verdict: found.verdict,
                    steps: found.steps,
                    implied: implied(scenario, property) == found.verdict,
                })
            })
        });
        Differences {
            path: design.path.clone(),
            accepted: accepted.collect(),
        }
    };
    let all = catalog.designs.iter().map(of);
    all.filter(|design| !design.accepted.is_empty()).collect()
}

/// What is expected where a design says nothing.
fn implied(scenario: &Scenario, property: Property) -> Verdict {
    match scenario.vacuous.contains_key(&property) {
        true => Verdict::Vacuous,
        false => Verdict::Holds,
    }
}

/// Rewrites what the designs expect, and says what the gate says then.
pub(crate) fn run(args: &CheckArgs, catalog: &Catalog, report: &Report) -> Result<Exit, Failure> {
    if models::is_continuous_integration() {
        let message = "--accept is for people, and CI is set";
        return Err(Failure::new(message).help("accept on your own machine, and commit the file"));
    }
    if catalog.models.directory().is_none() {
        let message = "the models in the program cannot be changed";
        return Err(Failure::new(message).help("`freshest init` writes models of your own"));
    }
    let differences = differences(catalog, report);
    let reason = reason(args, &differences)?;
    let mut written = Vec::new();
    for design in &differences {
        // Before any is written: one that is read-only must not leave the others changed alone.
        file::check_written(&design.path)?;
        let text = accept(&document(&design.path)?, &design.accepted, &reason)?;
        written.push((design, text));
    }
    let mut told = String::new();
    for (design, text) in &written {
        file::write(&design.path, text)?;
        let count = design.accepted.len();
        let plural = if count == 1 { "" } else { "s" };
        told += &format!(
            "{}: {count} expectation{plural} changed\n",
            design.path.display()
        );
        for one in &design.accepted {
            let length = one
                .steps
                .map_or(String::new(), |steps| format!(" in {steps} events"));
            told += &format!(
                "  {}: {} {}{length}\n",
                one.scenario, one.property, one.verdict
            );
        }
    }
    if written.is_empty() {
        told += "every verdict is as expected already: nothing was changed\n";
    } else if reason == MISSING_REASON && has_new_reason(catalog, &differences) {
        told += "what is new has no reason yet: write it under [because], where it says so\n";
    }
    let open = report
        .properties()
        .filter(|(_, property)| property.verdict == Verdict::Inconclusive);
    let open = open.count();
    if open > 0 {
        told += &format!("{open} verdicts are inconclusive, which nobody can expect\n");
    }
    output::print(&told)?;
    Ok(if open > 0 {
        Exit::Unknown
    } else {
        Exit::AsExpected
    })
}

/// The reason for what is new: as given, or else asked for where somebody can answer.
fn reason(args: &CheckArgs, differences: &[Differences]) -> Result<String, Failure> {
    if let Some(because) = &args.because {
        return Ok(because.clone());
    }
    if differences.is_empty() || !stdin().is_terminal() || !stderr().is_terminal() {
        return Ok(MISSING_REASON.to_owned());
    }
    output::tell(
        "Why is this to be expected? (one line; empty: the file says that a reason is missing) ",
    );
    let failed = |error| Failure::new(format!("no answer can be read: {error}"));
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(failed)?;
    Ok(match answer.trim() {
        "" => MISSING_REASON.to_owned(),
        answer => answer.to_owned(),
    })
}

/// Whether anything is expected now that was expected by nobody before.
fn has_new_reason(catalog: &Catalog, differences: &[Differences]) -> bool {
    let is_new = |design: &Differences, one: &Accepted| {
        let before = catalog
            .designs
            .iter()
            .find(|known| known.path == design.path);
        let scenario = catalog.scenario(&one.scenario);
        let (Some(before), Some(scenario)) = (before, scenario) else {
            return false;
        };
        let key = (one.scenario.clone(), one.property);
        !one.implied
            && !before.expectations.contains_key(&key)
            && expectation(before, scenario, one.property).verdict != one.verdict
    };
    let mut all = differences
        .iter()
        .flat_map(|design| design.accepted.iter().map(move |one| (design, one)));
    all.any(|(design, one)| is_new(design, one))
}
