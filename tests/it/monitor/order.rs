//! Lines that come in another order than that of time, and clocks that differ.

use super::logs::{
    EPOCH, Log, about, good, headline, judge, judge_text, line, monitor, names, text,
};
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

fn numbered(mut lines: Vec<Value>) -> Vec<Value> {
    for (number, line) in lines.iter_mut().enumerate() {
        line["seq"] = json!(number);
    }
    lines
}

#[test]
fn numbered_lines_are_judged_in_their_order_however_they_come_within_the_window() {
    let mut random = fastrand::Rng::with_seed(7);
    for lines in [headline(), good()] {
        let mut lines = numbered(lines);
        // All within the window, some at one instant.
        for (number, line) in lines.iter_mut().enumerate() {
            line["at"] = json!(EPOCH * 1000 + number as u64 / 3);
        }
        let expected = names(&judge(&lines));
        for _ in 0..20 {
            // The first stays where it is: nobody knows that a number before the first is missing.
            random.shuffle(&mut lines[1..]);
            let record = judge(&lines);
            assert_eq!(names(&record), expected, "{}", text(&lines));
            assert_eq!(record["incomplete"], false, "{record}\n{}", text(&lines));
        }
    }
}

#[test]
fn a_line_that_is_missing_is_missed_although_others_come_late() {
    let mut lines = numbered(good());
    lines.remove(4);
    lines.swap(5, 6);
    let record = judge(&lines);
    assert_eq!(record["incomplete"], true, "{record}");
    let told = record["notes"].to_string();
    assert!(told.contains("by the numbers of the others: 1"), "{record}");
}

#[test]
fn a_tab_that_counts_anew_misses_nothing() {
    let mut lines = numbered(good());
    lines.extend(numbered(good()));
    for (at, line) in lines.iter_mut().enumerate() {
        line["at"] = json!(EPOCH * 1000 + 20 * at as u64);
    }
    assert_eq!(judge(&lines)["incomplete"], false);
}

#[test]
fn tabs_whose_clocks_differ_are_not_apart_for_as_long_as_their_clocks_differ() {
    for difference in [-3_600_000_i64, -60_000, 60_000, 3_600_000] {
        let mut lines = Vec::new();
        for round in 0..5_u64 {
            let (now, stamp) = (round * 50_000, round * 50);
            // One tab has the next token, the other one a second later.
            for (tab, at, by) in [("a", now, 0), ("b", now + 1000, difference)] {
                let mut line = about("cached", tab, at, stamp, stamp);
                let at = line["at"].as_i64().expect("a time") + by;
                line["at"] = json!(at);
                line["exp"] = json!(EPOCH + 100_000);
                lines.push(line);
            }
        }
        let record = judge(&lines);
        assert_eq!(names(&record), [""; 0], "{difference}: {record}");
        // When they really are, that is told.
        let mut last = about("cached", "a", 300_000, 300, 300);
        last["exp"] = json!(EPOCH + 100_000);
        lines.push(last);
        lines.push(line("seen", "a", 330_000));
        let record = judge(&lines);
        assert_eq!(names(&record), ["tabs-converge"], "{difference}: {record}");
    }
}

#[test]
fn a_time_in_the_far_future_stops_nothing() {
    let mut lines = headline();
    let mut far = line("seen", "b", 0);
    far["at"] = json!(9_007_199_254_740_991_u64);
    lines.insert(2, far);
    let record = judge(&lines);
    assert_eq!(record["lines"], lines.len());
    let found = names(&record);
    assert!(
        found.contains(&"cached-oiat-never-decreases".to_owned()),
        "{record}"
    );
    // Without a window, too.
    let text = text(&lines);
    assert_eq!(names(&judge_text(&text, &["--window", "0"])), found);
}

#[cfg(unix)]
#[test]
fn a_log_that_grows_is_followed_until_ctrl_c_and_read_anew_when_it_is_replaced() {
    let log = Log::new();
    let lines = headline();
    let path = log.write("log.jsonl", text(&lines[..4]));
    let mut child =
        crate::support::command(&["monitor", "--follow", path.to_str().expect("UTF-8")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
    let mut out = BufReader::new(child.stdout.take().expect("an output"));
    let mut append = OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("the log");
    // In two pieces, the first of which ends within a line.
    let rest = text(&lines[4..]);
    let (one, other) = rest.split_at(rest.len() / 2);
    append.write_all(one.as_bytes()).expect("room");
    append.flush().expect("room");
    append.write_all(other.as_bytes()).expect("room");
    drop(append);
    // What is found is told while the log is still open.
    let mut told = String::new();
    while !told.contains("cookie-oiat-never-decreases (x 1)") {
        let read = out.read_line(&mut told).expect("text");
        assert!(read > 0, "it ended: {told}");
    }
    assert!(told.contains("log.jsonl:9: tab a cached"), "{told}");
    // A log that is shorter than what was read of it is another one.
    log.write("log.jsonl", text(&lines[..1]));
    let mut err = BufReader::new(child.stderr.take().expect("an output"));
    let mut anew = String::new();
    err.read_line(&mut anew).expect("text");
    assert!(anew.contains("became shorter"), "{anew}");
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.expect("kill runs").success());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut out, &mut rest).expect("text");
    child.wait().expect("an end");
    assert!(rest.contains("lines of"), "{rest}");
    assert!(rest.contains("violated"), "{rest}");
}

#[test]
fn a_byte_order_mark_is_no_reason_to_skip_the_first_line() {
    let log = Log::new();
    let path = log.write("log.jsonl", format!("\u{feff}{}", text(&good())));
    let run = monitor(&path, &[]).ends_with(0);
    assert!(run.stdout.contains("9 lines of"), "{}", run.stdout);
}
