//! One run by several processes: what they find, who is no part of it, and what happens when one is lost.

use crate::support::command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What a run tells, by scenario, but for time and memory.
fn told(output: &Output) -> BTreeMap<String, Value> {
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let results = report["results"].as_array().expect("results");
    let result = |result: &Value| {
        let mut result = result.clone();
        for of_the_machine in ["seconds", "memory_bytes"] {
            result[of_the_machine] = Value::Null;
        }
        (
            format!("{} in {}", result["design"], result["scenario"]),
            result,
        )
    };
    results.iter().map(result).collect()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

const GATE: [&str; 4] = ["--format", "json", "--max-states", "20000"];

fn by_processes(arguments: &[&str], processes: &str) -> Output {
    let mut command = command(&[]);
    command
        .args(arguments)
        .args(["--local-processes", processes]);
    command.output().expect("the program")
}

#[test]
fn two_and_three_processes_tell_what_one_tells() {
    let designs = ["--design", "pr-8097,pr-9030,iat-guard,lock", "--scenario"];
    for scenarios in [
        "two-forced,t3-*,legacy-s2,expiry,failures",
        "own-refresh,rollout*,orphan",
    ] {
        let arguments = [&designs[..], &[scenarios], &GATE].concat();
        let one = told(&command(&[]).args(&arguments).output().expect("the program"));
        assert!(one.len() >= 4, "{} runs", one.len());
        for processes in ["2", "3"] {
            let several = told(&by_processes(&arguments, processes));
            for (run, found) in &one {
                // Several processes end near a bound, not at it.
                let (found, other) = (found, &several[run]);
                match found["complete"] == true {
                    true => assert_eq!(other, found, "{run} by {processes}"),
                    false => assert_eq!(other["bound"], found["bound"], "{run}"),
                }
            }
            assert_eq!(several.len(), one.len());
        }
    }
}

#[test]
fn equal_shares_threads_and_no_symmetry_change_nothing_that_is_found() {
    let arguments = [
        "--design",
        "pr-8097",
        "--scenario",
        "two-forced",
        "--format",
        "json",
    ];
    for more in [
        ["--spread", "even"],
        ["--symmetry", "off"],
        ["--threads", "2"],
    ] {
        let one: &[&str] = if more[0] == "--symmetry" { &more } else { &[] };
        let one = command(&[])
            .args(arguments)
            .args(one)
            .output()
            .expect("the program");
        let several = by_processes(&[&arguments[..], &more].concat(), "3");
        assert_eq!(told(&several), told(&one), "{more:?}");
    }
}

#[test]
fn a_bound_ends_all_processes_and_what_is_open_is_inconclusive() {
    for (bound, told) in [
        (["--max-states", "1000"], "stopped at --max-states 1000"),
        (["--time-limit", "0.000001"], "stopped at --time-limit"),
        (["--memory-limit", "100KiB"], "stopped at --memory-limit"),
    ] {
        let arguments = ["--design", "pr-9030", "--scenario", "two-forced", "--full"];
        let output = by_processes(&[&arguments[..], &bound].concat(), "2");
        let (code, out, _) = said(&output);
        assert_eq!(code, Some(3), "{out}");
        assert!(out.contains("UNKNOWN"), "{out}");
        let json = by_processes(&[&arguments[..4], &bound, &GATE[..2]].concat(), "2");
        let (_, out, _) = said(&json);
        assert!(out.contains(told), "{out}");
    }
}

/// Processes with a file of hosts, all of them on loopback.
struct Hosts {
    directory: TempDir,
    file: PathBuf,
}

impl Hosts {
    fn new(count: usize) -> Hosts {
        let listeners: Vec<TcpListener> = (0..count)
            .map(|_| TcpListener::bind("127.0.0.1:0").expect("a port"))
            .collect();
        let address = |of: &TcpListener| format!("{}\n", of.local_addr().expect("an address"));
        Hosts::of(&listeners.iter().map(address).collect::<String>())
    }

    fn of(text: &str) -> Hosts {
        let directory = TempDir::new().expect("a directory");
        let file = directory.path().join("hosts.txt");
        fs::write(&file, text).expect("a file");
        Hosts { directory, file }
    }

    fn address(&self, process: usize) -> String {
        let text = fs::read_to_string(&self.file).expect("the file");
        text.lines().nth(process).expect("a line").to_owned()
    }

    fn start(&self, process: &str, more: &[&str]) -> Child {
        let mut command = command(&[]);
        command.arg("check").arg("--hosts").arg(&self.file);
        command.args(["--process", process]).args(more);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program")
    }
}

fn ended(child: Child) -> (Option<i32>, String, String) {
    said(&child.wait_with_output().expect("an end"))
}

const RUN: [&str; 4] = ["--design", "pr-8097", "--scenario", "two-forced"];

#[test]
fn process_0_prints_and_all_end_with_its_exit_code() {
    let hosts = Hosts::new(3);
    let receipt = hosts.directory.path().join("receipt.json");
    let receipt = receipt.to_str().expect("a name");
    let more = [
        &RUN[..],
        &["--receipt", receipt, "--property", "tabs-converge"],
    ]
    .concat();
    let others = ["2", "1"].map(|process| hosts.start(process, &more));
    let (code, out, err) = ended(hosts.start("0", &more));
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("PASS"), "{out}");
    assert!(err.contains("3 processes sent each other"), "{err}");
    for (process, other) in [2, 1].into_iter().zip(others) {
        let expected = format!("process {process} of 3 is done: process 0 has the verdicts\n");
        assert_eq!(ended(other), (Some(0), String::new(), expected));
    }
    let verified = command(&[])
        .args(["verify", receipt])
        .output()
        .expect("the program");
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
}

