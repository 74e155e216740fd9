//! The arguments of one run by several processes. A program that cannot share a run has them, too: its help is
//! the same, and it says why not.

use crate::explore::MOST_PROCESSES;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// One run by several processes.
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// Explore each run by so many processes of this machine together, each of one thread or as many as --threads
    /// says
    #[arg(long, help_heading = "Processes", value_name = "N", value_parser = processes, conflicts_with_all = ["hosts", "watch"])]
    pub local_processes: Option<usize>,
    /// The same by processes of many machines: their addresses, one HOST:PORT a line. Each is started with the same
    /// arguments but --process; process 0 prints
    #[arg(
        long,
        help_heading = "Processes",
        value_name = "FILE",
        requires = "process",
        conflicts_with = "watch"
    )]
    pub hosts: Option<PathBuf>,
    /// The number of this process: its line in the file of hosts, from 0
    #[arg(long, help_heading = "Processes", value_name = "I", requires = "hosts")]
    pub process: Option<usize>,
    /// How long processes wait until all are there
    #[arg(long, help_heading = "Processes", value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub connect_timeout: u64,
    /// Which process has which states: few that travel, or equal shares
    #[arg(long, help_heading = "Processes", value_enum, default_value = "local")]
    pub spread: SpreadName,
    /// Which of the processes of one machine this is
    #[arg(long, hide = true, value_name = "I", requires = "local_processes")]
    pub local_number: Option<usize>,
}

/// Which process has which states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpreadName {
    /// Most steps stay with their process
    Local,
    /// Equal shares; nearly every step is sent
    Even,
}

fn processes(text: &str) -> Result<usize, String> {
    let number: Option<usize> = text.parse().ok();
    number
        .filter(|number| (2..=MOST_PROCESSES).contains(number))
        .ok_or_else(|| format!("must be a number from 2 to {}", MOST_PROCESSES))
}

impl ClusterArgs {
    /// Whether several processes were asked for.
    pub(crate) fn share_a_run(&self) -> bool {
        self.local_processes.is_some() || self.hosts.is_some()
    }
}
