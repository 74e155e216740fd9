//! Which exit code a run ends with.

use super::*;

#[test]
fn is_0_when_every_verdict_is_as_expected() {
    small().freshest(&["check"]).ends_with(0).prints(&["PASS"]);
    small().freshest(&[]).ends_with(0).prints(&["PASS"]);
}

#[test]
fn is_1_when_a_verdict_differs() {
    let models = small();
    models.edit("designs/only.toml", "cookie-oiat-never", "tab-oiat-never");
    let run = models.freshest(&["check"]).ends_with(1).prints(&["FAIL"]);
    run.prints(&[
        "cookie-oiat-never-decreases: only is violated in 7 events, expected: holds",
        "freshest explain only s2 cookie-oiat-never-decreases",
        "tab-oiat-never-decreases: only holds, expected: violated in 7 events",
    ]);
}

#[test]
fn is_1_when_the_shortest_counterexample_has_another_length() {
    let models = small();
    models.edit("designs/only.toml", "steps = 7", "steps = 8");
    let run = models.freshest(&["check"]).ends_with(1);
    run.prints(&["only is violated in 7 events, expected: violated\n    in 8 events (s2)"]);
}

#[test]
fn is_2_when_an_argument_is_wrong() {
    for args in [
        &["chekc"][..],
        &["check", "--max-states", "0"],
        &["check", "--max-states", "many"],
        &["check", "--time-limit", "0"],
        &["check", "--time-limit", "NaN"],
        &["check", "--threads", "0"],
        &["check", "--format", "yaml"],
        &["check", "--nonsense"],
        &["explain", "pr-8097", "r1s1", "tabs-converge", "--nonsense"],
        &["traces", "pr-8097", "r1s1", "--seed", "2"],
    ] {
        let run = freshest(args).ends_with(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn is_2_when_a_name_is_unknown_and_the_nearest_one_is_suggested() {
    let unknown = |args: &[&str], told: &str, help: &str| {
        let run = freshest(args).ends_with(2).tells(&[told, help]);
        assert_eq!(run.stdout, "");
    };
    let design = "there is no design `pr8097`";
    unknown(
        &["check", "--design", "pr8097"],
        design,
        "did you mean `pr-8097`?",
    );
    unknown(
        &["table", "--design", "pr8097"],
        design,
        "did you mean `pr-8097`?",
    );
    let scenario = "there is no scenario `own-refesh`";
    let args = ["explain", "pr-8097", "own-refesh", "tabs-converge"];
    unknown(&args, scenario, "did you mean `own-refresh`?");
    let args = ["traces", "pr-8097", "own-refesh"];
    unknown(&args, scenario, "did you mean `own-refresh`?");
    let property = "there is no property `tab-converge`";
    let args = ["check", "--property", "tab-converge"];
    unknown(&args, property, "did you mean `tabs-converge`?");
}

#[test]
fn is_2_when_there_are_no_models() {
    let nowhere = support::models().join("nowhere");
    let nowhere = nowhere.to_str().expect("a path in UTF-8");
    for command in ["check", "list"] {
        let run = freshest(&[command, "--models", nowhere]).ends_with(2);
        run.tells(&["nowhere/designs", "nowhere/scenarios", "--models DIR"]);
    }
}

#[test]
fn is_2_when_a_folder_of_models_is_empty() {
    let run = Models::empty().freshest(&["check"]).ends_with(2);
    run.tells(&[
        "designs",
        "scenarios",
        "holds no TOML file",
        "nothing to check",
    ]);
    let run = Models::of(&["pr-9030"], &[])
        .freshest(&["list"])
        .ends_with(2);
    run.tells(&["scenarios", "holds no TOML file"]);
}

#[test]
fn is_2_when_a_file_is_malformed_even_if_it_was_not_asked_for() {
    let models = small();
    models.write("designs/broken.toml", "title = ");
    let run = models.freshest(&["check", "--design", "only"]).ends_with(2);
    run.tells(&["designs/broken.toml:1:"]);
}

#[test]
fn is_3_when_a_bound_was_hit() {
    let run = small()
        .freshest(&["check", "--max-states", "10"])
        .ends_with(3);
    run.prints(&["stopped at 10 states (--max-states)", "UNKNOWN", "??"]);
    let args = [
        "explain",
        "pr-9030",
        "own-refresh",
        "tabs-converge",
        "--max-states",
        "10",
    ];
    freshest(&args)
        .ends_with(3)
        .prints(&["inconclusive", "stopped at 10 states (--max-states)"]);
}

#[test]
fn is_3_when_the_time_was_up() {
    let mut args = ENDLESS.to_vec();
    args.extend(["--time-limit", "0.2"]);
    let began = Instant::now();
    let run = endless().freshest(&args).ends_with(3);
    run.prints(&["stopped at --time-limit 0.2", "UNKNOWN"]);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn is_3_when_a_property_is_vacuous_and_nobody_expected_that() {
    let models = small();
    let reason = "tie-is-adopted = \"Without a rollout";
    models.edit("scenarios/s2.toml", reason, &format!("# {reason}"));
    let run = models
        .freshest(&["check"])
        .ends_with(3)
        .prints(&["UNKNOWN"]);
    run.prints(&["tie-is-adopted: only is vacuous, expected: holds"]);
}

#[test]
fn is_1_when_one_verdict_differs_and_another_is_unknown() {
    let models = small();
    models.edit("designs/only.toml", "steps = 7", "steps = 8");
    let reason = "tie-is-adopted = \"Without a rollout";
    models.edit("scenarios/s2.toml", reason, &format!("# {reason}"));
    models.freshest(&["check"]).ends_with(1).prints(&["FAIL"]);
}

#[test]
fn is_1_when_an_expected_vacuity_does_not_happen() {
    let models = small();
    let text = "[vacuous]\ntabs-converge = \"Not so.\"\n";
    models.edit("scenarios/s2.toml", "[vacuous]\n", text);
    let run = models.freshest(&["check"]).ends_with(1);
    run.prints(&["tabs-converge: only holds, expected: vacuous"]);
}
