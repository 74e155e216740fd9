//! What the program says of files under `models/` that it cannot accept.
//!
//! In the tables below `¦` marks the place that the error must point at; it is not part of the file.

mod arbitrary;
mod designs;
mod files;
mod scenarios;

use crate::support::{Models, Run};

const DESIGN: &str = "designs/broken.toml";
const SCENARIO: &str = "scenarios/broken.toml";

/// The rest of a design, for cases about its first lines.
const REST: &str = "\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n";
/// The first lines of a design, for cases about the rest.
const HEAD: &str = "title = \"Broken\"\n";
/// A whole design, for cases about its expectations.
const WHOLE: &str =
    "title = \"Broken\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n";

/// A whole design with a reason and this expectation of scenario s2.
fn expect(text: &str) -> String {
    format!("{WHOLE}[because]\nwhy = \"Because.\"\n[expect.s2]\n{text}\n")
}

/// A faulty file, what is said of it, and what to do.
struct Case {
    what: &'static str,
    text: String,
    told: &'static str,
    help: &'static str,
}

fn case(
    what: &'static str,
    text: impl Into<String>,
    told: &'static str,
    help: &'static str,
) -> Case {
    let text = text.into();
    Case {
        what,
        text,
        told,
        help,
    }
}

/// The text without its mark, and the line and column of the mark, both from 1.
fn unmark(text: &str) -> (String, (usize, usize)) {
    let (before, after) = text.split_once('¦').expect("a mark");
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    (format!("{before}{after}"), (line, column))
}

/// Models with one design and one scenario that are in order, beside the file in question.
fn with(file: &str, contents: impl AsRef<[u8]>) -> Run {
    let models = Models::of(&[], &["s2"]);
    models.write("designs/fine.toml", WHOLE);
    models.write(file, contents);
    let run = models.freshest(&["check"]).ends_with(2);
    assert_eq!(run.stdout, "", "nothing is checked");
    run
}

impl Case {
    /// The program ends with exit code 2 and names file, line, column, key and remedy.
    fn is_told(&self, file: &str) {
        let (text, (line, column)) = unmark(&self.text);
        let stderr = with(file, text).stderr;
        let place = format!("{file}:{line}:{column}\n");
        let what = self.what;
        for part in [place.as_str(), self.told, self.help] {
            assert!(stderr.contains(part), "{what}: no {part:?} in:\n{stderr}");
        }
        let count = stderr.matches("error: ").count();
        assert_eq!(count, 1, "{what}: one fault, one error:\n{stderr}");
    }
}
