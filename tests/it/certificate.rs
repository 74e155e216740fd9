//! What is proved is checked by a program that shares no code with the prover, and is not fooled.

use crate::support::{Models, Run, freshest};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn check(file: &Path) -> Run {
    let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificate/check.py");
    let output = Command::new("python3").arg(checker).arg(file).output();
    output.expect("python3 runs").into()
}

/// The certificate of a design, in a directory of its own.
fn certificate(arguments: &[&str]) -> (TempDir, Value) {
    let folder = TempDir::new().expect("a directory");
    let file = folder.path().join("certificate.json");
    let mut all = arguments.to_vec();
    all.extend(["--certificate", file.to_str().expect("UTF-8")]);
    freshest(&all);
    let text = std::fs::read_to_string(&file).expect("a certificate");
    (folder, serde_json::from_str(&text).expect("JSON"))
}

fn check_value(value: &Value) -> Run {
    let folder = TempDir::new().expect("a directory");
    let file = folder.path().join("certificate.json");
    std::fs::write(&file, value.to_string()).expect("a file");
    check(&file)
}

#[test]
fn all_that_is_proved_of_the_release_is_proved_by_another_program_too() {
    let (folder, value) = certificate(&["prove", "pr-9030"]);
    let checked = check(&folder.path().join("certificate.json")).ends_with(0);
    assert!(checked.stdout.ends_with("pr-9030: proved\n"), "{checked:?}");
    let invariants = value["invariants"].as_array().expect("a list");
    let proved = invariants
        .iter()
        .flat_map(|of| of["proves"].as_array().expect("a list"));
    assert_eq!(proved.count(), 10);
}

#[test]
fn the_headline_of_the_proposal_is_proved_by_another_program_too() {
    let arguments = [
        "prove",
        "proposal",
        "--property",
        "cached-oiat-never-decreases",
    ];
    let (folder, _) = certificate(&arguments);
    check(&folder.path().join("certificate.json")).ends_with(0);
}

