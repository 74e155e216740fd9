//! What text may be shown anywhere: on a terminal, in the log of a CI, in XML, SVG, HTML, Markdown.
//!
//! Data files must hold nothing else ([`unfit`]); what comes from elsewhere, from scripts, traces
//! and paths, is escaped where it becomes part of a message ([`plain`]).

use std::borrow::Cow;

/// The longest name of a design or a scenario, in bytes: some file systems end at 255.
pub const MAX_NAME_BYTES: usize = 100;

/// What [`is_name`] asks for, in words.
pub(crate) const NAME_RULE: &str = "a name has at most 100 letters, digits, `-`, `_` and `.`, and begins \
                             with a letter or a digit";

/// Whether a design or a scenario may have this name. It is a file's, is typed in commands, and
/// becomes part of links, on any system.
pub(crate) fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins && name.len() <= MAX_NAME_BYTES && name.chars().all(is_allowed)
}

/// Whether a character stands for itself wherever it is shown. Not so: control characters, those
/// that change the direction of what follows, those that cannot be seen, line separators other than
/// the line feed, and the code points that are no characters (Unicode, sections 23.2 to 23.8).
///
/// The two joiners are left out: scripts and emoji need them.
fn is_plain(c: char) -> bool {
    let code = u32::from(c);
    let is_hidden = matches!(
        code,
        0xAD | 0x61C
            | 0x180E
            | 0x200B
            | 0x200E
            | 0x200F
            | 0x2028..=0x202E
            | 0x2060..=0x206F
            | 0xFEFF
            | 0xFFF0..=0xFFFB
            | 0xE0000..=0xE0FFF
    );
    let is_no_character = matches!(code, 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE;
    !(c.is_control() || is_hidden || is_no_character)
}

/// Where a text begins with what a CI takes for a command when it stands in a log: GitHub's
/// `::name::`, and `##[name]`, `##vso[..]`, `##teamcity[..]` of others, which may stand anywhere in
/// a line.
fn begins_command(text: &str) -> bool {
    let name = text.strip_prefix("##");
    let name = name.map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    text.starts_with("::") || name.is_some_and(|rest| rest.starts_with('['))
}

/// The first thing in a text that must not be shown: its place in bytes, and what it is.
pub fn unfit(text: &str) -> Option<(usize, String)> {
    // Nearly every text of a data file is, and all of them are read whenever the program starts.
    let is_common = |byte: u8| matches!(byte, b' '..=b'~') && byte != b':' && byte != b'#';
    if text.bytes().all(is_common) {
        return None;
    }
    text.char_indices().find_map(|(at, c)| {
        if !is_plain(c) {
            return Some((at, format!("U+{:04X}", u32::from(c))));
        }
        let rest = &text[at..];
        begins_command(rest).then(|| {
            let command = if c == ':' {
                "two colons"
            } else {
                "`##` and a bracket"
            };
            (
                at,
                format!("{command}, which begin a command in the log of a CI"),
            )
        })
    })
}

/// The text on one line, with everything escaped that must not be shown.
pub fn plain(text: &str) -> Cow<'_, str> {
    if unfit(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\n' => shown += "\\n",
            '\r' => shown += "\\r",
            '\t' => shown += "\\t",
            c if !is_plain(c) || begins_command(&text[at..]) => {
                shown += &format!("\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// As [`plain`], line by line. What GitHub takes for a command begins a line, so a `::` elsewhere
/// stays.
pub fn plain_lines(text: &str) -> String {
    let line = |line: &str| {
        let is_blank = |c: char| c.is_whitespace() || !is_plain(c);
        let mut parts = line.split("::");
        let first = parts.next().unwrap_or_default();
        let mut shown = plain(first).into_owned();
        for (index, part) in parts.enumerate() {
            let begins = index == 0 && first.chars().all(is_blank);
            shown += if begins { "\\u{3a}:" } else { "::" };
            shown += &plain(part);
        }
        shown
    };
    let lines: Vec<_> = text.split('\n').map(line).collect();
    lines.join("\n")
}

/// Whether a text is an address on the web that can be put behind a link as it is: `http` or
/// `https`, a host, no user's name before it, and only characters that RFC 3986 allows.
pub(crate) fn is_web_link(text: &str) -> bool {
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let Some(rest) = rest else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&()*+,;=%".contains(c);
    host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && host.chars().all(is_host)
        && rest.chars().all(is_allowed)
}

/// The text without session tokens: of what looks like the beginning of one, three parts of base64url
/// of which the first is a JSON object, only the first six characters stay. Tokens are what messages
/// must never hold, whoever typed them where they do not belong.
pub(crate) fn without_tokens(text: &str) -> Cow<'_, str> {
    const KEPT: usize = 6;
    const LEAST: usize = 16;
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-_.=+".contains(c);
    let begins = |run: &str| {
        ["eyJ", "eyA", "eyI", "ewo", "ewk", "ewA", "ew0"]
            .iter()
            .any(|b| run.starts_with(b))
    };
    let mut shown = String::new();
    let mut rest = text;
    let mut changed = false;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_of_token(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        // A token may stand behind a name and `=`.
        let at = run
            .match_indices("ey")
            .chain(run.match_indices("ew"))
            .map(|(at, _)| at);
        let at = at.filter(|&at| {
            let is_start = at == 0 || !run[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            is_start && begins(&run[at..]) && run.len() - at > LEAST
        });
        match at.min() {
            Some(at) => {
                changed = true;
                let token = &run[at..];
                shown += &format!(
                    "{}{}…({} characters)",
                    &run[..at],
                    &token[..KEPT],
                    token.len()
                );
            }
            None => shown += run,
        }
        let next = after.chars().next().map_or(0, char::len_utf8);
        shown += &after[..next];
        rest = &after[next..];
    }
    match changed {
        true => Cow::Owned(shown),
        false => Cow::Borrowed(text),
    }
}

/// The beginning of a text, if it is longer than this many characters.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// Whether a part of a command is nothing but words, quoted as [`shell_word`] does it.
pub fn is_shell_words(text: &str) -> bool {
    let text = text.replace(r"'\''", "");
    // Every other part is within quotation marks, and what is between them is taken as it is.
    let parts: Vec<&str> = text.split('\'').collect();
    let is_safe = |c: char| is_safe_in_shell(c) || c == ' ';
    let outside = parts.iter().step_by(2);
    parts.len() % 2 == 1 && outside.flat_map(|part| part.chars()).all(is_safe)
}

fn is_safe_in_shell(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c)
}

/// A word of a command, so that a POSIX shell takes it for one word and nothing else.
pub fn shell_word(word: &str) -> Cow<'_, str> {
    if !word.is_empty() && word.chars().all(is_safe_in_shell) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_or_a_reader_is_escaped() {
        for (text, shown) in [
            ("\u{1b}[2J", r"\u{1b}[2J"),
            ("\u{9b}2J", r"\u{9b}2J"),
            ("a\u{202e}b", r"a\u{202e}b"),
            ("a\u{2066}b", r"a\u{2066}b"),
            ("\u{200f}", r"\u{200f}"),
            ("\u{feff}x", r"\u{feff}x"),
            ("\u{fdd0}\u{fffe}\u{10ffff}", r"\u{fdd0}\u{fffe}\u{10ffff}"),
            ("a\u{2028}b\u{85}", r"a\u{2028}b\u{85}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("a\nb\r\tc", r"a\nb\r\tc"),
            ("::error::x", r"\u{3a}:error\u{3a}:x"),
            ("x ##[error]", r"x \u{23}#[error]"),
            ("##vso[task]", r"\u{23}#vso[task]"),
            (":::", r"\u{3a}\u{3a}:"),
        ] {
            assert_eq!(plain(text), shown);
            assert!(unfit(text).is_some(), "{shown}");
            assert_eq!(unfit(shown), None, "{shown}");
        }
        let text = "a\n\u{7}\r\nb::c\n  ::d::e\nf ##[g]\n::";
        let shown = "a\n\\u{7}\\r\nb::c\n  \\u{3a}:d::e\nf \\u{23}#[g]\n\\u{3a}:";
        assert_eq!(plain_lines(text), shown);
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["", "Ä → 漢字 👩‍👩‍👧 a:b #8097 ## heading", "نص عربي", "x: [y]"]
        {
            assert_eq!(plain(text), text);
            assert_eq!(unfit(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_what_can_be_typed_on_any_system() {
        for name in ["a", "pr-9030", "6.40.0_x", &"a".repeat(100)] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            ".a",
            "-a",
            "a b",
            "a/b",
            "ä",
            "a\n",
            "..",
            &"a".repeat(101),
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_word_for_a_shell_is_one_word() {
        for (word, quoted) in [
            ("models", "models"),
            ("/a/b-c_d.toml", "/a/b-c_d.toml"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(x)", "'$(x)'"),
            ("it's", r"'it'\''s'"),
            ("~", "'~'"),
            ("a;b", "'a;b'"),
            ("Ä", "'Ä'"),
        ] {
            assert_eq!(shell_word(word), quoted);
            assert!(is_shell_words(&format!("--option {quoted}")), "{quoted}");
        }
        for text in ["a; b", "$(a)", "'a", "'a' | b", "a `b`", "a\"b\""] {
            assert!(!is_shell_words(text), "{text}");
        }
    }

    #[test]
    fn a_source_is_an_address_on_the_web() {
        for link in [
            "https://github.com/clerk/javascript/pull/8097",
            "http://localhost:3000/?a=b&c=%20#d",
            "https://www.w3.org/TR/web-locks/",
        ] {
            assert!(is_web_link(link), "{link}");
        }
        for text in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//host/x",
            "github.com/x",
            "https://",
            "https:///x",
            "https://user@host/",
            "https://github.com@evil.example/",
            "https://host/a b",
            "https://host/\"onclick=",
            "https://host/'x",
            "https://host/\\x",
            "https://hôst/",
            " https://host/",
            "vbscript:x",
        ] {
            assert!(!is_web_link(text), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_shown_wherever_it_stands() {
        let token = "eyJhbGciOiJub25lIn0.eyJpYXQiOjF9.c2ln";
        for text in [
            token.to_owned(),
            format!("unexpected argument '{token}' found"),
            format!("--existing={token}"),
            format!("Bearer {token}, and {token}"),
        ] {
            let shown = without_tokens(&text);
            assert!(!shown.contains("iOiJub25lIn0"), "{shown}");
            assert!(!shown.contains("eyJpYXQ"), "{shown}");
            assert!(shown.contains("eyJhbG…(37 characters)"), "{shown}");
        }
        for text in [
            "",
            "eye.js",
            "clerk.example.com",
            "models/designs/pr-8097.toml",
            "key=eyelid",
        ] {
            assert_eq!(without_tokens(text), text);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 2), "äö…");
    }
}
