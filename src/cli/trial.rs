//! `freshest check --trial`: what came of it, and what would have to be expected.

use super::args::CheckArgs;
use super::failure::Failure;
use super::{Exit, accept, comparator, output};
use crate::catalog::Catalog;
use crate::check::Report;
use crate::design::{MISSING_REASON, expectations};
use crate::property::Verdict;
use crate::report::document::Screen;
use crate::report::{Detail, Format, Text};

/// Prints everything and judges nothing.
pub(crate) fn tell(args: &CheckArgs, catalog: &Catalog, report: &Report) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        let report = Report {
            trial: true,
            ..report.clone()
        };
        output::print_json(&report)?;
        return Ok(Exit::AsExpected);
    }
    comparator::tell(args, catalog)?;
    let text = Text {
        screen: Screen {
            coloured: args.color.is_on(),
            ..Screen::default()
        },
        detail: Detail::Full,
        catalog: Some(catalog),
    };
    let mut text = text.tables(report);
    let reason = args.because.as_deref().unwrap_or(MISSING_REASON);
    for design in accept::differences(catalog, report) {
        let written: Vec<_> = design.accepted.iter().filter(|one| !one.implied).collect();
        if !written.is_empty() {
            text += &format!("\n# To expect this, in {}:\n", design.path.display());
            text += &expectations(&design.accepted, reason);
        }
        for one in design.accepted.iter().filter(|one| one.implied) {
            text += &format!("# expect.{}.{} can go: it ", one.scenario, one.property);
            text += match one.verdict {
                Verdict::Vacuous => "is vacuous, as the scenario says\n",
                Verdict::Holds | Verdict::Violated | Verdict::Inconclusive => "holds\n",
            };
        }
    }
    let open = report
        .properties()
        .filter(|(_, property)| property.verdict == Verdict::Inconclusive);
    let open = open.count();
    if open > 0 {
        text += &format!("\n{open} verdicts are inconclusive: a bound was hit\n");
    }
    text += "\nTRIAL: nothing was judged\n";
    output::print(&text)?;
    Ok(Exit::AsExpected)
}
