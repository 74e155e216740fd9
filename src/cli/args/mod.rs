//! The arguments.

mod changes;
mod command;
mod forms;
mod processes;
mod read;
mod real;

pub(crate) use changes::{DiffArgs, InitArgs, MutateArgs, NewArgs, ProveArgs};
pub(crate) use command::Command;
pub(crate) use forms::{Destination, DocumentFormat, Format, MonitorFormat, StoryFormat};
pub(crate) use processes::ClusterArgs;
#[cfg(feature = "cluster")]
pub(crate) use processes::SpreadName;
pub(crate) use read::Read;
pub(crate) use real::{CompareArgs, MonitorArgs, RealArgs};

use super::color::Color;
use super::limits::{BoundArgs, LimitArgs};
use crate::design::ScriptWords;
use crate::report::{self, Playground};
use clap::{Args, Parser};
use forms::report_format;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Checks, in every interleaving, the rule by which browser tabs replace one session token with
/// another.
///
/// Without a command, the gate: every design in every scenario under models/.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 90)]
#[command(after_help = "\
Examples:
  freshest                                    the gate: a line for each design
  freshest --full                             every verdict
  freshest --design pr-9030 --scenario expiry
  freshest explain pr-8097 own-refresh cached-oiat-never-decreases
  freshest table --design iat-guard
  freshest list

Exit codes: 0 all verdicts as expected, 1 a verdict differs, 2 usage or input error,
3 inconclusive or unexpectedly vacuous.")]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The gate's own.
    #[command(flatten)]
    pub check: CheckArgs,
}

/// A number of threads.
fn threads(text: &str) -> Result<NonZeroUsize, String> {
    const MAX: usize = 256;
    let number: Option<NonZeroUsize> = text.parse().ok();
    number
        .filter(|number| number.get() <= MAX)
        .ok_or_else(|| format!("must be a number from 1 to {MAX}"))
}

/// Where designs and scenarios are.
#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// Directory with designs/ and scenarios/, or `builtin`: those in the program [default: models,
    /// or builtin where there is none]
    #[arg(long, global = true, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// What the gate runs, and within which bounds.
#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Only these designs: names with commas, or patterns with * (repeatable)
    #[arg(long, value_name = "NAME")]
    pub design: Vec<String>,
    /// Only these scenarios, in the same way (repeatable)
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    /// Only these properties, by name or heading (repeatable)
    #[arg(long, value_name = "NAME")]
    pub property: Vec<String>,
    /// Fail unless this design is among those checked: names with commas, or a file of names whose
    /// path has a `/` or ends in .txt (repeatable)
    #[arg(long, value_name = "NAME|FILE")]
    pub require_design: Vec<String>,
    /// The same of a scenario (repeatable)
    #[arg(long, value_name = "NAME|FILE")]
    pub require_scenario: Vec<String>,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Threads: runs side by side, and where fewer are left several at one run [default: one for each
    /// processor; one in each of several processes]
    #[arg(long, help_heading = "Engine", value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
}

/// A comparator that is tried without a design's file.
#[derive(Clone, Debug, Args)]
pub(crate) struct TryArgs {
    /// Try this file (TypeScript or JavaScript) as the comparator, in the place of all designs
    #[arg(long, value_name = "FILE", conflicts_with = "design")]
    pub comparator: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
    /// The design whose guards and expectations it gets [default: pr-9284]
    #[arg(long, value_name = "DESIGN", requires = "comparator")]
    pub like: Option<String>,
}

/// How a script is asked.
#[derive(Clone, Debug, Args)]
pub(crate) struct CallArgs {
    /// What it exports: NAME, CLASS.METHOD, or CLASS#METHOD of an instance [default:
    /// pickFreshestJwt, else the default export, else the only function]
    #[arg(long, value_name = "NAME", requires = "comparator")]
    pub function: Option<String>,
    /// What its answers mean: token, existing-wins, incoming-wins, sort or sort-descending
    /// [default: token]
    #[arg(long, value_name = "MEANING", requires = "comparator")]
    pub returns: Option<String>,
    /// What it is called with, in order, with commas between: existing, incoming, and now (seconds)
    /// or now-ms [default: existing,incoming]
    #[arg(long, value_name = "NAMES", requires = "comparator")]
    pub parameters: Option<String>,
    /// What a build puts in the place of a name (repeatable), such as
    /// process.env.NODE_ENV=production
    #[arg(long, value_name = "NAME=VALUE", requires = "comparator")]
    pub define: Vec<String>,
}

impl CallArgs {
    /// The same in the words of a design.
    pub(crate) fn words(&self) -> ScriptWords<'_> {
        ScriptWords {
            function: self.function.as_deref(),
            returns: self.returns.as_deref(),
            parameters: self.parameters.as_deref(),
            define: &self.define,
        }
    }
}

