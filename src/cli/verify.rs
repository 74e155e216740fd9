//! `freshest verify`.

use super::args::VerifyArgs;
use super::failure::Failure;
use super::gate::run_matrix;
use super::progress::Progress;
use super::{Exit, file, models, output};
use crate::check::{Bounds, Options, matrix};
use crate::explore::{Engine, Limits, Method, SymmetryUse};
use crate::receipt::{Difference, RECEIPT, Receipt};
use crate::report::words::count;
use crate::source::from_json;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Runs exactly what the receipt is about, and compares.
pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    let then = read(&args.receipt)?;
    let limits = limits(&then.bounds).ok_or_else(|| {
        let what = "is not a receipt: a time limit must be a positive number of seconds";
        Failure::new(format!("{} {what}", args.receipt.display()))
    })?;
    let engine = Engine::from_name(&then.engine).ok_or_else(|| {
        let what = format!("was made by an engine `{}` that is not known", then.engine);
        Failure::new(format!("{} {what}", args.receipt.display()))
    })?;
    let method = Method {
        engine,
        symmetry: SymmetryUse::from_name(&then.symmetry).unwrap_or_default(),
        ..Method::default()
    };
    let catalog = models::open(&args.models)?;
    // What is gone cannot be run; the comparison says so.
    let progress = Progress::start()?;
    progress.bounded_by(&limits);
    let options = Options {
        method,
        limits,
        threads: args.threads,
        watch: Arc::clone(progress.watch()),
        progress: &progress,
    };
    let (designs, scenarios) = (then.designs.iter(), then.scenarios.iter());
    let designs = designs.filter_map(|name| catalog.design(name));
    let scenarios = scenarios.filter_map(|name| catalog.scenario(name));
    let matrix = matrix(designs, scenarios)
        .properties(then.properties.iter().copied().collect())
        .options(options);
    let report = run_matrix(&matrix, &catalog)?;
    let interrupted = progress.watch().is_stopped();
    drop(progress);
    if interrupted {
        output::print("UNKNOWN: interrupted, so nothing was compared\n")?;
        return Ok(Exit::Unknown);
    }
    let now = Receipt::new(&catalog, &report);
    let differences = then.differences(&now);
    output::print(&told(&then, &now, &differences))?;
    Ok(match differences.is_empty() {
        true => Exit::AsExpected,
        false => Exit::Differs,
    })
}

fn read(path: &Path) -> Result<Receipt, Failure> {
    let text = file::read(path)?;
    let unreadable = |error: &dyn std::fmt::Display| {
        Failure::of_file(path, "is not a receipt", error)
            .help("write one with `freshest check --receipt FILE`")
    };
    // The version first: another one may have other fields.
    #[derive(serde::Deserialize)]
    struct Versioned {
        receipt: u32,
    }
    let Versioned { receipt } = from_json(&text).map_err(|error| unreadable(&error))?;
    if receipt != RECEIPT {
        let message = format!("it has version {receipt}, and this freshest knows {RECEIPT} alone");
        let help = match receipt > RECEIPT {
            true => "a later freshest wrote it: verify it with that one",
            false => "write it again with `freshest check --receipt FILE`",
        };
        return Err(Failure::of_file(path, "is not verified", &message).help(help));
    }
    let receipt: Receipt = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
    // A key that is left out would be taken for one that says nothing.
    let parsed = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
    let written = serde_json::to_value(&receipt).map_err(|error| unreadable(&error))?;
    if let Some(key) = missing_key(&written, &parsed) {
        return Err(unreadable(&format!("`{key}` is missing")));
    }
    let refused = |error: String| {
        Failure::of_file(path, "does not add up", &error)
            .help("nothing that `freshest check --receipt FILE` writes is like that")
    };
    receipt.check().map_err(refused)?;
    Ok(receipt)
}

/// The first key that is in one JSON document and not in another of the same shape.
fn missing_key(whole: &Value, part: &Value) -> Option<String> {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            whole.iter().find_map(|(key, value)| match part.get(key) {
                None => Some(key.clone()),
                Some(other) => missing_key(value, other),
            })
        }
        (Value::Array(whole), Value::Array(part)) => {
            let mut pairs = whole.iter().zip(part);
            pairs.find_map(|(whole, part)| missing_key(whole, part))
        }
        _ => None,
    }
}

fn limits(bounds: &Bounds) -> Option<Limits> {
    let time_limit = match bounds.time_limit_seconds {
        Some(seconds) => Some(Duration::try_from_secs_f64(seconds).ok()?),
        None => None,
    };
    Some(Limits {
        max_states: bounds.max_states,
        time_limit,
        memory_limit: bounds.memory_limit_bytes,
    })
}

fn told(then: &Receipt, now: &Receipt, differences: &[Difference]) -> String {
    let verdicts: usize = then.runs.iter().map(|run| run.verdicts.len()).sum();
    let mut text: String = differences.iter().map(|d| format!("{d}\n")).collect();
    let cut_short = then.cut_short_by_time();
    if cut_short > 0 {
        let runs = count(cut_short, "run");
        text +=
            &format!("a time limit cut {runs} short, of which only what was found is compared\n");
    }
    let changed = |about_verdict: fn(&Difference) -> bool| {
        differences.iter().filter(|of| about_verdict(of)).count()
    };
    let (gone, changed) = (
        changed(Difference::is_about_a_run_that_is_gone),
        changed(Difference::is_about_verdicts),
    );
    let runs = count(then.runs.len(), "run");
    let verdicts = count(verdicts, "verdict");
    text += &match (differences.len(), now.runs.len(), gone, changed) {
        (0, ..) => format!(
            "SAME: {verdicts} of {runs}, selection, totals, outcome, models, comparator, version \
             and bounds\n"
        ),
        (_, 0, ..) => {
            format!("DIFFERS: none of {runs} could be made again, so no verdict was compared\n")
        }
        (_, _, 0, 0) => {
            format!("DIFFERS: all {verdicts} are the same, but the inputs changed\n")
        }
        (_, _, 0, changed) => format!("DIFFERS: {changed} of {verdicts} are not the same\n"),
        (_, _, gone, changed) => {
            let rest = match changed {
                0 => "the verdicts of the rest are the same".to_owned(),
                changed => format!("of the rest {} differ", count(changed, "verdict")),
            };
            format!("DIFFERS: {gone} of {runs} could not be made again; {rest}\n")
        }
    };
    text
}
