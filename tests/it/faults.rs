//! What goes wrong with one answer (it is lost, has no token, is 401) through every command that tells of it.

use crate::support::{Models, Run, freshest};
use std::fs;
use tempfile::TempDir;

const PROPERTY: &str = "rejected-only-without-token";

/// Where a call is rejected although the cache holds a token: the fault, a scenario, the step that names it, and the last.
const FAULTS: [(&str, &str, &str, &str); 3] = [
    (
        "lose_answer",
        "lost-r1s1",
        "the answer to tab 0's fetch f0 is lost",
        "VIOLATED in step 6",
    ),
    (
        "empty_answer",
        "null-r1s1g1",
        "tab 0's fetch f0 is answered without a token",
        "VIOLATED in step 5",
    ),
    (
        "unauthorized",
        "unauth-s1g1",
        "tab 0's fetch f0 is answered with 401",
        "VIOLATED in step 4",
    ),
];

fn explained(scenario: &str, more: &[&str]) -> Run {
    let mut args = vec!["explain", "pr-9284", scenario, PROPERTY];
    args.extend(more);
    freshest(&args).ends_with(0)
}

/// The path of a file in a directory, and the trace of one fault in it.
fn saved(directory: &TempDir, scenario: &str, name: &str) -> String {
    let path = directory.path().join(name);
    let path = path.to_str().expect("a path in UTF-8").to_owned();
    explained(scenario, &["--save", &path]);
    path
}

#[test]
fn a_story_names_the_fault_and_the_rejection_that_comes_of_it() {
    for (_, scenario, fault, last) in FAULTS {
        explained(scenario, &[]).prints(&[
            fault,
            "getToken in tab 0 is rejected",
            last,
            "though the cache holds [oiat 1, iat 1]",
        ]);
    }
    explained("unauth-s1g1", &[]).prints(&[
        "tab 0 sends a request: look at the client because of fetch f0",
        "tab 0's look at the client because of fetch f0 is answered",
    ]);
}

#[test]
fn a_saved_trace_applies_again_in_both_forms_and_tells_the_same_story() {
    let directory = TempDir::new().expect("a temporary directory");
    for (_, scenario, fault, _) in FAULTS {
        for form in ["jsonl", "itf.json"] {
            let path = saved(&directory, scenario, &format!("{scenario}.{form}"));
            let told = "the last step violates rejected-only-without-token";
            let replayed = freshest(&["replay", &path]).ends_with(0);
            let words: Vec<_> = replayed.stdout.split_whitespace().collect();
            assert!(words.join(" ").ends_with(told), "{}", replayed.stdout);
            freshest(&["replay", "--story", &path])
                .ends_with(0)
                .prints(&[fault, "getToken in tab 0 is rejected"]);
        }
    }
}

#[test]
fn a_trace_in_which_one_fault_stands_for_another_does_not_apply() {
    let directory = TempDir::new().expect("a temporary directory");
    for (fault, scenario, ..) in FAULTS {
        for other in ["lose_answer", "empty_answer", "unauthorized", "fail"] {
            if other == fault {
                continue;
            }
            for form in ["jsonl", "itf.json"] {
                let path = saved(&directory, scenario, &format!("{scenario}.{form}"));
                let text = fs::read_to_string(&path).expect("a saved trace");
                let forged = text.replace(&format!("\"{fault}\""), &format!("\"{other}\""));
                assert_ne!(forged, text, "{form} names the fault {fault}");
                fs::write(&path, forged).expect("a writable file");
                let run = freshest(&["replay", &path]);
                assert!(
                    matches!(run.code, Some(1 | 2)),
                    "{other} for {fault} in {form}: {run:?}"
                );
                assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
            }
        }
    }
}

#[test]
fn every_picture_names_the_fault() {
    for (fault, scenario, told, _) in FAULTS {
        let note = match fault {
            "lose_answer" => "answer to fetch f0 is lost",
            "empty_answer" => told,
            _ => "fetch f0 gets 401",
        };
        explained(scenario, &["--format", "mermaid"]).prints(&[told, note]);
        explained(scenario, &["--format", "markdown"]).prints(&[told, "```mermaid"]);
        // Words are broken into lines there, but for the description of the picture.
        let svg = explained(scenario, &["--format", "svg"]).stdout;
        let described = told.replace('\'', "&#39;");
        assert!(svg.contains(&described), "no {described:?} in:\n{svg}");
        let step = explained(scenario, &["--format", "json"]).stdout;
        assert!(step.contains(&format!("\"{fault}\"")), "{step}");
    }
}

#[test]
fn what_mends_the_rejection_is_told_as_a_difference_between_designs() {
    for (_, scenario, ..) in FAULTS {
        let args = [
            "diff",
            "pr-9284",
            "proposal-callers",
            "--scenario",
            scenario,
        ];
        let run = freshest(&args).ends_with(0).prints(&["Fixed"]);
        let fixed = run.stdout.lines().find(|line| line.contains(PROPERTY));
        let words: Vec<_> = fixed.expect(&run.stdout).split_whitespace().collect();
        assert_eq!(words.last(), Some(&"holds"), "{words:?}");
    }
}

#[test]
fn a_changed_rule_is_noticed_among_faults() {
    for (scenario, noticed) in [
        ("lost-r1s1", "cached-oiat-never-decreases"),
        ("null-r1s1g1", "cookie-oiat-never-decreases"),
        ("unauth-s1g1", "cookie-oiat-never-decreases"),
    ] {
        let args = [
            "mutate",
            "pr-9284",
            "--explain=A1=incoming",
            "--scenario",
            scenario,
        ];
        let run = freshest(&args);
        assert!(run.stdout.contains(noticed), "{scenario}: {run:?}");
    }
}

#[test]
fn every_call_ends_whatever_becomes_of_one_answer() {
    let scenarios = FAULTS.map(|(_, scenario, ..)| scenario).join(",");
    let args = ["liveness", "--design", "pr-9284", "--scenario", &scenarios];
    let run = freshest(&args).ends_with(0);
    let (_, calls) = run.stdout.split_once("every-call-ends").expect(&run.stdout);
    for (_, scenario, ..) in FAULTS {
        let line = calls.lines().find(|line| line.starts_with(scenario));
        assert!(line.expect(calls).contains("holds"), "{calls}");
    }
}

#[test]
fn three_faults_in_one_scenario_have_the_verdicts_of_each() {
    let models = Models::of(&["pr-9284"], &[]);
    models.write(
        "scenarios/all.toml",
        "title = \"Any answer may go wrong\"\ntabs = 2\n[budget]\nskip_cache = 1\nget_token = 1\nrefresh = 1\n\
         lose_answer = 1\nempty_answer = 1\nunauthorized = 1\n",
    );
    let run = models.freshest(&["explain", "pr-9284", "all", PROPERTY]);
    run.ends_with(0).prints(&["VIOLATED in step 4"]);
    // Known by name, verdict and length: the steps of two engines may be others.
    let both = ["fast", "stateright"].map(|engine| {
        let args = ["check", "--trial", "--engine", engine, "--format", "json"];
        let told = models.freshest(&args).json();
        let all = told["results"][0]["properties"].as_array();
        let all = all.expect("properties").iter();
        let all = all.map(|one| ["name", "verdict", "steps"].map(|key| one[key].clone()));
        all.collect::<Vec<_>>()
    });
    assert_eq!(both[0], both[1]);
    assert!(both[0].iter().any(|[_, verdict, _]| verdict == "violated"));
}
