//! `freshest check`: the gate, and what it says.

use super::*;

#[test]
fn json_has_every_field_of_the_contract() {
    let run = small()
        .freshest(&["check", "--format", "json"])
        .ends_with(0);
    let report = run.json();
    assert_eq!(report["version"], 1);
    let results = report["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!(
        (&result["design"], &result["scenario"]),
        (&"only".into(), &"s2".into())
    );
    assert_eq!(result["states"], 305);
    assert_eq!(result["transitions"], 469);
    assert!(result["depth"].as_u64().is_some_and(|depth| depth > 5));
    assert_eq!(result["complete"], true);
    assert_eq!(result["bound"], Value::Null);
    assert!(
        result["seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds > 0.0)
    );
    let rows = result["rows"].as_array().expect("rows");
    assert!(
        rows.iter()
            .all(|row| row.as_str().is_some_and(|row| row.len() == 2))
    );
    let properties = result["properties"].as_array().expect("properties");
    assert_eq!(properties.len(), freshest::property::Property::ALL.len());
    for property in properties {
        for field in [
            "name",
            "verdict",
            "expected",
            "steps",
            "because",
            "agreement",
        ] {
            assert!(keys(property).contains(&field), "{field} in {property}");
        }
        let verdict = property["verdict"].as_str().expect("a verdict");
        assert!(
            ["holds", "violated", "vacuous"].contains(&verdict),
            "{verdict}"
        );
        assert_eq!(
            property["steps"].is_u64(),
            verdict == "violated",
            "{property}"
        );
    }
}

#[test]
fn json_of_a_run_that_hit_a_bound_says_so() {
    let args = ["check", "--max-states", "10", "--format", "json"];
    let report = small().freshest(&args).ends_with(3).json();
    let result = &report["results"][0];
    assert_eq!(result["complete"], false);
    assert_eq!(result["bound"], "stopped at --max-states 10");
    assert_eq!(result["states"], 10);
    let property = &result["properties"][0];
    assert_eq!(property["verdict"], "inconclusive");
    assert_eq!(property["agreement"], "unknown");
}

#[test]
fn a_counterexample_found_before_the_bound_is_a_verdict_all_the_same() {
    let args = [
        "check",
        "--design",
        "pr-8097",
        "--scenario",
        "own-refresh",
        "--property",
        "cached-oiat-never-decreases",
        "--max-states",
        "3000",
    ];
    let run = freshest(&args).ends_with(0);
    run.prints(&["stopped at 3,000 states (--max-states)", "PASS"]);
}

#[test]
fn the_results_come_in_the_order_of_the_arguments_whoever_is_done_first() {
    let args = [
        "check",
        "--format",
        "json",
        "--threads",
        "4",
        "--design",
        "pr-9030",
        "--design",
        "iat-guard",
        "--scenario",
        "r3",
        "--scenario",
        "s2",
    ];
    let report = freshest(&args).ends_with(0).json();
    let results = report["results"].as_array().expect("results");
    let names = results
        .iter()
        .map(|r| (r["design"].as_str(), r["scenario"].as_str()));
    let pair = |design, scenario| (Some(design), Some(scenario));
    let expected = [
        pair("pr-9030", "r3"),
        pair("pr-9030", "s2"),
        pair("iat-guard", "r3"),
        pair("iat-guard", "s2"),
    ];
    assert!(names.eq(expected), "{report}");
}

#[test]
fn only_the_properties_asked_for_are_judged() {
    let args = ["check", "--property", "tabs-converge", "--format", "json"];
    let report = small().freshest(&args).ends_with(0).json();
    let properties = report["results"][0]["properties"]
        .as_array()
        .expect("properties");
    let names: Vec<_> = properties.iter().map(|p| p["name"].as_str()).collect();
    assert_eq!(names, [Some("tabs-converge")]);
}

#[test]
fn text_is_plain_and_silent_on_standard_error_when_it_goes_into_a_pipe() {
    for args in [&["check"][..], &["list"], &["table"]] {
        let run = small().freshest(args).ends_with(0);
        assert!(!run.stdout.contains('\u{1b}'), "escape codes in {args:?}");
        assert_eq!(run.stderr, "", "{args:?}: no progress without a terminal");
    }
}

#[test]
fn the_tables_fit_in_80_columns_whatever_the_verdicts() {
    for args in [&["check"][..], &["check", "--max-states", "10"], &["table"]] {
        let text = small().freshest(args).stdout;
        // Below the table come sentences and commands to be copied, which are not broken.
        let table = text.split("Not as expected").next().unwrap_or_default();
        for line in table.lines() {
            assert!(line.chars().count() <= 80, "{args:?}: {line}");
        }
    }
}
