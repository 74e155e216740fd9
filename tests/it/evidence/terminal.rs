//! What somebody at a terminal, or at the other end of a pipe, gets to see.

use super::{freshest, run, wrong_models};
use crate::support::Models;
use freshest::property::{Group, Property};
use serde_json::Value;

const QUICK: [&str; 4] = ["--design", "pr-8097", "--scenario", "bystander"];
const ESCAPE: char = '\u{1b}';

fn strip(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ESCAPE) {
        plain += before;
        rest = after.split_once('m').unwrap().1;
    }
    plain + rest
}

/// Times are never the same.
fn without_times(text: &str) -> String {
    let line = |line: &str| line.split(", depth up to").next().unwrap().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pipe_gets_neither_colours_nor_hyperlinks() {
    let (_, text) = run(&QUICK);
    assert!(!text.contains(ESCAPE), "{text:?}");
}

#[test]
fn colours_on_request_say_nothing_that_the_letters_do_not() {
    let (_, plain) = run(&QUICK);
    let (_, coloured) = run(&[&QUICK[..], &["--color", "always"]].concat());
    assert!(coloured.contains(ESCAPE));
    assert_eq!(without_times(&strip(&coloured)), without_times(&plain));
}

#[test]
fn no_color_and_clicolor_force_are_respected_and_the_argument_wins() {
    let coloured = |variable: &str, color: &str| {
        let output = freshest()
            .args(QUICK)
            .args(["--color", color])
            .env(variable, "1")
            .output();
        String::from_utf8(output.unwrap().stdout)
            .unwrap()
            .contains(ESCAPE)
    };
    assert!(coloured("CLICOLOR_FORCE", "auto"));
    assert!(!coloured("CLICOLOR_FORCE", "never"));
    assert!(!coloured("NO_COLOR", "auto"));
    assert!(coloured("NO_COLOR", "always"));
}

#[test]
fn only_text_is_coloured() {
    for format in ["json", "markdown", "junit", "sarif", "github"] {
        let (_, text) = run(&[&QUICK[..], &["--color", "always", "--format", format]].concat());
        assert!(!text.contains(ESCAPE), "{format}");
    }
}

#[test]
fn a_table_fits_80_columns_with_the_longest_names() {
    let gate = [
        "--scenario",
        "broadcast-only",
        "--scenario",
        "age-r1g1a2",
        "--scenario",
        "rollout-format",
    ];
    let (code, text) = run(&gate);
    assert_eq!(code, 0);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn quiet_is_one_line() {
    let (code, text) = run(&[&QUICK[..], &["--quiet"]].concat());
    assert_eq!(
        (code, text.as_str()),
        (0, "PASS: every verdict is as expected\n")
    );
}

#[test]
fn explain_without_a_property_lists_commands_that_work() {
    let (code, text) = run(&["explain", "pr-9030", "lose"]);
    assert_eq!(code, 0);
    assert!(
        text.starts_with(
            "pr-9030 in lose\n  tabs-converge is violated in 5 events\n    \
             freshest explain pr-9030 lose tabs-converge\n"
        ),
        "{text}"
    );
    let command: Vec<_> = text
        .lines()
        .nth(2)
        .unwrap()
        .trim()
        .split(' ')
        .skip(1)
        .collect();
    let (code, story) = run(&command);
    assert_eq!(code, 0);
    assert!(story.starts_with("tabs-converge is violated\n"), "{story}");
}

#[test]
fn explain_of_a_design_tells_each_property_once_where_it_takes_the_fewest_events() {
    let (code, text) = run(&["explain", "pr-9030"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("pr-9030\n"), "{text}");
    let told = "  tabs-converge is violated in 5 events (";
    assert_eq!(text.matches("  tabs-converge is violated").count(), 1);
    assert!(text.contains(told), "{text}");
    let (_, rest) = text.split_once(told).unwrap();
    let (scenario, _) = rest.split_once([';', ')']).unwrap();
    let command = format!("freshest explain pr-9030 {scenario} tabs-converge\n");
    assert!(text.contains(&command), "{text}");
    assert!(
        text.lines().count() <= 3 * Property::ALL.len() + 4,
        "{text}"
    );

    // Everything as JSON, as before.
    let (_, json) = run(&["explain", "pr-9030", "--format", "json"]);
    let list: Value = serde_json::from_str(&json).unwrap();
    let all = list["violations"].as_array().unwrap().len();
    assert!(all > Property::ALL.len(), "{all}");
}

#[test]
fn a_heading_of_the_digest_is_a_name() {
    let (code, text) = run(&["explain", "pr-9030", "tabs"]);
    assert_eq!(code, 0);
    let in_group = Group::Tabs.properties();
    let told = text.lines().next().unwrap();
    let property = told.strip_suffix(" is violated").unwrap();
    assert!(
        in_group.has(Property::from_name(property).unwrap()),
        "{told}"
    );
    // The shortest of the group: what the digest's cell counts.
    let (_, digest) = run(&[
        "--design",
        "pr-9030,pr-8097,iat-guard,lock",
        "--property",
        "tabs",
    ]);
    let row = digest
        .lines()
        .find(|line| line.contains("pr-9030"))
        .unwrap();
    let shortest = row.split_whitespace().last().unwrap();
    assert!(
        text.contains(&format!("VIOLATED in step {shortest}\n")),
        "{row}"
    );

    let (_, grouped) = run(&[
        "--design",
        "pr-8097",
        "--scenario",
        "s2",
        "--property",
        "cookie",
    ]);
    let verdicts = format!("{} verdicts: ", Group::Cookie.properties().len());
    assert!(grouped.contains(&verdicts), "{grouped}");
}

#[test]
fn explain_marks_what_is_not_as_expected_and_names_the_models() {
    let models = wrong_models();
    let (_, text) = run(&["explain", "pr-9030", "lose", "--models", models.as_arg()]);
    let command = format!(
        "explain pr-9030 lose tabs-converge --models {}\n",
        models.as_arg()
    );
    assert!(
        text.contains("in 5 events (not as expected)\n") && text.contains(&command),
        "{text}"
    );
}

#[test]
fn explain_says_where_nothing_is_violated() {
    let (code, text) = run(&["explain", "proposal-callers", "s2"]);
    assert_eq!((code, text.as_str()), (0, "nothing is violated\n"));
    let (code, text) = run(&["explain", "proposal-callers", "s2", "--format", "json"]);
    let list: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, list["violations"].as_array().unwrap().len()), (0, 0));
}

/// What a shell's script asks the program, and is answered.
fn completed(shell: &str, words: &[&str]) -> String {
    let last = words.len() - 1;
    let output = freshest()
        .env("_FRESHEST_COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", last.to_string())
        .arg("--")
        .args(words)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{shell}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_shell_gets_a_script_and_answers() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script) = run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(script.contains("_FRESHEST_COMPLETE"), "{shell}: {script}");
        let commands = completed(shell, &["freshest", "ver"]);
        assert!(commands.contains("verify"), "{shell}: {commands}");
        let names = completed(shell, &["freshest", "explain", "pr-8"]);
        assert!(names.contains("pr-8097"), "{shell}: {names}");
        assert!(!names.contains("pr-9030"), "{shell}: {names}");
    }
}

