//! Hashes of files, and of what decides which token wins.

use crate::source::sha256;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hashed {
    /// SHA-256 of the list that `sha256sum` prints for the files in the order of their paths.
    pub sha256: String,
    /// In the order of their paths.
    pub files: Vec<HashedFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashedFile {
    /// Relative, with slashes.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl Hashed {
    /// Hashes a list of files.
    pub fn new(mut files: Vec<HashedFile>) -> Hashed {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let line = |file: &HashedFile| format!("{}  {}\n", file.sha256, file.path);
        let list: String = files.iter().map(line).collect();
        Hashed {
            sha256: sha256(list.as_bytes()),
            files,
        }
    }

    pub fn file(&self, path: &str) -> Option<&str> {
        let file = self.files.iter().find(|file| file.path == path)?;
        Some(&file.sha256)
    }
}

/// A source file as it was when the program was built.
macro_rules! source {
    ($path:literal) => {
        (
            concat!("src/", $path),
            include_bytes!(concat!("../", $path)).as_slice(),
        )
    };
}

/// The code under check: the comparator, and the cache that asks it.
pub(super) const COMPARATOR: [(&str, &[u8]); 21] = [
    source!("cache/answer.rs"),
    source!("cache/client.rs"),
    source!("cache/cookie.rs"),
    source!("cache/effect.rs"),
    source!("cache/event.rs"),
    source!("cache/guard.rs"),
    source!("cache/lock.rs"),
    source!("cache/measure.rs"),
    source!("cache/mod.rs"),
    source!("cache/phase.rs"),
    source!("cache/policy.rs"),
    source!("cache/request.rs"),
    source!("cache/rules.rs"),
    source!("cache/slot.rs"),
    source!("cache/state.rs"),
    source!("cache/turn.rs"),
    source!("freshness.rs"),
    source!("freshness/expiry.rs"),
    source!("freshness/external.rs"),
    source!("freshness/row.rs"),
    source!("freshness/rule.rs"),
];

/// The hash of the code under check.
pub fn comparator() -> Hashed {
    let file = |(path, bytes): (&str, &[u8])| HashedFile {
        path: path.to_owned(),
        sha256: sha256(bytes),
    };
    Hashed::new(COMPARATOR.map(file).into())
}
