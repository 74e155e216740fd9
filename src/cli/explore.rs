//! `freshest explore`.

use super::args::ExploreArgs;
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, models, output, select};
use crate::check::{Check, Progress as _};
use crate::design::Design;
use crate::explore::{Limits, Outcome};
use crate::freshness::Rule;
use crate::property::{Monitored, Property, PropertySet};
use crate::scenario::Scenario;
use crate::trace::positions;
use stateright::Model;
use std::net::{Ipv4Addr, TcpListener};

/// Serves stateright's Explorer until somebody ends the program.
pub(crate) fn run(args: &ExploreArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let design = select::design(&catalog, &args.design)?;
    let scenario = select::scenario(&catalog, &args.scenario)?;
    select::check_fit(design, scenario)?;
    let path = match &args.at {
        Some(property) => path_to(design, scenario, select::property(property)?)?,
        None => String::new(),
    };
    // The Explorer steps through states without asking whether the comparator can be relied on.
    let rules = design.policy.rules.all();
    if rules.iter().any(|rule| matches!(rule, Rule::External(_))) {
        run_through(design, scenario, PropertySet::NONE)?;
    }
    // stateright panics where it cannot listen, so find out first.
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| {
            Failure::new(format!("cannot listen on 127.0.0.1:{}: {error}", args.port))
                .help("name another port with --port PORT")
        })?;
    let all = PropertySet::ALL;
    let model = Monitored::new(design.policy, &scenario.setup, all).with_witnesses(all);
    output::tell(&format!(
        "{} in {}: open http://{address}/{path} in a browser; Ctrl-C ends\n",
        design.name, scenario.name
    ));
    model.checker().serve(address);
    Ok(Exit::AsExpected)
}

/// Where the Explorer shows the last state of the shortest counterexample.
fn path_to(design: &Design, scenario: &Scenario, property: Property) -> Result<String, Failure> {
    let wanted = PropertySet::from_iter([property]);
    let outcome = run_through(design, scenario, wanted)?;
    let finding = outcome.finding(property);
    let Some(events) = finding.and_then(|finding| finding.counterexample.as_deref()) else {
        let (design, scenario) = (&design.name, &scenario.name);
        let message = format!("{design} does not violate {property} in {scenario}");
        let help = format!("`freshest explain {design} {scenario}` lists what it violates");
        return Err(Failure::new(message).help(help));
    };
    let model = Monitored::new(design.policy, &scenario.setup, wanted);
    let positions = positions(&model, events)?;
    // There is one initial state, the first.
    let steps = positions.iter().map(|position| format!("/{position}"));
    Ok(format!("#/steps/0{}", steps.collect::<String>()))
}

/// Explores everything.
fn run_through(
    design: &Design,
    scenario: &Scenario,
    properties: PropertySet,
) -> Result<Outcome, Failure> {
    let progress = Progress::start()?;
    progress.bounded_by(&Limits::default());
    progress.began(&format!("{} in {}", design.name, scenario.name));
    let check = Check::new(design, scenario).properties(properties);
    Ok(check.watch(progress.watch()).outcome()?)
}
