//! How lines are broken.

use textwrap::{Options, WordSeparator, WrapAlgorithm};

/// Words at spaces, as many as fit. Said in full, because what textwrap does by itself depends on the
/// features that other crates ask it for.
pub(super) fn columns<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
}

/// A paragraph of 80 columns, with what its first line and the others begin with, and a line break.
pub(super) fn fill(text: &str, first: &str, rest: &str) -> String {
    let options = columns(80).initial_indent(first).subsequent_indent(rest);
    textwrap::fill(text, options) + "\n"
}
