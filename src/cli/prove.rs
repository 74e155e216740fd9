//! `freshest prove`.

use super::args::{DocumentFormat, ProveArgs};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, models, output, select};
use crate::prove::{Asked, ProofReport, ProofSummary, Tokens, prove_design};
use crate::report::document::Screen;

/// Looks for a proof, and for scenarios that violate what has none.
pub fn run(args: &ProveArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let design = select::design(&catalog, &args.design)?;
    let asked = Asked {
        properties: select::properties(&args.property)?,
        tokens: match &args.tokens {
            Some(tokens) => std::slice::from_ref(tokens),
            None => &Tokens::ALL,
        },
        waiting: usize::from(args.waiting),
    };
    let report = {
        let progress = Progress::start()?;
        let options = args.limits.options(None, &progress);
        prove_design(design, &catalog.scenarios, &asked, &options)?
    };
    let report = ProofReport {
        models: catalog.models.to_string(),
        ..report
    };
    match args.format {
        DocumentFormat::Text => output::print(&report.as_text(Screen::default()))?,
        DocumentFormat::Markdown => output::print(&report.as_markdown())?,
        DocumentFormat::Json => output::print_json(&report)?,
    }
    Ok(match report.summary() {
        ProofSummary::Proved => Exit::AsExpected,
        ProofSummary::Violated => Exit::Differs,
        ProofSummary::Open => Exit::Unknown,
    })
}
