//! The command: several logs at once, what it shows of tokens and names, and what others read.

use super::logs::{Log, headline, monitor, text};
use crate::compare::jws;
use crate::support::{Run, command};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;

#[test]
fn several_logs_are_merged_by_their_times_and_standard_input_is_one_too() {
    let log = Log::new();
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for (index, line) in headline().into_iter().enumerate() {
        match index % 2 {
            0 => one.push(line),
            _ => other.push(line),
        }
    }
    let (one, other) = (
        log.write("1.jsonl", text(&one)),
        log.write("2.jsonl", text(&other)),
    );
    let run = monitor(&one, &[other.to_str().expect("UTF-8")]).ends_with(1);
    assert!(
        run.stdout.contains("cached-oiat-never-decreases"),
        "{}",
        run.stdout
    );
    monitor(&one, &[one.to_str().expect("UTF-8")])
        .ends_with(2)
        .tells(&["named twice"]);
    let mut child = command(&["monitor", "--follow"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("an input");
    input
        .write_all(text(&headline()).as_bytes())
        .expect("a pipe");
    drop(input);
    let run = Run::from(child.wait_with_output().expect("an end")).ends_with(1);
    assert!(run.stdout.contains("standard input:9"), "{}", run.stdout);
}

#[test]
fn raw_tokens_are_judged_like_stamps_and_never_shown() {
    let lines: Vec<Value> = headline()
        .into_iter()
        .map(|mut line| {
            if line["iat"].is_number() {
                let header = json!({ "alg": "none", "oiat": line["oiat"] });
                let claims = json!({ "iat": line["iat"], "exp": line["exp"] });
                line["jwt"] = json!(jws(&header.to_string(), &claims.to_string()));
                for stamp in ["oiat", "iat", "exp"] {
                    line.as_object_mut().expect("an object").remove(stamp);
                }
            }
            line
        })
        .collect();
    let log = Log::new();
    let path = log.write("log.jsonl", text(&lines));
    for format in [
        "text", "json", "markdown", "mermaid", "svg", "html", "junit", "sarif",
    ] {
        let run = monitor(&path, &["--format", format]).ends_with(1);
        assert!(
            run.stdout.contains("1700000005"),
            "{format}: {}",
            run.stdout
        );
        assert!(!run.stdout.contains("eyJ"), "{format}: {}", run.stdout);
    }
}

#[test]
fn names_that_would_steer_a_terminal_or_a_page_are_escaped() {
    let lines: Vec<Value> = headline()
        .into_iter()
        .map(|mut line| {
            line["tab"] = json!("\u{1b}[2J<b>::error::\u{202e}");
            line
        })
        .collect();
    let log = Log::new();
    let path = log.write("log.jsonl", text(&lines));
    for format in [
        "text", "markdown", "mermaid", "svg", "html", "junit", "sarif",
    ] {
        let run = monitor(&path, &["--format", format]).ends_with(1);
        for bad in ["\u{1b}", "\u{202e}", "::error::"] {
            assert!(
                !run.stdout.contains(bad),
                "{format}: {bad:?}: {}",
                run.stdout
            );
        }
        if ["svg", "html", "junit"].contains(&format) {
            assert!(!run.stdout.contains("<b>"), "{format}: {}", run.stdout);
        }
    }
}

#[test]
fn other_programs_read_junit_and_sarif_of_a_log() {
    let log = Log::new();
    let path = log.write("log.jsonl", text(&headline()));
    let junit = monitor(&path, &["--format", "junit"]).stdout;
    let junit = roxmltree::Document::parse(&junit).expect("XML");
    let failures = junit
        .descendants()
        .filter(|node| node.has_tag_name("failure"));
    assert_eq!(failures.count(), 3);
    let sarif = monitor(&path, &["--format", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 9);
    let schema = include_str!("../schemas/sarif-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).expect("a schema");
    // See the test of the gate's SARIF.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        language
            .as_object_mut()
            .expect("a schema")
            .remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&sarif), "{sarif}");
    // The log is not written over.
    let output = format!("json={}", path.display());
    monitor(&path, &["--output", &output]).ends_with(2);
}
