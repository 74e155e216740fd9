//! A design to start from, under another name.

use super::Design;
use crate::source::{Document, Fault, Faults};
use std::path::Path;
use toml_edit::{Array, DocumentMut, Item, Value};

/// The text of a design's file, as the file of a new design at `path`.
///
/// The title says what it was copied from, and the releases are gone: a design that is going to be
/// changed is none that was released. Everything else stays as it was written, comments and
/// expectations too, so that the gate lists exactly what a change changes.
pub fn copy(from: &Design, path: &Path) -> Result<String, Faults> {
    let original = Document::read(&from.path)?;
    let refused = |error: &dyn std::fmt::Display| {
        let message = format!("cannot be copied: {error}");
        Faults::from(Fault::of_file(&from.path, message))
    };
    let mut file: DocumentMut = original.text.parse().map_err(|error| refused(&error))?;
    let title = format!("Copy of {}: {}", from.name, from.title);
    replace(&mut file, "title", title.into());
    if !from.releases.is_empty() {
        replace(&mut file, "releases", Array::new().into());
    }
    let copy = Document {
        path: path.to_owned(),
        text: file.to_string(),
    };
    // The copy is read before anybody writes it: there is no half of a design.
    Design::load(&from.name, &copy)?;
    Ok(copy.text)
}

/// Puts another value in a key's place; what is written around it stays.
fn replace(file: &mut DocumentMut, key: &str, mut value: Value) {
    if let Some(Item::Value(old)) = file.get_mut(key) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    }
}
