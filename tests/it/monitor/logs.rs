//! Logs as these tests write them, and what the command says of one.

use crate::support::{Run, freshest};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
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
