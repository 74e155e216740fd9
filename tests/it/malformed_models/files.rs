//! A file that is no model, or cannot be read.

use super::*;
use freshest::source::MAX_FILE_BYTES;
use std::fs;

#[test]
fn a_file_that_is_not_toml_is_told_with_its_place() {
    for (file, text) in [
        (DESIGN, "title = ¦\n"),
        // The parser points behind the first byte of a letter that has two.
        (DESIGN, "¦Ⱥ\n"),
        (DESIGN, "title = \"never closed¦\n"),
        (SCENARIO, "title = \"x\"\ntabs ¦2\n"),
        (SCENARIO, "¦{\"title\": \"JSON\"}\n"),
    ] {
        let (text, (line, _)) = unmark(text);
        let run = with(file, text);
        run.tells(&[&format!("{file}:{line}:"), "not valid TOML"]);
    }
}

#[test]
fn every_fault_of_every_file_is_told_at_once() {
    let models = Models::of(&[], &[]);
    let design = "title = \"\"\nsourecs = []\n[rule]\ncomparator = \"tabel\"\nA1 = \"me\"\n\
                  [guards]\nsites = [\"cooky\"]\nseed = \"slot\"\n";
    models.write(DESIGN, design);
    let scenario = "title = \"Broken\"\ntabs = 2\nwatch = [7]\n[budget]\nrefesh = 1\nage = -1\n";
    models.write(SCENARIO, scenario);
    models.write("scenarios/other.toml", "tabs = [\n");
    let run = models.freshest(&["check"]).ends_with(2).tells(&[
        "designs/broken.toml:1:9\n",
        "designs/broken.toml:2:1\n",
        "designs/broken.toml:4:14\n",
        "designs/broken.toml:5:6\n",
        "designs/broken.toml:7:10\n",
        "designs/broken.toml:8:8\n",
        "scenarios/broken.toml:3:10\n",
        "scenarios/broken.toml:5:1\n",
        "scenarios/broken.toml:6:7\n",
        "scenarios/other.toml:",
    ]);
    assert_eq!(run.stderr.matches("error: ").count(), 10, "{}", run.stderr);
}

#[test]
fn a_file_that_is_not_utf_8_is_told() {
    let run = with(DESIGN, b"title = \"\xff\xfe\"\n");
    run.tells(&[DESIGN, "cannot be read", "UTF-8"]);
}

#[test]
fn a_directory_in_place_of_a_file_is_told() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    fs::create_dir(models.path().join(SCENARIO)).expect("a directory");
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&[SCENARIO, "cannot be read"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    std::os::unix::fs::symlink("nowhere", models.path().join(DESIGN)).expect("a link");
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&[DESIGN, "cannot be read"]);
}

#[test]
fn a_file_that_is_too_large_is_told_and_not_read() {
    let limit = usize::try_from(MAX_FILE_BYTES).expect("a small limit");
    let run = with(DESIGN, vec![b'#'; limit + 1]);
    run.tells(&[DESIGN, "is larger than 1048576 bytes"]);
}

#[test]
fn a_file_of_the_largest_size_is_read() {
    let limit = usize::try_from(MAX_FILE_BYTES).expect("a small limit");
    let models = Models::of(&[], &["s2"]);
    let comment = "#".repeat(limit - WHOLE.len());
    models.write(DESIGN, format!("{WHOLE}{comment}"));
    models.freshest(&["list"]).ends_with(0);
}

#[test]
fn an_empty_file_lacks_everything_that_is_required() {
    let lacks = |file, keys: &[&str]| {
        let stderr = with(file, "").stderr;
        for key in keys {
            let told = format!("the file has no `{key}`");
            assert!(stderr.contains(&told), "no {told:?} in:\n{stderr}");
        }
    };
    lacks(DESIGN, &["title", "rule", "guards"]);
    lacks(SCENARIO, &["title", "tabs", "budget"]);
}

#[test]
fn columns_are_counted_in_characters() {
    let design = case(
        "a fault behind an umlaut",
        format!("title = \"Ä\", ¦x = 1{REST}").replace(", ¦", " ¦"),
        "not valid TOML",
        "",
    );
    design.is_told(DESIGN);
}
