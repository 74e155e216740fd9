//! What a script says, fit to be told.

/// As much of a text as anybody wants to read, in characters.
const MOST: usize = 400;

/// A text on one line and of a length that can be read. Characters that would do something to a
/// terminal, or to what stands beside them, are written as escapes.
pub(super) fn plain(text: &str) -> String {
    let mut told: String = text.chars().take(MOST).flat_map(shown).collect();
    let all = text.chars().count();
    if all > MOST {
        told.push_str(&format!(" ... ({all} characters in all)"));
    }
    told
}

fn shown(c: char) -> impl Iterator<Item = char> {
    let escaped = match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_control() || changes_direction(c) || is_no_character(c) => {
            format!("\\u{{{:x}}}", u32::from(c))
        }
        c => c.to_string(),
    };
    escaped.chars().collect::<Vec<_>>().into_iter()
}

/// Line and paragraph separators, too.
fn changes_direction(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

fn is_no_character(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_on_one_line_and_does_nothing_to_a_terminal() {
        let told = plain("x\n::error::forged\r\u{1b}[2J\u{202e}\u{2028}\u{ffff}\t\u{7f}\u{85}é");
        let escaped =
            "x\\n::error::forged\\r\\u{1b}[2J\\u{202e}\\u{2028}\\u{ffff}\\t\\u{7f}\\u{85}é";
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
