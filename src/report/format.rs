//! The formats of a report, and what it takes to be one.

use super::{Github, Json, Junit, Markdown, Sarif, Text};
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

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Verdict tables in 80 columns.
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
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 6] = [
        Format::Text,
        Format::Json,
        Format::Markdown,
        Format::Junit,
        Format::Sarif,
        Format::Github,
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
        }
    }

    /// What it is for.
    pub const fn meaning(self) -> &'static str {
        match self {
            Format::Text => "For people: verdict tables in 80 columns",
            Format::Json => "For programs: the evidence of record",
            Format::Markdown => "For a step summary or a pull request",
            Format::Junit => "JUnit XML: a suite for each design, a case for each verdict",
            Format::Sarif => "SARIF 2.1.0: violations, where the model files state them",
            Format::Github => "GitHub annotations: whatever is not as expected",
        }
    }

    /// The inverse of [`Format::name`].
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What writes it; only text knows colours.
    pub fn renderer(self, coloured: bool) -> Box<dyn Render> {
        match self {
            Format::Text => Box::new(Text { coloured }),
            Format::Json => Box::new(Json),
            Format::Markdown => Box::new(Markdown),
            Format::Junit => Box::new(Junit),
            Format::Sarif => Box::new(Sarif),
            Format::Github => Box::new(Github),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
