//! The commands, each with its help.

use super::{
    CheckArgs, CompareArgs, CompletionsArgs, DiffArgs, ExplainArgs, ExploreArgs, InitArgs,
    ListArgs, LivenessArgs, ManArgs, MonitorArgs, MutateArgs, NewArgs, ProveArgs, ReplayArgs,
    ReportArgs, TableArgs, TracesArgs, VerifyArgs,
};
use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The gate: a verdict for each design, scenario and property
    #[command(after_help = "\
Examples:
  freshest check --design pr-8097 --design pr-9030
  freshest check --property tabs-converge --format json
  freshest check --quiet --output junit=gate.xml --output sarif=gate.sarif
  freshest check --max-states 1000000 --time-limit 60
  freshest check --comparator src/tokenFreshness.ts
  freshest check --trial --design mine
  freshest check --accept --design mine --because \"Broadcasts keep ties now.\"")]
    Check(CheckArgs),
    /// The gate as one HTML file, with every counterexample as a diagram
    #[command(after_help = "\
Examples:
  freshest report --output report.html
  freshest report --design pr-8097 --scenario own-refresh > own-refresh.html
  freshest check --format json > gate.json; freshest report --from gate.json -o report.html

Exit codes: as for the gate; with --from, which only renders, 0.")]
    Report(ReportArgs),
    /// The shortest counterexample, or else the shortest witness, as a story
    ///
    /// Without a property: what is violated there, each with the command that tells its
    /// story.
    #[command(after_help = "\
Examples:
  freshest explain pr-8097 own-refresh cached-oiat-never-decreases
  freshest explain pr-9030 tabs-converge
  freshest explain pr-9030 failures
  freshest explain pr-8097 own-refresh cached-oiat-never-decreases --format svg > late.svg
  freshest explain pr-9030 failures tabs-converge --format markdown
  freshest explain pr-9030 failures tabs-converge --save lost.jsonl
  freshest explain pr-9030 failures tabs-converge --save lost.itf.json")]
    Explain(ExplainArgs),
    /// Whether every post arrives and every call ends, in every fair run that goes on for ever
    ///
    /// With one design and one scenario also the story of a run in which one never does. The gate
    /// asks whether every call ends, too, like any other property; it does not ask about posts.
    #[command(after_help = "\
Examples:
  freshest liveness --design pr-9030
  freshest liveness --design pr-9030 --scenario lose
  freshest liveness --design lock --scenario orphan --question every-call-ends

Exit codes: 0 it holds, 1 it is violated somewhere, 2 usage or input error, 3 inconclusive
somewhere, or a question that is vacuous everywhere.")]
    Liveness(LivenessArgs),
    /// Which of two real tokens is the fresher one, and why
    ///
    /// Both are decoded as the SDK does it: no signature is verified. Of a token nothing is printed
    /// but stamps, session and organisation.
    #[command(after_help = "\
Examples:
  freshest compare existing.jwt incoming.jwt
  freshest compare --existing none incoming.jwt
  freshest compare --design iat-guard --format json < two-lines.txt

Exit codes: 0 they are compared, 2 usage or input error, such as a token that cannot be decoded.")]
    Compare(CompareArgs),
    /// What tabs really did, judged: logs of their events, in JSON Lines
    ///
    /// Judges the properties that can be seen from outside, in bounded memory. docs/monitor.md says how
    /// to record a log, docs/schema/monitor-log.schema.json what its lines are.
    #[command(after_help = "\
Examples:
  freshest monitor tabs.jsonl
  freshest monitor a.jsonl b.jsonl --property cookie-oiat-never-decreases
  freshest monitor tabs.jsonl --output junit=log.xml --output html=log.html
  freshest monitor --follow /var/log/tabs.jsonl

Exit codes: 0 nothing is violated, 1 something is, 2 usage or input error, 3 lines are missing or
say nothing, or nothing in the log could have violated what was asked.")]
    Monitor(MonitorArgs),
    /// The eight-row decision table, computed by running the comparator
    #[command(after_help = "Example:\n  freshest table --design session-guards")]
    Table(TableArgs),
    /// Designs, scenarios and properties, each with its meaning
    #[command(after_help = "Example:\n  freshest list --format json")]
    List(ListArgs),
    /// What differs between two designs, and the shortest way to tell them apart
    ///
    /// In rows and fields, in verdicts, and in what tabs hold: both designs meet the same events
    /// until somebody's cache, or the cookie, is not the same.
    #[command(after_help = "\
