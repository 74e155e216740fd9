//! `freshest diff`.

use super::args::{DiffArgs, DocumentFormat};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, file, models, output, select};
use crate::check::VERSION;
use crate::diff::{Diff, VerdictDiff, diff};
use serde::Serialize;

/// Compares two designs.
pub fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let places = args.output.iter().map(|wanted| wanted.path.as_path());
    file::check_places(places, &catalog)?;
    let from = select::design(&catalog, &args.from)?;
    let to = select::design(&catalog, &args.to)?;
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let diff = {
        let progress = Progress::start()?;
        let options = args.limits.options(args.threads, &progress);
        diff(from, to, &scenarios, &options)?
    };
    tell(args, &diff)?;
    Ok(match diff.verdicts(VerdictDiff::is_broken).is_empty() {
        false => Exit::Differs,
        true if diff.inconclusive => Exit::Unknown,
        true => Exit::AsExpected,
    })
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
