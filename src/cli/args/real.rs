//! Arguments of the commands about real tokens.

use super::{CallArgs, Format, ModelsArgs};
use clap::Args;
use std::path::PathBuf;

/// See [`Command::Compare`](super::Command::Compare).
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The existing token and the incoming one, each as it is or as a file [default: two lines on
    /// standard input]
    #[arg(value_name = "JWT", hide_possible_values = true)]
    pub tokens: Vec<String>,
    /// The existing token, or `none`; then only the incoming one is named
    #[arg(long, value_name = "JWT")]
    pub existing: Option<String>,
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
    /// Count ages up to this instant, in seconds since the epoch [default: now]
    #[arg(long, value_name = "SECONDS")]
    pub now: Option<u64>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}