/// What bash proposes for the last word of a line, by the script that it is given.
#[cfg(unix)]
fn proposed_by_bash(words: &[&str]) -> Vec<String> {
    let program = assert_cmd::cargo::cargo_bin("freshest");
    let script = "\
source <(\"$1\" completions bash)
shift
[[ $(complete -p freshest) =~ -F\\ ([^ ]+) ]]
COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9
\"${BASH_REMATCH[1]}\" freshest \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"
printf '%s\\n' \"${COMPREPLY[@]}\"
";
    let bash = std::process::Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .arg(program)
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let told = String::from_utf8(bash.stdout).unwrap();
    told.lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_the_names_of_designs_scenarios_and_properties() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["freshest", "ver"], &["verify"]),
        (&["freshest", "explain", "pr-8"], &["pr-8097"]),
        (&["freshest", "explain", "pr-8097", "own"], &["own-refresh"]),
        // For the shortest story in any scenario.
        (
            &["freshest", "explain", "pr-8097", "tabs-c"],
            &["tabs-converge", "tabs-converge-in-rank"],
        ),
        (
            &["freshest", "explain", "pr-8097", "s2", "tabs-c"],
            &["tabs-converge", "tabs-converge-in-rank"],
        ),
        (&["freshest", "--design", "pr-8"], &["pr-8097"]),
        (
            &["freshest", "check", "--design", "epoch,pr-8"],
            &["epoch,pr-8097"],
        ),
        (
            &["freshest", "check", "--design", "=", "pr-8"],
            &["pr-8097"],
        ),
        (
            &["freshest", "check", "--design=pr-8"],
            &["--design=pr-8097"],
        ),
        (&["freshest", "--scenario", "three-t"], &["three-tabs"]),
        (
            &["freshest", "mutate", "pr-8097", "--property", "seed"],
            &["seed-is-not-stale"],
        ),
        (&["freshest", "new", "mine", "--from", "pr-8"], &["pr-8097"]),
        (&["freshest", "diff", "pr-9030", "pr-8"], &["pr-8097"]),
        (&["freshest", "diff", "Cargo.to"], &["Cargo.toml"]),
        (
            &["freshest", "liveness", "--question", "every-p"],
            &["every-post-arrives"],
        ),
        (&["freshest", "man", "che"], &["check"]),
    ];
    for (words, expected) in cases {
        assert_eq!(proposed_by_bash(words), *expected, "{words:?}");
    }
}

