//! `freshest liveness`.

use super::args::{Format, LivenessArgs};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, models, output, select};
use crate::check::{LivenessReport, liveness};
use crate::property::Verdict;
use crate::report::document::Screen;

/// Says whether posts arrive and calls end.
pub(crate) fn run(args: &LivenessArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let designs = select::designs(&catalog, &args.design)?;
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let questions = select::questions(&args.question)?;
    let report = {
        let progress = Progress::start()?;
        let options = args.bounds.options(args.threads, &progress);
        liveness(designs, &scenarios, &questions, &options)?
    };
    let report = LivenessReport {
        models: catalog.models.to_string(),
        ..report
    };
    match args.format {
        Format::Text => output::print(&report.as_text(Screen::default()))?,
        Format::Json => output::print_json(&report)?,
    }
    Ok(if report.has(Verdict::Violated) {
        Exit::Differs
    } else if report.has(Verdict::Inconclusive) || report.has_unanswered() {
        Exit::Unknown
    } else {
        Exit::AsExpected
    })
}
