//! Names in the schemas are those that the program knows.

use super::{DESIGN, SCENARIO, document, named};
use freshest::design::Design;
use freshest::scenario::Scenario;
use freshest::source::Faults;
use std::collections::BTreeSet;

/// A word like none that there is, so that the program answers with all that there are.
const UNLIKE: &str = "qqqqqqqq";

/// What could stand in the place of [`UNLIKE`], by the program's own words.
fn possible(faults: Faults) -> BTreeSet<String> {
    let told = faults.to_string();
    let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, list) = told
        .split_once("possible here: ")
        .unwrap_or_else(|| panic!("{told}"));
    let list = list.split(" error:").next().unwrap_or_default();
    list.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn in_design(from: &str, to: &str) -> BTreeSet<String> {
    let text = DESIGN.replacen(from, to, 1).replace("QQ", UNLIKE);
    possible(Design::load("some", &document(&text)).expect_err("a fault"))
}

fn in_scenario(from: &str, to: &str) -> BTreeSet<String> {
    let text = SCENARIO.replacen(from, to, 1).replace("QQ", UNLIKE);
    possible(Scenario::load("some", &document(&text)).expect_err("a fault"))
}

/// Places in the schema of a design, and the names that the program knows there.
fn names_in_designs() -> [(&'static str, BTreeSet<String>); 13] {
    let sites = "sites = []";
    [
        (
            "/properties",
            in_design("title = \"t\"", "title = \"t\"\nQQ = 1"),
        ),
        ("/$defs/comparator/enum", in_design("\"table\"", "\"QQ\"")),
        (
            "/$defs/winner/enum",
            in_design("\"table\"", "\"table\"\nA5 = \"QQ\""),
        ),
        (
            "/properties/guards/properties",
            in_design(sites, "sites = []\nQQ = 1"),
        ),
        ("/$defs/site/enum", in_design(sites, "sites = [\"QQ\"]")),
        (
            "/$defs/seed/enum",
            in_design(sites, "sites = []\nseed = \"QQ\""),
        ),
        (
            "/$defs/measure/enum",
            in_design(sites, "sites = []\nmeasures = [\"QQ\"]"),
        ),
        (
            "/properties/tabs/properties",
            in_design(sites, "sites = []\n[tabs]\nQQ = 1"),
        ),
        (
            "/$defs/post/enum",
            in_design(sites, "sites = []\n[tabs]\npost = \"QQ\""),
        ),
        (
            "/$defs/answer/enum",
            in_design(sites, "sites = []\n[tabs]\nanswer = \"QQ\""),
        ),
        (
            "/$defs/request/enum",
            in_design(sites, "sites = []\n[tabs]\nrequest = \"QQ\""),
        ),
        (
            "/$defs/property/enum",
            in_design(
                sites,
                "sites = []\n[because]\nx = \"x\"\n[expect.s2]\nQQ = { because = \"x\" }\ntabs-converge = { because = \"x\" }",
            ),
        ),
        (
            "/$defs/verdict/enum",
            in_design(
                sites,
                "sites = []\n[because]\nx = \"x\"\n[expect.s2]\ntabs-converge = { verdict = \"QQ\", because = \"x\" }\nseed-is-not-stale = { because = \"x\" }",
            ),
        ),
    ]
}

/// The same of a scenario.
fn names_in_scenarios() -> [(&'static str, BTreeSet<String>); 5] {
    [
        ("/properties", in_scenario("tabs = 2", "tabs = 2\nQQ = 1")),
        (
            "/$defs/start/enum",
            in_scenario("tabs = 2", "tabs = 2\nstart = \"QQ\""),
        ),
        (
            "/$defs/edge/enum",
            in_scenario("tabs = 2", "tabs = 2\nedge = \"QQ\""),
        ),
        (
            "/properties/budget/properties",
            in_scenario("refresh = 1", "refresh = 1\nQQ = 1"),
        ),
        (
            "/$defs/property/enum",
            in_scenario("refresh = 1", "refresh = 1\n[vacuous]\nQQ = \"x\""),
        ),
    ]
}

#[test]
fn the_schemas_know_the_names_that_the_program_knows_and_no_others() {
    for (place, names) in names_in_designs() {
        assert_eq!(
            named("design", place),
            names,
            "{place} of the design's schema"
        );
    }
    for (place, names) in names_in_scenarios() {
        assert_eq!(
            named("scenario", place),
            names,
            "{place} of the scenario's schema"
        );
    }
    let properties = named("design", "/$defs/property/enum");
    for name in ["results", "receipt"] {
        assert_eq!(
            named(name, "/$defs/property/enum"),
            properties,
            "properties of {name}"
        );
    }
}
