//! What a script says, fit to be told.

use crate::source;

/// As much of a text as anybody wants to read, in characters.
const MOST: usize = 200;

/// A text on one line, with everything escaped that must not be shown, and of a length that can be
/// read. One that is longer says how long it was.
pub(super) fn plain(text: &str) -> String {
    let told: String = text.chars().take(MOST).collect();
    let told = source::plain(&told);
    match text.chars().count() {
        0..=MOST => told.into_owned(),
        all => format!("{told} ... ({all} characters in all)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_how_long_it_was() {
        let told = plain(&"é".repeat(20_000_000));
        assert!(
            told.ends_with("é ... (20000000 characters in all)"),
            "{told}"
        );
        assert!(told.len() < 1000);
        assert_eq!(plain(&"x".repeat(MOST)), "x".repeat(MOST));
        assert_eq!(plain("\n::x"), "\\n\\u{3a}:x");
    }
}