#[cfg(unix)]
#[test]
fn names_are_those_of_the_models_that_the_line_means_broken_or_not() {
    let models = Models::copy();
    let at = models.as_arg();
    models.write(
        "designs/our-own.toml",
        std::fs::read_to_string(models.path().join("designs/pr-9030.toml")).unwrap(),
    );
    let line = ["freshest", "check", "--models", at, "--design", "our"];
    assert_eq!(proposed_by_bash(&line), ["our-own"]);
    let line = ["freshest", "check", "--design", "our"];
    assert_eq!(proposed_by_bash(&line), [""]);
    models.write("designs/our-own.toml", "title = ");
    let models = format!("--models={at}");
    let line = ["freshest", "check", &models, "--design", "our"];
    assert_eq!(proposed_by_bash(&line), ["our-own"]);
}

/// Whatever is in the environment: it takes words as no user types them, too.
#[test]
fn nothing_is_completed_in_the_place_of_a_gate() {
    let gate = |args: &[&str]| {
        let mut command = freshest();
        command.env("_FRESHEST_COMPLETE", "bash").args(args);
        command.output().unwrap()
    };
    let output = gate(&["--quiet", "--design", "pr-8097", "--scenario", "s2"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("PASS"), "{told}");
    assert_eq!(gate(&["--design", "nobody"]).status.code(), Some(2));
    assert_eq!(gate(&["--", "--quiet"]).status.code(), Some(2));
}

#[test]
fn there_is_a_man_page_for_the_program_and_for_each_command() {
    let (code, page) = run(&["man"]);
    assert_eq!(code, 0);
    assert!(page.contains(".TH freshest 1"), "{page}");
    assert!(page.contains(".SH SUBCOMMANDS"), "{page}");
    let (code, page) = run(&["man", "check"]);
    assert_eq!(code, 0);
    assert!(
        page.contains(".TH freshest-check 1") && page.contains("\\-\\-output"),
        "{page}"
    );
    let output = freshest().args(["man", "chekc"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("did you mean `check`?")
    );
}
