//! Changes what a design's file expects, and leaves the rest of it as somebody wrote it.

use super::Design;
use crate::property::{Property, Verdict};
use crate::source::{Document, Fault, Faults};
use std::collections::BTreeSet;
use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

/// The reason of an expectation that somebody accepted without giving one.
pub const MISSING_REASON: &str = "REASON MISSING: accepted as it was found, and nobody said why.";

/// Under this name a new reason is written, and with a number behind it where that is taken.
const NEW_REASON: &str = "accepted";

/// What is to be expected from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The scenario's name, without the ending of its file.
    pub scenario: String,
    /// The property; in files by its name.
    pub property: Property,
    pub verdict: Verdict,
    /// Length of the shortest counterexample in events, if there is one.
    pub steps: Option<u32>,
    /// The verdict is what is expected without a word, so nothing is to be written.
    pub implied: bool,
}

/// The text of a design's file with other expectations. An expectation that was there keeps its
/// reason; a new one gets `because`.
pub fn accept(document: &Document, accepted: &[Accepted], because: &str) -> Result<String, Faults> {
    let refused = |error: &dyn std::fmt::Display| {
        let message = format!("cannot be changed: {error}");
        Faults::from(Fault::of_file(&document.path, message))
    };
    let mut file: DocumentMut = document.text.parse().map_err(|error| refused(&error))?;
    for accepted in accepted {
        match accepted.implied {
            true => remove(&mut file, &accepted.scenario, accepted.property),
            false => set(&mut file, accepted, because).ok_or_else(|| {
                refused(&format!("`expect.{}` is not a table", accepted.scenario))
            })?,
        }
    }
    remove_unused_reasons(&mut file);
    let text = file.to_string();
    let name = document.path.file_stem().unwrap_or_default();
    // It is read before anybody writes it: there is no half of a design.
    let changed = document.with(&document.path, text.as_str());
    Design::load(&name.to_string_lossy(), &changed)?;
    Ok(text)
}

/// The same as a text to be pasted into a file that expects nothing yet.
pub fn expectations(accepted: &[Accepted], because: &str) -> String {
    let mut file = DocumentMut::new();
    for accepted in accepted.iter().filter(|accepted| !accepted.implied) {
        // There is nothing in an empty file that could be in the way.
        let _ = set(&mut file, accepted, because);
    }
    file.to_string()
}

/// Writes an expectation; `None` if something that is not a table is in its place.
fn set(file: &mut DocumentMut, accepted: &Accepted, because: &str) -> Option<()> {
    let Accepted {
        scenario, property, ..
    } = accepted;
    let old = file
        .get("expect")
        .and_then(|expect| expect.get(scenario)?.get(property.name()));
    let old = old.and_then(|old| old.get("because")?.as_str().map(str::to_owned));
    let reason = match old {
        Some(reason) => reason,
        None => reason(file, because)?,
    };
    let mut expectation = InlineTable::new();
    if accepted.verdict != Verdict::Violated {
        expectation.insert("verdict", accepted.verdict.name().into());
    }
    if let Some(steps) = accepted.steps {
        expectation.insert("steps", i64::from(steps).into());
    }
    expectation.insert("because", reason.into());
    let scenarios = file.entry("expect").or_insert_with(|| {
        let mut scenarios = Table::new();
        // There is no heading of its own for what has only tables in it.
        scenarios.set_implicit(true);
        Item::Table(scenarios)
    });
    let scenarios = scenarios.as_table_like_mut()?;
    let properties = scenarios
        .entry(scenario)
        .or_insert_with(|| Item::Table(Table::new()));
    let properties = properties.as_table_like_mut()?;
    properties.insert(property.name(), value(expectation));
    Some(())
}

/// The name of a reason with this text; it is written down if there is none yet.
fn reason(file: &mut DocumentMut, text: &str) -> Option<String> {
    let reasons = file
        .entry("because")
        .or_insert_with(|| Item::Table(Table::new()));
    let reasons = reasons.as_table_like_mut()?;
    let known = reasons
        .iter()
        .find(|(_, known)| known.as_str() == Some(text));
    if let Some((name, _)) = known {
        return Some(name.to_owned());
    }
    let mut names = (2..).map(|number| format!("{NEW_REASON}-{number}"));
    let mut name = NEW_REASON.to_owned();
    while reasons.contains_key(&name) {
        name = names.next()?;
    }
    reasons.insert(&name, value(text));
    Some(name)
}

fn remove(file: &mut DocumentMut, scenario: &str, property: Property) {
    let expect = file.get_mut("expect").and_then(Item::as_table_like_mut);
    let Some(scenarios) = expect else { return };
    let properties = scenarios
        .get_mut(scenario)
        .and_then(Item::as_table_like_mut);
    let Some(properties) = properties else { return };
    properties.remove(property.name());
    if properties.is_empty() {
        remove_expectations(file, scenario);
    }
}

/// Takes out everything that is expected in a scenario.
pub(super) fn remove_expectations(file: &mut DocumentMut, scenario: &str) {
    let expect = file.get_mut("expect").and_then(Item::as_table_like_mut);
    let Some(scenarios) = expect else { return };
    scenarios.remove(scenario);
    if scenarios.is_empty() {
        file.remove("expect");
    }
}

/// Takes out the reasons that nothing refers to any more: they would be errors.
pub(super) fn remove_unused_reasons(file: &mut DocumentMut) {
    let used = used_reasons(file);
    let reasons = file.get_mut("because").and_then(Item::as_table_like_mut);
    let Some(reasons) = reasons else { return };
    let names: Vec<String> = reasons.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|name| !used.contains(*name)) {
        reasons.remove(name);
    }
    if reasons.is_empty() {
        file.remove("because");
    }
}

fn used_reasons(file: &DocumentMut) -> BTreeSet<String> {
    let expect = file.get("expect").and_then(Item::as_table_like);
    let scenarios = expect.into_iter().flat_map(|expect| expect.iter());
    let tables = scenarios.filter_map(|(_, properties)| properties.as_table_like());
    let expectations = tables.flat_map(|properties| properties.iter());
    expectations
        .filter_map(|(_, expectation)| expectation.get("because")?.as_str())
        .map(str::to_owned)
        .collect()
}
