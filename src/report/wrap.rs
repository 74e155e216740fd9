//! How lines are broken.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Words at spaces, as many as fit. Said in full, because what textwrap does by itself depends on the
/// features that other crates ask it for.
pub(super) fn columns<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        // Names have hyphens in them, and are copied.
        .word_splitter(WordSplitter::NoHyphenation)
}

/// A space at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// The most characters between brackets that have to stay in one line.
const MAX_TOGETHER: usize = 40;

/// Keeps what stands in brackets in one line: a token, `[oiat 2, iat 1]`, or the arguments of a call,
/// `getToken({ skipCache: true })`.
pub(super) fn keep_together(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['[', '{']) {
        let (before, inside) = rest.split_at(open);
        kept += before;
        let closing = if inside.starts_with('[') { ']' } else { '}' };
        let end = match inside.find(closing) {
            Some(end) if inside[..end].chars().count() <= MAX_TOGETHER => end,
            // No pair of brackets around something short: the bracket is a character like others.
            _ => 0,
        };
        let (inside, after) = inside.split_at(end + 1);
        kept.extend(inside.chars().map(|c| if c == ' ' { NO_BREAK } else { c }));
        rest = after;
    }
    kept + rest
}

/// The inverse of [`keep_together`], when lines have been broken.
pub(super) fn let_apart(text: &str) -> String {
    text.replace(NO_BREAK, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stays_in_one_line() {
        let text = keep_together("tab 0: seed [oiat 1, iat 1] -> [oiat 2, iat 2]");
        let lines = textwrap::wrap(&text, columns(20));
        let lines: Vec<_> = lines.iter().map(|line| let_apart(line)).collect();
        let expected = ["tab 0: seed", "[oiat 1, iat 1] ->", "[oiat 2, iat 2]"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn brackets_without_a_pair_are_characters_like_others() {
        for text in ["a [ b c", "] a b [", "[é", "{ [ } ]", "[", "a {b", ""] {
            assert_eq!(let_apart(&keep_together(text)), text);
        }
        let long = format!("[{}]", "word ".repeat(20));
        assert_eq!(keep_together(&long), long);
    }
}
