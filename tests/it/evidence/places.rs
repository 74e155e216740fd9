//! Where results are written.

use super::{freshest, run};
use crate::support::Models;
use std::fs;
use tempfile::TempDir;

const QUICK: [&str; 4] = ["--design", "pr-9030", "--scenario", "s2"];

#[test]
fn several_formats_are_written_at_once_and_say_what_standard_output_would() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let formats = ["text", "json", "markdown", "junit", "sarif", "github"];
    let mut command = freshest();
    command.args(QUICK).arg("--quiet");
    for format in formats {
        command.args(["--output", &format!("{format}={}", path(format))]);
    }
    command
        .assert()
        .code(0)
        .stdout("PASS: every verdict is as expected\n")
        .stderr("");
    for format in formats {
        let (_, printed) = run(&[&QUICK[..], &["--format", format]].concat());
        let written = fs::read_to_string(path(format)).unwrap();
        // Times are never the same.
        let lines = |text: &str| text.lines().count();
        assert_eq!(lines(&written), lines(&printed), "{format}");
        assert_eq!(written.lines().next(), printed.lines().next(), "{format}");
    }
    let names = fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(names, formats.len(), "nothing else is left behind");
}

#[test]
fn a_place_that_does_not_exist_is_an_error_before_anything_runs() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("no/such/gate.xml");
    let output = format!("junit={}", path.display());
    // Whoever ran it would wait for ever.
    let models = Models::empty();
    models.write(
        "designs/guarded.toml",
        "title = \"Guarded\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n",
    );
    models.write(
        "scenarios/endless.toml",
        "title = \"Endless\"\ntabs = 4\n[budget]\nrefresh = 9\nskip_cache = 9\n",
    );
    let output = freshest()
        .args(["--output", &output, "--scenario", "endless"])
        .arg("--models")
        .arg(models.path())
        .timeout(std::time::Duration::from_secs(60))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
    assert!(
        error.contains("help: create it first: mkdir -p "),
        "{error}"
    );
}

#[test]
fn a_directory_is_no_place_for_a_result() {
    let directory = TempDir::new().unwrap();
    let output = format!("json={}", directory.path().display());
    let output = freshest().args(["--output", &output]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("it is a directory")
    );
}

#[test]
fn two_results_do_not_share_a_file() {
    let output = freshest()
        .args(["--output", "json=x", "--receipt", "x"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("x is named for two results")
    );
}

#[test]
fn an_existing_file_is_replaced_as_a_whole() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("gate.txt");
    fs::write(&path, "old ".repeat(10_000)).unwrap();
    let output = format!("github={}", path.display());
    freshest()
        .args(QUICK)
        .args(["--output", &output])
        .assert()
        .code(0);
    let written = fs::read_to_string(path).unwrap();
    assert!(
        written.ends_with("\nPASS: every verdict is as expected\n") && !written.contains("old "),
        "{written}"
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_written_to_and_not_replaced() {
    let output = freshest()
        .args(QUICK)
        .args(["--quiet", "--output", "github=/dev/stderr"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let written = String::from_utf8(output.stderr).unwrap();
    assert!(
        written.ends_with("\nPASS: every verdict is as expected\n"),
        "{written}"
    );
}
