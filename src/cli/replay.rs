//! `freshest replay`.

use super::args::ReplayArgs;
use super::failure::Failure;
use super::{Exit, file, models, operand, output, save, select};
use crate::catalog::Catalog;
use crate::property::{Monitored, Property, PropertySet};
use crate::report::document::{Document, Screen};
use crate::report::{Departed, told, with_models, words};
use crate::scenario::Scenario;
use crate::source::{open_regular, plain};
use crate::trace::{
    Claim, Header, Observed, ReplayError, TraceFileError, TraceStep, beginning, from_itf,
    read_lines, replay, steps_of, walk_far,
};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// How many traces that no longer apply are told one by one.
const MAX_TOLD: usize = 10;

/// The largest file in ITF, in bytes: as JSON in memory it is many times as large.
const MAX_ITF_BYTES: u64 = 16 << 20;

/// Executes every trace of a file again.
pub(crate) fn run(args: &ReplayArgs) -> Result<Exit, Failure> {
    let path = &args.trace;
    let (header, start, traces) = open(path)?;
    let catalog = models::open(&args.models)?;
    let design = operand::design(&catalog, &header.design)?;
    let scenario = select::scenario(&catalog, &header.scenario)?;
    select::check_fit(&design, scenario)?;
    check_scenario(&header, start.is_some(), scenario)?;
    let claim = claim(&header)?;
    let judged = claim
        .iter()
        .map(|(property, _)| *property)
        .collect::<PropertySet>();
    let model = Monitored::new(design.policy, &scenario.setup, judged);
    let of = format!("{} in {}", design.name, scenario.name);
    let (mut count, mut steps, mut failed) = (0, 0, 0);
    let mut traces = traces.peekable();
    while let Some(trace) = traces.next() {
        let (line, trace) = trace.map_err(|error| misunderstood(path, &error))?;
        let is_alone = count == 0 && traces.peek().is_none();
        count += 1;
        if args.story && count <= MAX_TOLD {
            let start = beginning(scenario, design.policy.platform);
            let walked = walk_far(&model, &trace)?;
            let told = told(&start, &steps_of(&walked, model.roster()));
            output::print(&told.as_text(Screen::default()))?;
        }
        let replayed = replay(&model, start.as_ref(), &trace, claim);
        match replayed {
            Ok(replayed) => steps += replayed.steps.len(),
            Err(ReplayError::Unreliable(error)) => return Err(error.into()),
            Err(ReplayError::Departs(departure)) if is_alone => {
                let departed = Departed {
                    design: &design,
                    scenario,
                    claim,
                    roster: model.roster(),
                    departure: &departure,
                };
                output::print(&departed.as_text(&again(&catalog, &departed)))?;
                return Ok(Exit::Differs);
            }
            Err(ReplayError::Departs(departure)) => {
                failed += 1;
                if failed <= MAX_TOLD {
                    output::print(&format!("{}:{line}: {departure}\n", path.display()))?;
                }
            }
        }
    }
    if count == 0 {
        return Err(Failure::new(format!("{} holds no trace", path.display())));
    }
    if failed > 0 {
        let more = failed - failed.min(MAX_TOLD);
        let more = match more {
            0 => String::new(),
            more => format!("and {more} more\n"),
        };
        let traces = words::count(count, "trace");
        output::print(&format!(
            "{more}{failed} of {traces} no longer apply to {of}\n"
        ))?;
        return Ok(Exit::Differs);
    }
    let claim = match claim {
        Some((property, Claim::Violated)) => format!(", and the last step violates {property}"),
        Some((property, Claim::Witnessed)) => format!(", and the last step witnesses {property}"),
        None => String::new(),
    };
    let (traces, steps) = (words::count(count, "trace"), words::count(steps, "step"));
    let apply = match count {
        1 => "applies",
        _ => "all apply",
    };
    let mut told = Document::default();
    told.say(format!("{traces}, {steps}: {apply} to {of}{claim}"));
    output::print(&told.as_text(Screen::default()))?;
    Ok(Exit::AsExpected)
}

