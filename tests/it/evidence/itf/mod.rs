//! Traces in Apalache's format, read by the format's own reader.

mod changed;
mod refused;

use super::freshest;
use crate::support::Models;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// A state as another tool would declare it.
#[derive(Debug, Deserialize)]
struct State {
    action: Action,
    clock: Clock,
    tabs: Vec<Tab>,
    cookie: Optional<Token>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "tag", content = "value", rename_all = "snake_case")]
enum Action {
    Start(Nothing),
    Tick(Nothing),
    Refresh { tab: u64 },
    SkipCache { tab: u64 },
    Mint { tab: u64, fetch: Optional<u64> },
    Respond { tab: u64, fetch: Optional<u64> },
}

/// The empty tuple.
#[derive(Debug, Deserialize, PartialEq)]
struct Nothing();

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "tag", content = "value")]
enum Optional<T> {
    Some(T),
    None(Nothing),
}

#[derive(Debug, Deserialize)]
struct Clock {
    now: u64,
}

#[derive(Debug, Deserialize)]
struct Tab {
    slot: Slot,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "tag", content = "value")]
enum Slot {
    Empty(Nothing),
    Pending(Nothing),
    Resolved(Token),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Token {
    oiat: Optional<u64>,
    iat: u64,
}

/// Saves what there is of a design, a scenario and a property, under this name.
fn saved_of(directory: &TempDir, name: &str, of: [&str; 3]) -> String {
    let path = directory.path().join(name).to_str().unwrap().to_owned();
    let [design, scenario, property] = of;
    freshest()
        .args(["explain", design, scenario, property, "--save", &path])
        .assert()
        .code(0);
    path
}

/// Saves the headline counterexample under this name.
fn saved(directory: &TempDir, name: &str) -> String {
    let headline = ["pr-8097", "own-refresh", "cached-oiat-never-decreases"];
    saved_of(directory, name, headline)
}

#[test]
fn the_reader_of_the_format_reads_the_headline_counterexample() {
    let directory = TempDir::new().unwrap();
    let text = fs::read_to_string(saved(&directory, "headline.itf.json")).unwrap();
    let trace: itf::Trace<State> = itf::trace_from_str(&text).unwrap();
    assert_eq!(trace.meta.format.as_deref(), Some("ITF"));
    assert_eq!(trace.meta.other["design"], "pr-8097");
    assert_eq!(trace.meta.other["scenario"], "own-refresh");
    assert_eq!(trace.meta.other["property"], "cached-oiat-never-decreases");
    assert_eq!(trace.meta.other["freshest"], env!("CARGO_PKG_VERSION"));
    assert_eq!(trace.states.len(), 8, "the start, and 7 events");
    assert_eq!(trace.states[0].value.action, Action::Start(Nothing()));
    assert!(trace.states.iter().all(|state| state.value.tabs.len() == 2));
    let late = Token {
        oiat: Optional::Some(1),
        iat: 2,
    };
    let last = &trace.states[7].value;
    assert!(matches!(
        last.action,
        Action::Respond {
            fetch: Optional::None(_),
            ..
        }
    ));
    assert_eq!(last.clock.now, 2);
    assert_eq!(last.cookie, Optional::Some(late));
    let oiats = trace
        .states
        .iter()
        .flat_map(|state| &state.value.tabs)
        .filter_map(|tab| match &tab.slot {
            Slot::Resolved(token) => Some(&token.oiat),
            Slot::Empty(_) | Slot::Pending(_) => None,
        });
    assert!(
        oiats.clone().any(|oiat| *oiat == Optional::Some(2)),
        "it was there, and went down"
    );
}

/// What the format's description asks of a file.
#[test]
fn a_saved_trace_has_the_structure_of_the_format() {
    let directory = TempDir::new().unwrap();
    let text = fs::read_to_string(saved(&directory, "headline.itf.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let variables: Vec<_> = file["vars"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect();
    for (index, state) in file["states"].as_array().unwrap().iter().enumerate() {
        assert_eq!(state["#meta"]["index"], index);
        let mut fields: Vec<_> = state
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        fields.retain(|field| *field != "#meta");
        let (mut fields, mut wanted) = (fields, variables.clone());
        fields.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(fields, wanted, "each state gives every variable a value");
        check_expression(&state["tabs"]);
        check_expression(&state["action"]);
        check_expression(&state["requests"]);
    }
}

/// No number but as a string, no null, and no field that begins with `#` but the format's own.
fn check_expression(value: &Value) {
    match value {
        Value::Null | Value::Number(_) => panic!("{value} is no expression of the format"),
        Value::Bool(_) | Value::String(_) => {}
        Value::Array(values) => values.iter().for_each(check_expression),
        Value::Object(fields) => {
            for (key, value) in fields {
                assert!(!key.starts_with('#') || matches!(key.as_str(), "#bigint" | "#tup"));
                check_expression(value);
            }
        }
    }
}

#[test]
fn both_formats_replay_and_say_the_same() {
    let directory = TempDir::new().unwrap();
    let replayed = |name| {
        let output = freshest()
            .args(["replay", &saved(&directory, name)])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    assert_eq!(replayed("headline.itf.json"), replayed("headline.jsonl"));
}

#[test]
fn a_trace_that_no_longer_applies_says_where_it_first_departs() {
    let directory = TempDir::new().unwrap();
    let models = Models::copy();
    models.edit(
        "designs/pr-8097.toml",
        "sites = [\"broadcast\"]",
        "sites = [\"broadcast\", \"install\"]",
    );
    for name in ["headline.itf.json", "headline.jsonl"] {
        let trace = saved(&directory, name);
        let output = freshest()
            .args(["replay", &trace, "--models", models.as_arg()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stdout).unwrap();
        for told in [
            "pr-8097 in own-refresh departs from the trace in step 7 of 7",
            "tab 0's cache: was [oiat 1, iat 2], now [oiat 2, iat 2]",
            "The old counterexample of cached-oiat-never-decreases no longer happens.",
        ] {
            assert!(text.contains(told), "{text}");
        }
    }
}

#[test]
fn every_kind_of_event_survives_the_way_through_the_format() {
    let directory = TempDir::new().unwrap();
    let traces = [
        ("pr-9030", "failures", "tabs-converge"),
        ("pr-9030", "lose", "tabs-converge"),
        ("pr-9030", "expiry", "tab-oiat-never-decreases"),
        ("pr-9030", "clear", "seed-is-not-stale"),
        ("pr-9030", "legacy-s2", "cookie-oiat-never-decreases"),
        ("iat-guard", "fmt-s2g1", "tie-is-adopted"),
    ];
    for (design, scenario, property) in traces {
        let path = saved_of(&directory, "trace.itf.json", [design, scenario, property]);
        freshest().args(["replay", &path]).assert().code(0);
    }
}

#[test]
fn variables_of_others_and_what_earlier_versions_left_out_are_no_fault() {
    let directory = TempDir::new().unwrap();
    let path = saved(&directory, "headline.itf.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file["vars"].as_array_mut().unwrap().push(json!("theirs"));
    for state in file["states"].as_array_mut().unwrap() {
        state["theirs"] = json!({ "#set": [1] });
        let fields = state.as_object_mut().unwrap();
        fields.remove("returned");
        fields.remove("#meta");
        // Small numbers may be plain.
        let now = state["clock"]["now"]["#bigint"].as_str().unwrap();
        state["clock"]["now"] = json!(now.parse::<u8>().unwrap());
    }
    assert_eq!(replayed(&file.to_string(), "theirs.itf.json").0, 0);
}

/// What a forged trace is answered with.
fn replayed(trace: &str, name: &str) -> (i32, String) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, trace).unwrap();
    let output = freshest().arg("replay").arg(&path).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}
