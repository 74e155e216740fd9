//! `freshest prove`.

use super::args::{DocumentFormat, ProveArgs};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, file, models, output, select};
use crate::prove::{
    Asked, Certificate, ProofReport, ProofSummary, Tokens, certificate_obstacle, prove_design,
};
use crate::report::document::Screen;
use std::path::Path;

/// Looks for a proof, and for scenarios that violate what has none.
pub(crate) fn run(args: &ProveArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let design = select::design(&catalog, &args.design)?;
    file::check_places(args.certificate.as_deref(), &catalog)?;
    if args.certificate.is_some()
        && let Some(obstacle) = certificate_obstacle(&design.policy)
    {
        let message = format!(
            "no certificate of {}: none can speak of {obstacle}",
            design.name
        );
        return Err(Failure::new(message).help("leave out --certificate"));
    }
    let asked = Asked {
        properties: select::properties(&args.property)?,
        tokens: match &args.tokens {
            Some(tokens) => std::slice::from_ref(tokens),
            None => &Tokens::ALL,
        },
        waiting: usize::from(args.waiting),
        certify: args.certificate.is_some(),
        life: args.life,
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
    if let (Some(path), Some(certificate)) = (&args.certificate, &report.certificate) {
        write(path, certificate)?;
    }
    Ok(match report.summary() {
        ProofSummary::Proved => Exit::AsExpected,
        ProofSummary::Violated => Exit::Differs,
        ProofSummary::Open => Exit::Unknown,
    })
}

/// Writes the certificate, and says so beside the results.
fn write(path: &Path, certificate: &Certificate) -> Result<(), Failure> {
    if certificate.is_empty() {
        let message = format!(
            "{} is not written: nothing that a certificate can be about is proved",
            path.display()
        );
        return Err(Failure::new(message).help("ask for other properties, or none by name"));
    }
    let text =
        serde_json::to_string(certificate).map_err(|error| Failure::new(error.to_string()))?;
    file::write(path, &(text + "\n"))?;
    let states = certificate.states();
    output::tell(&format!(
        "{}: {states} states and their successors\n",
        path.display()
    ));
    Ok(())
}
