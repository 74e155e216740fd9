//! `freshest init`.

use super::{AS_8097, Elsewhere};

#[test]
fn what_init_writes_passes_the_gate_and_so_do_the_commands_that_it_proposes() {
    let elsewhere = Elsewhere::new();
    let run = elsewhere.freshest(&["init"]).ends_with(0);
    let commands = run
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  freshest "));
    let commands: Vec<Vec<&str>> = commands.map(|line| line.split(' ').collect()).collect();
    assert_eq!(commands.len(), 3, "{}", run.stdout);
    for command in &commands {
        elsewhere.freshest(command).ends_with(0);
    }
    assert_eq!(commands[0][..2], ["check", "--trial"]);
    assert!(elsewhere.has("models/designs/mine.toml"));
    assert_eq!(
        elsewhere.freshest(&["list", "--format", "json"]).json()["scenarios"]
            .as_array()
            .map(Vec::len),
        Some(12)
    );
    let workflow = elsewhere.read(".github/workflows/freshest.yml");
    assert!(workflow.contains("models: models\n"), "{workflow}");
    let yaml = yaml_rust2::YamlLoader::load_from_str(&workflow).expect("YAML");
    assert!(
        yaml[0]["jobs"]["freshest"]["steps"]
            .as_vec()
            .is_some_and(|steps| steps.len() == 2)
    );
}

#[test]
fn a_script_stays_where_it_is_and_is_what_decides() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("src/core/tokenFreshness.ts", AS_8097);
    elsewhere
        .freshest(&[
            "init",
            "checks/freshness",
            "--script",
            "src/core/tokenFreshness.ts",
        ])
        .ends_with(0);
    let design = elsewhere.read("checks/freshness/designs/tokenFreshness.toml");
    assert!(
        design.contains("script = \"../../../src/core/tokenFreshness.ts\""),
        "{design}"
    );
    elsewhere
        .freshest(&["check", "--models", "checks/freshness"])
        .ends_with(0);
    // Another rule there, and the gate notices.
    elsewhere.write(
        "src/core/tokenFreshness.ts",
        "export const pickFreshestJwt = (a, b) => b;",
    );
    elsewhere
        .freshest(&["check", "--models", "checks/freshness"])
        .ends_with(1);
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_half_written() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("models/mine.txt", "mine");
    elsewhere
        .freshest(&["init"])
        .ends_with(2)
        .tells(&["models exists already"]);
    elsewhere.write("broken.ts", "export function pickFreshestJwt(a, b {");
    let before = elsewhere.files();
    for wrong in [
        &["init", "new", "--script", "broken.ts"][..],
        &["init", "new", "--script", "nowhere.ts"],
        &["init", "new", "--like", "pr-9031"],
        &["init", "new", "--name", "../mine"],
        &["init", "models/mine.txt/new"],
    ] {
        elsewhere.freshest(wrong).ends_with(2);
        assert_eq!(elsewhere.files(), before, "{wrong:?}");
    }
}

#[test]
fn a_workflow_that_is_there_is_left_alone() {
    let elsewhere = Elsewhere::new();
    elsewhere.write(".github/workflows/freshest.yml", "mine");
    let run = elsewhere.freshest(&["init"]).ends_with(0);
    run.prints(&["is there already, and was left alone"]);
    assert_eq!(elsewhere.read(".github/workflows/freshest.yml"), "mine");
}

#[test]
fn a_bare_copy_expects_nothing_and_a_copy_expects_nothing_elsewhere() {
    let elsewhere = Elsewhere::new();
    elsewhere.copy_models(&[
        "designs/pr-9030.toml",
        "scenarios/lose.toml",
        "scenarios/clear.toml",
    ]);
    elsewhere
        .freshest(&["new", "bare", "--from", "pr-9030", "--bare"])
        .ends_with(0);
    let bare = elsewhere.read("models/designs/bare.toml");
    assert!(
        !bare.contains("expect") && !bare.contains("because"),
        "{bare}"
    );
    elsewhere
        .freshest(&["check", "--design", "bare"])
        .ends_with(1);
    let run = elsewhere
        .freshest(&["new", "copy", "--from", "builtin:pr-9030"])
        .ends_with(0);
    run.prints(&["freshest check --trial --design copy"]);
    let copy = elsewhere.read("models/designs/copy.toml");
    assert!(
        copy.contains("[expect.clear]") && !copy.contains("[expect.expiry]"),
        "{copy}"
    );
    elsewhere
        .freshest(&["check", "--design", "copy"])
        .ends_with(0);
}
