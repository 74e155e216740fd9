//! The program as its users meet it: exit codes, output, errors.

use crate::support::{self, Models, Run, command, freshest};
use serde_json::Value;
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const HEADLINE: [&str; 4] = [
    "explain",
    "pr-8097",
    "own-refresh",
    "cached-oiat-never-decreases",
];

/// A run that no computer ends within a test, about a property that holds all the way.
const ENDLESS: [&str; 5] = [
    "check",
    "--scenario",
    "endless",
    "--property",
    "cached-oiat-never-decreases",
];

/// The models of [`ENDLESS`].
fn endless() -> Models {
    let models = Models::empty();
    models.write(
        "designs/guarded.toml",
        "title = \"Guarded\"\n[rule]\ncomparator = \"table\"\n\
         [guards]\nsites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n",
    );
    models.write(
        "scenarios/endless.toml",
        "title = \"Too much\"\ntabs = 4\n[budget]\nrefresh = 9\nskip_cache = 9\n",
    );
    models
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

/// The models of one small run, of which a test breaks the expectation or the scenario.
fn small() -> Models {
    let models = Models::of(&[], &["s2"]);
    models.write(
        "designs/only.toml",
        "title = \"Only\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n\
         [because]\nlast = \"The tab that is answered last writes last.\"\n\
         [expect.s2]\ncookie-oiat-never-decreases = { steps = 7, because = \"last\" }\n\
         returned-oiat-never-decreases = { steps = 7, because = \"last\" }\n\
         returned-claims-never-regress = { steps = 7, because = \"last\" }\n\
         returned-is-not-outranked = { steps = 7, because = \"last\" }\n",
    );
    models
}

mod check;
mod exit_code;
mod explain;
mod help;
mod interruption;
mod replay;
mod table_and_list;