#[test]
fn processes_that_ask_for_different_things_say_what_differs_and_find_nothing() {
    for (more, what) in [
        (["--scenario", "r1s1"], "what is checked"),
        (["--property", "tabs-converge"], "what is checked"),
        (["--models", "benches/models"], "what the models say"),
        (["--max-states", "7"], "--max-states"),
        (["--symmetry", "off"], "--symmetry"),
        (["--spread", "even"], "--spread"),
    ] {
        let hosts = Hosts::new(2);
        let same = ["--design", "pr-8097", "--connect-timeout", "20"];
        let scenario: &[&str] = match more[0] {
            "--scenario" => &["--scenario", "two-forced"],
            "--models" => &["--scenario", "ten-million"],
            _ => &["--scenario", "two-forced"],
        };
        let scenario_of_other: &[&str] = if more[0] == "--scenario" {
            &[]
        } else {
            scenario
        };
        let first: &[&str] = match more[0] {
            "--models" => &["--models", "models", "--scenario", "two-forced"],
            _ => scenario,
        };
        let one = hosts.start("0", &[&same[..], first].concat());
        let other = hosts.start("1", &[&same[..], scenario_of_other, &more].concat());
        for (code, out, err) in [ended(one), ended(other)] {
            assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
            assert!(
                err.contains(what) && err.contains("process 0 and process 1")
                    || err.contains(what) && err.contains("process 1 and process 0"),
                "{err}"
            );
        }
    }
}

#[test]
fn a_process_that_is_not_there_in_time_is_named() {
    let hosts = Hosts::new(2);
    for process in ["0", "1"] {
        let more = [&RUN[..], &["--connect-timeout", "1"]].concat();
        let (code, out, err) = ended(hosts.start(process, &more));
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        let other = 1 - process.parse::<usize>().expect("a number");
        let named = format!("process {other} at {}", hosts.address(other));
        assert!(err.contains(&named), "{err}");
    }
}

#[test]
fn whoever_is_no_part_of_the_run_is_passed_over() {
    let hosts = Hosts::new(2);
    let first = hosts.start("0", &RUN);
    let until = Instant::now() + Duration::from_secs(120);
    let mut stranger = loop {
        match TcpStream::connect(hosts.address(0)) {
            Ok(stream) => break stream,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
    };
    stranger
        .write_all(b"GET / HTTP/1.1\r\n\r\n")
        .expect("something");
    drop(stranger);
    let second = hosts.start("1", &RUN);
    assert_eq!(ended(first).0, Some(0));
    assert_eq!(ended(second).0, Some(0));
}

#[test]
fn hosts_that_cannot_be_are_refused_with_their_line() {
    for (text, what) in [
        (
            "0.0.0.0:7000\nnode:7000\n",
            "hosts.txt:1: `0.0.0.0:7000` means every network",
        ),
        (
            "node:7000\n[::]:7000\n",
            "`[\\u{3a}:]:7000` means every network",
        ),
        (
            "node:7000\n# one more\n\nnode:7000\n",
            "hosts.txt:4: `node:7000` is there twice",
        ),
        ("node:7000\nnode\n", "hosts.txt:2: `node` is no HOST:PORT"),
        (
            "node:7000\nother:0\n",
            "hosts.txt:2: `other:0` is no HOST:PORT",
        ),
        ("node:7000\n:7000\n", "hosts.txt:2: `:7000` is no HOST:PORT"),
        ("node:7000\n", "1 hosts, but a run has 2 to 64 processes"),
        ("", "0 hosts"),
    ] {
        let hosts = Hosts::of(text);
        let (code, out, err) = ended(hosts.start("0", &RUN));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(what), "{err}");
    }
    let hosts = Hosts::new(2);
    let (code, _, err) = ended(hosts.start("2", &RUN));
    assert!(
        code == Some(2) && err.contains("the hosts are 0 to 1"),
        "{err}"
    );
}

