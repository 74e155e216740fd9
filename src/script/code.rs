//! What an engine loads.

use super::protocol::Asked;

/// Marks a branch as reached.
pub(super) type Mark = Box<dyn Fn(usize)>;

/// What is run.
#[cfg_attr(
    not(feature = "script"),
    expect(dead_code, reason = "an engine from outside names and marks nothing")
)]
pub(super) struct Source<'a> {
    /// The script, and what it needs; never empty.
    pub(super) modules: Vec<Module>,
    /// How stack traces call it; the others are called so with a slash and their number behind.
    pub(super) name: &'a str,
    /// What is called, and how.
    pub(super) asked: &'a Asked,
    /// Whether what a page has is around it.
    pub(super) in_page: bool,
    /// A global function of the script's that has to be there, and is called with numbers.
    pub(super) mark: Option<(&'a str, Mark)>,
}

#[derive(Clone)]
pub(super) struct Module {
    /// JavaScript.
    pub(super) code: String,
    /// What it needs, by the names in its imports, and the numbers of those.
    #[cfg_attr(
        not(feature = "script"),
        expect(dead_code, reason = "a script that is pasted is one file")
    )]
    pub(super) imports: Vec<(String, usize)>,
}
