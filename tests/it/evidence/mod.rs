//! What the program hands to others, tried as others would: real processes, real files, and each
//! format read back by somebody else's reader.

mod action;
mod explorer;
mod forged;
mod formats;
mod itf;
mod junit;
mod leaves;
mod places;
mod receipt;
mod sarif;
mod terminal;

use crate::support::Models;
use assert_cmd::Command;

/// The program, in the repository, as it behaves where nobody asks for anything.
fn freshest() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freshest"));
    for variable in ["CI", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs it and returns the exit code and standard output.
fn run(args: &[&str]) -> (i32, String) {
    let output = freshest().args(args).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

/// A copy of the models in which three expectations of pr-9030 are wrong, each in its way.
fn wrong_models() -> Models {
    let models = Models::copy();
    let design = "designs/pr-9030.toml";
    // Another length.
    models.edit(
        design,
        "seed-is-not-stale = { steps = 9,",
        "seed-is-not-stale = { steps = 8,",
    );
    // A violation that nobody expects.
    models.edit(
        design,
        "tabs-converge = { steps = 5, because = \"lost\" }",
        "cached-oiat-never-decreases = { because = \"lost\" } # which holds",
    );
    models
}

/// Two scenarios of pr-9030 with three verdicts that are not as expected.
fn wrong_gate(models: &Models, format: &str) -> String {
    let args = [
        "--design",
        "pr-9030",
        "--scenario",
        "own-refresh",
        "--scenario",
        "lose",
    ];
    let models = ["--models", models.as_arg(), "--format", format];
    let (code, text) = run(&[&args[..], &models[..]].concat());
    assert_eq!(code, 1, "{text}");
    text
}

/// Three violations as expected, and some vacuity.
fn right_gate(format: &str) -> String {
    let args = [
        "--design",
        "pr-8097",
        "--scenario",
        "bystander",
        "--format",
        format,
    ];
    let (code, text) = run(&args);
    assert_eq!(code, 0, "{text}");
    text
}

/// Everything is cut short.
fn unknown_gate(format: &str) -> String {
    let args = [
        "--design",
        "pr-9030",
        "--scenario",
        "r1s1",
        "--max-states",
        "50",
        "--format",
        format,
    ];
    let (code, text) = run(&args);
    assert_eq!(code, 3, "{text}");
    text
}
