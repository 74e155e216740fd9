//! Receipts that somebody changed, and honest ones of every kind.

use super::freshest;
use super::receipt::{edit, receipt, rehash, verify};
use crate::support::Models;
use freshest::property::Property;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A receipt with a change is refused in these words.
#[track_caller]
fn refused(change: impl FnOnce(&mut Value), told: &str) {
    let models = Models::of(&["pr-9030"], &["s2", "lose"]);
    let (_directory, path) = receipt(&models);
    edit(&path, change);
    let (code, text) = verify(&models, &path);
    let is_told = text.contains(told) && text.contains("receipt.json");
    assert_eq!((code, is_told), (2, true), "no {told:?} in:\n{text}");
}

fn items<'a>(value: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    value[name].as_array_mut().unwrap()
}

#[test]
fn a_receipt_without_a_run_with_one_twice_or_with_one_more_is_refused() {
    let first_is_missing = "the run of pr-9030 in s2 is missing";
    refused(|receipt| items(receipt, "runs").clear(), first_is_missing);
    let second_is_missing = "the run of pr-9030 in lose is missing";
    refused(
        |receipt| drop(items(receipt, "runs").pop()),
        second_is_missing,
    );
    let wrong = "the run of pr-9030 in lose is where that of pr-9030 in s2 should be";
    refused(|receipt| drop(items(receipt, "runs").remove(0)), wrong);
    refused(|receipt| items(receipt, "runs").swap(0, 1), wrong);
    refused(
        |receipt| receipt["runs"][1] = receipt["runs"][0].clone(),
        "should be",
    );
    for (scenario, told) in [
        ("s2", "the run of pr-9030 in s2 is one too many"),
        ("r1s1", "the run of pr-9030 in r1s1 is one too many"),
    ] {
        let more = |receipt: &mut Value| {
            let mut run = receipt["runs"][0].clone();
            run["scenario"] = json!(scenario);
            items(receipt, "runs").push(run);
        };
        refused(more, told);
    }
}

#[test]
fn a_selection_that_is_not_that_of_the_runs_is_refused() {
    refused(
        |receipt| items(receipt, "designs").clear(),
        "it names no designs",
    );
    refused(
        |receipt| items(receipt, "scenarios").clear(),
        "it names no scenarios",
    );
    refused(
        |receipt| items(receipt, "properties").clear(),
        "its properties are none",
    );
    refused(
        |receipt| items(receipt, "scenarios").push(json!("s2")),
        "`s2` is twice",
    );
    refused(
        |receipt| items(receipt, "designs").push(json!("lock")),
        "and names 2",
    );
    refused(
        |receipt| receipt["designs"][0] = json!("../x"),
        "is no name of designs",
    );
    refused(
        |receipt| items(receipt, "properties").swap(0, 1),
        "in their order",
    );
    // Less everywhere: what is not there any more has a hash.
    let less = |receipt: &mut Value| {
        items(receipt, "scenarios").pop();
        items(receipt, "runs").pop();
        receipt["extent"]["scenarios"]["checked"] = json!(1);
    };
    let told = "`scenarios/lose.toml` is none of its designs or scenarios";
    refused(less, told);
    let all = Property::ALL.len();
    for (name, share) in [
        ("designs", json!({"checked": 2, "of": 2})),
        ("scenarios", json!({"checked": 2, "of": 1})),
        ("properties", json!({"checked": all - 1, "of": all})),
    ] {
        refused(|receipt| receipt["extent"][name] = share, "it says");
    }
}

