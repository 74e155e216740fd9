//! Receipts, and running them again.

use super::freshest;
use crate::support::Models;
use freshest::property::Property;
use freshest::receipt::Receipt;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Where a receipt is to be written, in a directory of its own.
fn place() -> (TempDir, String) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("receipt.json");
    (directory, path.to_str().unwrap().to_owned())
}

/// A receipt for two small scenarios of pr-9030, and the directory it is in.
pub fn receipt(models: &Models) -> (TempDir, String) {
    let (directory, path) = place();
    let gate = [
        "--design",
        "pr-9030",
        "--scenario",
        "s2",
        "--scenario",
        "lose",
        "--quiet",
    ];
    freshest()
        .args(gate)
        .args(["--models", models.as_arg(), "--receipt", &path])
        .assert()
        .code(0);
    (directory, path)
}

pub fn verify(models: &Models, path: &str) -> (i32, String) {
    let output = freshest()
        .args(["verify", path, "--models", models.as_arg()])
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

/// Makes the hash of a list of files agree with the list.
pub fn rehash(part: &mut Value) {
    let file = |file: &Value| freshest::receipt::HashedFile {
        path: file["path"].as_str().unwrap().to_owned(),
        sha256: file["sha256"].as_str().unwrap().to_owned(),
    };
    let files = part["files"].as_array().unwrap().iter().map(file).collect();
    part["sha256"] = json!(freshest::receipt::Hashed::new(files).sha256);
}

/// Changes a receipt, and makes its digest agree.
pub fn edit(path: &str, change: impl FnOnce(&mut Value)) {
    let mut receipt = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    change(&mut receipt);
    if let Ok(read) = serde_json::from_value::<Receipt>(receipt.clone()) {
        receipt["digest"] = json!(read.digest_of_the_rest());
    }
    fs::write(path, receipt.to_string()).unwrap();
}

#[test]
fn what_did_not_change_is_verified() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        text,
        format!(
            "SAME: {} verdicts of 2 runs, selection, totals, outcome, models, comparator, version \
             and bounds\n",
            2 * Property::ALL.len()
        )
    );
}

#[test]
fn a_receipt_names_only_the_files_that_were_used_wherever_they_are() {
    let (_one, first) = receipt(&Models::copy());
    let (_two, second) = receipt(&Models::copy());
    assert_eq!(
        fs::read_to_string(&first).unwrap(),
        fs::read_to_string(second).unwrap()
    );
    let receipt: Value = serde_json::from_str(&fs::read_to_string(first).unwrap()).unwrap();
    let files = receipt["models"]["files"].as_array().unwrap();
    let paths: Vec<_> = files
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "designs/pr-9030.toml",
            "scenarios/lose.toml",
            "scenarios/s2.toml"
        ]
    );
}

/// Nobody has to trust the program with its own hashes.
#[cfg(target_os = "linux")]
#[test]
fn sha256sum_comes_to_the_same_hashes() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    let receipt: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let hash = |directory: &str, files: &str| {
        let script = format!("sha256sum {files} | sha256sum | cut -d ' ' -f 1");
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(directory)
            .output();
        String::from_utf8(output.unwrap().stdout)
            .unwrap()
            .trim()
            .to_owned()
    };
    let files = "designs/pr-9030.toml scenarios/lose.toml scenarios/s2.toml";
    assert_eq!(receipt["models"]["sha256"], hash(models.as_arg(), files));
    let files = "src/cache/*.rs src/freshness.rs src/freshness/*.rs";
    assert_eq!(
        receipt["comparator"]["sha256"],
        hash(env!("CARGO_MANIFEST_DIR"), files)
    );
}

/// Nor with its digest.
#[cfg(target_os = "linux")]
#[test]
fn the_digest_is_that_of_the_rest_of_the_text() {
    let (_directory, path) = receipt(&Models::copy());
    let written: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let script = "sed -E '/^  \"digest\"/d; s/^ +//; s/^(\"[a-z_0-9]+\"): /\\1:/' \"$0\" | tr -d '\\n' \
                  | sha256sum | cut -d ' ' -f 1";
    let output = Command::new("sh").args(["-c", script, &path]).output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    assert_eq!(written["digest"], printed.trim());
}

#[test]
fn the_hash_of_the_comparator_covers_every_file_of_it() {
    let hashed: Vec<_> = freshest::receipt::comparator()
        .files
        .into_iter()
        .map(|file| file.path)
        .collect();
    let mut sources = vec![PathBuf::from("src/freshness.rs")];
    let mut folders = ["src/cache", "src/freshness"].map(PathBuf::from).to_vec();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).unwrap();
        for path in entries.map(|file| file.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                // Tests of a file decide nothing.
                false if path.ends_with("tests.rs") => {}
                false => sources.push(path),
            }
        }
    }
    for path in sources {
        assert!(
            hashed.iter().any(|hashed| path.ends_with(hashed)),
            "{} is not hashed",
            path.display()
        );
    }
}

