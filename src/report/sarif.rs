//! SARIF 2.1.0, for whatever shows findings in code.

use super::{Render, RenderError};
use crate::check::{Agreement, Extent, Place, PropertyResult, Report, RunResult};
use crate::property::{Property, Verdict};
use serde::Serialize;
use std::fmt::Write;

/// One result for each property that is violated and not expected to be: at the function of the
/// script, if the design names one, or else at the line of the model file that states what is
/// expected. What is expected is left out, because every result becomes an alert. Deviations that are
/// no violations are notifications.
pub struct Sarif;

/// What the properties are about: the change of the rule that this program was written for.
const ABOUT: &str = "https://github.com/clerk/javascript/pull/8097";

/// Where the standard keeps the schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Render for Sarif {
    fn render(&self, report: &Report) -> Result<String, RenderError> {
        let log = Log {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [run(report)],
        };
        let text = serde_json::to_string_pretty(&log).map_err(RenderError::new)?;
        Ok(text + "\n")
    }
}

/// The part of the format that is used here; names are the standard's.
#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    automation_details: Id,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding>,
    /// The standard's property bag: how much of the models was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Extent>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    information_uri: &'static str,
    semantic_version: String,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Message,
    full_description: Message,
    help_uri: &'static str,
    help: Message,
}

#[derive(Serialize)]
struct Id {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    /// The runs came to an end; what they found is another matter.
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    level: Level,
    message: Message,
    associated_rule: Id,
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    rule_id: String,
    level: Level,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
}

/// What stays the same when lines move.
#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "designScenarioProperty/v1")]
    triple: String,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Warning,
    Error,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

fn run(report: &Report) -> Run {
    let violated = |(_, property): &(_, &PropertyResult)| property.verdict == Verdict::Violated;
    let deviations = report.deviations();
    Run {
        tool: tool(report.freshest.clone()),
        automation_details: Id {
            id: "freshest/".to_owned(),
        },
        invocations: [Invocation {
            execution_successful: true,
            tool_execution_notifications: deviations
                .filter(|item| !violated(item))
                .map(|(run, property)| notification(report, run, property))
                .collect(),
        }],
        column_kind: "unicodeCodePoints",
        results: report
            .properties()
            .filter(|item| violated(item) && item.1.agreement != Agreement::Agrees)
            .map(|(run, property)| finding(report, run, property))
            .collect(),
        properties: report.extent,
    }
}

fn tool(semantic_version: String) -> Tool {
    Tool {
        driver: Driver {
            name: "freshest",
            information_uri: ABOUT,
            semantic_version,
            rules: Property::ALL.map(rule).into(),
        },
    }
}

fn rule(property: Property) -> Rule {
    Rule {
        id: property.name().to_owned(),
        short_description: message(property.name().replace('-', " ")),
        full_description: message(property.meaning().to_owned()),
        help_uri: ABOUT,
        help: message(property.advice().to_owned()),
    }
}

fn finding(report: &Report, run: &RunResult, property: &PropertyResult) -> Finding {
    let mut text = property.deviation(run);
    if let Some(because) = &property.because {
        text += &format!("\nExpected because: {because}");
    }
    // The file that is changed first.
    let mut places = run.script.iter().chain(&property.place);
    let first = places.next();
    Finding {
        rule_id: property.property.name().to_owned(),
        level: Level::Error,
        message: message(with_command(text, report, run, property)),
        locations: first
            .map(|place| location(place, None))
            .into_iter()
            .collect(),
        related_locations: places
            .map(|place| location(place, Some("what is expected")))
            .collect(),
        partial_fingerprints: Fingerprints {
            triple: format!("{}/{}/{}", run.design, run.scenario, property.property),
        },
    }
}

fn notification(report: &Report, run: &RunResult, property: &PropertyResult) -> Notification {
    let text = property.deviation(run);
    Notification {
        level: match property.agreement {
            Agreement::Differs => Level::Error,
            Agreement::Agrees | Agreement::Unknown => Level::Warning,
        },
        message: message(with_command(text, report, run, property)),
        associated_rule: Id {
            id: property.property.name().to_owned(),
        },
        locations: property
            .place
            .iter()
            .map(|place| location(place, None))
            .collect(),
    }
}

pub(super) fn of_log(property: Property, said: String, log: &str, line: u64) -> Finding {
    let place = Place {
        file: log.to_owned(),
        line: usize::try_from(line).unwrap_or(usize::MAX),
    };
    Finding {
        rule_id: property.name().to_owned(),
        level: Level::Error,
        message: message(said),
        locations: vec![location(&place, None)],
        related_locations: Vec::new(),
        partial_fingerprints: Fingerprints {
            triple: format!("monitor/{log}/{property}/{line}"),
        },
    }
}

/// Findings in logs, and why there may be others.
pub(super) fn log(
    results: Vec<Finding>,
    inconclusive: Option<String>,
) -> Result<String, RenderError> {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [LogRun {
            tool: tool(env!("CARGO_PKG_VERSION").to_owned()),
            automation_details: Id {
                id: "freshest-monitor/".to_owned(),
            },
            invocations: [LogInvocation {
                execution_successful: true,
                tool_execution_notifications: inconclusive
                    .into_iter()
                    .map(|why| LogNotification {
                        level: Level::Warning,
                        message: message(why),
                    })
                    .collect(),
            }],
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    let text = serde_json::to_string_pretty(&log).map_err(RenderError::new)?;
    Ok(text + "\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogRun {
    tool: Tool,
    automation_details: Id,
    invocations: [LogInvocation; 1],
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogInvocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<LogNotification>,
}

/// Of no rule and no place.
#[derive(Serialize)]
struct LogNotification {
    level: Level,
    message: Message,
}

fn message(text: String) -> Message {
    Message { text }
}

fn with_command(
    text: String,
    report: &Report,
    run: &RunResult,
    property: &PropertyResult,
) -> String {
    match report.command(run, property) {
        Some(command) => format!("{text}\n{command}"),
        None => text,
    }
}

fn location(place: &Place, said: Option<&str>) -> Location {
    Location {
        message: said.map(|said| message(said.to_owned())),
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&place.file),
            },
            region: Region {
                start_line: place.line,
            },
        },
    }
}

/// A path as a URI: relative ones stay relative, whatever a URI cannot hold is encoded.
fn uri(path: &str) -> String {
    let mut uri = match path.starts_with('/') {
        true => "file://".to_owned(),
        false => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
