//! What of a comparator did not run.

use crate::check::Unreached;

/// As many are told as anybody wants to read.
const MOST: usize = 10;

/// A line each, after one that says what they are; nothing if everything ran.
pub(super) fn unreached(parts: &[Unreached]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let mut text =
        "parts of the comparator that no pair of tokens reached; no verdict is about them:\n"
            .to_owned();
    for part in parts.iter().take(MOST) {
        text += &format!("  {}:{}: {}\n", part.file, part.line, part.text);
    }
    match parts.len().saturating_sub(MOST) {
        0 => text,
        more => format!("{text}  and {more} more\n"),
    }
}
