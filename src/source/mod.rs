//! Reading the data files under `models/`, with faults that say where and what to do.

mod fault;
mod reader;

pub use fault::{Fault, Faults};
pub use reader::{Item, Reader};

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The largest data file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 1 << 20;

/// A data file, read but not understood yet.
#[derive(Clone, Debug)]
pub struct Document {
    /// As the user would write it.
    pub path: PathBuf,
    /// The contents.
    pub text: String,
}

impl Document {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Document, Faults> {
        let unreadable = |error: &dyn std::fmt::Display| {
            Faults::from(Fault::of_file(path, format!("cannot be read: {error}")))
        };
        let metadata = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
        if metadata.len() > MAX_FILE_BYTES {
            let limit = format!("is larger than {MAX_FILE_BYTES} bytes, too large for a data file");
            return Err(Fault::of_file(path, limit).into());
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error))?;
        Ok(Document {
            path: path.to_owned(),
            text,
        })
    }

    /// Understands the file as TOML and lets `read` take what it needs from the top-level table.
    pub fn parse<'a, T>(
        &'a self,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
    ) -> Result<T, Faults> {
        let mut value = toml_span::parse(&self.text)
            .map_err(|error| Faults::from(Fault::of_syntax(self, &error)))?;
        let faults = Rc::default();
        let mut reader = Reader::top(self, value.take(), Rc::clone(&faults));
        let result = read(&mut reader);
        reader.finish();
        let faults = faults.take();
        match result {
            Some(result) if faults.is_empty() => Ok(result),
            _ => Err(Faults::new(faults)),
        }
    }

    /// SHA-256 of the contents, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(self.text.as_bytes())
    }

    /// Line and column, both from 1, of a byte offset.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..offset.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        (line, column)
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name most like `wanted` among `known`, if one is close.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `did you mean ...?`, or the list of what there is.
pub fn suggestion<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(wanted, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            let names: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
            format!("possible here: {}", names.join(", "))
        }
    }
}
