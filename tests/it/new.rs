//! A design that starts as a copy of another one.

use crate::support::Models;
use std::fs;

fn files(models: &Models) -> Vec<String> {
    let entries = fs::read_dir(models.path().join("designs")).expect("designs");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        entry.file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

fn read(models: &Models, file: &str) -> String {
    fs::read_to_string(models.path().join(file)).expect("a readable file")
}

#[test]
fn the_copy_differs_in_its_title_and_its_releases_and_in_nothing_else() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    let original = read(&models, "designs/pr-9030.toml");
    // Expectations of scenarios that are not there would be faults.
    let original: String = original
        .split_inclusive('\n')
        .take_while(|line| !line.starts_with("[because]"))
        .collect();
    models.write("designs/pr-9030.toml", &original);
    let run = models.freshest(&["new", "mine", "--from", "pr-9030"]);
    run.ends_with(0).prints(&[
        "designs/mine.toml: a copy of pr-9030",
        "freshest --design mine --models ",
    ]);
    let copy = read(&models, "designs/mine.toml");
    let changed: Vec<_> = original
        .lines()
        .zip(copy.lines())
        .filter(|(before, after)| before != after)
        .map(|(_, after)| after)
        .collect();
    assert_eq!(original.lines().count(), copy.lines().count());
    assert_eq!(
        changed,
        [
            "title = \"Copy of pr-9030: #9030: a baseline across fetches, a guarded seed and a \
             guarded cookie\"",
            "releases = []",
        ]
    );
    assert!(copy.contains("# Versions of @clerk/clerk-js"), "{copy}");
}

#[test]
fn the_copy_passes_the_gate_until_somebody_changes_it_and_then_only_the_change_is_listed() {
    let models = Models::copy();
    models
        .freshest(&["new", "mine", "--from", "pr-9030"])
        .ends_with(0);
    let gate = [
        "--design",
        "mine",
        "--scenario",
        "s2",
        "--scenario",
        "fmt-s2g1",
    ];
    models.freshest(&gate).ends_with(0).prints(&["PASS"]);
    let rule = "comparator = \"table\"\n";
    models.edit(
        "designs/mine.toml",
        rule,
        &format!("{rule}A5 = \"existing\"\n"),
    );
    let run = models.freshest(&gate).ends_with(1);
    let deviations = run.stdout.matches(", expected: ").count();
    assert!((1..5).contains(&deviations), "{}", run.stdout);
    run.prints(&["tie-is-adopted: mine is violated in 9 events, expected: holds (fmt-s2g1)"]);
}

#[test]
fn a_title_with_quotes_and_a_comment_behind_it_is_copied_whole() {
    let models = Models::of(&[], &["s2"]);
    models.write(
        "designs/odd.toml",
        "# First.\ntitle = 'A \"rule\" with \\ in it'   # why\n\
         [rule] # here\ncomparator = \"table\"\n[guards]\nsites = []\n",
    );
    models
        .freshest(&["new", "odder", "--from", "odd"])
        .ends_with(0);
    let catalog = models.catalog();
    let design = catalog.design("odder").expect("the copy");
    assert_eq!(design.title, "Copy of odd: A \"rule\" with \\ in it");
    let text = read(&models, "designs/odder.toml");
    for kept in ["# First.\n", "   # why\n", "[rule] # here\n"] {
        assert!(text.contains(kept), "no {kept:?} in {text}");
    }
    assert!(!text.contains("releases"), "{text}");
}

#[test]
fn a_file_that_is_there_already_is_left_alone() {
    let models = Models::copy();
    let before = read(&models, "designs/iat-guard.toml");
    let run = models.freshest(&["new", "iat-guard", "--from", "pr-9030"]);
    run.ends_with(2).tells(&[
        "designs/iat-guard.toml exists already",
        "choose another name",
    ]);
    assert_eq!(read(&models, "designs/iat-guard.toml"), before);
}

#[test]
fn an_unknown_design_is_told_with_the_nearest_name_and_nothing_is_written() {
    let models = Models::copy();
    let before = files(&models);
    let run = models.freshest(&["new", "mine", "--from", "pr9030"]);
    run.ends_with(2)
        .tells(&["there is no design `pr9030`", "did you mean `pr-9030`?"]);
    assert_eq!(files(&models), before);
}

#[test]
fn a_name_that_cannot_be_a_file_everywhere_is_refused() {
    let models = Models::copy();
    let before = files(&models);
    let long = "a".repeat(101);
    for name in [
        "", ".", "..", "../mine", "a/b", "a b", "-", ".mine", "mïne", &long,
    ] {
        let run = models.freshest(&["new", name, "--from", "pr-9030"]);
        run.ends_with(2)
            .tells(&["cannot be the name of a design", "digits"]);
    }
    assert_eq!(files(&models), before);
}

#[test]
fn json_says_what_was_written_and_what_to_do_next() {
    let models = Models::copy();
    let args = ["new", "mine", "--from", "pr-8097", "--format", "json"];
    let json = models.freshest(&args).ends_with(0).json();
    assert_eq!(json["version"], 1);
    let written = &json["results"][0];
    assert_eq!(written["design"], "mine");
    assert_eq!(written["from"], "pr-8097");
    let path = written["path"].as_str().expect("a path");
    assert!(fs::metadata(path).is_ok(), "{path}");
    let command = written["next"][0]["command"].as_str().expect("a command");
    assert!(command.starts_with("freshest check --trial --design mine --models "));
}
