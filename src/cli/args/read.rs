//! From words to arguments.

use super::super::failure::Failure;
use super::super::{Exit, output};
use super::Arguments;
use crate::source::{cut, plain, unfit, without_tokens};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::io::ErrorKind;

/// What became of the words.
pub(crate) enum Read {
    /// They ask for something.
    Arguments(Box<Arguments>),
    /// They have been answered: with help, a version, or what is wrong with them.
    Answered(Exit),
}

impl Arguments {
    /// Reads the words of a command line, the program's name first.
    pub(crate) fn read(words: Vec<OsString>) -> Result<Read, Failure> {
        check_words(&words)?;
        let mut command = Arguments::command();
        let read = command.try_get_matches_from_mut(words).and_then(|matches| {
            let arguments = Arguments::from_arg_matches(&matches)?;
            Ok((matches, arguments))
        });
        let (matches, arguments) = match read {
            Ok(read) => read,
            Err(error) => return answer(&error).map(Read::Answered),
        };
        check_order(&command, &matches)?;
        Ok(Read::Arguments(Box::new(arguments)))
    }
}

/// Words are shown in messages, results and commands to copy.
fn check_words(words: &[OsString]) -> Result<(), Failure> {
    for word in words.iter().skip(1) {
        let word = word.to_string_lossy();
        if let Some((_, unfit)) = unfit(&word) {
            let word = without_tokens(&word);
            let word = cut(&word, 100);
            return Err(Failure::new(format!(
                "the argument `{}` holds {unfit}",
                plain(&word)
            )));
        }
    }
    Ok(())
}

/// Options of the gate may stand alone, or behind `check`, but not before another command.
fn check_order(command: &clap::Command, matches: &ArgMatches) -> Result<(), Failure> {
    let given = |matches: &ArgMatches, id: &str| {
        matches.try_contains_id(id).is_ok()
            && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    let (own, is_gate) = match matches.subcommand() {
        Some((name, own)) => {
            let before = command
                .get_arguments()
                .find(|arg| !arg.is_global_set() && given(matches, arg.get_id().as_str()));
            if let Some(arg) = before {
                let option = arg.get_long().unwrap_or_else(|| arg.get_id().as_str());
                let message = format!("--{option} stands before the command `{name}`");
                let help = "only --models, --color and --quiet may; the others follow the command";
                return Err(Failure::new(message).help(help));
            }
            (own, name == "check")
        }
        None => (matches, true),
    };
    if is_gate && given(own, "quiet") && given(own, "format") {
        let message = "--quiet prints the verdict line only, and --format something else";
        return Err(
            Failure::new(message).help("leave one of them out, or write --output FORMAT=FILE")
        );
    }
    Ok(())
}

/// Prints help, a version, or what is wrong with the words: without a token among them.
fn answer(error: &clap::Error) -> Result<Exit, Failure> {
    let told = error.render().to_string();
    let shown = without_tokens(&told);
    if error.use_stderr() && shown != told {
        output::tell(&shown);
        return Ok(Exit::Usage);
    }
    let printed = error.print();
    match (error.use_stderr(), printed) {
        // Nobody is left to be told if this cannot be printed.
        (true, _) => Ok(Exit::Usage),
        (false, Err(error)) if error.kind() != ErrorKind::BrokenPipe => {
            Err(output::unwritten(&error))
        }
        (false, _) => Ok(Exit::AsExpected),
    }
}
