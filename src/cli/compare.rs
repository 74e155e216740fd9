//! `freshest compare`.

use super::args::{CompareArgs, Format};
use super::comparator::real_rules;
use super::failure::Failure;
use super::{Exit, file, output};
use crate::compare::compare;
use crate::report::document::Screen;
use crate::token::{MAX_LENGTH, PickError, Side, Token, decode};
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The most bytes of a file or of standard input: two tokens, and white space.
const MAX_BYTES: u64 = 2 * MAX_LENGTH as u64 + 1024;

/// Prints what the comparator makes of two tokens.
pub(crate) fn run(args: &CompareArgs) -> Result<Exit, Failure> {
    let (existing, incoming) = tokens(args)?;
    let existing = existing
        .map(|text| read(Side::Existing, &text))
        .transpose()?;
    let incoming = read(Side::Incoming, &incoming)?;
    let named = real_rules(&args.rule)?;
    let record = compare(
        named.name,
        &named.rules,
        existing.as_ref(),
        &incoming,
        now(args),
    )?;
    match args.format {
        Format::Text => output::print(&record.as_text(Screen::default()))?,
        Format::Json => output::print_json(&record)?,
    }
    Ok(Exit::AsExpected)
}

/// A word or the contents of a file, and where it comes from.
struct Given {
    text: String,
    from: From,
}

enum From {
    Word,
    File,
    Line(usize),
}

fn tokens(args: &CompareArgs) -> Result<(Option<Given>, Given), Failure> {
    let none = args.existing.as_deref() == Some("none");
    let mut given = match (&args.tokens[..], &args.existing) {
        ([], Some(_)) => lines(1)?,
        ([], None) => lines(2)?,
        ([_], Some(_)) | ([_, _], None) => {
            let given = args.tokens.iter().map(|word| given(word));
            given.collect::<Result<_, _>>()?
        }
        (words, option) => {
            let wanted = if option.is_some() {
                "one token"
            } else {
                "two tokens"
            };
            let help = "name the existing token, then the incoming one; or --existing none and one \
                        token; or give two lines on standard input";
            let message = format!("{wanted} expected, not {}", words.len());
            return Err(Failure::new(message).help(help));
        }
    };
    let incoming = given.pop();
    let existing = match &args.existing {
        Some(_) if none => None,
        Some(word) => Some(self::given(word)?),
        None => given.pop(),
    };
    let incoming = incoming.ok_or_else(|| Failure::new("there is no incoming token"))?;
    Ok((existing, incoming))
}

/// A word is a token, or the name of a file with one.
fn given(word: &str) -> Result<Given, Failure> {
    let path = Path::new(word);
    match path.symlink_metadata() {
        Ok(_) => Ok(Given {
            text: file::read_up_to(path, MAX_BYTES)?,
            from: From::File,
        }),
        Err(_) => Ok(Given {
            text: word.to_owned(),
            from: From::Word,
        }),
    }
}

/// As many lines of standard input, and no more.
fn lines(count: usize) -> Result<Vec<Given>, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        output::tell(&format!(
            "reading {count} line(s), a token each, from the terminal\n"
        ));
    }
    let mut text = String::new();
    let mut input = stdin.lock().take(MAX_BYTES + 1);
    input
        .read_to_string(&mut text)
        .map_err(|error| Failure::new(format!("standard input: {error}")))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Failure::new(format!(
            "standard input is longer than {MAX_BYTES} bytes"
        )));
    }
    let filled = text.lines().enumerate();
    let filled = filled.filter(|(_, line)| !line.trim().is_empty());
    let given: Vec<Given> = filled
        .map(|(index, line)| Given {
            text: line.to_owned(),
            from: From::Line(index + 1),
        })
        .collect();
    match given.len() == count {
        true => Ok(given),
        false => {
            let message = format!("standard input has {} tokens, a line each", given.len());
            Err(Failure::new(message).help(format!("give {count}: the existing one first")))
        }
    }
}

/// Decodes a token. What is wrong with it is told without it.
fn read(side: Side, given: &Given) -> Result<Token, Failure> {
    let text = given.text.trim();
    decode(text).map_err(|error| {
        let failure = Failure::new(PickError { side, error }.to_string());
        match given.from {
            From::Word if text.matches('.').count() < 2 || text.contains('/') => {
                failure.help("there is no file of this name either")
            }
            From::Word | From::File => failure,
            From::Line(line) => failure.help(format!("line {line} of standard input")),
        }
    })
}

/// A clock before 1970 is taken for one that stands at 1970.
fn now(args: &CompareArgs) -> u64 {
    args.now.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs())
    })
}
