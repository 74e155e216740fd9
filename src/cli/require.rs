//! `--require-design`, `--require-scenario`: what a gate must not lose unnoticed, be it renamed,
//! removed or no longer selected.

use super::args::GateArgs;
use super::failure::Failure;
use super::file;
use crate::catalog::Catalog;
use crate::source::{NAME_RULE, is_name, suggestion};
use std::path::Path;

/// The largest file of names, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The most names that are told of as missing.
const MAX_TOLD: usize = 20;

/// Fails unless everything that is required is among what is checked, given by name. Of a design that
/// names distances every one is required.
pub(crate) fn check(
    args: &GateArgs,
    catalog: &Catalog,
    designs: &[&str],
    scenarios: &[&str],
) -> Result<(), Failure> {
    let is_checked = |required: &String| {
        let mut meant = catalog
            .designs
            .iter()
            .filter(|design| design.is_named(required))
            .peekable();
        meant.peek().is_some() && meant.all(|design| designs.contains(&design.name.as_str()))
    };
    let mut missing = required("design", &args.require_design)?;
    missing.retain(|name| !is_checked(name));
    refuse("design", &missing, designs)?;
    let mut missing = required("scenario", &args.require_scenario)?;
    missing.retain(|name| !scenarios.contains(&name.as_str()));
    refuse("scenario", &missing, scenarios)
}

/// The names that are meant, those in files among them.
fn required(what: &str, values: &[String]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for part in values.iter().flat_map(|value| value.split(',')) {
        match is_file(part) {
            true => names.extend(read(Path::new(part))?),
            false if is_name(part.split('@').next().unwrap_or(part)) => names.push(part.to_owned()),
            false => {
                let message = format!("--require-{what}: `{part}` is no name");
                let help = format!("{NAME_RULE}; a file of names has a `/` or ends in .txt");
                return Err(Failure::new(message).help(help));
            }
        }
    }
    Ok(names)
}

/// Whether a file is meant. It must not hang on which files there are: one that is called like a
/// design could take the place of its name.
fn is_file(part: &str) -> bool {
    part.contains(['/', '\\']) || part.ends_with(".txt")
}

/// The names in a file, one on a line; `#` begins a comment.
fn read(path: &Path) -> Result<Vec<String>, Failure> {
    let text = file::read_up_to(path, MAX_BYTES)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut names = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        if !is_name(name) {
            let place = format!("{}:{}", path.display(), number + 1);
            // The file may be any: what is in it is not repeated.
            let message = format!("{place}: what the line says is no name");
            return Err(Failure::new(message).help(format!("one name on a line; {NAME_RULE}")));
        }
        names.push(name.to_owned());
    }
    if names.is_empty() {
        let message = format!("{} names nothing, so it requires nothing", path.display());
        return Err(Failure::new(message).help("write one name on each line"));
    }
    Ok(names)
}

fn refuse(what: &str, missing: &[String], checked: &[&str]) -> Result<(), Failure> {
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let told: Vec<String> = missing
        .iter()
        .take(MAX_TOLD)
        .map(|name| format!("`{name}`"))
        .collect();
    let mut message = format!(
        "{what} {} is required and would not be checked",
        told.join(", ")
    );
    if missing.len() > MAX_TOLD {
        message += &format!(" (and {} more)", missing.len() - MAX_TOLD);
    }
    let help = suggestion(first, checked.iter().copied());
    Err(Failure::new(message).help(help))
}