Examples:
  freshest diff pr-8097 pr-9030
  freshest diff pr-8097 pr-9030 --scenario own-refresh --format markdown
  freshest diff pr-9030 mine --output markdown=diff.md --output json=diff.json
  freshest diff main:models/designs/mine.toml models/designs/mine.toml

Exit codes: 0 nothing that holds in A is violated in B, 1 something is, 2 usage or input error,
3 a bound was hit, so something is not known.")]
    Diff(DiffArgs),
    /// Starts a models directory: a design, the base scenarios, and a workflow that checks them
    #[command(after_help = "\
Examples:
  freshest init
  freshest init --script src/tokenFreshness.ts
  freshest init freshness --like pr-8097

Exit codes: 0 everything is written, 2 nothing is.")]
    Init(InitArgs),
    /// Starts a design from a copy of another one
    #[command(after_help = "\
Examples:
  freshest new mine --from pr-9030
  freshest new mine --from pr-9030 --bare

Exit codes: 0 the file is written, 2 it is not.")]
    New(NewArgs),
    /// Proves the properties of one tab for any number of tabs, messages, mints and any timestamps
    ///
    /// What has no proof is looked for in the scenarios; `violated` is only what one of them
    /// violates.
    #[command(after_help = "\
Examples:
  freshest prove pr-9030
  freshest prove pr-9030 --property cached-oiat-never-decreases
  freshest prove pr-9284 --life
  freshest prove mine --tokens with-oiat --format markdown

Exit codes: 0 everything asked for is proved, 1 a scenario violates something, 2 usage or input
error, 3 something is not proved, vacuous or inconclusive. Properties of several tabs together are
not judged.")]
    Prove(ProveArgs),
    /// Serves stateright's Explorer: walk through the states in a browser
    #[command(after_help = "\
Examples:
  freshest explore pr-8097 own-refresh --port 3000
  freshest explore pr-8097 own-refresh --at cached-oiat-never-decreases")]
    Explore(ExploreArgs),
    /// Executes saved traces again; fails if one no longer applies
    #[command(after_help = "Example:\n  freshest replay lost.jsonl")]
    Replay(ReplayArgs),
    /// Runs what a receipt is about once more, and compares
    #[command(after_help = "\
Examples:
  freshest check --design pr-9030 --receipt pr-9030.receipt.json
  freshest verify pr-9030.receipt.json

Exit codes: 0 everything is the same, 1 something differs, be it only the hash of a file,
2 the receipt cannot be read.")]
    Verify(VerifyArgs),
    /// Writes traces that together go through every transition, as JSON Lines
    #[command(after_help = "\
Examples:
  freshest traces pr-8097 r1s1 > r1s1.jsonl
  freshest traces pr-9030 three-tabs --sample 20000 --seed 1 > sample.jsonl")]
    Traces(TracesArgs),
    /// Changes a design in small ways, and says which property notices
    ///
    /// One change at a time: each row of its table flipped, each guard dropped or added, the
    /// seed, the measures. A property kills a mutant if it is violated in a scenario in which it
    /// holds, or is vacuous, for the design itself. A counterexample of another length, and a
    /// property that becomes vacuous, are no kills.
    ///
    /// With --subsets: every set of the changes that lead to another design, and which of them
    /// violate nothing that the whole set does not violate.
    #[command(after_help = "\
Examples:
  freshest mutate pr-8097
  freshest mutate pr-8097 --explain=A1=incoming
  freshest mutate pr-9030 --explain=-baseline,A3=incoming --scenario own-refresh
  freshest mutate pr-9030 --tables
  freshest mutate pr-9284 --subsets proposal-life

Exit codes: 0 the fate of every mutant is known, 2 usage or input error, 3 a run was cut short.")]
    Mutate(MutateArgs),
    /// Prints completions for a shell
    #[command(after_help = "\
Example:
  source <(freshest completions bash)
  freshest completions fish > ~/.config/fish/completions/freshest.fish

The script asks freshest itself, so names are those of the models that the line means.")]
    Completions(CompletionsArgs),
    /// Prints the man page, of the program or of one command
    #[command(after_help = "Example:\n  freshest man check | man -l -")]
    Man(ManArgs),
}
