//! Arguments of the commands about real tokens.

use super::{CallArgs, Destination, Format, ModelsArgs, MonitorFormat};
use clap::Args;
use std::path::PathBuf;

/// See [`Command::Compare`](super::Command::Compare).
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The existing token and the incoming one, each as it is or as a file [default: two lines on
    /// standard input]
    #[arg(value_name = "JWT", hide_possible_values = true)]
    pub tokens: Vec<String>,
    /// The existing token, or `none`; then only the incoming one is named
    #[arg(long, value_name = "JWT")]
    pub existing: Option<String>,
    #[command(flatten)]
    pub rule: RealArgs,
    /// Count ages up to this instant, in seconds since the epoch [default: now]
    #[arg(long, value_name = "SECONDS")]
    pub now: Option<u64>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// By what real tokens are decided.
#[derive(Debug, Args)]
pub(crate) struct RealArgs {
    /// Decide by the rule of this design [default: the table of pull request #8097]
    #[arg(long, value_name = "NAME")]
    pub design: Option<String>,
    /// Decide by the comparator in this file (TypeScript or JavaScript)
    #[arg(long, value_name = "FILE", conflicts_with = "design")]
    pub comparator: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
    #[command(flatten)]
    pub models: ModelsArgs,
}

/// See [`Command::Monitor`](super::Command::Monitor).
#[derive(Debug, Args)]
pub(crate) struct MonitorArgs {
    /// Logs in JSON Lines, `-` for standard input; several are merged by their times [default: -]
    #[arg(value_name = "LOG")]
    pub logs: Vec<PathBuf>,
    /// Go on reading as the log grows, until Ctrl-C
    #[arg(long)]
    pub follow: bool,
    #[command(flatten)]
    pub rule: RealArgs,
    /// Only these properties, by name or heading (repeatable); each must have been judged
    #[arg(long, value_name = "NAME")]
    pub property: Vec<String>,
    /// How long tabs may hold different tokens, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = seconds())]
    pub apart: u64,
    /// How late a line may come, in seconds of the log
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = seconds())]
    pub window: u64,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: MonitorFormat,
    /// Also write a format to a file (repeatable), for example junit=log.xml
    #[arg(long, value_name = "FORMAT=FILE")]
    pub output: Vec<Destination<MonitorFormat>>,
}

/// Up to a day.
fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(0..=86_400)
}
