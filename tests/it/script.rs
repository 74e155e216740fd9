//! A team's own comparator, in TypeScript or JavaScript, in the place of the built-in one.

mod branches;
mod calls;
mod differential;
mod distances;
mod failures;
mod forms;
mod hostile;
mod named_distances;
mod reach;
mod receipts;
mod surroundings;

use crate::support::{Models, Run, catalog, design, known_scenario};
use freshest::cache::Policy;
use freshest::explore::{Engine, Limits, Method, Watch, explore};
use freshest::freshness::{External, Rule, TokenView};
use freshest::property::{Monitored, PropertySet};
use freshest::script::Host;
use std::sync::Arc;

/// Decides as the table of #8097 does.
const STANDARD: &str = include_str!("../../examples/typescript/designs/tokenFreshness.ts");

const GUARDS: &str = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";

/// Models with one design, whose comparator is a script, and small scenarios. Scripts that are read here
/// run in processes of the program.
fn models(file: &str, script: &str) -> Models {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models = Models::of(&[], &["s2", "fmt-s2g1"]);
    models.write(format!("designs/{file}").as_str(), script);
    let design =
        format!("title = \"Scripted\"\n[rule]\ncomparator = {{ script = \"{file}\" }}\n{GUARDS}");
    models.write("designs/scripted.toml", design);
    models
}

/// The table that a script decides by, or what is wrong with it.
fn table(script: &str) -> Run {
    models("rule.ts", script).freshest(&["table", "--design", "scripted"])
}

/// The winners of the eight rows, by their first letters.
#[track_caller]
fn winners(script: &str) -> String {
    let run = table(script).ends_with(0);
    let rows = run.stdout.lines().filter(|line| {
        let mut bytes = line.bytes();
        matches!(bytes.next(), Some(b'A' | b'B'))
            && bytes.next().is_some_and(|b| b.is_ascii_digit())
    });
    let winner = |line: &str| {
        // A star is where #8097 decides otherwise.
        let is = |winner: &&str| {
            ["  ", " *"]
                .iter()
                .any(|end| line.contains(&format!("  {winner}{end}")))
        };
        ["existing ", "incoming ", "depends "]
            .into_iter()
            .find(|winner| is(&winner.trim_end()))
            .and_then(|winner| winner.chars().next())
    };
    rows.filter_map(winner).collect()
}

const AS_8097: &str = "eieiieii";

#[test]
fn a_copy_of_a_design_with_a_script_finds_it_too() {
    let models = models("rule.ts", STANDARD);
    models
        .freshest(&["new", "mine", "--from", "scripted"])
        .ends_with(0);
    let run = models.freshest(&["table", "--design", "mine"]).ends_with(0);
    run.prints(&[
        "mine: Copy of scripted: Scripted",
        "A1   existing oiat later",
    ]);
}
