//! Reading the data files under `models/`, with faults that say where and what to do.

#![allow(clippy::disallowed_methods, reason = "files are read here")]

mod document;
mod fault;
mod json;
mod plain;
mod reader;
mod regular;

pub use document::{Document, MAX_FILE_BYTES};
pub use fault::{Fault, Faults};
pub use json::{from_json, without_values};
pub use plain::{MAX_NAME_BYTES, cut, is_shell_words, plain, plain_lines, shell_word, unfit};
pub(crate) use plain::{NAME_RULE, is_name, is_web_link, without_tokens};
pub use reader::{Item, Reader, Scalar};
pub use regular::{open_regular, read_regular};

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The most names that are looked through for the nearest one.
const MAX_COMPARED: usize = 1000;

/// The most names that are listed in a help.
const MAX_LISTED: usize = 40;

/// The longest text that is compared with names, in bytes: comparing takes the product of lengths.
const MAX_COMPARED_BYTES: usize = 200;

/// The same path for all names that a file has.
pub fn canonical(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = sha256_bytes(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256.
pub(crate) fn sha256_bytes(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The name most like `wanted` among `known`, if one is close.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fits = |name: &str| name.len() <= MAX_COMPARED_BYTES;
    if !fits(wanted) {
        return None;
    }
    known
        .into_iter()
        .take(MAX_COMPARED)
        .filter(|name| fits(name))
        .map(|name| (strsim::jaro_winkler(wanted, name), name))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `did you mean ...?`, or the list of what there is.
pub(crate) fn suggestion<'a>(
    wanted: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    if let Some(name) = nearest(wanted, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let mut names = known.into_iter();
    let listed = names.by_ref().take(MAX_LISTED);
    let listed: Vec<_> = listed.map(|name| format!("`{name}`")).collect();
    let more = names.count();
    if listed.is_empty() {
        return "nothing is possible here".to_owned();
    }
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("possible here: {}{more}", listed.join(", "))
}
