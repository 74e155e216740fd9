//! A design may say that distances count: then each is a design of its own.

use super::*;

const LEEWAY: &str = "export const pickFreshestJwt = (a, b) =>
        (a.header.oiat ?? 0) > (b.header.oiat ?? 0) + 20 ? a : b;";

fn leeway(distances: &str) -> Models {
    let models = models("rule.ts", LEEWAY);
    let of = format!("\"rule.ts\", distances = {distances} }}");
    models.edit("designs/scripted.toml", "\"rule.ts\" }", &of);
    models
}

#[test]
fn each_is_explored_and_reported_as_a_run_of_its_own() {
    let models = leeway("[10, 30]");
    let explain = |design| {
        let args = ["explain", design, "s2", "cached-oiat-never-decreases"];
        models.freshest(&args)
    };
    explain("scripted@10s")
        .ends_with(0)
        .prints(&["is violated"]);
    let kept = explain("scripted@30s");
    assert!(!kept.stdout.contains("is violated"), "{}", kept.stdout);
    let check = models.freshest(&["--full", "--design", "scripted", "--scenario", "s2"]);
    check.prints(&["scripted@10s\n", "scripted@30s\n", "2 runs, "]);
}

#[test]
fn what_is_expected_of_one_distance_is_not_expected_of_another() {
    let models = leeway("[10, 30]");
    let args = [
        "check",
        "--scenario",
        "s2",
        "--property",
        "cached-oiat-never-decreases",
    ];
    models.freshest(&args).ends_with(1);
    let told = "[because]\nshort = \"Too short to tell.\"\n[expect.\"s2@10s\"]\n\
                    cached-oiat-never-decreases = { because = \"short\" }\n[guards]";
    models.edit("designs/scripted.toml", "[guards]", told);
    models.freshest(&args).ends_with(0);
    models.edit("designs/scripted.toml", "s2@10s", "s2@11s");
    models.freshest(&args).ends_with(1).tells(&["s2@11s"]);
}

#[test]
fn distances_that_cannot_be_explored_are_located_errors() {
    for (distances, told) in [
        (
            &*format!(
                "[{}]",
                (1..40).map(|n| format!("{n}, ")).collect::<String>()
            ),
            "more than 32 distances",
        ),
        ("[]", "is empty"),
        ("[10, 10]", "is there already"),
        ("[0]", "must be from 1 to"),
        ("[-5]", "must be from 1 to"),
        ("30", "a list"),
        ("[\"30 s\"]", "a whole number"),
    ] {
        let run = leeway(distances).freshest(&["list"]).ends_with(2);
        run.tells(&[told, "rule.comparator.distances", "scripted.toml:3:"]);
    }
}