#[test]
fn a_changed_rule_is_told_with_the_verdicts_that_changed() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    let sites = "sites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\"]";
    models.edit("designs/pr-9030.toml", sites, "sites = []");
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 1);
    assert!(
        text.contains("models: designs/pr-9030.toml has changed\n"),
        "{text}"
    );
    let verdict = "verdict: pr-9030, s2: cookie-oiat-never-decreases: was holds, is violated in ";
    assert!(text.contains(verdict), "{text}");
    assert!(text.ends_with("verdicts are not the same\n"), "{text}");
}

#[test]
fn a_changed_file_with_the_same_verdicts_differs_and_is_told_as_such() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    models.edit("scenarios/s2.toml", "title", "# A remark.\ntitle");
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 1);
    assert!(
        text.starts_with("models: scenarios/s2.toml has changed\n"),
        "{text}"
    );
    let verdicts = 2 * Property::ALL.len();
    let told = format!("DIFFERS: all {verdicts} verdicts are the same, but");
    assert!(text.contains(&told), "{text}");
}

#[test]
fn a_file_that_is_not_part_of_the_selection_may_change() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    models.edit("scenarios/r1s1.toml", "title", "# A remark.\ntitle");
    assert_eq!(verify(&models, &path).0, 0);
}

#[test]
fn of_a_design_that_is_gone_nothing_is_said_to_be_compared() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    let designs = models.path().join("designs");
    let other = designs.join("renamed.toml");
    fs::rename(designs.join("pr-9030.toml"), other).unwrap();
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("designs: was pr-9030, is none\n"), "{text}");
    let told = "DIFFERS: none of 2 runs could be made again, so no verdict was compared\n";
    assert!(text.ends_with(told), "{text}");
}

#[test]
fn a_scenario_that_is_gone_differs() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    models.edit(
        "designs/pr-9030.toml",
        "[expect.lose]\ntabs-converge = { steps = 5, because = \"lost\" }",
        "",
    );
    for design in fs::read_dir(models.path().join("designs")).unwrap() {
        let design = design.unwrap().path();
        if !design.ends_with("pr-9030.toml") {
            fs::remove_file(design).unwrap();
        }
    }
    fs::remove_file(models.path().join("scenarios/lose.toml")).unwrap();
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("models: scenarios/lose.toml is gone\n"),
        "{text}"
    );
    assert!(
        text.contains("run: pr-9030 in lose: not made, since a file is gone\n"),
        "{text}"
    );
    let told =
        "DIFFERS: 1 of 2 runs could not be made again; the verdicts of the rest are the same\n";
    assert!(text.ends_with(told), "{text}");
}

#[test]
fn another_version_and_another_comparator_differ() {
    let models = Models::copy();
    let (_directory, path) = receipt(&models);
    edit(&path, |receipt| {
        receipt["freshest"] = json!("0.0.9");
        let files = receipt["comparator"]["files"].as_array_mut();
        let mut files = files.expect("the files").iter_mut();
        let freshness = files.find(|file| file["path"] == "src/freshness.rs");
        freshness.expect("the comparator")["sha256"] = json!("0".repeat(64));
        rehash(&mut receipt["comparator"]);
    });
    let (code, text) = verify(&models, &path);
    assert_eq!(code, 1);
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        text.contains(&format!(
            "program: was freshest 0.0.9, is freshest {version}\n"
        )),
        "{text}"
    );
    assert!(
        text.contains("comparator: src/freshness.rs has changed\n"),
        "{text}"
    );
}

#[test]
fn bounds_are_part_of_a_receipt() {
    let (_directory, path) = place();
    let gate = [
        "--design",
        "pr-9030",
        "--scenario",
        "s2",
        "--max-states",
        "50",
        "--receipt",
        &path,
    ];
    freshest().args(gate).assert().code(3);
    let (code, text) = verify(&Models::copy(), &path);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn what_is_no_receipt_is_an_input_error_that_names_the_file() {
    let models = Models::copy();
    let (directory, path) = receipt(&models);
    edit(&path, |receipt| receipt["receipt"] = json!(1));
    let (code, text) = verify(&models, &path);
    let told = "it has version 1, and this freshest knows 3 alone";
    assert_eq!((code, text.contains(told)), (2, true), "{text}");
    assert!(text.contains("write it again"), "{text}");
    edit(&path, |receipt| receipt["receipt"] = json!(4));
    let (code, text) = verify(&models, &path);
    let told = "a later freshest wrote it: verify it with that one";
    assert_eq!((code, text.contains(told)), (2, true), "{text}");

    edit(&path, |receipt| *receipt = json!({ "receipt": 3 }));
    let (code, text) = verify(&models, &path);
    assert_eq!((code, text.contains(&path)), (2, true), "{text}");

    let missing = directory
        .path()
        .join("none.json")
        .to_str()
        .unwrap()
        .to_owned();
    let (code, text) = verify(&models, &missing);
    assert_eq!((code, text.contains(&missing)), (2, true), "{text}");
}
