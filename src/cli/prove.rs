//! `freshest prove`.

use super::args::{DocumentFormat, ProveArgs};
use super::failure::Failure;
use super::gate::Gate;
use super::progress::{Progress, stop_on_interrupt};
use super::side_by_side::side_by_side;
use super::{Exit, output, select};
use crate::catalog::Catalog;
use crate::explore::Watch;
use crate::prove::{Question, Tokens, prove};
use crate::report::{ProofReport, ProofResult, ProofSummary, runs_about};
use crate::vocabulary::Start;
use std::sync::Arc;

/// Looks for a proof, and for scenarios that violate what has none.
pub fn run(args: &ProveArgs) -> Result<Exit, Failure> {
    let catalog = Catalog::load(&args.models.models)?;
    let design = select::design(&catalog, &args.design)?;
    let properties = select::properties(&args.property)?;
    let limits = args.limits.limits();
    let watch = Arc::new(Watch::default());
    stop_on_interrupt(&watch)?;
    let gate = Gate {
        models: &args.models.models,
        designs: vec![design],
        scenarios: catalog.scenarios.iter().collect(),
        properties,
        method: args.limits.method(),
        limits,
        threads: None,
    };
    let bounded = gate.run(&watch)?;
    let tokens = match args.tokens {
        Some(tokens) => vec![tokens],
        None => Tokens::ALL.to_vec(),
    };
    let question = |tokens| Question {
        policy: design.policy,
        tokens,
        properties,
        waiting: usize::from(args.waiting),
    };
    let questions: Vec<Question> = tokens.iter().copied().map(question).collect();
    let proofs = {
        let progress = Progress::start(&watch, questions.len());
        side_by_side(&questions, None, |question| {
            let proof = prove(question, &limits, &watch);
            progress.ended();
            proof
        })
    };
    let results = tokens.iter().zip(&proofs).map(|(&tokens, proof)| {
        let is_covered = |name: &str| {
            let scenario = catalog.scenario(name);
            tokens == Tokens::Mixed || scenario.is_some_and(|s| s.setup.start != Start::Legacy)
        };
        let runs = runs_about(&bounded, &design.name, is_covered);
        let about = (design.name.as_str(), design.title.as_str());
        ProofResult::new(about, tokens, proof, &limits, runs)
    });
    let results: Result<Vec<_>, _> = results.collect();
    let results = results.map_err(|error| Failure::new(error.to_string()))?;
    let report = ProofReport::new(&args.models.models, results);
    match args.format {
        DocumentFormat::Text => output::print(&report.as_text())?,
        DocumentFormat::Markdown => output::print(&report.as_markdown())?,
        DocumentFormat::Json => output::print_json(&report)?,
    }
    Ok(match report.summary() {
        ProofSummary::Proved => Exit::AsExpected,
        ProofSummary::Violated => Exit::Differs,
        ProofSummary::Open => Exit::Unknown,
    })
}
