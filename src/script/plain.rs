//! What a script says, fit to be told.

use crate::source;

/// As much of a text as anybody wants to read, in characters.
const MOST: usize = 400;

/// A text on one line and of a length that can be read, escaped as everything that is shown.
pub(super) fn plain(text: &str) -> String {
    let all = text.chars().count();
    let told: String = text.chars().take(MOST).collect();
    let told = source::plain(&told);
    match all > MOST {
        true => format!("{told} ... ({all} characters in all)"),
        false => told.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_on_one_line_and_does_nothing_to_a_terminal() {
        let told = plain("x\n::error::forged\r\u{1b}[2J\u{202e}\u{2028}\u{ffff}\t\u{7f}\u{85}é");
        let escaped = "x\\n\\u{3a}:error\\u{3a}:forged\\r\\u{1b}[2J\\u{202e}\\u{2028}\\u{ffff}\\t\\u{7f}\\u{85}é";
        assert_eq!(told, escaped);
    }

    #[test]
    fn a_long_text_is_cut_and_says_how_long_it_was() {
        let told = plain(&"é".repeat(20_000_000));
        assert!(
            told.ends_with("é ... (20000000 characters in all)"),
            "{told}"
        );
        assert!(told.len() < 1000);
        assert_eq!(plain(&"x".repeat(MOST)), "x".repeat(MOST));
    }
}
