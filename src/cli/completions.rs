//! `freshest completions`, and what the script that it prints asks for: commands, options, and the
//! names of designs, scenarios and properties.

use super::args::{Arguments, CompletionsArgs};
use super::failure::Failure;
use super::{Exit, models, output};
use crate::catalog::{Catalog, Models};
use crate::explore::Question;
use crate::property::Property;
use clap::{Command, CommandFactory};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::{EnvCompleter, Shells};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What the printed script sets, to the shell's name. That alone asks for nothing: a gate must not
/// pass because something is in its environment.
const VARIABLE: &str = "_FRESHEST_COMPLETE";

/// Prints completions for a shell.
pub(crate) fn print(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let shell = shell(&args.shell.to_string())?;
    let mut script = Vec::new();
    let name = Arguments::command().get_name().to_owned();
    let program = program(&name);
    let written = shell.write_registration(VARIABLE, &name, &name, &program, &mut script);
    written.map_err(|error| failed(&error))?;
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::AsExpected)
}

/// Answers a shell whose user wants a word completed, if that is who asks: with the variable, and
/// with words that begin `freshest -- freshest`, which is no command line.
pub(crate) fn answer_if_asked(words: &[OsString]) -> Option<Result<Exit, Failure>> {
    let shell_name = std::env::var(VARIABLE).ok()?;
    match words {
        [_, dashes, typed @ ..] if dashes == "--" && !typed.is_empty() => {
            Some(answer(&shell_name, typed.to_vec()))
        }
        _ => None,
    }
}

fn answer(shell_name: &str, mut typed: Vec<OsString>) -> Result<Exit, Failure> {
    // Bash takes `--design=pr-9` for three words, and counts them.
    while let Some(sign) = typed.iter().position(|word| word == "=") {
        typed.remove(sign);
        typed.insert(1, OsString::from("--quiet"));
    }
    let mut command = with_names(Arguments::command(), &Names::of(&typed));
    command.build();
    let here = std::env::current_dir().ok();
    let mut told = Vec::new();
    let written =
        shell(shell_name)?.write_complete(&mut command, typed, here.as_deref(), &mut told);
    written.map_err(|error| failed(&error))?;
    output::print(&String::from_utf8_lossy(&told))?;
    Ok(Exit::AsExpected)
}

fn shell(name: &str) -> Result<&'static dyn EnvCompleter, Failure> {
    const SHELLS: Shells<'static> = Shells::builtins();
    let found = SHELLS.0.iter().copied().find(|shell| shell.is(name));
    found.ok_or_else(|| Failure::new(format!("no completions for the shell `{name}`")))
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::new(format!("the completions cannot be made: {error}"))
}

/// The program that a shell is to ask: what it was called as, from wherever the shell will be.
fn program(name: &str) -> String {
    let called = std::env::args_os().next().map(PathBuf::from);
    let called = called.unwrap_or_else(|| PathBuf::from(name));
    let path = match (called.components().count(), std::env::current_dir()) {
        (2.., Ok(here)) => here.join(called),
        (_, _) => called,
    };
    path.to_string_lossy().into_owned()
}

/// The names that there are, in the models that a command line means.
#[derive(Clone, Default)]
struct Names {
    designs: Vec<String>,
    scenarios: Vec<String>,
}

impl Names {
    fn of(typed: &[OsString]) -> Names {
        let named = typed.iter().enumerate().find_map(|(index, word)| {
            let word = word.to_str()?;
            match word.strip_prefix("--models") {
                Some("") => typed.get(index + 1).map(PathBuf::from),
                Some(rest) => rest.strip_prefix('=').map(PathBuf::from),
                None => None,
            }
        });
        let chosen = match named {
            Some(path) => Models::named(&path),
            // In continuous integration nobody types.
            None => models::here().unwrap_or(Models::Builtin),
        };
        match (Catalog::open(chosen.clone()), chosen) {
            (Ok(catalog), _) => Names {
                designs: catalog.designs.into_iter().map(|of| of.name).collect(),
                scenarios: catalog.scenarios.into_iter().map(|of| of.name).collect(),
            },
            // The command will tell what is broken; the files have their names all the same.
            (Err(_), Models::Directory(directory)) => Names {
                designs: files(&directory.join("designs")),
                scenarios: files(&directory.join("scenarios")),
            },
            (Err(_), Models::Builtin | Models::Memory) => Names::default(),
        }
    }
}

/// The names of the TOML files of a directory.
fn files(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let models = paths.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let mut names: Vec<String> = models
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

/// What an argument is completed by.
#[derive(Clone)]
struct Words {
    words: Vec<String>,
    /// Several may stand there, with commas between.
    is_list: bool,
    /// It may be a file as well.
    or_file: bool,
}

impl ValueCompleter for Words {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(text) = current.to_str() else {
            return Vec::new();
        };
        let (before, last) = match text.rfind(',') {
            Some(comma) if self.is_list => text.split_at(comma + 1),
            Some(_) | None => ("", text),
        };
        let fitting = self.words.iter().filter(|word| word.starts_with(last));
        let mut told: Vec<_> = fitting
            .map(|word| CompletionCandidate::new(format!("{before}{word}")))
            .collect();
        if self.or_file {
            told.extend(PathCompleter::any().complete(current));
        }
        told
    }
}

/// The command line with names where it takes names.
fn with_names(command: Command, names: &Names) -> Command {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let properties: Vec<String> = owned(&Property::ALL.map(Property::name));
    let of = |command: &str, argument: &str, is_list: bool| {
        let words = match (command, argument) {
            (_, "design" | "require_design" | "like" | "subsets") | ("new", "from") => {
                names.designs.clone()
            }
            ("diff", "from" | "to") => names.designs.clone(),
            ("explain", "scenario") => [names.scenarios.clone(), properties.clone()].concat(),
            (_, "scenario" | "require_scenario") => names.scenarios.clone(),
            (_, "property") | ("explore", "at") => properties.clone(),
            (_, "question") => owned(&Question::ALL.map(Question::name)),
            ("man", "command") => {
                let program = Arguments::command();
                let names = program.get_subcommands().map(|of| of.get_name().to_owned());
                names.collect()
            }
            _ => return None,
        };
        let or_file = command == "diff" || argument.starts_with("require_");
        Some(Words {
            words,
            is_list,
            or_file: or_file && argument != "scenario",
        })
    };
    let complete = |command: Command, name: &str| {
        command.mut_args(|argument| {
            let is_list = matches!(argument.get_action(), clap::ArgAction::Append);
            match of(name, argument.get_id().as_str(), is_list) {
                Some(words) => argument.add(ArgValueCompleter::new(words)),
                None => argument,
            }
        })
    };
    complete(command, "").mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        complete(command, &name)
    })
}
