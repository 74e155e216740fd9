//! What can be wrong with a data file.

use super::Document;
use super::plain::{cut, plain, plain_lines};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most faults that are told one by one, of all files together.
const MAX_FAULTS: usize = 20;

/// The longest message, in characters: names in it may be as long as a file.
const MAX_MESSAGE: usize = 400;

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
    /// Shared by all faults of a file; `None` if nothing of the file may be shown.
    text: Option<Arc<str>>,
    span: Range<usize>,
    line: usize,
    column: usize,
}

impl Fault {
    /// A fault of the file as a whole.
    pub(crate) fn of_file(path: &Path, message: String) -> Fault {
        Fault {
            path: path.to_owned(),
            place: None,
            message,
            help: None,
        }
    }

    /// A fault at a place in the file, in words that are about what the file says there: they are
    /// left out if nothing of the file may be shown.
    pub fn at(document: &Document, span: Range<usize>, message: String) -> Fault {
        let message = match document.is_shown {
            true => message,
            false => "something is wrong here, in a file outside the models directory, of which \
                      nothing is shown"
                .to_owned(),
        };
        Fault::located(document, span, message)
    }

    /// A fault at a place in the file, in words that say nothing of the file.
    pub fn located(document: &Document, span: Range<usize>, message: String) -> Fault {
        let (line, column) = document.position(span.start);
        Fault {
            path: document.path.clone(),
            place: Some(Place {
                text: document.is_shown.then(|| Arc::clone(&document.text)),
                span,
                line,
                column,
            }),
            message,
            help: None,
        }
    }

    /// The file is not TOML.
    pub(super) fn of_syntax(document: &Document, error: &toml::de::Error) -> Fault {
        // The parser counts bytes, and may point into the middle of a character.
        let text = &document.text;
        let starts = |at: &usize| text.is_char_boundary(*at);
        let end = text.len();
        let span = error.span().unwrap_or(0..0);
        let start = (0..=span.start.min(end)).rfind(starts).unwrap_or(0);
        let end = (span.end.clamp(start, end)..=end)
            .find(starts)
            .unwrap_or(end);
        let message = format!("not valid TOML: {}", error.message());
        Fault::at(document, start..end, message)
    }

    /// Adds what to do about it; not where nothing of the file may be shown.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        let is_shown = self.place.as_ref().is_none_or(|place| place.text.is_some());
        self.help = is_shown.then(|| help.into());
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
        let path = plain(&path);
        let message = cut(&self.message, MAX_MESSAGE);
        let message = plain(&message);
        let help = self.help.as_deref().map(plain);
        let without_text = |f: &mut fmt::Formatter<'_>, place: &str| {
            write!(f, "error: {path}{place}: {message}")?;
            match &help {
                Some(help) => write!(f, "\n  help: {help}"),
                None => Ok(()),
            }
        };
        let Some(place) = &self.place else {
            return without_text(f, "");
        };
        let Some(text) = &place.text else {
            return without_text(f, &format!(":{}:{}", place.line, place.column));
        };
        let snippet = Snippet::source(&**text)
            .path(&*path)
            .annotation(AnnotationKind::Primary.span(place.span.clone()));
        let title = Level::ERROR.primary_title(&*message).element(snippet);
        let report = match &help {
            Some(help) => [title.element(Level::HELP.message(&**help))],
            None => [title],
        };
        let rendered = Renderer::plain().render(&report);
        // What is shown of the file may hold anything.
        f.write_str(&plain_lines(&rendered))
    }
}

/// Everything that is wrong with the data files. At most [`MAX_FAULTS`] are kept, the rest is
/// counted.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    told: Vec<Fault>,
    more: usize,
}

impl Faults {
    /// Collects faults.
    pub fn new(faults: Vec<Fault>) -> Faults {
        let mut collected = Faults::default();
        for fault in faults {
            collected.push(|| fault);
        }
        collected
    }

    /// Adds a fault, which is made only if it will be told.
    pub fn push(&mut self, fault: impl FnOnce() -> Fault) {
        match self.is_full() {
            true => self.more += 1,
            false => self.told.push(fault()),
        }
    }

    /// Whether further faults are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.told.len() >= MAX_FAULTS
    }

    /// The faults that are told, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.told.iter()
    }

    /// Adds the faults of another file.
    pub fn extend(&mut self, other: Faults) {
        for fault in other.told {
            self.push(|| fault);
        }
        self.more += other.more;
    }

    /// Whether nothing is wrong after all.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Faults {
        Faults::new(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.told.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            fault.fmt(f)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n\nand {} more", grouped(more)),
        }
    }
}

/// `99980` as `99,980`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl std::error::Error for Faults {}