#[test]
fn sums_hashes_and_an_outcome_that_do_not_follow_are_refused() {
    for sum in [
        "runs",
        "states",
        "transitions",
        "verdicts",
        "holds",
        "violated",
        "unexpected",
    ] {
        let forged = |receipt: &mut Value| {
            let number = receipt["totals"][sum].as_u64().unwrap();
            receipt["totals"][sum] = json!(number + 1);
        };
        refused(forged, "its totals do not add up");
    }
    refused(
        |receipt| receipt["runs"][0]["states"] = json!(u64::MAX),
        "too large",
    );
    for part in ["models", "comparator"] {
        let zero = json!("0".repeat(64));
        let other = "its hash is not that of";
        refused(|receipt| receipt[part]["sha256"] = zero.clone(), other);
        refused(|receipt| receipt[part]["files"][0]["sha256"] = zero, other);
        refused(
            |receipt| drop(items(&mut receipt[part], "files").pop()),
            other,
        );
        let twice = |receipt: &mut Value| {
            let file = receipt[part]["files"][0].clone();
            items(&mut receipt[part], "files").push(file);
        };
        refused(twice, "is listed twice");
        let short = |receipt: &mut Value| receipt[part]["files"][0]["sha256"] = json!("ABC");
        refused(short, "is no SHA-256");
    }
    let without_a_design = |receipt: &mut Value| {
        items(&mut receipt["models"], "files").remove(0);
        rehash(&mut receipt["models"]);
    };
    refused(
        without_a_design,
        "the hash of `designs/pr-9030.toml` is missing",
    );
    for gate in ["unknown", "differs"] {
        refused(
            |receipt| receipt["gate"] = json!(gate),
            "does not follow from its verdicts",
        );
    }
    // The other way round: a verdict differs, and the gate agrees.
    let differs = |receipt: &mut Value| {
        receipt["runs"][0]["verdicts"][0]["expected"] = json!("violated");
        receipt["totals"]["unexpected"] = json!(1);
    };
    refused(differs, "they come to `differs`");
}

#[test]
fn verdicts_that_cannot_be_are_refused() {
    for (name, value, told) in [
        ("verdict", json!("violated"), "has a length"),
        (
            "verdict",
            json!("inconclusive"),
            "in a run that hit no bound",
        ),
        ("steps", json!(3), "has a length"),
        ("steps", json!(0), "has a length"),
        ("expected", json!("inconclusive"), "nobody can expect that"),
        ("expected_steps", json!(4), "nobody can expect that"),
        ("property", json!("tabs-converge"), "one for each property"),
    ] {
        refused(
            |receipt| receipt["runs"][0]["verdicts"][0][name] = value,
            told,
        );
    }
    let fewer = |receipt: &mut Value| drop(items(&mut receipt["runs"][0], "verdicts").pop());
    refused(fewer, "one for each property");
    let bounded = |receipt: &mut Value| {
        receipt["bounds"]["max_states"] = json!(3);
        receipt["runs"][0]["bound"] = json!("stopped at --max-states 3");
    };
    refused(bounded, "in a run that hit a bound");
    for bound in ["--max-states 3", "--time-limit 1", "--memory-limit 9 bytes"] {
        let bound = json!(format!("stopped at {bound}"));
        let other = |receipt: &mut Value| receipt["runs"][0]["bound"] = bound;
        refused(other, "which is none of its bounds");
    }
    refused(
        |receipt| receipt["runs"][0]["states"] = json!(0),
        "always a first state",
    );
}

#[test]
fn unknown_and_missing_keys_are_refused_at_every_level() {
    let places = [
        "",
        "/bounds",
        "/models",
        "/models/files/0",
        "/comparator/files/3",
        "/extent",
        "/extent/designs",
        "/totals",
        "/runs/0",
        "/runs/1/verdicts/2",
    ];
    let models = Models::of(&["pr-9030"], &["s2", "lose"]);
    let (_directory, path) = receipt(&models);
    let whole: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut Value), told: &str| {
        let mut changed = whole.clone();
        change(&mut changed);
        fs::write(&path, changed.to_string()).unwrap();
        let (code, text) = verify(&models, &path);
        assert_eq!(
            (code, text.contains(told)),
            (2, true),
            "no {told:?} in:\n{text}"
        );
    };
    for place in places {
        let more = |receipt: &mut Value| receipt.pointer_mut(place).unwrap()["note"] = json!("x");
        with(&more, "unknown field `note`");
        for key in whole.pointer(place).unwrap().as_object().unwrap().keys() {
            let less = |receipt: &mut Value| {
                let place = receipt.pointer_mut(place).unwrap();
                place.as_object_mut().unwrap().remove(key);
            };
            with(&less, "is not a receipt");
        }
    }
}

#[test]
fn values_of_other_types_are_refused() {
    for (place, value) in [
        ("/gate", json!("agree")),
        ("/gate", json!(true)),
        ("/engine", json!("slow")),
        ("/symmetry", json!("maybe")),
        ("/read_from", json!("elsewhere")),
        ("/freshest", json!(1)),
        ("/freshest", json!("\u{1b}[2J")),
        ("/bounds/max_states", json!(-1)),
        ("/bounds/max_states", json!(0)),
        ("/bounds/time_limit_seconds", json!("60")),
        ("/bounds/time_limit_seconds", json!(-1.0)),
        ("/bounds/memory_limit_bytes", json!(1.5)),
        ("/runs", json!({})),
        ("/runs/0", json!([])),
        ("/runs/0/states", json!("92")),
        ("/runs/0/depth", json!(-1)),
        ("/runs/0/bound", json!("tired")),
        ("/runs/0/design", Value::Null),
        ("/runs/0/verdicts/0/verdict", json!("fine")),
        ("/runs/0/verdicts/0/steps", json!(1.5)),
        ("/properties/0", json!("tabs-agree")),
        ("/models/files", Value::Null),
    ] {
        refused(
            |receipt| *receipt.pointer_mut(place).unwrap() = value,
            "error: ",
        );
    }
}