/// The command that tells whether there is another counterexample.
fn again(catalog: &Catalog, departed: &Departed<'_>) -> String {
    let (design, scenario) = (&departed.design.name, &departed.scenario.name);
    let property = departed.claim.map_or("", |(property, _)| property.name());
    let command = format!("freshest explain {design} {scenario} {property}");
    with_models(command, &catalog.models.to_string())
}

type Traces = Box<dyn Iterator<Item = Result<(usize, Vec<TraceStep>), TraceFileError>>>;

/// What was read is no trace file.
fn misunderstood(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    let help = "`freshest explain --save` and `freshest traces` write such files";
    Failure::of_file(path, "is not a trace file", error).help(help)
}

/// Opens a trace file of either format: what it is about, what is seen at the start where it says
/// so, and the traces.
fn open(path: &Path) -> Result<(Header, Option<Observed>, Traces), Failure> {
    let unreadable =
        |error: &dyn std::fmt::Display| Failure::of_file(path, "cannot be read", error);
    let mut source = BufReader::new(open_regular(path).map_err(|error| unreadable(&error))?);
    let beginning = source.fill_buf().map_err(|error| unreadable(&error))?;
    // Only ITF has this key, and writers put it first.
    let is_itf = String::from_utf8_lossy(beginning).contains("\"#meta\"");
    if is_itf || save::is_itf(path) {
        let text = file::read_up_to(path, MAX_ITF_BYTES)?;
        let (header, start, steps) =
            from_itf(&text).map_err(|error| misunderstood(path, &error))?;
        let traces = std::iter::once(Ok((1, steps)));
        return Ok((header, Some(start), Box::new(traces)));
    }
    let (header, traces) = read_lines(source).map_err(|error| misunderstood(path, &error))?;
    Ok((header, None, Box::new(traces)))
}

/// A trace of another scenario under the same name would depart in confusing ways. Where the file
/// says what is seen at the start, that is compared as well; where it does not, its header says what
/// the start is made of.
fn check_scenario(header: &Header, has_start: bool, scenario: &Scenario) -> Result<(), Failure> {
    let made_of = |header: &Header| {
        let Header {
            keys,
            absent,
            unfocused,
            ..
        } = header.clone();
        (keys, absent, unfocused, header.piggyback, header.stale_load)
    };
    let today = Header::new(&header.design, &scenario.name, &scenario.setup);
    if !has_start && made_of(header) != made_of(&today) {
        let message = format!(
            "the trace was recorded with other keys, absent or unfocused tabs, or answers than {} \
             has now",
            scenario.name
        );
        return Err(Failure::new(message).help("record it again with `freshest explain --save`"));
    }
    if header.edge != today.edge {
        let message = format!(
            "the trace was recorded with `edge = \"{}\"`, but {} now has `edge = \"{}\"`",
            plain(&header.edge),
            scenario.name,
            today.edge
        );
        return Err(Failure::new(message).help("record it again with `freshest explain --save`"));
    }
    let recorded = (header.tabs, header.start.as_str());
    let present = (scenario.setup.tabs, scenario.setup.start.name());
    if recorded == present {
        return Ok(());
    }
    let name = &scenario.name;
    let message = format!(
        "the trace was recorded with {} tabs starting with {}, but {name} now has {} starting with {}",
        recorded.0, recorded.1, present.0, present.1
    );
    Err(Failure::new(message).help("record it again with `freshest explain --save`"))
}

fn claim(header: &Header) -> Result<Option<(Property, Claim)>, Failure> {
    match (&header.property, header.claim) {
        (Some(name), Some(claim)) => Ok(Some((select::property(name)?, claim))),
        (None, None) => Ok(None),
        _ => Err(Failure::new(
            "the header must have both `property` and `claim`, or neither",
        )),
    }
}
