//! The command: what it says of logs that are whole, bent, cut off, or made to break it.

use crate::compare::jws;
use crate::support::{Run, command, freshest};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

pub(super) const EPOCH: u64 = 1_700_000_000;

/// A line: what happened in a tab, so many milliseconds after the beginning.
pub(super) fn line(event: &str, tab: &str, ms: u64) -> Value {
    json!({ "event": event, "tab": tab, "at": EPOCH * 1000 + ms })
}

/// The same about a token with these stamps, seconds after the beginning. It lives for an hour.
pub(super) fn about(event: &str, tab: &str, ms: u64, oiat: u64, iat: u64) -> Value {
    let mut line = line(event, tab, ms);
    line["oiat"] = json!(EPOCH + oiat);
    line["iat"] = json!(EPOCH + iat);
    line["exp"] = json!(EPOCH + iat + 3600);
    line
}

/// The headline: a late answer with older claims replaces a fresher token, in cache and cookie.
pub(super) fn headline() -> Vec<Value> {
    vec![
        line("opened", "a", 0),
        about("cached", "a", 10, 1, 1),
        about("cookie", "a", 11, 1, 1),
        line("requested", "a", 20),
        about("received", "a", 1000, 5, 5),
        about("cached", "a", 1001, 5, 5),
        about("cookie", "a", 1002, 5, 5),
        about("answered", "a", 2000, 1, 6),
        about("cached", "a", 2001, 1, 6),
        about("cookie", "a", 2002, 1, 6),
        line("closed", "a", 9000),
    ]
}

/// The same with the late answer turned away.
pub(super) fn good() -> Vec<Value> {
    let mut lines = headline();
    lines.drain(8..10);
    lines
}

pub(super) struct Log {
    pub(super) folder: TempDir,
}

