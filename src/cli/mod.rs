//! The command line: arguments, progress, output and exit codes.

mod about;
mod accept;
mod args;
mod check;
mod color;
mod comparator;
mod diff;
mod exit;
mod explain;
mod explore;
mod failure;
mod file;
mod gate;
mod init;
mod limits;
mod liveness;
mod models;
mod mutate;
mod new;
mod output;
mod progress;
mod prove;
mod replay;
mod report;
mod save;
mod select;
mod table;
mod traces;
mod trial;
mod verify;
mod violated;
mod watch;

pub use exit::Exit;

use args::{Arguments, Command};
use clap::Parser;

/// Runs the command that the arguments ask for.
pub fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let usage = error.use_stderr();
            // Nobody is left to be told if this cannot be printed.
            let _ = error.print();
            return if usage { Exit::Usage } else { Exit::AsExpected };
        }
    };
    let result = match arguments.command.unwrap_or(Command::Check(arguments.check)) {
        Command::Check(args) => check::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Liveness(args) => liveness::run(&args),
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
        Command::Completions(args) => about::completions(&args),
        Command::Man(args) => about::man(&args),
    };
    result.unwrap_or_else(|failure| failure.report())
}
