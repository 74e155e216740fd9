//! `check --trial` and `check --accept`.

use super::Elsewhere;

/// A design without expectations, in a scenario that violates some properties under it.
fn started() -> Elsewhere {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&["scenarios/s2.toml", "scenarios/r1s1.toml"]);
    elsewhere.write(
        "models/designs/mine.toml",
        "# Ours.\ntitle = \"mine\" # short\n\n[rule]\ncomparator = \"iat-only\"\n\n[guards]\nsites = []\n",
    );
    elsewhere
}

#[test]
fn a_trial_judges_nothing_and_shows_what_would_have_to_be_expected() {
    let elsewhere = started();
    elsewhere.freshest(&["check"]).ends_with(1);
    let before = elsewhere.files();
    let run = elsewhere.freshest(&["check", "--trial"]).ends_with(0);
    run.prints(&[
        "# To expect this, in models/designs/mine.toml:",
        "TRIAL: nothing was judged",
    ]);
    let run = elsewhere.freshest(&["check", "--trial"]);
    assert!(
        !run.stdout.contains("PASS") && !run.stdout.contains("FAIL"),
        "{}",
        run.stdout
    );
    let (_, paste) = run
        .stdout
        .split_once("mine.toml:\n")
        .expect("what to paste");
    let (paste, _) = paste.split_once("\nTRIAL").expect("an end");
    // Pasted, it is what the gate wants.
    let design = elsewhere.read("models/designs/mine.toml") + paste;
    elsewhere.write("models/designs/mine.toml", &design);
    elsewhere.freshest(&["check"]).ends_with(0);
    assert_eq!(elsewhere.files(), before);
    let json = elsewhere
        .freshest(&["check", "--trial", "--format", "json"])
        .ends_with(0)
        .json();
    assert_eq!(json["trial"], true);
}

#[test]
fn nothing_is_unknown_in_a_trial() {
    let elsewhere = started();
    let scenario = elsewhere.read("models/scenarios/s2.toml");
    let (bare, _) = scenario.split_once("[vacuous]").expect("what is vacuous");
    elsewhere.write("models/scenarios/s2.toml", bare);
    elsewhere
        .freshest(&["check", "--trial", "--scenario", "s2"])
        .ends_with(0);
    let bounded = ["check", "--trial", "--scenario", "s2", "--max-states", "5"];
    elsewhere
        .freshest(&bounded)
        .ends_with(0)
        .prints(&["inconclusive"]);
}

#[test]
fn accepting_makes_the_gate_pass_and_leaves_the_rest_of_the_file_alone() {
    let elsewhere = started();
    let run = elsewhere
        .freshest(&["check", "--accept", "--because", "By arrival."])
        .ends_with(0);
    run.prints(&["models/designs/mine.toml: ", "tabs-converge violated in "]);
    let design = elsewhere.read("models/designs/mine.toml");
    let begin = "# Ours.\ntitle = \"mine\" # short\n\n[rule]\ncomparator = \"iat-only\"\n\n[guards]\nsites = []\n";
    assert!(design.starts_with(begin), "{design}");
    assert!(design.contains("accepted = \"By arrival.\""), "{design}");
    elsewhere.freshest(&["check"]).ends_with(0);
    let again = elsewhere.freshest(&["check", "--accept"]).ends_with(0);
    again.prints(&["nothing was changed"]);
    assert_eq!(elsewhere.read("models/designs/mine.toml"), design);
}

#[test]
fn without_a_reason_the_file_says_that_one_is_missing() {
    let elsewhere = started();
    let run = elsewhere.freshest(&["check", "--accept"]).ends_with(0);
    run.prints(&["has no reason yet"]);
    assert!(
        elsewhere
            .read("models/designs/mine.toml")
            .contains("REASON MISSING")
    );
}

#[test]
fn a_length_that_changed_keeps_its_reason_and_what_holds_again_goes() {
    let elsewhere = started();
    elsewhere
        .freshest(&["check", "--accept", "--because", "By arrival."])
        .ends_with(0);
    let design = elsewhere.read("models/designs/mine.toml");
    let longer = design
        .replace("steps = 8", "steps = 80")
        .replace("steps = 9", "steps = 90");
    assert_ne!(longer, design);
    elsewhere.write("models/designs/mine.toml", &longer);
    elsewhere.freshest(&["check"]).ends_with(1);
    elsewhere
        .freshest(&["check", "--accept", "--because", "Another."])
        .ends_with(0);
    assert_eq!(elsewhere.read("models/designs/mine.toml"), design);
    // With the guards of #9030, and with calls that get what the cache has, nothing of it is violated
    // any more, and no reason is left over.
    let guarded = design.replace("\"iat-only\"", "\"table\"").replace(
        "sites = []",
        "sites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\nmeasures = [\"calls-read-cache\"]",
    );
    elsewhere.write("models/designs/mine.toml", &guarded);
    elsewhere.freshest(&["check", "--accept"]).ends_with(0);
    let accepted = elsewhere.read("models/designs/mine.toml");
    assert!(
        !accepted.contains("because") && !accepted.contains("expect"),
        "{accepted}"
    );
}

#[test]
fn nobody_accepts_in_ci_nor_in_the_program() {
    let elsewhere = started();
    let before = elsewhere.read("models/designs/mine.toml");
    elsewhere
        .in_ci(&["check", "--accept"])
        .ends_with(2)
        .tells(&["CI is set"]);
    assert_eq!(elsewhere.read("models/designs/mine.toml"), before);
    let builtin = [
        "check",
        "--accept",
        "--models",
        "builtin",
        "--design",
        "pr-9030",
        "--scenario",
        "s2",
    ];
    elsewhere
        .freshest(&builtin)
        .ends_with(2)
        .tells(&["cannot be changed"]);
}

#[test]
fn what_a_bound_hides_is_not_accepted() {
    let elsewhere = started();
    let run = elsewhere
        .freshest(&["check", "--accept", "--max-states", "5"])
        .ends_with(3);
    run.prints(&["inconclusive, which nobody can expect"]);
    let design = elsewhere.read("models/designs/mine.toml");
    assert!(!design.contains("expect"), "{design}");
}
