//! Scripts that decide for a design.

#[cfg(any(feature = "script", feature = "script-outside"))]
mod read;
#[cfg(not(any(feature = "script", feature = "script-outside")))]
mod without;

pub(super) use read::read_script;
pub use read::script_rule;
#[cfg(any(feature = "script", feature = "script-outside"))]
pub use read::script_rule_of;
#[cfg(not(any(feature = "script", feature = "script-outside")))]
use without as read;

use crate::cache::Site;
use crate::freshness::Rule;
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFile {
    /// The guard site that it decides at, if it does not at all.
    pub site: Option<Site>,
    /// Where it was read from.
    pub path: PathBuf,
    pub needs: Vec<PathBuf>,
    /// SHA-256 of its contents, and of those of the files that it needs, in hexadecimal.
    pub sha256: String,
    /// The line of the function that is called, from 1.
    pub line: usize,
    /// Seconds between instants that the design wants explored, each with the rule for it; none if the
    /// order of instants is all that may count.
    pub distances: Vec<(u32, Rule)>,
}

/// A script in words, as a command line has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptWords<'a> {
    /// What is called, if it is not the usual one.
    pub function: Option<&'a str>,
    /// What its answers mean, if not the token that stays.
    pub returns: Option<&'a str>,
    /// What it is called with, if not the two tokens: names with commas between them.
    pub parameters: Option<&'a str>,
    /// What a build replaces, `NAME=VALUE` each.
    pub define: &'a [String],
}

impl ScriptFile {
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.path).chain(&self.needs)
    }

    /// Its path as seen from a models directory, with slashes; as it is where it is elsewhere.
    pub fn below(&self, models: &Path) -> String {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        let below = self.path.strip_prefix(models).unwrap_or(&self.path);
        for part in below.components() {
            match (part, names.last().map(Cow::as_ref)) {
                (Component::CurDir | Component::RootDir, _) => {}
                (Component::ParentDir, Some(name)) if name != ".." => {
                    names.pop();
                }
                (part, _) => names.push(part.as_os_str().to_string_lossy()),
            }
        }
        names.join("/")
    }
}
