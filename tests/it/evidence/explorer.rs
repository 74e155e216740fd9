//! `freshest explore --at`, asked over HTTP.

use super::freshest;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program, ended with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Status line and body.
fn get(address: &str, path: &str) -> (String, String) {
    let deadline = Instant::now() + Duration::from_secs(120);
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            // The address is told just before the server listens.
            Err(error) => assert!(Instant::now() < deadline, "{address}: {error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[test]
fn the_address_leads_to_the_state_that_violates_the_property() {
    let property = "cached-oiat-never-decreases";
    let server = Command::new(env!("CARGO_BIN_EXE_freshest"))
        .args([
            "explore",
            "pr-8097",
            "own-refresh",
            "--at",
            property,
            "--port",
            "0",
        ])
        .stderr(Stdio::piped())
        .spawn();
    let mut server = Server(server.unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stderr.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .split("open http://")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    let (address, path) = url.split_once("/#/steps").unwrap();
    assert_eq!(
        path.matches('/').count(),
        1 + 7,
        "the initial state, and 7 events: {path}"
    );

    let (status, _) = get(address, &format!("/.states{path}"));
    assert!(status.ends_with("200 OK"), "{status}");

    let (before, last) = path.rsplit_once('/').unwrap();
    let (status, body) = get(address, &format!("/.states{before}"));
    assert!(status.ends_with("200 OK"), "{status}");
    let steps: Value = serde_json::from_str(&body).unwrap();
    let step = &steps[last.parse::<usize>().unwrap()];
    assert_eq!(step["action"], "tab 0's background refresh is answered");
    let state = step["state"].as_str().unwrap();
    assert!(
        state.contains(&format!("violated by the last step: {property}")),
        "{state}"
    );
}

#[test]
fn what_is_not_violated_has_no_address() {
    let at = ["--at", "cached-oiat-never-decreases"];
    let output = freshest()
        .args(["explore", "pr-9030", "s2"])
        .args(at)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("pr-9030 does not violate cached-oiat-never-decreases in s2"),
        "{error}"
    );
}
