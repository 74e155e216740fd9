//! The formats of a report, and what it takes to be one.

use super::document::Screen;
use super::{Detail, Github, Html, Json, Junit, Markdown, Playground, Sarif, Text};
use crate::catalog::Catalog;
use crate::check::Report;
use std::fmt;

/// One way to write a report: a pure function of it.
pub trait Render {
    /// The report in this format, with a line break at the end.
    fn render(&self, report: &Report) -> Result<String, RenderError>;
}

/// Why a report could not be written in a format.
#[derive(Debug)]
pub struct RenderError(String);

impl RenderError {
    /// What a library says that writes one of the formats.
    pub fn new(error: impl fmt::Display) -> RenderError {
        RenderError(error.to_string())
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RenderError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// The evidence of record.
    Json,
    /// For a step summary or a pull request.
    Markdown,
    /// For whatever shows test results.
    Junit,
    /// For whatever shows findings in code.
    Sarif,
    /// Workflow commands.
    Github,
    /// A page that needs nothing else.
    Html,
}

/// What a format may need beside the report.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Where text is read.
    pub screen: Screen,
    /// How much text says.
    pub detail: Detail,
    /// The models that the report is about.
    pub catalog: &'a Catalog,
    /// What to type to get the same report.
    pub command: &'a str,
    /// Where the playground is, if somebody says so.
    pub playground: Option<&'a Playground>,
}

impl Format {
    pub const ALL: [Format; 7] = [
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Junit,
        Format::Sarif,
        Format::Github,
        Format::Html,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Markdown => "markdown",
            Format::Junit => "junit",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Html => "html",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Format::Text => "For people: a digest, or with --full all tables, in 80 columns",
            Format::Json => "For programs: the evidence of record",
            Format::Markdown => "For a step summary or a pull request",
            Format::Junit => "JUnit XML: a suite for each design, a case for each verdict",
            Format::Sarif => "SARIF 2.1.0: violations that are not expected, where they come from",
            Format::Github => "GitHub annotations: whatever is not as expected, ten at most",
            Format::Html => "One HTML file with every counterexample as a diagram",
        }
    }

    /// The inverse of [`Format::name`].
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What writes it.
    pub fn renderer<'a>(self, setting: Setting<'a>) -> Box<dyn Render + 'a> {
        let catalog = setting.catalog;
        match self {
            Format::Text => Box::new(Text {
                screen: setting.screen,
                detail: setting.detail,
                catalog: Some(catalog),
            }),
            Format::Json => Box::new(Json),
            Format::Markdown => Box::new(Markdown {
                catalog: Some(catalog),
            }),
            Format::Junit => Box::new(Junit),
            Format::Sarif => Box::new(Sarif),
            Format::Github => Box::new(Github { catalog }),
            Format::Html => Box::new(Html {
                catalog,
                command: setting.command,
                playground: setting.playground,
            }),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
