//! `freshest man`: the command line as pages.

use super::args::{Arguments, ManArgs};
use super::failure::Failure;
use super::{Exit, output};
use crate::source::suggestion;
use clap::CommandFactory;

/// Prints a man page.
pub(crate) fn man(args: &ManArgs) -> Result<Exit, Failure> {
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
