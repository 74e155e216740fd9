//! Whatever the log, the program needs little memory and comes to an end.

#![cfg(target_os = "linux")]

use super::logs::{EPOCH, Log, line};
use crate::support::command;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// What the program promises, in KiB.
const MAX_KIB: u64 = 64 * 1024;

/// The most that a process has needed so far, in KiB.
fn peak(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Judges a log, and gives what the program needed at most.
fn needed(path: &Path, args: &[&str]) -> u64 {
    let mut child = command(&["monitor", path.to_str().expect("UTF-8")])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let id = child.id();
    let mut out = child.stdout.take().expect("an output");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).expect("text");
        text
    });
    let mut most = 0;
    let code = loop {
        most = peak(id).unwrap_or(0).max(most);
        if let Some(status) = child.try_wait().expect("a child") {
            break status.code();
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(matches!(code, Some(1 | 3)), "{code:?}");
    reader.join().expect("no panic");
    most
}

/// A name as long as names may be.
fn long(what: &str, number: usize) -> String {
    format!("{what}-{number:0>120}")
}

fn write(path: &Path, lines: impl Iterator<Item = Value>) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    for line in lines {
        writeln!(file, "{line}").expect("room");
    }
    file.flush().expect("room");
}

/// Everything in it is as long as it may be, and goes back.
fn large(number: usize, tabs: usize, keys: usize) -> Value {
    let tab = long("tab", number % tabs);
    let event = ["cached", "cookie", "read", "posted"][number / 2 % 4];
    let mut line = line(event, &tab, number as u64 / 100);
    line["key"] = json!(long("key", number / tabs % keys));
    line["org"] = json!(long("org", number));
    line["key_org"] = json!(long("own", number));
    line["hash"] = json!(long("hash", number));
    line["oiat"] = json!(EPOCH + 10_000_000 - number as u64);
    line["iat"] = json!(EPOCH + number as u64);
    line
}

#[test]
fn no_log_takes_more_than_64_mib() {
    const LINES: usize = 40_000;
    let log = Log::new();
    let path = log.folder.path().join("log.jsonl");
    for (tabs, keys) in [(1, 1), (3, 100), (500, 8), (600, 9), (LINES, 1)] {
        write(&path, (0..LINES).map(|number| large(number, tabs, keys)));
        for args in [
            &["--format", "json"][..],
            &["--format", "html", "--window", "86400"],
        ] {
            let kib = needed(&path, args);
            assert!(
                kib <= MAX_KIB,
                "{tabs} tabs, {keys} keys, {args:?}: {kib} KiB"
            );
        }
    }
}

#[test]
fn a_log_that_is_none_takes_no_more() {
    let log = Log::new();
    let deep = "[".repeat(100_000);
    let cases: [(&str, Vec<u8>); 5] = [
        ("one long line", vec![b'x'; 100 << 20]),
        ("zeros", vec![0; 50 << 20]),
        ("empty lines", vec![b'\n'; 20 << 20]),
        (
            "deep",
            format!("{{\"event\":{deep}\n").repeat(100).into_bytes(),
        ),
        (
            "deep in a field of somebody else",
            format!("{{\"event\":\"seen\",\"tab\":\"a\",\"at\":1,\"own\":{deep}\n")
                .repeat(100)
                .into_bytes(),
        ),
    ];
    for (name, bytes) in cases {
        let path = log.write("log.jsonl", bytes);
        let kib = needed(&path, &[]);
        assert!(kib <= MAX_KIB, "{name}: {kib} KiB");
    }
}
