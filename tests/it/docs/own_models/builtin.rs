//! The models in the program.

use super::Elsewhere;
use crate::support;
use freshest::catalog::{Catalog, Models};

#[test]
fn the_models_in_the_program_are_those_of_the_repository() {
    let builtin = Catalog::open(Models::Builtin).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(builtin.hashes, support::catalog().hashes);
}

#[test]
fn without_models_here_those_in_the_program_are_checked_and_every_output_says_so() {
    let elsewhere = Elsewhere::new();
    let selected = ["--design", "pr-9030", "--scenario", "s2"];
    let run = elsewhere.freshest(&selected).ends_with(0);
    let catalog = support::catalog();
    let (designs, scenarios) = (catalog.designs.len(), catalog.scenarios.len());
    let first = format!(
        "1 of {designs} designs, 1 of {scenarios} scenarios of the models in the program (--models \
         builtin) "
    );
    let words: Vec<&str> = run.stdout.split_whitespace().collect();
    assert!(words.join(" ").starts_with(&first), "{}", run.stdout);
    let json = elsewhere
        .freshest(&[&["check", "--format", "json"][..], &selected].concat())
        .json();
    assert_eq!(json["models"], "builtin");
    let receipt = [&["check", "--quiet", "--receipt", "r.json"][..], &selected].concat();
    elsewhere.freshest(&receipt).ends_with(0);
    let receipt: serde_json::Value = serde_json::from_str(&elsewhere.read("r.json")).expect("JSON");
    assert_eq!(receipt["read_from"], "builtin");
    elsewhere
        .freshest(&["verify", "r.json"])
        .ends_with(0)
        .prints(&["SAME"]);
}

#[test]
fn a_story_tells_the_command_that_tells_it_again_anywhere() {
    let elsewhere = Elsewhere::new();
    let run = elsewhere
        .freshest(&["explain", "pr-9030", "lose"])
        .ends_with(0);
    run.prints(&["freshest explain pr-9030 lose tabs-converge --models builtin"]);
}

#[test]
fn a_directory_that_is_there_is_never_passed_over() {
    for file in ["models/user.rb", "models/designs/README.md", "models"] {
        let elsewhere = Elsewhere::new();
        elsewhere.write(file, "text");
        elsewhere
            .freshest(&["check"])
            .ends_with(2)
            .tells(&["models"]);
    }
}

#[test]
fn where_ci_is_set_the_models_in_the_program_have_to_be_asked_for() {
    let elsewhere = Elsewhere::new();
    let selected = ["--design", "pr-9030", "--scenario", "s2"];
    let run = elsewhere.in_ci(&selected).ends_with(2);
    run.tells(&[
        "there is no directory models/ here, and CI is set",
        "--models builtin",
    ]);
    let asked = [&selected[..], &["--models", "builtin"]].concat();
    elsewhere.in_ci(&asked).ends_with(0);
    for quiet in ["", "0", "false"] {
        let output = elsewhere.command(&selected).env("CI", quiet).output();
        support::Run::from(output.expect("it runs")).ends_with(0);
    }
}

#[test]
fn a_directory_called_builtin_can_be_named() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("builtin/designs/bad.toml", "");
    elsewhere
        .freshest(&["list", "--models", "./builtin"])
        .ends_with(2)
        .tells(&["bad.toml"]);
    elsewhere
        .freshest(&["list", "--models", "builtin"])
        .ends_with(0);
}

#[test]
fn a_design_of_ones_own_is_compared_with_one_in_the_program() {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&["designs/pr-8097.toml", "scenarios/s2.toml"]);
    let run = elsewhere.freshest(&["diff", "pr-9030", "pr-8097", "--scenario", "s2"]);
    run.prints(&["from  pr-9030", "to    pr-8097"]);
    // One of the same name here comes first; with `builtin:` the other is meant.
    elsewhere.write(
        "models/designs/pr-9030.toml",
        "title = \"mine\"\n[rule]\ncomparator = \"iat-only\"\n[guards]\nsites = []\n",
    );
    let run = elsewhere.freshest(&["diff", "builtin:pr-9030", "pr-9030", "--scenario", "s2"]);
    run.prints(&["from  builtin:pr-9030: #9030", "to    pr-9030: mine"]);
    elsewhere
        .freshest(&["diff", "nowhere", "pr-8097"])
        .ends_with(2)
        .tells(&["nowhere"]);
}

#[test]
fn a_gate_takes_no_design_from_the_program_unless_it_checks_the_program_s() {
    let elsewhere = Elsewhere::new();
    elsewhere.write(
        "models/designs/mine.toml",
        "title = \"mine\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = []\n",
    );
    elsewhere.copy_models(&["scenarios/s2.toml"]);
    let run = elsewhere
        .freshest(&["check", "--design", "pr-9030"])
        .ends_with(2);
    run.tells(&["there is no design `pr-9030`"]);
}

#[test]
fn an_expectation_about_a_scenario_that_is_not_here_fails_only_a_gate_on_everything() {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&[
        "designs/pr-9030.toml",
        "scenarios/s2.toml",
        "scenarios/lose.toml",
    ]);
    let run = elsewhere.freshest(&["check"]).ends_with(2);
    run.tells(&["`expect.clear`: there is no such scenario", "pr-9030.toml"]);
    let run = elsewhere
        .freshest(&["check", "--scenario", "s2"])
        .ends_with(0);
    run.tells(&["pr-9030 expects something in scenarios that are not in models: age-r1g1a2, age-s1g1a2, base-expiry"]);
    elsewhere
        .freshest(&["explain", "pr-9030", "lose"])
        .ends_with(0);
    elsewhere
        .freshest(&["table", "--design", "pr-9030"])
        .ends_with(0);
}
