//! GitHub's workflow commands: annotations where the model files state what is expected.

use super::gate::{Unexpected, unexpected};
use super::summary::checked;
use super::{Render, RenderError, Summary, verdict_line};
use crate::catalog::Catalog;
use crate::check::{Agreement, Report};

/// One annotation for each design and property that is not as expected, ten in all, the sums and the
/// verdict line. Expected violations are no news in a pull request.
pub struct Github<'a> {
    /// The models that the report is about.
    pub catalog: &'a Catalog,
}

/// The most annotations of a step that GitHub shows.
const MAX_ANNOTATIONS: usize = 10;

impl Render for Github<'_> {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let mut text = String::new();
        let unexpected = unexpected(report);
        for one in unexpected.iter().take(MAX_ANNOTATIONS) {
            text += &annotation(report, one);
        }
        if unexpected.len() > MAX_ANNOTATIONS {
            let more = unexpected.len() - MAX_ANNOTATIONS;
            let all = report.in_full(Some(self.catalog));
            text += &format!("and {more} more: {all}\n");
        }
        text += &(checked(report) + "\n");
        text += &(Summary::new(report).verdicts() + "\n");
        Ok(text + &verdict_line(report) + "\n")
    }
}

fn annotation(report: &Report, one: &Unexpected<'_>) -> String {
    let Unexpected { run, result, .. } = one;
    let level = match result.agreement {
        Agreement::Differs => "error",
        Agreement::Agrees | Agreement::Unknown => "warning",
    };
    // What a pull request changes is the script, if there is one.
    let place = match run.script.as_ref().or(result.place.as_ref()) {
        Some(place) => format!("file={},line={},", attribute(&place.file), place.line),
        None => String::new(),
    };
    let title = attribute(&format!("{}: {}", run.design, result.property));
    let mut message = one.in_words();
    if let Some(because) = &result.because {
        message += &format!("\nExpected because: {because}");
    }
    if let Some(command) = report.command(run, result) {
        message += &format!("\n{command}");
    }
    format!("::{level} {place}title={title}::{}\n", data(&message))
}

/// Escapes the message of a workflow command, as GitHub's toolkit does.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes an attribute of a workflow command.
fn attribute(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