/// What somebody might change, and whether the file is then refused (1) or no certificate (2).
#[test]
fn a_forged_certificate_is_refused() {
    let arguments = ["prove", "pr-9030", "--tokens", "with-oiat"];
    let (_folder, honest) = certificate(&arguments);
    check_value(&honest).ends_with(0);
    let list = |value: &mut Value, path: &str| {
        let found = value.pointer_mut(path).and_then(Value::as_array_mut);
        found.expect("a list").clone()
    };
    let put = |path: &'static str, new: Value| {
        move |value: &mut Value| *value.pointer_mut(path).expect("a place") = new.clone()
    };
    type Forgery<'a> = (&'a str, Box<dyn Fn(&mut Value) + 'a>, i32);
    let forgeries: Vec<Forgery<'_>> = vec![
        (
            "a state less",
            Box::new(|value| {
                for part in ["states", "successors"] {
                    let path = format!("/invariants/1/{part}");
                    let mut all = list(value, &path);
                    all.pop();
                    *value.pointer_mut(&path).expect("a place") = json!(all);
                }
            }),
            2,
        ),
        (
            "a successor less",
            Box::new(|value| {
                let mut all = list(value, "/invariants/1/successors/5");
                all.pop();
                *value
                    .pointer_mut("/invariants/1/successors/5")
                    .expect("a place") = json!(all);
            }),
            1,
        ),
        (
            "a successor more",
            Box::new(put(
                "/invariants/1/successors/0",
                json!([0, 1, 2, 3, 4, 5, 6, 7, 8]),
            )),
            1,
        ),
        (
            "another state",
            Box::new(put("/invariants/1/states/9/3", json!("yes"))),
            1,
        ),
        (
            "a state twice",
            Box::new(|value| {
                let states = list(value, "/invariants/1/states");
                *value
                    .pointer_mut("/invariants/1/states/3")
                    .expect("a place") = states[4].clone();
            }),
            1,
        ),
        (
            "no list of successors",
            Box::new(put("/invariants/1/successors", json!([]))),
            1,
        ),
        (
            "fewer beginnings",
            Box::new(put("/invariants/1/starts", json!([0, 1, 2]))),
            1,
        ),
        (
            "other beginnings",
            Box::new(put("/invariants/1/starts", json!([0, 1, 2, 7]))),
            1,
        ),
        (
            "another table",
            Box::new(put("/rule/existing_wins", json!(["A3", "B1"]))),
            1,
        ),
        (
            "no baseline",
            Box::new(put("/sites", json!(["broadcast", "seed", "cookie"]))),
            1,
        ),
        (
            "no guarded cookie",
            Box::new(put("/sites", json!(["broadcast", "baseline", "seed"]))),
            1,
        ),
        (
            "an unknown site",
            Box::new(put("/sites", json!(["broadcast", "baseline", "dispatch"]))),
            1,
        ),
        (
            "an unknown measure",
            Box::new(put("/measures", json!(["dead-yields"]))),
            1,
        ),
        (
            "a property that is violated",
            Box::new(put("/invariants/0/proves", json!(["live-token-is-kept"]))),
            1,
        ),
        (
            "a property of another search",
            Box::new(put(
                "/invariants/1/proves",
                json!(["tab-oiat-never-decreases"]),
            )),
            1,
        ),
        (
            "an unknown property",
            Box::new(put("/invariants/0/proves", json!(["tabs-converge"]))),
            1,
        ),
        (
            "nothing to prove",
            Box::new(put("/invariants/0/proves", json!([]))),
            1,
        ),
        (
            "tokens without oiat as well",
            Box::new(put("/invariants/1/tokens", json!("mixed"))),
            1,
        ),
        (
            "tokens of no kind",
            Box::new(put("/invariants/1/tokens", json!("all"))),
            2,
        ),
        (
            "any number from none",
            Box::new(put("/invariants/0/waiting", json!(0))),
            1,
        ),
        (
            "a version to come",
            Box::new(put("/certificate", json!(2))),
            2,
        ),
        ("no invariants", Box::new(put("/invariants", json!([]))), 2),
        (
            "a number that is no state",
            Box::new(put("/invariants/1/starts", json!([0, 1, 2, 9999]))),
            2,
        ),
        ("no object", Box::new(|value| *value = json!([])), 2),
    ];
    for (what, forge, code) in forgeries {
        let mut forged = honest.clone();
        forge(&mut forged);
        let run = check_value(&forged);
        assert_eq!(run.code, Some(code), "{what}: {run:?}");
        assert!(!run.stderr.contains("Traceback"), "{what}: {run:?}");
    }
}

#[test]
fn what_a_certificate_cannot_speak_of_is_said_before_anything_runs() {
    for (design, of) in [
        ("pr-8097", "designs without the guard site \"baseline\""),
        ("iat-guard", "any rule but"),
        ("high-water", "the guard site"),
        ("compare-and-swap", "the guard site \"baseline\""),
    ] {
        let folder = TempDir::new().expect("a directory");
        let file = folder.path().join("c.json");
        let arguments = [
            "prove",
            design,
            "--certificate",
            file.to_str().expect("UTF-8"),
        ];
        freshest(&arguments)
            .ends_with(2)
            .tells(&["no certificate", of]);
        assert!(!file.exists(), "{design}");
    }
}

#[test]
fn a_certificate_is_written_nowhere_else_and_over_no_model() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let model = models.path().join("designs/pr-9030.toml");
    let path = model.to_str().expect("UTF-8");
    let arguments = ["prove", "pr-9030", "--certificate", path];
    models
        .freshest(&arguments)
        .ends_with(2)
        .tells(&["models are kept there"]);
    let nowhere = ["prove", "pr-9030", "--certificate", "no/such/folder/c.json"];
    models
        .freshest(&nowhere)
        .ends_with(2)
        .tells(&["cannot be written"]);
}

#[test]
fn where_nothing_is_proved_there_is_no_certificate() {
    let models = Models::of(&["pr-9030"], &["own-refresh"]);
    let file = models.path().join("c.json");
    let path = file.to_str().expect("UTF-8");
    let arguments = [
        "prove",
        "pr-9030",
        "--property",
        "seed-is-not-stale",
        "--certificate",
        path,
    ];
    let run = models.freshest(&arguments);
    assert!(run.stderr.contains("no certificate: nothing"), "{run:?}");
    assert!(!file.exists());
}
