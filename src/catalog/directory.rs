//! What is in `designs/` and `scenarios/` of a directory: all of it is read, or told.

#![allow(clippy::disallowed_methods, reason = "directories are read here")]

use crate::design::Design;
use crate::source::{Fault, Faults};
use std::fs;
use std::path::{Path, PathBuf};

const NO_MODELS: &str = "run where `models/` is, name another directory with --models DIR, or check \
                         what is in the program with --models builtin";

/// What is in one of the two directories.
#[derive(Default)]
pub(super) struct Entries {
    /// What ends in `.toml`, whatever it is, in the order of the names.
    pub files: Vec<PathBuf>,
    /// Everything else.
    pub others: Vec<PathBuf>,
}

impl Entries {
    /// What is in a directory that has something to check, but for what is passed over.
    pub(crate) fn of(
        directory: &Path,
        is_passed_over: fn(&Path) -> bool,
    ) -> Result<Entries, Faults> {
        let mut paths = entries(directory)?;
        paths.retain(|path| !is_passed_over(path));
        let ends_in_toml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml");
        let (files, others): (Vec<_>, Vec<_>) = paths.into_iter().partition(ends_in_toml);
        if files.is_empty() && others.is_empty() {
            let message = "holds no TOML file, so there is nothing to check".to_owned();
            return Err(Fault::of_file(directory, message).help(NO_MODELS).into());
        }
        Ok(Entries { files, others })
    }
}

/// What is directly in a directory, by name.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, Faults> {
    let unreadable = |error: std::io::Error| {
        let fault = Fault::of_file(directory, format!("cannot be read: {error}"));
        Faults::from(fault.help(NO_MODELS))
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()).then_with(|| a.cmp(b)));
    Ok(paths)
}

/// Whether an editor or a file manager left it there for a while: a swap file, a backup, a lock.
pub fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_swap = |ending| name.starts_with('.') && name.ends_with(ending);
    name == ".DS_Store"
        || name == "4913" // vim tries out whether it may write
        || name.ends_with('~')
        || name.starts_with(".#")
        || name.starts_with('#') && name.ends_with('#')
        || [".swp", ".swo", ".swx"].into_iter().any(is_swap)
}

/// Whatever would be passed over in silence: then the gate would check less than somebody thinks.
pub(super) fn check_others(others: &[PathBuf], kind: &str, designs: &[Design]) -> Faults {
    let mut faults = Faults::default();
    let scripts = designs.iter().flat_map(|design| &design.scripts);
    let scripts: Vec<PathBuf> = scripts
        .flat_map(|script| script.files())
        .filter_map(|file| file.canonicalize().ok())
        .collect();
    let mut left = others.to_vec();
    while let Some(path) = left.pop() {
        // A link to a folder could lead in circles, so it is none of the folders that are looked into.
        let is_folder = path.symlink_metadata().is_ok_and(|entry| entry.is_dir());
        match path.canonicalize() {
            Ok(real) if scripts.contains(&real) => continue,
            // A folder of scripts; whatever else is in it is looked at in turn.
            Ok(real) if is_folder && scripts.iter().any(|script| script.starts_with(&real)) => {
                match entries(&path) {
                    Ok(inside) => left.extend(inside),
                    Err(more) => faults.extend(more),
                }
                continue;
            }
            Ok(_) | Err(_) => {}
        }
        let (what, help) = stranger(&path, kind);
        faults.push(|| {
            let message = format!("{what}, so it would not be checked");
            Fault::of_file(&path, message).help(help)
        });
    }
    faults
}

/// What is peculiar to an entry that is not read, and what to do about it.
fn stranger(path: &Path, kind: &str) -> (String, &'static str) {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match path.metadata() {
        Err(error) => (format!("cannot be read: {error}"), "mend or remove it"),
        Ok(metadata) if metadata.is_dir() => (
            format!("is a folder: only files directly in {kind}/ are read"),
            "move its files one level up, or the folder elsewhere",
        ),
        Ok(_) if ending.eq_ignore_ascii_case("toml") && ending != "toml" => (
            format!("ends in `.{ending}`: only names that end in `.toml` are read"),
            "write the ending in small letters",
        ),
        Ok(_) => (
            "is neither a `.toml` file of its kind nor a script that a design names, or needs"
                .to_owned(),
            "rename it so that it ends in `.toml`, or move it elsewhere",
        ),
    }
}