/// See [`Command::Check`].
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub gate: GateArgs,
    #[command(flatten)]
    pub cluster: Box<ClusterArgs>,
    #[command(flatten)]
    pub trying: TryArgs,
    /// Print the verdicts, and what would have to be expected; judge nothing
    #[arg(long, conflicts_with_all = ["accept", "output", "receipt", "quiet"])]
    pub trial: bool,
    /// Write what was found into the designs, as what is expected (never where CI is set)
    #[arg(long, conflicts_with_all = ["comparator", "output", "receipt", "quiet", "format"])]
    pub accept: bool,
    /// With --accept or --trial: why, for what nobody expected before
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
    /// Check again whenever a model or script changes (never where CI is set)
    #[arg(long, conflicts_with_all = ["output", "receipt"])]
    pub watch: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_parser = report_format(), default_value = "text")]
    pub format: report::Format,
    /// All tables, whatever is selected [default: of at most three designs that are as expected]
    #[arg(long)]
    pub full: bool,
    /// Also write a format to a file (repeatable), for example junit=gate.xml
    #[arg(long, value_name = "FORMAT=FILE")]
    pub output: Vec<Destination<report::Format>>,
    /// Where the playground is, for links to it in text and HTML: an address, or a file beside the page
    #[arg(long, value_name = "URL", value_parser = Playground::at)]
    pub playground: Option<Playground>,
    /// Also write a receipt, for `freshest verify`
    #[arg(long, value_name = "FILE", conflicts_with = "comparator")]
    pub receipt: Option<PathBuf>,
    /// No progress, and of the gate the verdict line only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Colours in text [default: where a terminal wants them; see NO_COLOR]
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        hide_default_value = true
    )]
    pub color: Color,
}

/// See [`Command::Report`].
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub gate: GateArgs,
    /// Write the page to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Render these results of `check --format json` instead of running anything
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Where the playground is, for links to it: an address, or a file beside the page
    #[arg(long, value_name = "URL", value_parser = Playground::at)]
    pub playground: Option<Playground>,
}

/// See [`Command::Explain`].
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A design (see `freshest list`) [default: all of them]
    pub design: Option<String>,
    /// A scenario [default: all of them]; or a property, for its shortest story in any scenario
    pub scenario: Option<String>,
    /// A property, by its name or its heading in tables [default: all that are violated]
    pub property: Option<String>,
    /// The design is this file's comparator, as `check --comparator` tried it
    #[arg(long, value_name = "FILE")]
    pub comparator: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
    /// The design whose guards it gets [default: pr-9284]
    #[arg(long, value_name = "DESIGN", requires = "comparator")]
    pub like: Option<String>,
    #[command(flatten)]
    pub models: ModelsArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: StoryFormat,
    /// Also write the trace to this file, for `freshest replay`; in Apalache's format (ITF) if its
    /// name ends in .itf.json
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

impl ExplainArgs {
    /// The comparator that is tried, if one is.
    pub(crate) fn trying(&self) -> TryArgs {
        TryArgs {
            comparator: self.comparator.clone(),
            call: self.call.clone(),
            like: self.like.clone(),
        }
    }
}

/// See [`Command::Liveness`].
#[derive(Debug, Args)]
pub(crate) struct LivenessArgs {
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Only these designs: names with commas, or patterns with * (repeatable)
    #[arg(long, value_name = "NAME")]
    pub design: Vec<String>,
    /// Only these scenarios, in the same way (repeatable)
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    /// Only this question: every-post-arrives or every-call-ends (repeatable) [default: both]
    #[arg(long, value_name = "NAME")]
    pub question: Vec<String>,
    #[command(flatten)]
    pub bounds: BoundArgs,
    /// Threads: runs side by side, and where fewer are left several at one run [default: one for each
    /// processor]
    #[arg(long, help_heading = "Engine", value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// See [`Command::Table`].
#[derive(Debug, Args)]
pub(crate) struct TableArgs {
    /// The table of this design [default: the one of pull request #8097]
    #[arg(long, value_name = "NAME")]
    pub design: Option<String>,
    /// The table of the comparator in this file (TypeScript or JavaScript)
    #[arg(long, value_name = "FILE", conflicts_with = "design")]
    pub comparator: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// See [`Command::List`].
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub models: ModelsArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// See [`Command::Explore`].
#[derive(Debug, Args)]
pub(crate) struct ExploreArgs {
    /// A design
    pub design: String,
    /// A scenario
    pub scenario: String,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Print the address of the state in which this property is first violated
    #[arg(long, value_name = "PROPERTY")]
    pub at: Option<String>,
    /// Port on 127.0.0.1; 0 for a free one
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub port: u16,
}

/// See [`Command::Replay`].
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// A file written by `explain --save` (in either format), `traces`, or the conformance walk
    pub trace: PathBuf,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Tell each trace as a story, as far as the model follows it; no more than ten
    #[arg(long)]
    pub story: bool,
}

/// See [`Command::Verify`].
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A file written by `check --receipt`
    pub receipt: PathBuf,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Threads: runs side by side, and where fewer are left several at one run [default: one for each
    /// processor]
    #[arg(long, help_heading = "Engine", value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
}

/// See [`Command::Completions`].
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// See [`Command::Man`].
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// A command [default: the program itself]
    pub command: Option<String>,
}

/// See [`Command::Traces`].
#[derive(Debug, Args)]
pub(crate) struct TracesArgs {
    /// A design: its name, its file, or REVISION:FILE in git
    pub design: String,
    /// A scenario
    pub scenario: String,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Random traces until at least this many transitions are covered
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub sample: Option<u64>,
    /// Of the random numbers
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "sample")]
    pub seed: u64,
    /// For each transition a trace of its own that ends with it, by a shortest way; the shortest first
    #[arg(long, conflicts_with = "sample")]
    pub shortest: bool,
}
