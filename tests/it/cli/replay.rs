//! `freshest replay`, and the traces that it reads.

use super::*;

/// Models with a saved trace of the headline.
fn saved() -> (Models, String) {
    let models = Models::copy();
    let trace = models.path().join("trace.jsonl");
    let trace = trace.to_str().expect("a path in UTF-8").to_owned();
    let mut args = HEADLINE.to_vec();
    args.extend(["--save", &trace]);
    models.freshest(&args).ends_with(0);
    (models, trace)
}

#[test]
fn a_saved_counterexample_applies() {
    let (models, trace) = saved();
    let run = models.freshest(&["replay", &trace]).ends_with(0);
    run.prints(&["1 trace, 7 steps", "violates\ncached-oiat-never-decreases"]);
}

#[test]
fn saving_leaves_no_other_file_behind() {
    let (models, _) = saved();
    let entries = std::fs::read_dir(models.path()).expect("a directory");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["designs", "scenarios", "trace.jsonl"]);
}

#[test]
fn a_trace_no_longer_applies_when_the_design_has_changed() {
    let (models, trace) = saved();
    let design = "designs/pr-8097.toml";
    models.edit(
        design,
        "sites = [\"broadcast\"]",
        "sites = [\"broadcast\", \"baseline\"]",
    );
    let run = models.freshest(&["replay", &trace]).ends_with(1);
    let run = run.prints(&[
        "pr-8097 in own-refresh departs from the trace in step 7 of 7",
        "\n  7. tab 0's background refresh is answered: [oiat 1, iat 2]\n",
        "Other than recorded, after step 7",
        "tab 0's cache: was [oiat 1, iat 2], now [oiat 2, iat 2]",
        "The old counterexample of cached-oiat-never-decreases no longer happens.",
        "freshest explain pr-8097 own-refresh cached-oiat-never-decreases --models ",
    ]);
    // In the story's words, not in those of the file.
    assert!(!run.stdout.contains("\":"), "{}", run.stdout);
    for line in run.stdout.lines().filter(|line| !line.contains("--models")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_counterexample_that_comes_about_otherwise_now_is_not_told_to_be_gone() {
    let (models, trace) = saved();
    // Whether a timer is set is none of what is violated.
    models.edit("trace.jsonl", "\"armed\":true", "\"armed\":false");
    let run = models.freshest(&["replay", &trace]).ends_with(1);
    run.prints(&[
        "tab 1's refresh timer: was not set, now set",
        "no longer happens as\n  recorded, but its events still violate it, in step 7.",
    ]);
}

#[test]
fn a_trace_no_longer_applies_when_its_event_cannot_happen() {
    let (models, trace) = saved();
    let scenario = "scenarios/own-refresh.toml";
    models.edit(scenario, "skip_cache = 1", "skip_cache = 0");
    let run = models.freshest(&["replay", &trace]).ends_with(1);
    run.prints(&[
        "departs from the trace in step 3 of 7",
        "Step 3, \"tab 0: page asks for a token past the cache\", cannot happen here",
        "tab 0's background refresh reaches the mint",
        "no longer happens.",
    ]);
}

#[test]
fn a_trace_of_a_scenario_that_has_changed_is_refused() {
    let (models, trace) = saved();
    models.edit("scenarios/own-refresh.toml", "tabs = 2", "tabs = 3");
    let run = models.freshest(&["replay", &trace]).ends_with(2);
    run.tells(&["recorded with 2 tabs", "now has 3", "record it again"]);
}

#[test]
fn the_claim_of_the_header_is_checked() {
    let (models, trace) = saved();
    models.edit(
        "trace.jsonl",
        "\"cached-oiat-never-decreases\"",
        "\"tabs-converge\"",
    );
    let run = models.freshest(&["replay", &trace]).ends_with(1);
    run.prints(&["in step 7\n  it does not violate tabs-converge"]);
}

#[test]
fn a_file_that_is_no_trace_is_refused_with_its_line() {
    let (models, good) = saved();
    let good = std::fs::read_to_string(good).expect("a trace");
    let header = good.lines().next().expect("a header");
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("empty", vec![], "line 1: the file is empty"),
        (
            "garbage",
            b"garbage\n".to_vec(),
            "is not a trace file: line 1: column 1: ",
        ),
        (
            "binary",
            vec![0xff, 0xfe, 0, b'\n'],
            "line 1: cannot be read",
        ),
        (
            "a number",
            b"1\n".to_vec(),
            "is not a trace file: line 1: column 1: ",
        ),
        (
            "no header",
            b"{\"kind\":\"trace\",\"steps\":[]}\n".to_vec(),
            "before the header",
        ),
        (
            "two headers",
            format!("{header}\n{header}\n").into_bytes(),
            "line 2: a second header",
        ),
        (
            "header only",
            format!("{header}\n").into_bytes(),
            "holds no trace",
        ),
        (
            "another format",
            header.replace("\"format\":1", "\"format\":9").into_bytes(),
            "format 9 is not known",
        ),
    ];
    for (what, bytes, told) in cases {
        models.write("bad.jsonl", bytes);
        let path = models.path().join("bad.jsonl");
        let path = path.to_str().expect("a path in UTF-8");
        let run = models.freshest(&["replay", path]).ends_with(2);
        assert!(run.stderr.contains(told), "{what}: {}", run.stderr);
        assert!(run.stderr.contains("bad.jsonl"), "{what}: {}", run.stderr);
    }
}

#[test]
fn a_missing_file_and_a_directory_are_refused() {
    let models = Models::copy();
    for path in ["/nonexistent/trace.jsonl", "/"] {
        models
            .freshest(&["replay", path])
            .ends_with(2)
            .tells(&[path, "cannot be read"]);
    }
}

#[test]
fn traces_cover_every_transition_and_apply() {
    let models = Models::copy();
    let run = models.freshest(&["traces", "pr-8097", "s2"]).ends_with(0);
    let header: Value =
        serde_json::from_str(run.stdout.lines().next().expect("a header")).expect("JSON Lines");
    assert_eq!(
        (&header["states"], &header["transitions"]),
        (&305.into(), &469.into())
    );
    assert_eq!(header["covered"], 469);
    let lines = run.stdout.lines().count() - 1;
    let new = run.stdout.matches("\"new\":true").count();
    assert_eq!(new, 469, "each transition is new exactly once");
    models.write("all.jsonl", run.stdout);
    let path = models.path().join("all.jsonl");
    let args = ["replay", path.to_str().expect("a path in UTF-8")];
    let told = format!("{lines} traces");
    models
        .freshest(&args)
        .ends_with(0)
        .prints(&[&told, "all apply to pr-8097 in s2"]);
}

#[test]
fn the_shortest_traces_end_with_a_transition_each_and_grow() {
    let models = Models::copy();
    let run = models.freshest(&["traces", "pr-8097", "s2", "--shortest"]);
    let run = run.ends_with(0);
    let lines = || {
        run.stdout
            .lines()
            .skip(1)
            .map(|line| -> Value { serde_json::from_str(line).expect("JSON Lines") })
    };
    assert_eq!(lines().count(), 469, "a trace for each transition");
    let mut longest = 0;
    for trace in lines() {
        let steps = trace["steps"].as_array().expect("steps");
        let new: Vec<_> = steps.iter().map(|step| step["new"] == true).collect();
        let (last, before) = new.split_last().expect("a step");
        assert!(
            *last && !before.contains(&true),
            "only the last step is new"
        );
        assert!(steps.len() >= longest, "the shortest first");
        longest = steps.len();
    }
    models.write("all.jsonl", &run.stdout);
    let path = models.path().join("all.jsonl");
    let path = path.to_str().expect("a path in UTF-8");
    models
        .freshest(&["replay", path])
        .ends_with(0)
        .prints(&["469 traces"]);
}

#[test]
fn traces_of_a_design_in_a_file_are_told_as_stories() {
    let models = Models::copy();
    let design = models.path().join("designs/pr-8097.toml");
    let design = design.to_str().expect("a path in UTF-8");
    let run = models
        .freshest(&["traces", design, "touch-t1"])
        .ends_with(0);
    models.write("all.jsonl", run.stdout);
    let path = models.path().join("all.jsonl");
    let path = path.to_str().expect("a path in UTF-8");
    let run = models.freshest(&["replay", path, "--story"]).ends_with(0);
    run.prints(&[
        "  0. 2 tabs and the cookie hold [oiat 1, iat 1]",
        "tab 0: page touches the session",
        "is answered: [oiat 2, iat 2]",
        "all apply to",
    ]);
}

#[test]
fn a_sample_of_traces_depends_on_nothing_but_its_seed() {
    let sample = |seed| {
        let args = [
            "traces", "pr-8097", "r1s1", "--sample", "50", "--seed", seed,
        ];
        freshest(&args).ends_with(0).stdout
    };
    assert_eq!(sample("1"), sample("1"));
    assert_ne!(sample("1"), sample("2"));
}
