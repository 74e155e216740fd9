//! The arguments of what explores changes of a rule.

use super::super::comparator::LIKE;
use super::super::limits::LimitArgs;
use super::forms::{Destination, DocumentFormat, Format};
use super::{CallArgs, ModelsArgs, threads};
use crate::check::DEFAULT_MODELS;
use crate::prove::Tokens;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// See [`super::Command::New`].
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// What the new design is called, and its file: letters, digits, `-`, `_` and `.`
    pub name: String,
    /// The design to start from
    #[arg(long, value_name = "DESIGN")]
    pub from: String,
    /// Copy nothing of what the design expects
    #[arg(long)]
    pub bare: bool,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// See [`super::Command::Init`].
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The directory to write
    #[arg(value_name = "DIR", default_value = DEFAULT_MODELS)]
    pub directory: PathBuf,
    /// The comparator: a TypeScript or JavaScript file, which stays where it is
    #[arg(id = "comparator", long = "script", value_name = "FILE")]
    pub script: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
    /// The design to start from
    #[arg(long, value_name = "DESIGN", default_value = LIKE)]
    pub like: String,
    /// What the design is called [default: the script's name, or mine]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// See [`super::Command::Diff`].
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The design that is there: a name, a file, or REVISION:FILE in git
    #[arg(value_name = "A")]
    pub from: String,
    /// The design that may replace it, in the same way
    #[arg(value_name = "B")]
    pub to: String,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// Only these scenarios: names with commas, or patterns with * (repeatable)
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Threads: runs side by side, and where fewer are left several at one run [default: one for each
    /// processor]
    #[arg(long, help_heading = "Engine", value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: DocumentFormat,
    /// Also write a format to a file (repeatable), for example markdown=diff.md
    #[arg(long, value_name = "FORMAT=FILE")]
    pub output: Vec<Destination<DocumentFormat>>,
}

/// See [`super::Command::Mutate`].
#[derive(Debug, Args)]
pub(crate) struct MutateArgs {
    /// A design
    pub design: String,
    /// Every rule table (all 256) instead of single changes
    #[arg(long)]
    pub tables: bool,
    /// Every set of the changes that make this other design of it: which are enough
    #[arg(long, value_name = "DESIGN", conflicts_with_all = ["tables", "explain"])]
    pub subsets: Option<String>,
    /// Only these scenarios: names with commas, or patterns with * (repeatable)
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    /// Only these properties, by name or heading (repeatable)
    #[arg(long, value_name = "NAME")]
    pub property: Vec<String>,
    /// Tell how this mutant is killed: a change as it is listed, or several with commas between
    #[arg(
        long,
        value_name = "MUTANT",
        allow_hyphen_values = true,
        conflicts_with = "tables"
    )]
    pub explain: Option<String>,
    #[command(flatten)]
    pub models: ModelsArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// Threads: runs side by side, and where fewer are left several at one run [default: one for each
    /// processor]
    #[arg(long, help_heading = "Engine", value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: DocumentFormat,
}

/// See [`super::Command::Prove`].
#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    /// A design (see `freshest list`)
    pub design: String,
    /// Only these properties, by name or heading (repeatable)
    #[arg(long, value_name = "NAME")]
    pub property: Vec<String>,
    /// Only with these tokens about: with-oiat, or mixed (some without) [default: both]
    #[arg(long, value_name = "KIND", value_parser = tokens())]
    pub tokens: Option<Tokens>,
    /// Of a tab that is opened and closed, gets and loses focus, touches its session, changes the
    /// organisation and signs out
    #[arg(long, conflicts_with = "certificate")]
    pub life: bool,
    /// The most broadcasts that wait for one fetch, where the proof cannot cover any number: if the
    /// comparator is not a weak order, or dead tokens yield
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub waiting: u8,
    /// Write what the proof found to a file, as an inductive invariant that can be checked without
    /// this program
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    #[command(flatten)]
    pub models: ModelsArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: DocumentFormat,
}

fn tokens() -> impl TypedValueParser<Value = Tokens> {
    let known = PossibleValuesParser::new(Tokens::ALL.map(Tokens::name));
    known.try_map(|name| Tokens::from_name(&name).ok_or("no such kind"))
}
