//! Lines out of order, skipped, cut off and lost.

use super::logs::{EPOCH, Log, good, headline, judge, line, monitor, names, text};
use crate::compare::jws;
use serde_json::{Value, json};

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
