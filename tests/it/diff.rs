//! Two designs compared.

mod git;

use crate::support::{Models, design, freshest, known_scenario};
use freshest::diff::differ;
use freshest::explore::{Bound, Limits, Lockstep, Watch, lockstep};
use freshest::model::Composed;
use serde_json::Value;
use std::fs;

/// The standard table as a team's own file.
const STANDARD: &str = include_str!("../../examples/typescript/designs/tokenFreshness.ts");

/// Models with `pr-9030` and a copy of it, which a test changes.
fn copied() -> Models {
    let models = Models::copy();
    models
        .freshest(&["new", "mine", "--from", "pr-9030"])
        .ends_with(0);
    models
}

fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

fn of<'a>(diff: &'a Value, scenario: &str) -> &'a Value {
    let mut scenarios = array(&diff["scenarios"]).iter();
    scenarios
        .find(|s| s["scenario"] == scenario)
        .expect("the scenario")
}

/// `scenario property` of the verdicts that went from one to another.
fn went(diff: &Value, was: &str, is: &str) -> Vec<String> {
    let scenarios = array(&diff["scenarios"]).iter();
    scenarios
        .flat_map(|scenario| {
            let verdicts = array(&scenario["verdicts"]).iter();
            let some = verdicts.filter(|v| v["was"] == was && v["is"] == is);
            some.map(|v| format!("{} {}", text(&scenario["scenario"]), text(&v["property"])))
        })
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

#[test]
fn what_9030_mended_in_8097_is_newly_met_and_what_it_broke_is_told() {
    let models = Models::copy();
    let args = ["diff", "pr-8097", "pr-9030", "--format", "json"];
    let json = models.freshest(&args).ends_with(1).json();
    assert_eq!(json["version"], 1);
    let diff = &json["results"][0];
    assert_eq!(array(&diff["rows"]).len(), 0, "the same table");
    assert_eq!(diff["fields"][0]["field"], "guards.sites");
    assert_eq!(diff["fields"][0]["was"], "broadcast");
    assert_eq!(diff["fields"][0]["is"], "broadcast, baseline, seed, cookie");
    let met = went(diff, "violated", "holds");
    assert!(
        met.contains(&"own-refresh cached-oiat-never-decreases".to_owned()),
        "{met:?}"
    );
    // It carries the freshest token known, and does not ask whether that has expired.
    let broken = went(diff, "holds", "violated");
    assert!(!broken.is_empty(), "{broken:?}");
    let own = of(diff, "own-refresh");
    assert_eq!(own["telling"], "apart");
    // The headline is the first thing in which they differ, or something even shorter.
    let steps = array(&own["apart"]["steps"]);
    assert!((3..=7).contains(&steps.len()), "{own}");
    assert!(!array(&own["apart"]["held"]).is_empty());
}

#[test]
fn the_other_way_round_the_mended_claims_are_broken_and_the_exit_code_is_1() {
    let models = Models::copy();
    let args = ["diff", "pr-9030", "pr-8097", "--scenario", "own-refresh"];
    let run = models.freshest(&args).ends_with(1).prints(&[
        "Regressed",
        "own-refresh cached-oiat-never-decreases holds   violated (7)",
        "guards.sites: broadcast, baseline, seed, cookie -> broadcast",
        "every row of the table is decided alike",
        "Distinguishing trace in own-refresh",
        "claims of pr-9030 no longer hold in pr-8097",
    ]);
    for line in run.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let args = ["diff", "pr-8097", "pr-9030", "--scenario", "own-refresh"];
    let run = models.freshest(&args).ends_with(0);
    run.prints(&[
        "Fixed",
        "Nothing that holds in pr-8097 is violated in pr-9030; ",
    ]);
}

#[test]
fn a_design_and_its_copy_do_not_differ() {
    let run = copied().freshest(&["diff", "pr-9030", "mine"]).ends_with(0);
    let run = run.prints(&["the same in every row and field", "No verdict differs"]);
    // Where its lines break depends on the names.
    let sentences: Vec<_> = run.stdout.split_whitespace().collect();
    let wanted =
        "pr-9030 and mine are the same in every row and field, so they cannot be told apart.";
    assert!(sentences.join(" ").ends_with(wanted), "{}", run.stdout);
}

#[test]
fn a_script_that_decides_as_the_table_is_never_told_apart_from_it() {
    let models = copied();
    models.write("designs/rule.ts", STANDARD);
    let table = "comparator = \"table\"";
    models.edit(
        "designs/mine.toml",
        table,
        "comparator = { script = \"rule.ts\" }",
    );
    let mut args = vec!["diff", "pr-9030", "mine", "--format", "json"];
    for scenario in ["s2", "own-refresh", "fmt-s2g1", "legacy-s2"] {
        args.extend(["--scenario", scenario]);
    }
    let json = models.freshest(&args).ends_with(0).json();
    let diff = &json["results"][0];
    assert_eq!(array(&diff["rows"]).len(), 0);
    assert_eq!(diff["fields"][0]["field"], "rule.comparator");
    for scenario in array(&diff["scenarios"]) {
        assert_eq!(scenario["telling"], "never", "{scenario}");
        assert!(scenario["pairs"].as_u64() > Some(100), "{scenario}");
    }
}

#[test]
fn one_changed_row_is_told_with_the_tie_that_is_lost() {
    let models = copied();
    let rule = "comparator = \"table\"\n";
    models.edit(
        "designs/mine.toml",
        rule,
        &format!("{rule}A5 = \"existing\"\n"),
    );
    let args = [
        "diff",
        "pr-9030",
        "mine",
        "--scenario",
        "fmt-s2g1",
        "--format",
        "json",
    ];
    let json = models.freshest(&args).ends_with(1).json();
    let diff = &json["results"][0];
    let rows = array(&diff["rows"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["row"], &rows[0]["was"], &rows[0]["is"]),
        (&"A5".into(), &"incoming".into(), &"existing".into())
    );
    assert_eq!(rows[0]["differing"], rows[0]["pairs"]);
    assert!(went(diff, "holds", "violated").contains(&"fmt-s2g1 tie-is-adopted".to_owned()));
    let held = &of(diff, "fmt-s2g1")["apart"]["held"][0];
    assert!(text(&held["from"]).contains("format 1"), "{held}");
    assert!(!text(&held["to"]).contains("format 1"), "{held}");
    // Where no two tokens tie, nobody can tell.
    let args = ["diff", "pr-9030", "mine", "--scenario", "r3"];
    models
        .freshest(&args)
        .ends_with(0)
        .prints(&["never", "row A5"]);
}

#[test]
fn a_rule_that_does_not_decide_by_rows_is_told_with_stamps() {
    let args = ["diff", "pr-8097", "iat-guard", "--scenario", "bystander"];
    let run = freshest(&args).ends_with(1);
    run.prints(&[
        "rule.comparator: table -> iat-only",
        "row A1 (existing oiat later): existing -> depends",
        "existing [oiat ",
        "row A5 (same oiat, same iat): incoming -> existing",
        "bystander cached-oiat-never-decreases holds   violated (10)",
    ]);
}

#[test]
fn the_trace_is_a_shortest_one_and_tells_both_designs_apart_at_its_end_only() {
    let (from, to) = (design("pr-8097"), design("pr-9030"));
    let scenario = known_scenario("own-refresh");
    let model = |policy| Composed::new(policy, &scenario.setup);
    let (one, other) = (model(from.policy), model(to.policy));
    let roster = one.roster();
    let compare = |limits: &Limits| -> Lockstep {
        let differ = |a: &_, b: &_| differ(roster, a, b);
        lockstep((&one, &other), differ, limits, &Watch::default())
    };
    let found = compare(&Limits::default());
    let events = found.apart.expect("a trace");
    let (mut a, mut b) = (one.start(), other.start());
    for (index, event) in events.iter().enumerate() {
        assert!(!differ(roster, &a, &b), "they differ before event {index}");
        assert!(one.enabled(&a).contains(event) && other.enabled(&b).contains(event));
        (a, b) = (one.step(&a, *event).system, other.step(&b, *event).system);
    }
    assert!(differ(roster, &a, &b));
    // Nothing shorter: every pair of fewer events is alike.
    let mut level = vec![(one.start(), other.start())];
    for _ in 1..events.len() {
        let mut next = Vec::new();
        for (a, b) in &level {
            let possible = other.enabled(b);
            for event in one.enabled(a).into_iter().filter(|e| possible.contains(e)) {
                let pair = (one.step(a, event).system, other.step(b, event).system);
                assert!(!differ(roster, &pair.0, &pair.1), "a shorter trace");
                if !next.contains(&pair) {
                    next.push(pair);
                }
            }
        }
        level = next;
    }
    let bounded = compare(&Limits {
        max_states: Some(3),
        ..Limits::default()
    });
    assert_eq!(
        (bounded.apart, bounded.bound),
        (None, Some(Bound::States(3)))
    );
}

#[test]
fn what_differs_only_under_way_is_told_as_such() {
    let args = ["diff", "pr-9030", "cache-seed", "--scenario", "r3"];
    let run = freshest(&args).ends_with(0).prints(&[
        "guards.seed: last-active -> cache",
        "seed-is-not-stale violated (9) holds",
        "  r3        9, in what is under way only",
        "requests under way",
        "No cache and no cookie ever differs",
    ]);
    for line in run.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_search_that_is_cut_off_is_inconclusive() {
    let args = [
        "diff",
        "cache-seed",
        "pr-9030",
        "--scenario",
        "three-tabs",
        "--max-states",
        "50",
    ];
    let run = freshest(&args).ends_with(3);
    run.prints(&[
        "not known: stopped at 50 states (--max-states)",
        "A bound was hit",
    ]);
}

#[test]
fn markdown_and_json_are_written_beside_the_text() {
    let models = Models::copy();
    let place = |name: &str| models.path().join(name);
    let (markdown, json) = (place("diff.md"), place("diff.json"));
    let outputs = [
        format!("markdown={}", markdown.display()),
        format!("json={}", json.display()),
    ];
    let args = [
        "diff",
        "pr-9030",
        "pr-8097",
        "--scenario",
        "own-refresh",
        "--output",
        &outputs[0],
        "--output",
        &outputs[1],
    ];
    models
        .freshest(&args)
        .ends_with(1)
        .prints(&["Distinguishing trace in own-refresh"]);
    let markdown = fs::read_to_string(markdown).expect("Markdown");
    for part in [
        "## `pr-9030` → `pr-8097`",
        "| scenario | property | pr-9030 | pr-8097 |",
        "| own-refresh | `cached-oiat-never-decreases` | holds | violated (7) |",
        "## Distinguishing trace in `own-refresh`",
        "```mermaid\nsequenceDiagram",
        "| in the end | pr-9030 | pr-8097 |",
        "\\[oiat 2, iat 2\\]",
    ] {
        assert!(markdown.contains(part), "no {part:?} in:\n{markdown}");
    }
    assert_eq!(
        markdown.matches("<details").count(),
        markdown.matches("</details>").count()
    );
    let json: Value = serde_json::from_str(&fs::read_to_string(json).expect("JSON")).expect("JSON");
    assert_eq!(json["results"][0]["shortest"], "own-refresh");
}

#[test]
fn what_is_wrong_with_the_arguments_ends_with_2() {
    let run = freshest(&["diff", "pr-8097", "pr9030"]).ends_with(2);
    run.tells(&["there is no design `pr9030`", "did you mean `pr-9030`?"]);
    let args = ["diff", "pr-8097", "pr-9030", "--output", "svg=x.svg"];
    freshest(&args).ends_with(2).tells(&["no format `svg`"]);
    let models = copied();
    models.write(
        "designs/rule.js",
        "export const pickFreshestJwt = () => undefined;",
    );
    let table = "comparator = \"table\"";
    models.edit(
        "designs/mine.toml",
        table,
        "comparator = { script = \"rule.js\" }",
    );
    let args = ["diff", "pr-9030", "mine", "--scenario", "s2"];
    let run = models
        .freshest(&args)
        .ends_with(2)
        .tells(&["returned undefined"]);
    assert_eq!(run.stdout, "");
}
