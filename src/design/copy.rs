//! A design to start from, under another name.

use super::accept::{remove_expectations, remove_unused_reasons};
use super::{Design, ScriptWords};
use crate::source::{Document, Fault, Faults, Scalar};
use std::path::Path;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Value, value};

/// The text of a design's file, as the file of a new design at `path`.
///
/// The title says what it was copied from, and releases and group are gone: a design that is going
/// to be changed is a draft, and none that was released. Everything else stays as it was written, comments and
/// expectations too, so that the gate lists exactly what a change changes. What `keep` does not keep
/// of the expectations goes.
pub fn copy(
    from: &Design,
    original: &Document,
    path: &Path,
    keep: impl Fn(&str) -> bool,
) -> Result<String, Faults> {
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
    file.remove("group");
    for scenario in from.expected_in.keys().filter(|scenario| !keep(scenario)) {
        remove_expectations(&mut file, scenario);
    }
    remove_unused_reasons(&mut file);
    let text = file.to_string();
    // The copy is read before anybody writes it: there is no half of a design.
    Design::load(&from.name, &original.with(path, text.as_str()))?;
    Ok(text)
}

/// Puts another value in a key's place; what is written around it stays.
fn replace(file: &mut DocumentMut, key: &str, mut value: Value) {
    if let Some(Item::Value(old)) = file.get_mut(key) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    }
}

#[derive(Clone, Debug)]
pub struct ScriptName<'a> {
    /// As seen from the design's file, with slashes.
    pub path: String,
    /// How it is asked.
    pub words: ScriptWords<'a>,
}

/// The text of a design's file that decides by a script instead. The script is not looked at.
pub fn with_script(text: &str, path: &Path, script: &ScriptName<'_>) -> Result<String, Faults> {
    let mut file: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        Faults::from(Fault::of_file(path, format!("cannot be changed: {error}")))
    })?;
    let mut comparator = InlineTable::new();
    comparator.insert("script", script.path.as_str().into());
    let words = [
        ("function", script.words.function),
        ("returns", script.words.returns),
    ];
    for (key, word) in words {
        if let Some(word) = word {
            comparator.insert(key, word.into());
        }
    }
    if let Some(names) = script.words.parameters {
        let names: Array = names.split(',').map(str::trim).collect();
        comparator.insert("parameters", names.into());
    }
    if !script.words.define.is_empty() {
        let define = script
            .words
            .define
            .iter()
            .filter_map(|one| one.split_once('='));
        let define = define.map(|(name, text)| (name, constant(text)));
        comparator.insert("define", InlineTable::from_iter(define).into());
    }
    if let Some(rule) = file.get_mut("rule").and_then(Item::as_table_like_mut) {
        let rows: Vec<String> = rule.iter().map(|(key, _)| key.to_owned()).collect();
        // Rows are a table's; a script has none.
        for row in rows.iter().filter(|key| *key != "comparator") {
            rule.remove(row);
        }
        rule.insert("comparator", value(comparator));
    }
    Ok(file.to_string())
}

fn constant(text: &str) -> Value {
    match Scalar::of(text) {
        Scalar::Text(text) => text.into(),
        Scalar::Number(number) => number.into(),
        Scalar::Truth(truth) => truth.into(),
    }
}

/// The text with a first line that names its schema, as editors with Taplo read it.
pub fn with_schema(text: &str, schema: &str) -> String {
    const KEY: &str = "#:schema ";
    match text
        .strip_prefix(KEY)
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((_, rest)) => format!("{KEY}{schema}\n{rest}"),
        None => format!("{KEY}{schema}\n{text}"),
    }
}