/// Makes a receipt with these arguments, whatever the gate says, and verifies it.
#[track_caller]
fn verifies(models: &Models, args: &[&str]) -> String {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("r.json");
    let path = path.to_str().unwrap();
    let gate = [
        "check",
        "--quiet",
        "--models",
        models.as_arg(),
        "--receipt",
        path,
    ];
    let output = freshest().args(gate).args(args).output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{args:?}: {output:?}");
    let (code, text) = verify(models, path);
    assert_eq!(
        (code, text.contains("SAME: ")),
        (0, true),
        "{args:?}: {text}"
    );
    text
}

#[test]
fn an_honest_receipt_verifies_whatever_its_bounds_engine_and_symmetry() {
    let models = Models::copy();
    let of = ["--design", "lock,pr-9030", "--scenario", "lose,s2"];
    for states in [
        &[][..],
        &["--max-states", "7"],
        &["--max-states", "1000000"],
    ] {
        for others in [
            &[][..],
            &["--time-limit", "599.123456789", "--memory-limit", "1GiB"],
            &["--memory-limit", "64KiB"],
        ] {
            for how in [
                &["--symmetry", "on"][..],
                &["--symmetry", "off"],
                &["--symmetry", "auto"],
                &["--engine", "stateright"],
            ] {
                let args: Vec<&str> = [&of, states, others, how].concat();
                verifies(&models, &args);
            }
        }
    }
}

#[test]
fn an_honest_receipt_of_any_selection_verifies() {
    let models = Models::copy();
    for selection in [
        &[
            "--design",
            "pr-9030,pr-8097",
            "--scenario",
            "lose,own-refresh,s2",
        ][..],
        // Not in the order of their names.
        &[
            "--design",
            "pr-9030,arrival-order",
            "--scenario",
            "s2,bystander",
        ],
        &[
            "--design",
            "lock",
            "--scenario",
            "s2",
            "--property",
            "tabs-converge,cookie-context",
        ],
        // Everything vacuous, which is unknown.
        &[
            "--design",
            "lock",
            "--scenario",
            "s2",
            "--property",
            "cookie-context",
        ],
    ] {
        verifies(&models, selection);
    }
    // What is not as expected.
    models.edit("designs/pr-9030.toml", "steps = 5", "steps = 6");
    verifies(&models, &["--design", "pr-9030", "--scenario", "lose"]);
}

#[test]
fn of_a_run_that_time_cut_short_only_what_it_found_is_compared() {
    let models = Models::copy();
    let of = ["--design", "pr-9030", "--scenario", "three-tabs"];
    let text = verifies(&models, &[&of[..], &["--time-limit", "0.000001"]].concat());
    assert!(text.starts_with("a time limit cut 1 run short"), "{text}");
}

#[test]
fn a_scenario_that_was_added_differs() {
    let models = Models::of(&["pr-9030"], &["s2", "lose"]);
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (all, one) = (path("all.json"), path("one.json"));
    for (path, scenario) in [(&all, "*"), (&one, "s2")] {
        let gate = ["check", "-q", "--scenario", scenario, "--receipt", path];
        models.freshest(&gate).ends_with(0);
    }
    let text = fs::read(models.path().join("scenarios/s2.toml")).unwrap();
    models.write("scenarios/more.toml", text);
    let (code, text) = verify(&models, &all);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("extent of scenarios: was 2 of 2, is 2 of 3\n"),
        "{text}"
    );
    // The receipt of a part says of how many, too.
    let (code, text) = verify(&models, &one);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("extent of scenarios: was 1 of 2, is 1 of 3\n"),
        "{text}"
    );
}

#[test]
fn no_receipt_is_written_of_a_comparator_that_no_design_names() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("r.json");
    let script = "examples/typescript/designs/tokenFreshness.ts";
    let receipt = ["check", "--comparator", script, "--receipt"];
    freshest().args(receipt).arg(&path).assert().code(2);
    assert!(!Path::exists(&path));
}
