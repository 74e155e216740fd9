//! Random designs in random scenarios, for as long as one likes: what two ways of finding the same
//! thing find, and whether it is the same.
//!
//! ```sh
//! cargo run --release --example soak -- --seed 1 --seconds 600
//! ```
//!
//! Each case is a design and a scenario, written as files and read as files. The fast engine (every
//! state audited) is held against stateright's, with and without symmetry; each counterexample is
//! walked, recorded and replayed; a receipt is verified; and now and then what is proved for any number
//! of tabs is held against the runs. It ends with 1 if anything disagreed, and says how to do just that
//! case again.

#![allow(
    clippy::disallowed_methods,
    reason = "it runs for a time, and keeps what it finds in files"
)]

mod inputs;

use clap::Parser;
use fastrand::Rng;
use freshest::cache::Platform;
use freshest::catalog::Catalog;
use freshest::check::{Options, matrix};
use freshest::design::Design;
use freshest::explore::{
    Engine, Limits, Method, Outcome, Question, SymmetryUse, Watch, explore, liveness,
};
use freshest::property::{Monitored, Property, PropertySet, Verdict};
use freshest::prove::{Asked, Tokens, prove_design};
use freshest::receipt::Receipt;
use freshest::scenario::Scenario;
use freshest::trace::{Claim, Observed, TraceStep, replay, walk};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Larger graphs say no more, and take their time.
const MAX_STATES: u64 = 60_000;

/// So often something else is made up where files mean nothing together.
const TRIES: u32 = 20;

/// One case in so many is proved as well.
const PROVED: u64 = 40;

/// The most states of a proof, and the most time; what is not decided then contradicts nothing.
const MAX_PROOF_STATES: u64 = 3_000;
const PROOF_TIME: Duration = Duration::from_secs(2);

/// Random designs in random scenarios, each looked at in several ways.
#[derive(Parser)]
struct Args {
    /// The seed of the first case; the others follow it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long to go on
    #[arg(long, default_value_t = 60, conflicts_with = "cases")]
    seconds: u64,
    /// How many cases instead
    #[arg(long)]
    cases: Option<u64>,
}

/// What has been looked at.
#[derive(Default)]
struct Tally {
    cases: u64,
    /// Cases of which no try came to files that mean something together.
    refused: u64,
    /// Cases with more than [`MAX_STATES`].
    large: u64,
    states: u64,
    symmetric: u64,
    violations: u64,
    /// Questions of what arrives and ends that a case could violate.
    calls: u64,
    proved: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let (began, time) = (Instant::now(), Duration::from_secs(args.seconds));
    let (mut tally, mut disagreements) = (Tally::default(), 0);
    let is_over = |cases| match args.cases {
        Some(most) => cases >= most,
        None => began.elapsed() >= time,
    };
    while !is_over(tally.cases) {
        let seed = args.seed.wrapping_add(tally.cases);
        tally.cases += 1;
        if let Err(disagreement) = one(seed, &mut tally) {
            disagreements += 1;
            println!("{disagreement}");
            println!("again: cargo run --release --example soak -- --seed {seed} --cases 1\n");
        }
    }
    let Tally {
        cases,
        refused,
        large,
        states,
        symmetric,
        violations,
        calls,
        proved,
    } = tally;
    println!(
        "{cases} cases in {:.0} s: {refused} refused, {large} too large, {states} states, \
         {symmetric} with tabs alike, {violations} counterexamples replayed, {calls} answers \
         to what arrives and ends, {proved} proofs",
        began.elapsed().as_secs_f64()
    );
    println!("{disagreements} disagreements");
    ExitCode::from(u8::from(disagreements > 0))
}

/// One case, in a directory of its own.
fn one(seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut random = Rng::with_seed(seed);
    let directory = std::env::temp_dir().join(format!("freshest-soak-{}", std::process::id()));
    let platform = Platform {
        cookie: random.u32(0..6) > 0,
        broadcast: random.u32(0..6) > 0,
    };
    let (mut of_design, mut of_scenario) = (String::new(), String::new());
    let looked_at = (|| {
        for _ in 0..TRIES {
            of_design = inputs::design(&mut random, platform);
            of_scenario = inputs::scenario(&mut random, platform);
            for (folder, text) in [("designs", &of_design), ("scenarios", &of_scenario)] {
                let folder = directory.join(folder);
                std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
                std::fs::write(folder.join("random.toml"), text)
                    .map_err(|error| error.to_string())?;
            }
            if let Ok(catalog) = Catalog::load(&directory) {
                return look_at(&catalog, seed, tally);
            }
        }
        tally.refused += 1;
        Ok(())
    })();
    let told =
        |what: String| format!("{what}\n--- design\n{of_design}--- scenario\n{of_scenario}---");
    let removed = std::fs::remove_dir_all(&directory).map_err(|error| error.to_string());
    looked_at.and(removed).map_err(told)
}

fn look_at(catalog: &Catalog, seed: u64, tally: &mut Tally) -> Result<(), String> {
    let ([design], [scenario]) = (&catalog.designs[..], &catalog.scenarios[..]) else {
        return Err("one design and one scenario were written, and others are read".to_owned());
    };
    if !design.runs_in(scenario) {
        return Err("a design does not run in a scenario of its platform".to_owned());
    }
    let fast = run(design, scenario, Engine::Fast, SymmetryUse::Never)?;
    if !fast.is_complete() {
        tally.large += 1;
        return Ok(());
    }
    tally.states += fast.states;
    let slow = run(design, scenario, Engine::Stateright, SymmetryUse::Never)?;
    // A state of stateright's says what its last step violated, so there may be one more of it, deeper.
    let slow = Outcome {
        depth: fast.depth,
        ..slow
    };
    same("the engines", &summary(&fast), &summary(&slow))?;
    let folded = run(design, scenario, Engine::Fast, SymmetryUse::WherePossible)?;
    same("symmetry", &summary(&fast), &summary(&folded))?;
    tally.symmetric += u64::from(folded.explored < fast.explored);
    tally.violations += retell(design, scenario, &fast)?;
    tally.calls += lives(design, scenario, &fast)?;
    verify(catalog, design, scenario)?;
    if seed.is_multiple_of(PROVED) {
        tally.proved += prove(catalog, design)?;
    }
    Ok(())
}

