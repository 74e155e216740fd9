//! What can be wrong with a data file.

use super::Document;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    path: PathBuf,
    place: Option<Place>,
    message: String,
    help: Option<String>,
}

/// Where in the file.
#[derive(Clone, Debug)]
struct Place {
    text: String,
    span: Range<usize>,
    line: usize,
}

impl Fault {
    /// A fault of the file as a whole.
    pub fn of_file(path: &Path, message: String) -> Fault {
        Fault {
            path: path.to_owned(),
            place: None,
            message,
            help: None,
        }
    }

    /// A fault at a place in the file.
    pub fn at(document: &Document, span: Range<usize>, message: String) -> Fault {
        let (line, _) = document.position(span.start);
        Fault {
            path: document.path.clone(),
            place: Some(Place {
                text: document.text.clone(),
                span,
                line,
            }),
            message,
            help: None,
        }
    }

    /// The file is not TOML.
    pub(super) fn of_syntax(document: &Document, error: &toml_span::Error) -> Fault {
        // The parser counts bytes, and may point into the middle of a character.
        let text = &document.text;
        let starts = |at: &usize| text.is_char_boundary(*at);
        let end = text.len();
        let start = (0..=error.span.start.min(end)).rfind(starts).unwrap_or(0);
        let end = (error.span.end.clamp(start, end)..=end)
            .find(starts)
            .unwrap_or(end);
        Fault::at(document, start..end, format!("not valid TOML: {error}"))
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    /// The line, from 1, where the place is known.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display().to_string();
        let Some(place) = &self.place else {
            write!(f, "error: {path}: {}", self.message)?;
            return match &self.help {
                Some(help) => write!(f, "\n  help: {help}"),
                None => Ok(()),
            };
        };
        let snippet = Snippet::source(&place.text)
            .path(path)
            .annotation(AnnotationKind::Primary.span(place.span.clone()));
        let title = Level::ERROR.primary_title(&self.message).element(snippet);
        let report = match &self.help {
            Some(help) => [title.element(Level::HELP.message(help))],
            None => [title],
        };
        f.write_str(&Renderer::plain().render(&report))
    }
}

/// Everything that is wrong with the data files, at least one thing.
#[derive(Clone, Debug)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Collects faults.
    pub fn new(faults: Vec<Fault>) -> Faults {
        Faults(faults)
    }

    /// The faults, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// Adds the faults of another file.
    pub fn extend(&mut self, other: Faults) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong after all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Faults {
        Faults(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
