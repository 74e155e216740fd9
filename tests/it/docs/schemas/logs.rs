//! Logs of what tabs did, and what they come to.

use super::{follows, named, schema};
use crate::support::freshest;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn lines_of_logs_are_read_and_refused_as_their_schema_says() {
    use freshest::monitor::{Kind, Names, Place, parse};
    let kinds = named("monitor-log", "/properties/event/enum");
    let known: BTreeSet<String> = Kind::ALL
        .iter()
        .map(|kind| kind.name().to_owned())
        .collect();
    assert_eq!(kinds, known);
    let validator = jsonschema::validator_for(&schema("monitor-log")).expect("a schema");
    let is_read = |line: &Value| {
        let text = line.to_string();
        parse(text.as_bytes(), Place::default(), &mut Names::default()).is_ok()
    };
    for event in &kinds {
        let mut line = json!({ "event": event, "tab": "a", "at": 1.5, "own": [1] });
        assert_eq!(is_read(&line), validator.is_valid(&line), "{line}");
        line["iat"] = json!(1);
        assert!(is_read(&line) && validator.is_valid(&line), "{line}");
        for (member, value) in [
            ("at", json!("1")),
            ("at", json!(-1)),
            ("tab", json!(null)),
            ("tab", json!("x".repeat(129))),
            ("iat", json!(1.5)),
            ("iat", json!(1_u64 << 53)),
            ("oiat", json!("1")),
            ("exp", json!(-1)),
            ("org", json!(1)),
            ("key_org", json!([])),
            ("seq", json!(0.5)),
            ("forced", json!("yes")),
            ("parent", json!({ "iat": "1" })),
            ("event", json!("sneezed")),
        ] {
            let mut bad = line.clone();
            bad[member] = value;
            // A tab's own organisation is not asked of lines about tokens, and the other way round.
            let is_place = ["org", "key_org"].contains(&member);
            assert!(is_place || !is_read(&bad), "the program takes {bad}");
            assert!(!validator.is_valid(&bad), "the schema takes {bad}");
        }
    }
}

#[test]
fn what_a_log_comes_to_follows_its_schema() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("tabs.jsonl");
    let line = |event: &str, at: u64, oiat: u64| {
        json!({ "event": event, "tab": "a", "at": at, "oiat": oiat, "iat": at }).to_string()
    };
    let bad = [line("cached", 1, 2), line("cached", 2, 1)].join("\n");
    let good = [line("cached", 1, 1), line("cached", 2, 2)].join("\n");
    for text in [bad + "\nnonsense\n", good, String::new()] {
        fs::write(&path, &text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        let record = freshest(&["monitor", path, "--format", "json"]).json();
        follows("monitor", &record, &text);
        let has_trace = record["in_the_model"].as_object().expect("an object").len();
        assert_eq!(has_trace > 0, text.contains("nonsense"), "{record}");
    }
}
