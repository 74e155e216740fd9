//! What is held against what in a log.

use super::logs::{
    EPOCH, Log, about, good, headline, judge, judge_text, line, monitor, names, text,
};
use serde_json::{Value, json};

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