#[test]
fn what_does_not_go_together_with_several_processes_is_refused() {
    for more in [
        &["--local-processes", "1"][..],
        &["--local-processes", "65"],
        &["--local-processes", "2", "--engine", "stateright"],
        &["--local-processes", "2", "--watch"],
        &[
            "--local-processes",
            "2",
            "--hosts",
            "hosts.txt",
            "--process",
            "0",
        ],
        &["--process", "0"],
        &["--hosts", "hosts.txt"],
    ] {
        let output = command(&[])
            .args(RUN)
            .args(more)
            .output()
            .expect("the program");
        let (code, out, err) = said(&output);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{more:?}: {err}");
    }
}

/// One of three processes, of which the first has been started, is lost so long after the others are there.
#[cfg(target_os = "linux")]
fn lose(signal: &str, victim: usize, after: Duration) -> (Duration, (Option<i32>, String, String)) {
    let long = [
        "--models",
        "benches/models",
        "--scenario",
        "ten-million-in-two-tabs",
        "--design",
        "pr-8097",
    ];
    let mut command = command(&[]);
    command.args(long).args(["--local-processes", "3"]);
    command.args(["--connect-timeout", "600"]);
    let run = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let until = Instant::now() + Duration::from_secs(120);
    let children = format!("/proc/{0}/task/{0}/children", run.id());
    let started = loop {
        let children = fs::read_to_string(&children).expect("its children");
        let children: Vec<i32> = children
            .split_whitespace()
            .filter_map(|id| id.parse().ok())
            .collect();
        if children.len() == 2 {
            break children;
        }
        assert!(Instant::now() < until, "nothing is started");
    };
    std::thread::sleep(after);
    let mut kill = std::process::Command::new("kill");
    kill.args([signal, &started[victim].to_string()]);
    assert!(kill.status().expect("kill").success());
    let began = Instant::now();
    let end = ended(run);
    assert!(
        started
            .iter()
            .all(|id| !PathBuf::from(format!("/proc/{id}/stat")).exists()),
        "somebody is left"
    );
    (began.elapsed(), end)
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_is_killed_or_stopped_ends_the_run_without_a_verdict() {
    for (signal, victim) in [("-KILL", 0), ("-KILL", 1), ("-STOP", 0)] {
        // By then they explore, or are about to.
        let (took, (code, out, err)) = lose(signal, victim, Duration::from_millis(400));
        assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
        assert!(
            err.contains("is lost") && err.contains("nothing is known of this run"),
            "{err}"
        );
        assert!(err.contains("127.0.0.1:"), "{err}");
        // Silence is noticed after 15 seconds; never is what this is about.
        assert!(took < Duration::from_secs(120), "{took:?}");
    }
}

/// Process 1 has said where it is, and process 2 has only been started.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_is_killed_before_it_is_connected_is_not_waited_for() {
    let (took, (code, out, err)) = lose("-KILL", 0, Duration::ZERO);
    assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
    assert!(err.contains("process 1"), "{err}");
    assert!(took < Duration::from_secs(120), "{took:?}");
}

#[test]
fn the_kubernetes_manifest_has_as_many_processes_everywhere() {
    use yaml_rust2::YamlLoader;
    let text = include_str!("../../docs/cluster/job.yaml");
    let documents = YamlLoader::load_from_str(text).expect("YAML");
    let of_kind = |kind: &str| {
        documents
            .iter()
            .find(|of| of["kind"].as_str() == Some(kind))
    };
    let (job, service) = (
        of_kind("Job").expect("a Job"),
        of_kind("Service").expect("a Service"),
    );
    let config = of_kind("ConfigMap").expect("a ConfigMap");
    let hosts = config["data"]["hosts.txt"].as_str().expect("hosts");
    let spec = &job["spec"];
    assert_eq!(job["apiVersion"].as_str(), Some("batch/v1"));
    assert_eq!(spec["completionMode"].as_str(), Some("Indexed"));
    assert_eq!(
        spec["backoffLimit"].as_i64(),
        Some(0),
        "a lost process ends the run"
    );
    let count = hosts.lines().count() as i64;
    assert_eq!(
        (spec["completions"].as_i64(), spec["parallelism"].as_i64()),
        (Some(count), Some(count))
    );
    assert_eq!(service["spec"]["clusterIP"].as_str(), Some("None"));
    let pod = &spec["template"]["spec"];
    assert_eq!(pod["restartPolicy"].as_str(), Some("Never"));
    let (name, subdomain) = (job["metadata"]["name"].as_str(), pod["subdomain"].as_str());
    assert_eq!(subdomain, service["metadata"]["name"].as_str());
    for (index, host) in hosts.lines().enumerate() {
        let (name, subdomain) = (name.expect("a name"), subdomain.expect("a subdomain"));
        assert_eq!(host, format!("{name}-{index}.{subdomain}:7000"));
    }
    let said = pod["containers"][0]["command"].as_vec().expect("a command");
    let said: Vec<&str> = said.iter().filter_map(|word| word.as_str()).collect();
    assert!(
        said.join(" ")
            .contains("--process \"$JOB_COMPLETION_INDEX\""),
        "{said:?}"
    );
}
