//! Traces that are refused, or answered with where they depart from the model.

use super::{replayed, saved, saved_of};
use crate::evidence::freshest;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

#[test]
fn a_broken_trace_is_an_input_error_that_says_where() {
    let directory = TempDir::new().unwrap();
    let path = saved(&directory, "headline.itf.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file["states"][3]["clock"]["now"]["#bigint"] = "many".into();
    fs::write(&path, serde_json::to_string_pretty(&file).unwrap()).unwrap();
    let output = freshest().args(["replay", &path]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains(&path) && error.contains("state 3: "),
        "{error}"
    );
}

#[test]
fn a_trace_that_starts_elsewhere_is_refused() {
    let directory = TempDir::new().unwrap();
    let text = fs::read_to_string(saved(&directory, "headline.itf.json")).unwrap();
    let trace: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(replayed(&text, "same.itf.json").0, 0);
    let big = |number: &str| serde_json::json!({ "#bigint": number });
    let token = trace["states"][0]["tabs"][0]["slot"]["value"].clone();
    let mut other = token.clone();
    other["iat"] = big("7");
    let forgeries: [(&str, Value); 8] = [
        ("/states/0/clock/now", big("77")),
        ("/states/0/clock/age", big("9")),
        (
            "/states/0/cookie",
            serde_json::json!({ "tag": "None", "value": { "#tup": [] } }),
        ),
        ("/states/0/tabs/0/slot/value", other.clone()),
        ("/states/0/tabs/1/seed/value", other),
        (
            "/states/0/tabs/0/slot",
            serde_json::json!({ "tag": "Empty", "value": { "#tup": [] } }),
        ),
        ("/states/0/tabs/1/armed", false.into()),
        (
            "/states/0/posts",
            serde_json::json!([{ "tab": big("0"), "token": token }]),
        ),
    ];
    for (place, forged) in forgeries {
        let mut trace = trace.clone();
        *trace.pointer_mut(place).expect(place) = forged;
        let (code, told) = replayed(&trace.to_string(), "forged.itf.json");
        assert_eq!(code, 1, "{place}: {told}");
        assert!(
            told.contains("departs from the trace at the start"),
            "{place}: {told}"
        );
    }
}

#[test]
fn what_is_no_trace_is_told_by_the_format_that_its_name_says() {
    let directory = TempDir::new().unwrap();
    let itf = fs::read_to_string(saved(&directory, "headline.itf.json")).unwrap();
    let started = itf.replacen("\"start\"", "\"tick\"", 1);
    for (text, name, told) in [
        ("{}", "x.itf.json", "there are no `states`"),
        ("{\"states\": []}", "x.itf.json", "`states` is empty"),
        (
            "{\"states\": [{}]}",
            "x.itf.json",
            "state 0: there is no `action`",
        ),
        (started.as_str(), "x.itf.json", "`freshest-trace`"),
        ("{\"kind\": 1}\n", "x.jsonl", "line 1: column"),
        ("[]\n", "x.jsonl", "is not a trace file: line 1: "),
    ] {
        let (code, answer) = replayed(text, name);
        assert_eq!(code, 2, "{name}: {answer}");
        if name != "x.itf.json" || !text.contains("#meta") {
            assert!(answer.contains(told), "{told}: {answer}");
        }
        assert!(answer.contains("is not a trace file"), "{answer}");
        assert!(!answer.contains("at line"), "{answer}");
    }
}

#[test]
fn what_a_trace_assumes_of_the_edge_is_in_both_formats_and_compared() {
    let directory = TempDir::new().unwrap();
    for (name, said) in [
        ("t.jsonl", "\"edge\":\"needs-oiat\""),
        ("t.itf.json", "\"edge\": \"needs-oiat\""),
    ] {
        let legacy = ["pr-9284", "legacy-edge-r1s1", "cookie-oiat-never-decreases"];
        let path = saved_of(&directory, name, legacy);
        let text = fs::read_to_string(path).unwrap();
        let (code, told) = replayed(&text, name);
        assert_eq!(code, 0, "{told}");
        assert!(text.contains(said), "{text}");
        for edge in ["any", "near", "\\u001b[2J"] {
            let forged = text.replace("needs-oiat", edge);
            let (code, told) = replayed(&forged, name);
            assert_eq!(code, 2, "{name}, {edge}: {told}");
            let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                told.contains("was recorded with `edge ="),
                "{name}, {edge}: {told}"
            );
            assert!(!told.contains('\u{1b}'), "{told}");
        }
    }
}

#[test]
fn the_start_that_a_header_states_is_compared() {
    let directory = TempDir::new().unwrap();
    let text = fs::read_to_string(saved(&directory, "headline.jsonl")).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    for (key, value) in [
        ("tabs", Value::from(3)),
        ("start", "empty".into()),
        ("start", "empty-legacy".into()),
        ("edge", "needs-oiat".into()),
        ("keys", 2.into()),
        ("absent", vec![1].into()),
        ("unfocused", vec![0].into()),
        ("piggyback", false.into()),
        ("stale_load", true.into()),
    ] {
        let mut header: Value = serde_json::from_str(header).unwrap();
        header[key] = value;
        let (code, told) = replayed(&format!("{header}\n{rest}"), "forged.jsonl");
        assert_eq!(code, 2, "{key}: {told}");
        assert!(told.contains("was recorded with"), "{key}: {told}");
    }
}
