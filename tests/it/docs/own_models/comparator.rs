//! A comparator from a file, without a design.

use super::{AS_8097, Elsewhere};

#[test]
fn from_a_file_to_verdicts_in_one_command() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("tokenFreshness.ts", AS_8097);
    let args = [
        "check",
        "--comparator",
        "tokenFreshness.ts",
        "--scenario",
        "s2",
    ];
    let run = elsewhere.freshest(&args).ends_with(0);
    run.prints(&[
        "tokenFreshness.ts: decides every row as #8097 does",
        "\ntokenFreshness\n",
        "PASS",
    ]);
}

#[test]
fn another_rule_is_told_by_its_rows_and_fails_where_it_changes_a_verdict() {
    let elsewhere = Elsewhere::new();
    let turned = AS_8097.replace(
        "was > is ? existing : incoming",
        "was > is ? incoming : existing",
    );
    assert_ne!(turned, AS_8097);
    elsewhere.write("turned.ts", &turned);
    let run = elsewhere.freshest(&[
        "check",
        "--comparator",
        "turned.ts",
        "--scenario",
        "own-refresh",
    ]);
    let run = run.ends_with(1).prints(&[
        "turned.ts: decides these rows in another way than #8097",
        "A1 (existing oiat later): incoming",
        "A2 (incoming oiat later): existing",
        "FAIL",
    ]);
    // The commands that it proposes can be typed.
    let mut stories = run
        .stdout
        .lines()
        .filter_map(|line| line.trim().strip_prefix("freshest explain "));
    let story: Vec<&str> = stories.next().expect("a command").split(' ').collect();
    assert!(story.contains(&"--comparator"), "{story:?}");
    let story = [&["explain"], &story[..]].concat();
    // Violated, or vacuous now: either way it is about this comparator.
    let run = elsewhere.freshest(&story);
    assert!(matches!(run.code, Some(0 | 3)), "{run:?}");
    run.prints(&["turned"]);
    let run = elsewhere
        .freshest(&["table", "--comparator", "turned.ts"])
        .ends_with(0);
    run.prints(&["incoming *", "* #8097 decides this row in another way."]);
    let trial = [
        "check",
        "--trial",
        "--comparator",
        "turned.ts",
        "--scenario",
        "own-refresh",
    ];
    elsewhere.freshest(&trial).ends_with(0);
}

#[test]
fn the_function_and_the_design_can_be_named() {
    let elsewhere = Elsewhere::new();
    let text = AS_8097.replace("pickFreshestJwt", "newer") + "export const other = () => 1;\n";
    elsewhere.write("rules.ts", &text);
    let named = ["check", "--comparator", "rules.ts", "--scenario", "s2"];
    elsewhere
        .freshest(&named)
        .ends_with(2)
        .tells(&["several functions", "newer, other"]);
    let args = [&named[..], &["--function", "newer", "--like", "pr-8097"]].concat();
    elsewhere.freshest(&args).ends_with(0);
    let args = [&named[..], &["--like", "pr-8079"]].concat();
    elsewhere
        .freshest(&args)
        .ends_with(2)
        .tells(&["did you mean `pr-8097`?"]);
    elsewhere
        .freshest(&["check", "--comparator", "nowhere.ts"])
        .ends_with(2)
        .tells(&["nowhere.ts"]);
}
