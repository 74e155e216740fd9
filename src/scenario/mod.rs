//! A scenario: a [`Setup`] with a name, and what its author says of it.

mod file;
mod pointless;

pub(crate) use file::read_platform;

use crate::cache::Platform;
use crate::property::Property;
use crate::vocabulary::Setup;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's name without its ending.
    pub name: String,
    pub path: PathBuf,
    /// Its title, one line of text from its file.
    pub title: String,
    /// What there is and what may happen.
    pub setup: Setup,
    /// The platform that it is about, if it is about one: designs of others are not run in it.
    pub platform: Option<Platform>,
    /// Properties that nothing in this scenario can violate, and why, whatever the design.
    pub vacuous: BTreeMap<Property, Reason>,
}

/// Why something is so, and where the file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
}
