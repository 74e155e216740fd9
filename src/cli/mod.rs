//! The command line: arguments, progress, output and exit codes.

#![allow(
    clippy::disallowed_methods,
    reason = "this room has files, threads and clocks"
)]

mod about;
mod accept;
mod args;
mod check;
#[cfg(feature = "cluster")]
mod cluster;
mod color;
mod comparator;
mod compare;
mod completions;
mod diff;
mod exit;
mod explain;
mod explore;
mod failure;
mod file;
mod gate;
mod init;
mod interrupt;
mod limits;
mod lines;
mod liveness;
mod models;
mod monitor;
mod mutate;
mod new;
mod operand;
mod output;
mod progress;
mod prove;
mod replay;
mod report;
mod require;
mod save;
mod select;
mod table;
mod traces;
mod trial;
mod verify;
mod violated;
mod watch;

pub use exit::Exit;

use args::{Arguments, Command, Read};
use color::Color;

/// Runs the command that the arguments ask for. After Ctrl-C it does not return: the program ends
/// as one that the signal ended.
pub fn run() -> Exit {
    interrupt::let_large_files_fail();
    let words: Vec<_> = std::env::args_os().collect();
    if let Some(answered) = completions::answer_if_asked(&words) {
        return answered.unwrap_or_else(|failure| failure.report(Color::Never));
    }
    let arguments = match Arguments::read(words) {
        Ok(Read::Arguments(arguments)) => *arguments,
        Ok(Read::Answered(exit)) => return exit,
        Err(failure) => return failure.report(Color::Auto),
    };
    let color = arguments.check.color;
    if arguments.check.quiet {
        progress::hide();
    }
    let result = match arguments.command.unwrap_or(Command::Check(arguments.check)) {
        Command::Check(args) => check::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Liveness(args) => liveness::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Monitor(args) => monitor::run(&args),
        Command::Table(args) => table::run(&args),
        Command::List(args) => table::list(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Init(args) => init::run(&args),
        Command::New(args) => new::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Explore(args) => explore::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Mutate(args) => mutate::run(&args),
        Command::Traces(args) => traces::run(&args),
        Command::Completions(args) => completions::print(&args),
        Command::Man(args) => about::man(&args),
    };
    let exit = result.unwrap_or_else(|failure| failure.report(color));
    interrupt::end_if_interrupted();
    exit
}
