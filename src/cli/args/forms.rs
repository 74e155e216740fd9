//! Forms of output.

use crate::report;
use crate::source::suggestion;
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::path::PathBuf;
use std::str::FromStr;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// How to print what is also read in a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentFormat {
    /// For people
    Text,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

/// How to tell a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoryFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a pull request: words and a Mermaid diagram
    Markdown,
    /// A sequence diagram that GitHub renders
    Mermaid,
    /// A picture that stands alone
    Svg,
}

/// How to print what a log comes to
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MonitorFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a ticket: words and Mermaid diagrams
    Markdown,
    /// The first violation as a diagram that GitHub renders
    Mermaid,
    /// The first violation as a picture
    Svg,
    /// One page with the violations as pictures
    Html,
    /// A case for each property
    Junit,
    /// A result for each violation, at its line of the log
    Sarif,
}

/// A format by its name, with what each is for in the help.
pub(super) fn report_format() -> impl TypedValueParser<Value = report::Format> {
    let value = |format: report::Format| PossibleValue::new(format.name()).help(format.meaning());
    let known = PossibleValuesParser::new(report::Format::ALL.map(value));
    known.try_map(|name| report::Format::from_name(&name).ok_or("no such format"))
}

/// What the name of a form means.
pub(crate) trait Named: Sized {
    /// A form with a file.
    const EXAMPLE: &'static str;

    /// The form; `Err` is the names there are, or the nearest one.
    fn named(name: &str) -> Result<Self, String>;
}

impl Named for report::Format {
    const EXAMPLE: &'static str = "junit=gate.xml";

    fn named(name: &str) -> Result<Self, String> {
        let names = report::Format::ALL.map(report::Format::name);
        report::Format::from_name(name).ok_or_else(|| suggestion(name, names))
    }
}

impl Named for DocumentFormat {
    const EXAMPLE: &'static str = "markdown=diff.md";

    fn named(name: &str) -> Result<Self, String> {
        let names = ["text", "markdown", "json"];
        DocumentFormat::from_str(name, false).map_err(|_| suggestion(name, names))
    }
}

impl Named for MonitorFormat {
    const EXAMPLE: &'static str = "junit=log.xml";

    fn named(name: &str) -> Result<Self, String> {
        let forms = MonitorFormat::value_variants();
        let names = forms.iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
        let names = names.iter().map(String::as_str);
        MonitorFormat::from_str(name, false).map_err(|_| suggestion(name, names))
    }
}

/// A form, and the file that it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Destination<F> {
    /// The form.
    pub format: F,
    /// The file.
    pub path: PathBuf,
}

impl<F: Named> FromStr for Destination<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Destination<F>, String> {
        let example = || format!("write it as FORMAT=FILE, for example {}", F::EXAMPLE);
        let (name, path) = text.split_once('=').ok_or_else(example)?;
        if path.is_empty() {
            return Err(example());
        }
        let format = F::named(name);
        Ok(Destination {
            format: format.map_err(|help| format!("there is no format `{name}`; {help}"))?,
            path: path.into(),
        })
    }
}
