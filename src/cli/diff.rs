//! `freshest diff`.

use super::args::{DiffArgs, DocumentFormat};
use super::failure::Failure;
use super::progress::Progress;
use super::{Exit, file, models, operand, output, select};
use crate::check::VERSION;
use crate::design::Design;
use crate::diff::{Diff, VerdictDiff, diff};
use crate::report::diff_diagram;
use crate::report::document::Screen;
use crate::scenario::Scenario;
use serde::Serialize;
use std::path::Path;

/// Compares two designs.
pub(crate) fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let catalog = models::open(&args.models)?;
    let places = args.output.iter().map(|wanted| wanted.path.as_path());
    file::check_places(places, &catalog)?;
    let from = operand::design(&catalog, &args.from)?;
    let to = operand::design(&catalog, &args.to)?;
    for (wanted, input) in args.output.iter().flat_map(|wanted| {
        let inputs = [&args.from, &args.to];
        inputs.map(|input| (wanted, input))
    }) {
        file::check_input(&wanted.path, Path::new(input))?;
    }
    let scenarios = select::scenarios(&catalog, &args.scenario)?;
    let scenarios = select::fitting(&[&from, &to], scenarios)?;
    let diff = {
        let progress = Progress::start()?;
        let options = args.limits.options(args.threads, &progress);
        diff(&from, &to, &scenarios, &options)?
    };
    let told = Told {
        args,
        diff: &diff,
        models: catalog.models.to_string(),
        diagram: diagram(&diff, &to, &scenarios)?,
    };
    told.tell()?;
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

/// A comparison that is about to be written.
struct Told<'a> {
    args: &'a DiffArgs,
    diff: &'a Diff,
    models: String,
    /// Of the shortest trace.
    diagram: Option<String>,
}

impl Told<'_> {
    /// Files first: whoever closes standard output early still has them.
    fn tell(&self) -> Result<(), Failure> {
        for wanted in &self.args.output {
            file::write(&wanted.path, &self.rendered(wanted.format)?)?;
        }
        output::print(&self.rendered(self.args.format)?)
    }

    fn rendered(&self, format: DocumentFormat) -> Result<String, Failure> {
        let diff = self.diff;
        Ok(match format {
            DocumentFormat::Text => diff.as_text(Screen::default()),
            DocumentFormat::Markdown => diff.as_markdown(self.diagram.clone(), &self.models),
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
}

/// A diagram of the shortest trace.
fn diagram(diff: &Diff, to: &Design, scenarios: &[&Scenario]) -> Result<Option<String>, Failure> {
    let mut found = diff.scenarios.iter();
    let shortest = found.find(|s| diff.shortest.as_ref() == Some(&s.scenario));
    let scenario = scenarios
        .iter()
        .find(|s| Some(&s.name) == diff.shortest.as_ref());
    match (scenario, shortest.and_then(|found| found.apart.as_ref())) {
        (Some(scenario), Some(apart)) => Ok(Some(diff_diagram(to, scenario, apart)?)),
        (None, _) | (_, None) => Ok(None),
    }
}