fn limits() -> Limits {
    Limits {
        max_states: Some(MAX_STATES),
        ..Limits::default()
    }
}

fn run(
    design: &Design,
    scenario: &Scenario,
    engine: Engine,
    symmetry: SymmetryUse,
) -> Result<Outcome, String> {
    let method = Method {
        engine,
        audit_every: 1,
        symmetry,
    };
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
    let watch = Arc::new(Watch::default());
    explore(model, &method, &limits(), &watch).map_err(|error| error.to_string())
}

type Summary = (u64, u64, u32, Vec<(Property, Verdict, Option<usize>)>);

fn summary(outcome: &Outcome) -> Summary {
    let findings = outcome.findings.iter().map(|finding| {
        let steps = finding.counterexample.as_ref().map(Vec::len);
        (finding.property, finding.verdict, steps)
    });
    let (states, transitions) = (outcome.states, outcome.transitions);
    (states, transitions, outcome.depth, findings.collect())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, one: &T, other: &T) -> Result<(), String> {
    match one == other {
        true => Ok(()),
        false => Err(format!("{what} disagree:\n  {one:?}\n  {other:?}")),
    }
}

/// Walks every counterexample, records it as a file does, reads it back and replays it.
fn retell(design: &Design, scenario: &Scenario, outcome: &Outcome) -> Result<u64, String> {
    let mut told = 0;
    for finding in &outcome.findings {
        let Some(events) = &finding.counterexample else {
            continue;
        };
        let wanted = PropertySet::from_iter([finding.property]);
        let model = Monitored::new(design.policy, &scenario.setup, wanted);
        let roster = model.roster();
        let steps = walk(&model, events).map_err(|error| error.to_string())?;
        let steps = steps.iter().map(|step| TraceStep::of_walk(step, roster));
        let text = serde_json::to_string(&steps.collect::<Vec<_>>());
        let text = text.map_err(|error| error.to_string())?;
        let steps: Vec<TraceStep> =
            serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let start = Observed::new(&model.start().system, roster, &[]);
        let claim = Some((finding.property, Claim::Violated));
        replay(&model, Some(&start), &steps, claim).map_err(|error| error.to_string())?;
        told += 1;
    }
    Ok(told)
}

/// What the gate says of posts that never arrive and calls that never end is what is found on the
/// stored graph, cycles included.
fn lives(design: &Design, scenario: &Scenario, outcome: &Outcome) -> Result<u64, String> {
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::NONE);
    let limits = Limits {
        // What is remembered of posts makes more states of one.
        max_states: Some(MAX_STATES * 4),
        ..Limits::default()
    };
    let found = liveness(model, &limits, &Arc::default()).map_err(|error| error.to_string())?;
    if found.bound.is_some() {
        return Ok(0);
    }
    let mut says_something = 0;
    for answer in &found.answers {
        let property = match answer.question {
            Question::EveryPostArrives => Property::EveryPostArrives,
            Question::EveryCallEnds => Property::EveryCallEnds,
        };
        let stem = answer.lasso.as_ref().map(|lasso| lasso.stem.len());
        let mut in_gate = outcome.findings.iter();
        let in_gate = in_gate.find(|finding| finding.property == property);
        let in_gate = in_gate.map(|finding| {
            let steps = finding.counterexample.as_ref().map(Vec::len);
            (finding.verdict, steps)
        });
        let on_graph = Some((answer.verdict, stem));
        same("liveness and the gate", &on_graph, &in_gate)?;
        says_something += u64::from(answer.verdict.says_something());
    }
    Ok(says_something)
}

/// A receipt is of the same gate however often that runs, and of no other.
fn verify(catalog: &Catalog, design: &Design, scenario: &Scenario) -> Result<(), String> {
    let receipt = || {
        let report = matrix([design], [scenario]).run();
        report
            .map(|report| Receipt::new(catalog, &report))
            .map_err(|error| error.to_string())
    };
    let (first, second) = (receipt()?, receipt()?);
    let text = serde_json::to_string(&first).map_err(|error| error.to_string())?;
    let read: Receipt = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    match read.differences(&second).as_slice() {
        [] => Ok(()),
        some => Err(format!("a receipt differs from itself: {some:?}")),
    }
}

/// What is proved is violated in no scenario; the library says so itself.
fn prove(catalog: &Catalog, design: &Design) -> Result<u64, String> {
    let asked = Asked {
        properties: PropertySet::ALL,
        tokens: &[Tokens::WithOiat, Tokens::Mixed],
        waiting: 1,
        certify: false,
        life: false,
    };
    let options = Options {
        limits: Limits {
            max_states: Some(MAX_PROOF_STATES),
            time_limit: Some(PROOF_TIME),
            ..Limits::default()
        },
        ..Options::default()
    };
    match prove_design(design, &catalog.scenarios, &asked, &options) {
        Ok(_) => Ok(1),
        Err(error) => Err(error.to_string()),
    }
}
