//! Where designs and scenarios come from.

use crate::source::Document;
use std::fmt;
use std::path::{Path, PathBuf};

/// What asks for the models in the program, and the first part of their paths.
pub const BUILTIN: &str = "builtin";

/// Kind, name and text of every model file that there was when the program was built.
const FILES: &[(&str, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// Where designs and scenarios come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Models {
    /// A directory with `designs/` and `scenarios/`.
    Directory(PathBuf),
    /// The program: this repository's `models/` as it was when the program was built.
    Builtin,
    /// Texts that somebody handed over: there are no files.
    Memory,
}

impl Models {
    /// What a user means by a name. A directory that is called `builtin` is `./builtin`.
    pub fn named(name: &Path) -> Models {
        match name == Path::new(BUILTIN) {
            true => Models::Builtin,
            false => Models::Directory(name.to_owned()),
        }
    }

    pub fn directory(&self) -> Option<&Path> {
        match self {
            Models::Directory(directory) => Some(directory),
            Models::Builtin | Models::Memory => None,
        }
    }
}

impl fmt::Display for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Models::Directory(directory) => directory.display().fmt(f),
            Models::Builtin => f.write_str(BUILTIN),
            Models::Memory => f.write_str("memory"),
        }
    }
}

/// The files of one kind (`designs`, `scenarios`) in the program, in the order of their names. Their
/// paths begin with `builtin/`.
pub(super) fn builtin_files(kind: &str) -> impl Iterator<Item = Document> {
    let files = FILES.iter().filter(move |(of, ..)| *of == kind);
    files.map(|(kind, name, text)| {
        let path = Path::new(BUILTIN).join(kind).join(format!("{name}.toml"));
        Document::new(path, *text)
    })
}

/// The file in the program that has this path.
pub(super) fn builtin_file(path: &Path) -> Option<Document> {
    let below = path.strip_prefix(BUILTIN).ok()?;
    let kind = below.parent()?.to_str()?;
    builtin_files(kind).find(|document| document.path == path)
}
