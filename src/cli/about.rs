//! `freshest completions` and `freshest man`: the command line, for other programs.

use super::args::{Arguments, CompletionsArgs, ManArgs};
use super::failure::Failure;
use super::{Exit, output};
use crate::source::suggestion;
use clap::CommandFactory;

/// Prints completions for a shell.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::AsExpected)
}

/// Prints a man page.
pub fn man(args: &ManArgs) -> Result<Exit, Failure> {
    let mut program = Arguments::command();
    // Gives the commands their full names.
    program.build();
    let command = match &args.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let names: Vec<_> = program
                .get_subcommands()
                .map(clap::Command::get_name)
                .collect();
            Failure::new(format!("there is no command `{name}`")).help(suggestion(name, names))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Failure::new(format!("the man page cannot be made: {error}")))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::AsExpected)
}