impl Log {
    pub(super) fn new() -> Log {
        let folder = tempfile::tempdir().expect("a directory");
        Log { folder }
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

pub(super) fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

pub(super) fn monitor(path: &Path, args: &[&str]) -> Run {
    let mut all = vec!["monitor", path.to_str().expect("UTF-8")];
    all.extend(args);
    freshest(&all)
}

pub(super) fn judge(lines: &[Value]) -> Value {
    judge_text(&text(lines), &[])
}

pub(super) fn judge_text(text: &str, args: &[&str]) -> Value {
    let log = Log::new();
    let path = log.write("log.jsonl", text);
    let mut all = vec!["--format", "json"];
    all.extend(args);
    monitor(&path, &all).json()
}

/// The properties that are violated, with how often.
fn violated(record: &Value) -> Vec<(String, u64)> {
    let properties = record["properties"].as_array().expect("properties");
    let violated = properties.iter().filter(|of| of["verdict"] == "violated");
    violated
        .map(|of| {
            let name = of["property"].as_str().expect("a name").to_owned();
            (name, of["findings"]["count"].as_u64().expect("a count"))
        })
        .collect()
}

pub(super) fn names(record: &Value) -> Vec<String> {
    violated(record).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn the_headline_is_told_with_its_story_and_exit_code_1() {
    let log = Log::new();
    let path = log.write("log.jsonl", text(&headline()));
    let run = monitor(&path, &[]).ends_with(1);
    for said in [
        "cached-oiat-never-decreases",
        "log.jsonl:9",
        "tab a cached [oiat 1700000001, iat 1700000006] after [oiat 1700000005, iat 1700000005]",
        "tab a receives [oiat 1700000005, iat 1700000005]",
        "The shortest trace in the model (design pr-8097",
        "freshest explain pr-8097",
        "A1",
    ] {
        let flat = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(said), "{said}:\n{}", run.stdout);
    }
    let found = judge(&headline());
    let expected = [
        "cached-oiat-never-decreases",
        "tab-oiat-never-decreases",
        "cookie-oiat-never-decreases",
    ];
    assert_eq!(names(&found), expected);
}

#[test]
fn nothing_is_reported_of_a_log_in_which_nothing_goes_back() {
    let log = Log::new();
    let path = log.write("log.jsonl", text(&good()));
    monitor(&path, &[]).ends_with(0);
    // Asked for by name, a property that could not be violated is no pass.
    monitor(&path, &["--property", "no-cookie-after-signout"]).ends_with(3);
    monitor(&path, &["--property", "cookie-oiat-never-decreases"]).ends_with(0);
    monitor(&path, &["--property", "tie-is-adopted"])
        .ends_with(2)
        .tells(&["a log cannot tell", "cookie-oiat-never-decreases"]);
}

#[test]
fn a_log_that_says_nothing_is_no_pass() {
    let log = Log::new();
    for (name, contents) in [
        ("empty", ""),
        ("blank", "\n\n"),
        ("garbage", "\u{0}\u{1}\n[]\n"),
        ("one", "{\"event\":\"opened\",\"tab\":\"a\",\"at\":1}\n"),
    ] {
        let path = log.write(name, contents);
        monitor(&path, &[]).ends_with(3);
    }
    let missing = log.folder.path().join("missing");
    monitor(&missing, &[])
        .ends_with(2)
        .tells(&["cannot be read"]);
}

#[test]
fn a_removed_entry_ends_the_residency_and_not_the_life() {
    let lines = [
        line("opened", "a", 0),
        about("cached", "a", 10, 5, 5),
        line("removed", "a", 20),
        about("cached", "a", 30, 1, 6),
    ];
    assert_eq!(names(&judge(&lines)), ["tab-oiat-never-decreases"]);
    // Signing out ends both.
    let lines = [
        line("opened", "a", 0),
        about("cached", "a", 10, 5, 5),
        line("signed-out", "a", 20),
        line("signed-in", "a", 25),
        about("cached", "a", 30, 1, 6),
    ];
    assert_eq!(names(&judge(&lines)), [""; 0]);
}

#[test]
fn a_token_that_ends_is_not_readable_and_a_dead_cookie_may_be_replaced() {
    let mut lines = headline();
    for line in &mut lines {
        if line["exp"].is_number() && line["oiat"] == json!(EPOCH + 5) {
            // Dead when the late answer comes.
            line["exp"] = json!(EPOCH + 2);
        }
    }
    assert_eq!(names(&judge(&lines)), [""; 0]);
}

#[test]
fn who_is_signed_out_writes_no_cookie() {
    let lines = [
        line("opened", "a", 0),
        about("cookie", "a", 10, 1, 1),
        line("signing-out", "a", 20),
        line("cookie-removed", "a", 21),
        line("signed-out", "a", 30),
        about("cookie", "a", 40, 1, 2),
    ];
    assert_eq!(names(&judge(&lines)), ["no-cookie-after-signout"]);
    assert_eq!(names(&judge(&lines[..5])), [""; 0]);
}

#[test]
fn organisations_are_held_against_keys_contexts_and_reads() {
    let org = |mut line: Value, org: Value| {
        line["org"] = org;
        line
    };
    let key = |mut line: Value, org: Value| {
        line["key_org"] = org;
        line
    };
    let lines = [
        org(line("opened", "a", 0), Value::Null),
        key(
            org(about("cached", "a", 1, 1, 1), json!("org_1")),
            Value::Null,
        ),
        key(
            org(about("read", "a", 2, 1, 1), json!("org_1")),
            Value::Null,
        ),
        org(about("cookie", "a", 3, 1, 1), json!("org_1")),
    ];
    let expected = [
        "key-holds-own-context",
        "cookie-context",
        "read-returns-own-context",
    ];
    assert_eq!(names(&judge(&lines)), expected);
    let mut switched = lines.to_vec();
    switched.insert(3, org(line("switched", "a", 3), json!("org_1")));
    let expected = ["key-holds-own-context", "read-returns-own-context"];
    assert_eq!(names(&judge(&switched)), expected);
    // What a line does not say is not judged.
    let unknown = [line("opened", "a", 0), about("cached", "a", 1, 1, 1)];
    assert_eq!(names(&judge(&unknown)), [""; 0]);
    // Tokens of two organisations are not compared in the cookie.
    let two = [
        org(line("opened", "a", 0), json!("org_1")),
        org(about("cookie", "a", 1, 5, 5), json!("org_1")),
        org(line("switched", "a", 2), Value::Null),
        org(about("cookie", "a", 3, 1, 6), Value::Null),
    ];
    assert_eq!(names(&judge(&two)), [""; 0]);
}

#[test]
fn tabs_may_be_apart_for_as_long_as_is_allowed() {
    let log = |end: u64| {
        let lines = [
            line("opened", "a", 0),
            line("opened", "b", 0),
            about("cached", "a", 10, 1, 1),
            about("cached", "b", 10, 1, 1),
            about("cached", "b", 1000, 5, 5),
            line("seen", "a", end),
        ];
        text(&lines)
    };
    assert_eq!(names(&judge_text(&log(12_000), &[])), ["tabs-converge"]);
    assert_eq!(names(&judge_text(&log(9_000), &[])), [""; 0]);
    assert_eq!(
        names(&judge_text(&log(12_000), &["--apart", "60"])),
        [""; 0]
    );
}

#[test]
fn a_request_is_held_against_the_best_token_of_its_tab() {
    let request = |forced: bool, oiat: u64| {
        let mut request = line("requested", "a", 30);
        request["forced"] = json!(forced);
        request["parent"] = json!({ "oiat": EPOCH + oiat, "iat": EPOCH + oiat });
        [
            line("opened", "a", 0),
            about("cached", "a", 10, 5, 5),
            request,
        ]
    };
    assert_eq!(names(&judge(&request(false, 1))), ["seed-is-not-stale"]);
    assert_eq!(names(&judge(&request(true, 1))), [""; 0]);
    assert_eq!(names(&judge(&request(false, 5))), [""; 0]);
}

#[test]
fn rows_are_counted_once_whether_an_answer_is_told_before_it_is_cached_or_after() {
    let answered = about("answered", "a", 30, 1, 6);
    let cached = about("cached", "a", 30, 1, 6);
    let start = [line("opened", "a", 0), about("cached", "a", 10, 5, 5)];
    for both in [[answered.clone(), cached.clone()], [cached, answered]] {
        let record = judge(&[&start[..], &both[..]].concat());
        let rows = record["rows"].as_array().expect("rows");
        let met: u64 = rows.iter().filter_map(|row| row["cache"].as_u64()).sum();
        assert_eq!((met, &rows[0]["kept"]), (1, &json!(1)), "{record}");
        assert_eq!(record["against_the_comparator"], 1, "{record}");
    }
}

#[test]
fn what_calls_got_is_held_against_what_calls_got_before_and_what_the_cache_holds() {
    let opened = line("opened", "a", 0);
    let cached = about("cached", "a", 10, 5, 5);
    let returned = |ms: u64, oiat: u64| about("returned", "a", ms, oiat, oiat);
    let older = [opened.clone(), returned(20, 5), returned(30, 4)];
    assert_eq!(names(&judge(&older)), ["returned-oiat-never-decreases"]);
    // Under another key it is another token.
    let mut other = older.to_vec();
    other[2]["key"] = json!("of a template");
    assert_eq!(names(&judge(&other)), [""; 0]);
    let outranked = [opened.clone(), cached.clone(), returned(20, 4)];
    assert_eq!(names(&judge(&outranked)), ["returned-is-not-outranked"]);
    let removed = [
        opened.clone(),
        cached.clone(),
        line("removed", "a", 15),
        returned(20, 4),
    ];
    assert_eq!(names(&judge(&removed)), [""; 0]);
    let mut dead = returned(20_000, 5);
    dead["exp"] = json!(EPOCH + 20);
    assert_eq!(
        names(&judge(&[opened.clone(), dead.clone()])),
        ["returned-token-is-not-dead"]
    );
    dead["exp"] = json!(EPOCH + 21);
    assert_eq!(names(&judge(&[opened.clone(), dead])), [""; 0]);
    let mut astray = returned(20, 5);
    astray["org"] = json!("org_1");
    astray["key_org"] = json!("org_2");
    assert_eq!(
        names(&judge(&[opened.clone(), astray])),
        ["returned-is-own-context"]
    );
    let rejected = line("rejected", "a", 20);
    let failed = [opened.clone(), cached, rejected.clone()];
    assert_eq!(names(&judge(&failed)), ["rejected-only-without-token"]);
    assert_eq!(names(&judge(&[opened, rejected])), [""; 0]);
}

#[test]
fn lines_out_of_order_within_the_window_are_judged_in_the_order_of_time() {
    let mut lines = good();
    // The cookie of the beginning is written down after that of the broadcast.
    let early = lines.remove(2);
    lines.insert(5, early);
    let record = judge(&lines);
    assert_eq!(names(&record), [""; 0], "{record}");
    assert!(
        record["notes"]
            .to_string()
            .contains("came before an earlier one"),
        "{record}"
    );
}

#[test]
fn a_tab_whose_clock_is_an_hour_behind_is_judged_in_the_order_in_which_its_lines_came() {
    for hours in [-1_i64, 1] {
        let mut lines = Vec::new();
        for mut line in headline() {
            lines.push(line.clone());
            line["tab"] = json!("b");
            let at = line["at"].as_i64().expect("a time") + hours * 3_600_000;
            line["at"] = json!(at);
            line["exp"] = json!(EPOCH + 100_000);
            lines.push(line);
        }
        let record = judge(&lines);
        let found = names(&record);
        assert!(
            found.contains(&"cached-oiat-never-decreases".to_owned()),
            "{record}"
        );
        assert_eq!(record["lines"], lines.len(), "no line is left out");
        assert!(
            record["notes"].to_string().contains("its clock is"),
            "{record}"
        );
    }
}

#[test]
fn skipped_lines_are_counted_and_located_and_quote_no_token() {
    let token = jws("{\"oiat\":\"one\"}", "{\"iat\":1}");
    let mut lines = good();
    let mut bad = line("cached", "a", 12);
    bad["jwt"] = json!(token);
    lines.insert(3, bad);
    let mut text = text(&lines);
    text += "nonsense\n{\"event\":\"sneezed\",\"tab\":\"a\",\"at\":1}\n{\"event\":\"cached\",\"tab\":\"a\",\"at\":1}\n";
    text += &format!("{{\"event\":\"cached\",\"tab\":\"a\",\"at\":1,\"iat\":\"{token}\"}}\n");
    text += "{\"event\":\"cached\",\"tab\":\"a\",\"at\":1,\"iat\":1.5}\n{\"event\":\"cached\"}\n\"\\ud800\"\n";
    text += &format!(
        "{{\"event\":\"seen\",\"tab\":\"{}\",\"at\":1}}\n",
        "x".repeat(200_000)
    );
    let log = Log::new();
    let path = log.write("log.jsonl", &text);
    let run = monitor(&path, &[]).ends_with(3);
    for said in [
        "log.jsonl:4: the header has a string as `oiat`",
        "it is not JSON at column",
        "there is no such event",
        "`cached` needs a token",
        "another type",
        "whole number",
        "is missing",
        "longer than 131072 bytes",
        "inconclusive",
    ] {
        let flat = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(said), "{said}:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains(&token[10..30]), "{}", run.stdout);
    let record = monitor(&path, &["--format", "json"]).json();
    assert_eq!(record["skipped"]["count"], 9, "{record}");
    // Violations are told all the same.
    let path = log.write("both.jsonl", format!("x\n{}", self::text(&headline())));
    monitor(&path, &[]).ends_with(1);
}

#[test]
fn a_last_line_that_is_cut_off_is_told_and_the_rest_is_judged() {
    let log = Log::new();
    let whole = text(&headline());
    for cut in [whole.len() - 1, whole.len() - 2, whole.len() - 20] {
        let path = log.write("log.jsonl", &whole[..cut]);
        let run = monitor(&path, &[]).ends_with(1);
        let is_whole = cut == whole.len() - 1;
        assert_eq!(
            !run.stdout.contains("cut off"),
            is_whole,
            "{cut}: {}",
            run.stdout
        );
    }
    // A crashed browser: nothing is closed, and the file ends with zeros.
    let mut lines = good();
    lines.pop();
    let path = log.write(
        "crash.jsonl",
        text(&lines) + "{\"event\":\"ca\u{0}\u{0}\u{0}\u{0}",
    );
    let run = monitor(&path, &[]).ends_with(3);
    let cut = "crash.jsonl:9: the last line is cut off after 16 bytes";
    assert!(run.stdout.contains(cut), "{}", run.stdout);
    assert!(run.stdout.contains("crashed"), "{}", run.stdout);
    // Nothing that was written is missing: it is told that nothing was closed, and no more.
    let path = log.write("crash.jsonl", text(&lines));
    let run = monitor(&path, &[]).ends_with(0);
    assert!(run.stdout.contains("crashed"), "{}", run.stdout);
    // A last line that is too long is none, even if its beginning is a line.
    let long = format!("{}{}", line("seen", "a", 9000), " ".repeat(200_000));
    let path = log.write("long.jsonl", text(&lines) + &long);
    let run = monitor(&path, &[]).ends_with(3);
    assert!(
        run.stdout.contains("is longer than 131072 bytes"),
        "{}",
        run.stdout
    );
}

#[test]
fn lines_that_the_recorder_lost_leave_nothing_proved() {
    let mut lost = line("lost", "a", 15);
    lost["count"] = json!(40);
    let mut lines = good();
    lines.insert(3, lost);
    let record = judge(&lines);
    assert_eq!(record["incomplete"], true);
    // However many they are together.
    let mut lost = line("lost", "a", 15);
    lost["count"] = json!((1_u64 << 53) - 1);
    let many: Vec<Value> = [vec![lost; 2049], good()].concat();
    assert_eq!(judge(&many)["incomplete"], true);
    let mut numbered = good();
    for (number, line) in numbered.iter_mut().enumerate() {
        line["seq"] = json!(number);
    }
    assert_eq!(judge(&numbered)["incomplete"], false);
    numbered.remove(4);
    let record = judge(&numbered);
    assert_eq!(record["incomplete"], true);
    assert!(
        record["notes"]
            .to_string()
            .contains("lines missing, by the numbers of the others: 1"),
        "{record}"
    );
}

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
