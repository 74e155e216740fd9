//! `check --watch`.

use super::Elsewhere;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Long enough for a slow machine; nothing waits that long unless it fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that goes on until the test is over.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(elsewhere: &Elsewhere) -> Watching {
        let mut command = elsewhere.command(&["check", "--quiet", "--watch"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("standard output"));
        let stderr = BufReader::new(child.stderr.take().expect("standard error"));
        let other = sender.clone();
        thread::spawn(move || {
            stdout
                .lines()
                .map_while(Result::ok)
                .all(|line| sender.send(line).is_ok())
        });
        thread::spawn(move || {
            stderr
                .lines()
                .map_while(Result::ok)
                .all(|line| other.send(line).is_ok())
        });
        Watching { child, lines }
    }

    /// Waits until a line has these words.
    fn until(&self, words: &str) {
        self.until_all(&[words]);
    }

    /// Waits until each of these was in a line, in any order: two streams have none.
    fn until_all(&self, words: &[&str]) {
        let mut missing = words.to_vec();
        while !missing.is_empty() {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no {missing:?}"));
            missing.retain(|words| !line.contains(words));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_change_of_a_model_or_a_script_is_checked_and_a_broken_file_waited_out() {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&["scenarios/bystander.toml"]);
    let design = "title = \"t\"\n[rule]\ncomparator = { script = \"../../rule.ts\" }\n[guards]\n\
                  sites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    elsewhere.write("models/designs/mine.toml", design);
    elsewhere.write("rule.ts", super::AS_8097);
    let watching = Watching::start(&elsewhere);
    watching.until("PASS");
    elsewhere.write(
        "rule.ts",
        "export const pickFreshestJwt = (existing, incoming) => incoming;",
    );
    watching.until("FAIL");
    elsewhere.write("models/designs/mine.toml", "title = ");
    watching.until("not valid TOML");
    elsewhere.write("models/designs/mine.toml", design);
    watching.until("FAIL");
    elsewhere.write("rule.ts", super::AS_8097);
    watching.until("PASS");
}

#[test]
fn what_editors_leave_is_passed_over_and_told_and_the_gate_refuses_it() {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&["scenarios/bystander.toml"]);
    let design = "title = \"t\"\n[rule]\ncomparator = \"table\"\n[guards]\n\
                  sites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]\n";
    elsewhere.write("models/designs/mine.toml", design);
    let watching = Watching::start(&elsewhere);
    watching.until("PASS");
    let leftovers = [
        "designs/.mine.toml.swp",
        "designs/mine.toml~",
        "scenarios/#bystander.toml#",
        "scenarios/.#bystander.toml",
        "scenarios/.DS_Store",
    ];
    for name in leftovers {
        elsewhere.write(&format!("models/{name}"), "not TOML");
    }
    elsewhere.write("models/designs/mine.toml", &format!("{design}# edited\n"));
    watching.until_all(&["PASS", ".mine.toml.swp; the gate refuses it"]);
    drop(watching);
    for name in leftovers {
        fs::remove_file(elsewhere.path(&format!("models/{name}"))).expect("it is there");
    }
    for name in leftovers.into_iter().chain(["designs/other.txt"]) {
        elsewhere.write(&format!("models/{name}"), "not TOML");
        let run = elsewhere.freshest(&["check"]).ends_with(2);
        run.tells(&[name]);
        let path = elsewhere.path(&format!("models/{name}"));
        fs::remove_file(path).expect("it is there");
    }
    elsewhere.write("models/designs/other.txt", "");
    let watching = Watching::start(&elsewhere);
    watching.until("other.txt");
}

#[test]
fn nobody_watches_in_ci() {
    let elsewhere = Elsewhere::new();
    elsewhere
        .in_ci(&["check", "--watch"])
        .ends_with(2)
        .tells(&["CI is set", "leave out --watch"]);
}
