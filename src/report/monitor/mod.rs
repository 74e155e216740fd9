//! What a log comes to: text, Markdown, diagrams, a page, JUnit, SARIF.

mod document;
mod drawn;

use super::document::Screen;
use super::story::Story;
use super::{RenderError, diagram, sarif};
use crate::monitor::{Finding, Place, PropertyFound, Record};
use crate::property::{Property, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;
use std::collections::BTreeMap;

/// The most findings of one property whose stories are told in text, and drawn in a page.
const FEW: usize = 2;

/// A record, and what a reader gets beside it.
pub struct Logged<'a> {
    /// What the log comes to.
    pub record: &'a Record,
    /// Each violated property's shortest trace in the model, if there is one.
    pub beside: BTreeMap<Property, Story>,
}

/// The JSON form.
#[derive(Serialize)]
struct Form<'a> {
    #[serde(flatten)]
    record: &'a Record,
    in_the_model: BTreeMap<Property, InTheModel<'a>>,
}

/// A property's shortest trace in the model.
#[derive(Serialize)]
struct InTheModel<'a> {
    design: &'a str,
    scenario: &'a str,
    steps: Vec<&'a str>,
    moment: &'a [String],
    command: Option<&'a str>,
}

impl Logged<'_> {
    /// For people.
    pub fn as_text(&self, screen: Screen) -> String {
        self.document().as_text(screen)
    }

    /// For programs.
    pub fn as_json(&self) -> Result<String, RenderError> {
        let beside = self.beside.iter().map(|(property, story)| {
            let in_the_model = InTheModel {
                design: &story.design,
                scenario: &story.scenario,
                steps: story.steps.iter().map(|step| &*step.title).collect(),
                moment: &story.moment,
                command: story.command.as_deref(),
            };
            (*property, in_the_model)
        });
        let form = Form {
            record: self.record,
            in_the_model: beside.collect(),
        };
        let text = serde_json::to_string_pretty(&form).map_err(RenderError::new)?;
        Ok(text + "\n")
    }

    /// For a pull request or a ticket: the first story of each property is drawn, and its shortest trace
    /// in the model.
    pub fn as_markdown(&self) -> String {
        self.document().as_markdown("the JSON form")
    }

    /// The first finding as a sequence diagram; one that says so if there is none.
    pub fn as_mermaid(&self) -> String {
        match self.first_finding() {
            Some((found, finding)) => self.mermaid(found.property, finding),
            None => {
                let nothing = drawn::NOTHING;
                format!("sequenceDiagram\n    participant L0 as log\n    Note over L0: {nothing}\n")
            }
        }
    }

    /// The first finding as a picture; one that says so if there is none.
    pub fn as_svg(&self) -> String {
        match self.first_finding() {
            Some((found, finding)) => self.svg(found.property, finding),
            None => drawn::nothing(),
        }
    }

    /// A page that needs nothing else: the text, and the first findings as pictures.
    pub fn as_html(&self) -> String {
        let mut page = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>freshest monitor</title>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
             'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <style>:root{color-scheme:light dark}body{font:14px system-ui,sans-serif;margin:2rem auto;\
             max-width:56rem;padding:0 1rem}pre{overflow-x:auto}svg{max-width:100%;height:auto}</style>\n",
        );
        let text = self.as_text(Screen::default());
        page += &format!("<pre>{}</pre>\n", diagram::escape(&text));
        for found in &self.record.properties {
            for finding in found.findings.first.iter().take(FEW) {
                let place = self.record.place(finding.place);
                let heading = format!("{} at {place}", found.property);
                page += &format!("<h2>{}</h2>\n", diagram::escape(&heading));
                let own = format!("{}-{}", finding.place.log, finding.place.line);
                let own = format!("{}-{own}", found.property);
                page += &within_page(&self.svg(found.property, finding), &own);
            }
            if let Some(story) = self.beside.get(&found.property) {
                let names = format!("{} in {}", story.design, story.scenario);
                let heading = format!("The shortest trace in the model: {names}");
                page += &format!("<h3>{}</h3>\n", diagram::escape(&heading));
                let own = format!("{}-model", found.property);
                page += &within_page(&diagram::svg(story), &own);
            }
        }
        page + "</html>\n"
    }

    /// One suite, a case for each property: what is violated is a failure, what nothing could have
    /// violated is skipped, and missing lines are an error of their own.
    pub fn as_junit(&self) -> Result<String, RenderError> {
        let mut suite = TestSuite::new("freshest monitor");
        for found in &self.record.properties {
            suite.add_test_case(self.case(found));
        }
        if self.record.is_inconclusive() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(self.why_inconclusive());
            let mut case = TestCase::new("the log is complete", status);
            case.set_classname("monitor");
            suite.add_test_case(case);
        }
        let mut junit = quick_junit::Report::new("freshest");
        junit.add_test_suite(suite);
        junit.to_string().map_err(RenderError::new)
    }

    fn case(&self, found: &PropertyFound) -> TestCase {
        let mut status = match found.verdict {
            Verdict::Violated => TestCaseStatus::non_success(NonSuccessKind::Failure),
            Verdict::Vacuous => TestCaseStatus::skipped(),
            Verdict::Holds => TestCaseStatus::success(),
            Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
        };
        if let Some(finding) = found.findings.first.first() {
            let place = self.record.place(finding.place);
            status.set_message(format!("{place}: {}", finding.said));
            let mut lines = told(self.record, finding);
            lines.extend(drawn::in_columns(finding));
            status.set_description(lines.join("\n"));
        }
        let mut case = TestCase::new(found.property.name(), status);
        case.set_classname("monitor");
        case
    }

    /// A result for each finding that is told, at its line of the log.
    pub fn as_sarif(&self) -> Result<String, RenderError> {
        let record = self.record;
        let mut results = Vec::new();
        for found in &record.properties {
            for finding in &found.findings.first {
                let log = record.logs.get(finding.place.log);
                let log = log.map_or("-", String::as_str);
                results.push(sarif::of_log(
                    found.property,
                    finding.said.clone(),
                    log,
                    finding.place.line,
                ));
            }
        }
        sarif::log(
            results,
            record.is_inconclusive().then(|| self.why_inconclusive()),
        )
    }

    fn first_finding(&self) -> Option<(&PropertyFound, &Finding)> {
        let mut properties = self.record.properties.iter();
        properties.find_map(|found| Some((found, found.findings.first.first()?)))
    }

    fn why_inconclusive(&self) -> String {
        match self.record.incomplete {
            true => "lines are missing: what was not found may be there".to_owned(),
            false => "nothing in the log could have violated what was asked".to_owned(),
        }
    }
}

/// Of several pictures in one page each needs names of its own.
fn within_page(svg: &str, own: &str) -> String {
    svg.replace("\"name told\"", &format!("\"name-{own} told-{own}\""))
        .replace("id=\"name\"", &format!("id=\"name-{own}\""))
        .replace("id=\"told\"", &format!("id=\"told-{own}\""))
}

/// The lines of a story in words, with their places.
fn told(record: &Record, finding: &Finding) -> Vec<String> {
    let story = finding.story.iter();
    let place = |place: Place| match record.logs.len() {
        1 => format!("line {}", place.line),
        _ => record.place(place),
    };
    story
        .map(|event| format!("tab {} {} ({})", event.tab, event.said, place(event.place)))
        .collect()
}
