//! A data file, read but not understood yet.

use super::plain::unfit;
use super::regular::read_regular;
use super::{Fault, Faults, MAX_NAME_BYTES, Reader};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The largest data file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

/// The longest string that a data file may hold, in bytes.
const MAX_STRING_BYTES: usize = 4096;

/// A data file, read but not understood yet. Copies share the text.
#[derive(Clone, Debug)]
pub struct Document {
    /// As the user would write it.
    pub path: PathBuf,
    /// The contents.
    pub text: Arc<str>,
    /// Where lines begin, in bytes.
    starts: Arc<[usize]>,
    /// The models directory that it belongs to, if it was read from one.
    models: Option<Arc<Path>>,
    /// Whether faults may show a part of it.
    pub(super) is_shown: bool,
}

impl Document {
    /// A text that stands for a file. Faults show the parts that they are about.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Document {
        let text = text.into();
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Document {
            path: path.into(),
            starts: std::iter::once(0).chain(breaks).collect(),
            text,
            models: None,
            is_shown: true,
        }
    }

    /// Whether faults may show a part of it.
    pub fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Reads a file of a models directory, as [`Document::read_named`]. Faults do not show the
    /// contents of a file that is outside the directory.
    pub fn read(path: &Path, models: &Path, endings: &[&str]) -> Result<Document, Faults> {
        let document = Document::read_named(path, endings)?;
        let inside = |root: PathBuf| std::fs::canonicalize(path).is_ok_and(|p| p.starts_with(root));
        Ok(Document {
            is_shown: std::fs::canonicalize(models).is_ok_and(inside),
            models: Some(models.into()),
            ..document
        })
    }

    /// Reads a file that the user names: a regular file of at most [`MAX_FILE_BYTES`] whose name
    /// ends in one of `endings`, and so does that of the file that a link leads to.
    pub(crate) fn read_named(path: &Path, endings: &[&str]) -> Result<Document, Faults> {
        let refuse = |message: String| Faults::from(Fault::of_file(path, message));
        let target = std::fs::canonicalize(path)
            .map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let ends = |path: &Path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| endings.contains(&ending))
        };
        if !ends(path) || !ends(&target) {
            let listed = one_of(endings);
            let message = match ends(path) {
                true => format!("is a link to a file whose name does not end in {listed}"),
                false => format!("its name must end in {listed}"),
            };
            return Err(refuse(message));
        }
        let text = read_regular(path, MAX_FILE_BYTES)
            .map_err(|error| refuse(format!("cannot be read: {error}")))?;
        Ok(Document::new(path, text))
    }

    /// Another text that stands for a file of the same models directory.
    pub fn with(&self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Document {
        Document {
            models: self.models.clone(),
            ..Document::new(path, text)
        }
    }

    /// Reads a file that this one names, as seen from it.
    pub fn read_beside(&self, name: &str, endings: &[&str]) -> Result<Document, Faults> {
        self.read_at(&self.path.with_file_name(name), endings)
    }

    /// Reads another file, at a path that this one led to.
    pub fn read_at(&self, path: &Path, endings: &[&str]) -> Result<Document, Faults> {
        let nowhere = Path::new("");
        Document::read(path, self.models.as_deref().unwrap_or(nowhere), endings)
    }

    /// Understands the file as TOML and lets `read` take what it needs from the top-level table.
    pub fn parse<'a, T>(
        &'a self,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
    ) -> Result<T, Faults> {
        let table = DeTable::parse(&self.text)
            .map_err(|error| Faults::from(Fault::of_syntax(self, &error)))?
            .into_inner();
        let mut unfit = Faults::default();
        self.check_table(&table, &mut unfit);
        if !unfit.is_empty() {
            return Err(unfit);
        }
        let faults = Rc::new(RefCell::new(Faults::default()));
        let mut reader = Reader::top(self, table, Rc::clone(&faults));
        let result = read(&mut reader);
        reader.finish();
        let faults = faults.take();
        match result {
            Some(result) if faults.is_empty() => Ok(result),
            // Nothing may be passed over in silence.
            None if faults.is_empty() => {
                let message = "bug: was not read, and nothing is said of why".to_owned();
                Err(Fault::of_file(&self.path, message).into())
            }
            _ => Err(faults),
        }
    }

    /// Notes every key and every string that is too long, or cannot be shown as it is.
    fn check_table(&self, table: &DeTable<'_>, faults: &mut Faults) {
        for name in table.keys() {
            let text = Spanned::new(name.span(), &**name.get_ref());
            self.check_string(text, || "this key".to_owned(), MAX_NAME_BYTES, faults);
        }
        for (name, value) in table {
            self.check_value(value, name.get_ref(), faults);
        }
    }

    fn check_value(&self, value: &Spanned<DeValue<'_>>, key: &str, faults: &mut Faults) {
        match value.get_ref() {
            DeValue::String(text) => {
                let text = Spanned::new(value.span(), &**text);
                self.check_string(text, || format!("`{key}`"), MAX_STRING_BYTES, faults);
            }
            DeValue::Array(values) => {
                for value in values {
                    self.check_value(value, key, faults);
                }
            }
            DeValue::Table(table) => self.check_table(table, faults),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }

    fn check_string(
        &self,
        text: Spanned<&str>,
        what: impl FnOnce() -> String,
        most: usize,
        faults: &mut Faults,
    ) {
        let bytes = text.get_ref().len();
        let wrong = if bytes > most {
            format!("has {bytes} bytes, more than {most}")
        } else if let Some((_, unfit)) = unfit(text.get_ref()) {
            format!("holds {unfit}")
        } else {
            return;
        };
        let help = "terminals, logs and pages show it: write plain text on one line";
        let message = format!("{} {wrong}", what());
        faults.push(|| Fault::at(self, text.span(), message).help(help));
    }

    /// SHA-256 of the contents, in hexadecimal.
    pub fn sha256(&self) -> String {
        super::sha256(self.text.as_bytes())
    }

    /// Line and column, both from 1, of a byte offset.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let end = offset.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= end);
        let start = self.starts[line - 1];
        // An offset may lie inside a character.
        let before = self.text.as_bytes()[start..end].iter();
        let column = before.filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        (line, column)
    }
}

/// `.ts, .mts, .js or .mjs`
fn one_of(endings: &[&str]) -> String {
    let dotted: Vec<_> = endings.iter().map(|ending| format!(".{ending}")).collect();
    match dotted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
