//! `freshest explain`.

use super::*;

#[test]
fn tells_the_headline_in_seven_steps() {
    let run = freshest(&HEADLINE).ends_with(0);
    assert!(run.stdout.contains("\n  7. ") && !run.stdout.contains("\n  8. "));
    run.prints(&[
        "cached-oiat-never-decreases is violated",
        "  1. tab 0: refresh timer fires",
        "  2. time goes on",
        "the edge copies the claims of the seed and mints [oiat 1, iat 2]",
        "the origin reads the database and mints [oiat 2, iat 2]",
        "  7. tab 0's background refresh is answered: [oiat 1, iat 2]",
        "tab 0 posts [oiat 1, iat 2] to the other tabs",
        "cookie: [oiat 2, iat 2] -> [oiat 1, iat 2]",
        "VIOLATED in step 7",
        "tab 0 held [oiat 2, iat 2], now holds [oiat 1, iat 2]",
        "What to look at",
    ]);
}

#[test]
fn names_the_row_and_the_guard_that_decided() {
    let args = [
        "explain",
        "iat-guard",
        "bystander",
        "fresher-broadcast-is-kept",
    ];
    let run = freshest(&args).ends_with(0).prints(&["VIOLATED in step 9"]);
    run.prints(&["row A2 (incoming oiat later)", "tab 2's broadcast guard"]);
}

#[test]
fn tells_the_shortest_opportunity_of_a_property_that_holds() {
    let args = [
        "explain",
        "pr-9030",
        "own-refresh",
        "cached-oiat-never-decreases",
    ];
    let run = freshest(&args).ends_with(0);
    run.prints(&["is not violated", "OPPORTUNITY in step 7", "row A1"]);
}

#[test]
fn says_why_a_property_is_vacuous() {
    let run = freshest(&["explain", "pr-8097", "r3", "tabs-converge"]).ends_with(3);
    run.prints(&["vacuous", "two tabs hold readable tokens of different oiat"]);
}

#[test]
fn json_has_the_same_story() {
    let mut args = HEADLINE.to_vec();
    args.extend(["--format", "json"]);
    let story = freshest(&args).ends_with(0).json();
    assert_eq!(story["version"], 1);
    assert_eq!(story["claim"], "violated");
    assert_eq!(story["steps"].as_array().map(Vec::len), Some(7));
    assert_eq!(story["steps"][0]["event"]["kind"], "refresh");
    assert_eq!(story["steps"][6]["number"], 7);
}

#[test]
fn stories_fit_in_80_columns() {
    let tabs = ["explain", "pr-8097", "three-tabs", "tabs-converge"];
    for args in [HEADLINE, tabs] {
        for line in freshest(&args).ends_with(0).stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}
