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

/// What somebody might change: what it is, where, to what, and how the checker ends: with 1 if the file
/// proves less than it says, with 2 if it is no certificate.
fn forgeries() -> Value {
    json!([
        [
            "a successor more",
            "/invariants/1/successors/0",
            [0, 1, 2, 3, 4, 5, 6, 7, 8],
            1
        ],
        ["another state", "/invariants/1/states/9/3", "yes", 1],
        ["no list of successors", "/invariants/1/successors", [], 1],
        ["fewer beginnings", "/invariants/1/starts", [0, 1, 2], 1],
        ["other beginnings", "/invariants/1/starts", [0, 1, 2, 7], 1],
        [
            "a number that is no state",
            "/invariants/1/starts",
            [0, 1, 2, 9999],
            2
        ],
        ["another table", "/rule/existing_wins", ["A3", "B1"], 1],
        ["no baseline", "/sites", ["broadcast", "seed", "cookie"], 1],
        [
            "no guarded cookie",
            "/sites",
            ["broadcast", "baseline", "seed"],
            1
        ],
        [
            "an unknown site",
            "/sites",
            ["broadcast", "baseline", "dispatch"],
            1
        ],
        ["an unknown measure", "/measures", ["dead-yields"], 1],
        [
            "a property that is violated",
            "/invariants/0/proves",
            ["live-token-is-kept"],
            1
        ],
        [
            "a property of another search",
            "/invariants/1/proves",
            ["tab-oiat-never-decreases"],
            1
        ],
        [
            "an unknown property",
            "/invariants/0/proves",
            ["tabs-converge"],
            1
        ],
        ["nothing to prove", "/invariants/0/proves", [], 1],
        [
            "tokens without oiat as well",
            "/invariants/1/tokens",
            "mixed",
            1
        ],
        ["tokens of no kind", "/invariants/1/tokens", "all", 2],
        ["any number from none", "/invariants/0/waiting", 0, 1],
        ["a version to come", "/certificate", 2, 2],
        ["no invariants", "/invariants", [], 2],
        ["no object", "", [], 2],
    ])
}

#[test]
fn a_forged_certificate_is_refused() {
    let arguments = ["prove", "pr-9030", "--tokens", "with-oiat"];
    let (_folder, honest) = certificate(&arguments);
    check_value(&honest).ends_with(0);
    let check_forged = |what: &str, forged: &Value, code: i64| {
        let run = check_value(forged);
        assert_eq!(run.code.map(i64::from), Some(code), "{what}: {run:?}");
        assert!(!run.stderr.contains("Traceback"), "{what}: {run:?}");
    };
    for forgery in forgeries().as_array().expect("a list") {
        let what = forgery[0].as_str().expect("a name");
        let mut forged = honest.clone();
        let place = forgery[1]
            .as_str()
            .and_then(|path| forged.pointer_mut(path));
        *place.expect(what) = forgery[2].clone();
        check_forged(what, &forged, forgery[3].as_i64().expect("a code"));
    }
    // What depends on what is there.
    let less = |paths: &[&str]| {
        let mut forged = honest.clone();
        for path in paths {
            let list = forged.pointer_mut(path).and_then(Value::as_array_mut);
            list.expect("a list").pop().expect("something in it");
        }
        forged
    };
    let of_states = ["/invariants/1/states", "/invariants/1/successors"];
    check_forged("a state less", &less(&of_states), 2);
    check_forged(
        "a successor less",
        &less(&["/invariants/1/successors/5"]),
        1,
    );
    let mut twice = honest.clone();
    twice["invariants"][1]["states"][3] = honest["invariants"][1]["states"][4].clone();
    check_forged("a state twice", &twice, 1);
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
fn where_nothing_is_proved_there_is_no_certificate_and_that_is_an_error() {
    let folder = TempDir::new().expect("a directory");
    let file = folder.path().join("c.json");
    let path = file.to_str().expect("UTF-8");
    // Violated; and proved, but of what no certificate speaks.
    for (design, property) in [
        ("pr-9030", "tab-oiat-never-decreases"),
        ("proposal", "seed-is-not-stale"),
    ] {
        let arguments = [
            "prove",
            design,
            "--property",
            property,
            "--certificate",
            path,
        ];
        let told = ["c.json is not written", "help: ask for"];
        freshest(&arguments).ends_with(2).tells(&told);
        assert!(!file.exists(), "{design}");
    }
}
