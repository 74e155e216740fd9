//! GitHub's workflow commands: annotations where the model files state what is expected.

use super::{Render, RenderError, verdict_line};
use crate::check::{Agreement, PropertyResult, Report, RunResult};

/// One annotation for each verdict that is not as expected, and the verdict line. Expected
/// violations are no news in a pull request, and GitHub shows ten annotations of a step at most.
pub struct Github;

impl Render for Github {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let mut text = String::new();
        // GitHub shows the first ten: what differs is more urgent than what is not known.
        for wanted in [Agreement::Differs, Agreement::Unknown] {
            for (run, property) in report.deviations() {
                if property.agreement == wanted {
                    text += &annotation(report, run, property);
                }
            }
        }
        Ok(text + verdict_line(report.agreement()) + "\n")
    }
}

fn annotation(report: &Report, run: &RunResult, property: &PropertyResult) -> String {
    let level = match property.agreement {
        Agreement::Differs => "error",
        Agreement::Agrees | Agreement::Unknown => "warning",
    };
    let place = match &property.place {
        Some(place) => format!("file={},line={},", attribute(&place.file), place.line),
        None => String::new(),
    };
    let title = attribute(&format!("{} in {}", run.design, run.scenario));
    let mut message = property.deviation(run);
    if let Some(command) = report.command(run, property) {
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
