//! Designs of revisions in git.

use super::STANDARD;
use crate::support::{Models, Run, command};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs git in a directory, whatever the machine's own settings are.
fn git(directory: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(directory)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = git.output().expect("git runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
}

/// `freshest diff` in a directory, on the models there.
fn diff_in(directory: &Path, args: &[&str]) -> Run {
    let mut all = vec!["diff", "--models", ".", "--scenario", "own-refresh"];
    all.extend(args);
    let mut program = command(&all);
    program.current_dir(directory);
    // A repository around the temporary directory is none of this test's.
    program.env("GIT_CEILING_DIRECTORIES", directory);
    Run::from(program.output().expect("the program runs"))
}

#[test]
fn a_file_that_is_not_committed_is_compared_with_itself_in_git() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let directory = models.path();
    git(directory, &["init", "-q", "-b", "main"]);
    git(directory, &["add", "."]);
    git(directory, &["commit", "-qm", "models"]);
    let (was, is) = ("main:designs/pr-9030.toml", "designs/pr-9030.toml");
    let same = diff_in(directory, &[was, is]).ends_with(0);
    assert!(
        !same.stdout.contains("Distinguishing trace"),
        "{}",
        same.stdout
    );
    let row = "comparator = \"table\"\nA1 = \"incoming\"";
    models.edit(is, "comparator = \"table\"", row);
    diff_in(directory, &[was, is]).ends_with(1).prints(&[
        "from  main:designs/pr-9030.toml: ",
        "row A1 (existing oiat later): existing -> incoming",
        "cached-oiat-never-decreases",
    ]);
    diff_in(directory, &["pr-9030", "HEAD:./designs/pr-9030.toml"]).ends_with(0);
    // A file is a design without being in designs/.
    fs::copy(directory.join(is), directory.join("other.toml")).expect("a copy");
    diff_in(directory, &["other.toml", is]).ends_with(0);
    let markdown = diff_in(directory, &[was, "other.toml", "--format", "markdown"]);
    markdown
        .ends_with(1)
        .prints(&["`main:designs/pr-9030.toml`"]);
}

#[test]
fn what_is_in_no_file_and_no_revision_is_a_usage_error_that_says_how_to_name_it() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let directory = models.path();
    let fails = |operand: &str, part: &str| {
        let run = diff_in(directory, &["pr-9030", operand]).ends_with(2);
        assert!(run.stderr.contains(part), "{operand}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    };
    fails("main:designs/pr-9030.toml", "not a git repository");
    git(directory, &["init", "-q", "-b", "main"]);
    git(directory, &["add", "designs"]);
    git(directory, &["commit", "-qm", "models"]);
    fails("main:designs/none.toml", "git cannot read it");
    fails("nowhere:designs/pr-9030.toml", "git cannot read it");
    fails("main:designs", "ends in .toml");
    fails(":designs/pr-9030.toml", "write REVISION:FILE");
    fails("designs/none.toml", "cannot be read");
    fails("builtin:none", "there is no design");
    fails("main:$(touch pwned).toml", "git cannot read it");
    fails("main:a\nb.toml", "holds U+000A");
    let run = diff_in(
        directory,
        &["pr-9030", "--", "--output=x:designs/pr-9030.toml"],
    );
    run.ends_with(2);
    for file in ["pwned", "x", "x:designs"] {
        assert!(!directory.join(file).exists(), "{file}");
    }
    // A broken design is told with its place.
    models.write("designs/pr-9030.toml", "title = 3\n");
    git(directory, &["commit", "-qam", "broken"]);
    models.write(
        "designs/pr-9030.toml",
        fs::read(crate::support::models().join("designs/pr-9030.toml")).expect("a file"),
    );
    fails("main:designs/pr-9030.toml", "main:designs/pr-9030.toml:1");
}

#[test]
fn the_comparator_of_a_revision_is_not_taken_from_today() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let directory = models.path();
    models.write("designs/tokenFreshness.ts", STANDARD);
    let design = fs::read_to_string(directory.join("designs/pr-9030.toml")).expect("a file");
    let rule = "comparator = \"table\"";
    assert!(design.contains(rule));
    let script = "comparator = { script = \"tokenFreshness.ts\" }";
    models.write("designs/pr-9030.toml", design.replacen(rule, script, 1));
    git(directory, &["init", "-q", "-b", "main"]);
    git(directory, &["add", "."]);
    git(directory, &["commit", "-qm", "models"]);
    let run = diff_in(
        directory,
        &["main:designs/pr-9030.toml", "designs/pr-9030.toml"],
    );
    assert_eq!(run.ends_with(2).stdout, "");
}

#[test]
fn a_file_that_is_compared_is_not_written_over() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let directory = models.path();
    let file = directory.join("mine.toml");
    fs::copy(directory.join("designs/pr-9030.toml"), &file).expect("a copy");
    let run = diff_in(
        directory,
        &["pr-9030", "mine.toml", "--output", "markdown=mine.toml"],
    );
    let run = run.ends_with(2);
    assert!(run.stderr.contains("it is read"), "{}", run.stderr);
    assert!(fs::read_to_string(file).expect("a file").contains("title"));
}
