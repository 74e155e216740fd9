//! `freshest check --watch`: once more whenever a file that it read has changed.

use super::args::CheckArgs;
use super::failure::Failure;
use super::{Exit, comparator, models, output, progress};
use crate::catalog::{Catalog, Models, is_leftover};
use crate::source::plain;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use std::{fs, thread};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// The files that matter, with when they were last changed and how long they are.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Checks until somebody ends the program, so never where nobody would. What is wrong with a file is
/// told and waited out: that is what half of an edit looks like.
pub(crate) fn run(
    args: &CheckArgs,
    check: impl Fn(&CheckArgs) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    if models::is_continuous_integration() {
        let message = "--watch is for people, and CI is set: it would never end";
        return Err(Failure::new(message).help("leave out --watch, and the gate runs once"));
    }
    let models = models::chosen(&args.gate.models)?;
    progress::end_at_once();
    let mut scripts: Vec<PathBuf> = Vec::new();
    loop {
        // While the models cannot be read, what they named before is still looked at.
        if let Ok(catalog) = Catalog::open_edited(models.clone()) {
            let trying = comparator::catalog(catalog.clone(), &args.trying);
            let named = trying
                .unwrap_or(catalog)
                .designs
                .into_iter()
                .flat_map(|design| design.scripts);
            let files = named.flat_map(|script| script.files().cloned().collect::<Vec<_>>());
            scripts = files.collect();
            scripts.extend(args.trying.comparator.clone());
        }
        let before = seen(&models, &scripts);
        if let Err(failure) = check(args) {
            failure.report(args.color);
        }
        tell_leftovers(&models);
        output::tell(&format!(
            "\nwaiting for a change in {models}; Ctrl-C ends\n\n"
        ));
        while seen(&models, &scripts) == before {
            thread::sleep(INTERVAL);
        }
    }
}

/// Says what was passed over, because without `--watch` it is an error.
fn tell_leftovers(models: &Models) {
    let mut leftovers: Vec<PathBuf> = files(models);
    leftovers.retain(|path| is_leftover(path));
    leftovers.sort();
    for path in leftovers {
        let path = plain(&path.to_string_lossy()).to_string();
        output::tell(&format!(
            "passed over while somebody edits: {path}; the gate refuses it\n"
        ));
    }
}

/// Every file in the models' directories.
fn files(models: &Models) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if let Some(directory) = models.directory() {
        for folder in ["designs", "scenarios"] {
            // What cannot be read is told by the check.
            let entries = fs::read_dir(directory.join(folder)).into_iter().flatten();
            paths.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
        }
    }
    paths
}

/// Every file in the models' directories that is read, and the scripts.
fn seen(models: &Models, scripts: &[PathBuf]) -> Seen {
    let mut paths = files(models);
    // Editors write to their swap files at every turn.
    paths.retain(|path| !is_leftover(path));
    paths.extend(scripts.iter().cloned());
    let of = |path: PathBuf| {
        let metadata = fs::metadata(&path).ok();
        let changed = metadata
            .as_ref()
            .and_then(|metadata| metadata.modified().ok());
        let length = metadata.map_or(0, |metadata| metadata.len());
        (path, (changed, length))
    };
    paths.into_iter().map(of).collect()
}
