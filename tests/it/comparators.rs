//! Comparators as teams write them: the forms that are run, and those that are refused with what to
//! write instead.

use crate::support::{Models, Run, command};
use freshest::script::Host;

const AS_8097: &str = "eieiieii";

/// Ranks by `oiat`, then by `iat`, in the form that a test asks for; `better` says when the existing
/// token stays.
const RANKS: &str = "const oiat = t => t.header.oiat ?? -1;
const iat = t => t.claims.iat ?? 0;
const neither = (a, b) => oiat(a) < 0 && oiat(b) < 0;
const order = (a, b) => neither(a, b) ? -1 : oiat(a) - oiat(b) || iat(a) - iat(b);
";

/// A design whose comparator is this, beside these files.
fn models(comparator: &str, files: &[(&str, &str)]) -> Models {
    freshest::script::run_in(Host::Program(env!("CARGO_BIN_EXE_freshest").into()));
    let models = Models::of(&[], &["s2", "fmt-s2g1"]);
    for (name, text) in files {
        let path = models.path().join("designs").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let sites = "[guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    let design = format!("title = \"Scripted\"\n[rule]\ncomparator = {{ {comparator} }}\n{sites}");
    models.write("designs/scripted.toml", design);
    models
}

fn table(comparator: &str, files: &[(&str, &str)]) -> Run {
    models(comparator, files).freshest(&["table", "--design", "scripted"])
}

/// The winners of the eight rows, by their first letters.
#[track_caller]
fn winners(comparator: &str, files: &[(&str, &str)]) -> String {
    let run = table(comparator, files).ends_with(0);
    let row = |line: &str| {
        let name = line.get(..2)?;
        let is_row = name.starts_with(['A', 'B']) && name.ends_with(|c: char| c.is_ascii_digit());
        let words = line.split("  ").map(str::trim);
        let mut winners = words.filter(|word| ["existing", "incoming"].contains(word));
        winners.next().filter(|_| is_row)?.chars().next()
    };
    run.stdout.lines().filter_map(row).collect()
}

/// One file of the usual name.
#[track_caller]
fn runs(settings: &str, file: &str, text: &str) {
    let comparator = format!("script = \"{file}\"{settings}");
    let text = format!("{RANKS}{text}");
    assert_eq!(winners(&comparator, &[(file, &text)]), AS_8097, "{text}");
}

#[track_caller]
fn refused(comparator: &str, files: &[(&str, &str)], told: &[&str]) {
    table(comparator, files).ends_with(2).tells(told);
}

mod answers;
mod common_js;
mod constants;
mod exports;
mod files;
mod on_the_command_line;

#[test]
fn a_script_in_the_place_of_a_name_is_told_how_it_is_named() {
    for name in ["script", "tokenFreshness.ts", "./mine.cjs", "../src/rank"] {
        let models = Models::of(&[], &["s2"]);
        let design = format!("title = \"Scripted\"\n[rule]\ncomparator = \"{name}\"\n");
        models.write("designs/scripted.toml", design);
        let run = models.freshest(&["list"]).ends_with(2);
        run.tells(&[
            "designs/scripted.toml:3:14",
            "comparator = { script = \"FILE\" }",
        ]);
    }
}

mod forms;
