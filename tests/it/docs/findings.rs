//! The pages of findings list every violation of the release's design, and what closes each.

use super::repository;
use crate::support::Models;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The design that the findings are about.
const DESIGN: &str = "pr-9284";

/// The pages, each with a table of all its violations at its end.
const PAGES: [&str; 3] = [
    "docs/findings.md",
    "docs/findings-life-cycle.md",
    "docs/findings-callers.md",
];

/// A row of the page's last table.
struct Finding {
    scenario: String,
    property: String,
    events: u64,
    changes: BTreeSet<String>,
}

fn findings() -> Vec<Finding> {
    PAGES.into_iter().flat_map(findings_of).collect()
}

fn findings_of(page: &str) -> Vec<Finding> {
    let page = fs::read_to_string(repository().join(page)).expect("the page");
    let (_, table) = page.split_once("## All of them").expect("the last heading");
    let rows = table
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [scenario, property, events, _, changes] = cells[..] else {
            panic!("a row has five cells: {row}");
        };
        let changes = changes.split(", ").filter(|change| !change.is_empty());
        Finding {
            scenario: scenario.to_owned(),
            property: property.to_owned(),
            events: events.parse().expect("a number of events"),
            changes: changes.map(str::to_owned).collect(),
        }
    })
    .collect()
}

/// The design with some changes, as a file.
fn changed(changes: &BTreeSet<String>) -> String {
    let has = |change: &str| changes.contains(change);
    let rule = if has("table-then-iat") {
        "table-then-iat"
    } else {
        "table"
    };
    let last = if has("last") { ", \"last\"" } else { "" };
    let measures = changes
        .iter()
        .filter(|change| !["last", "table-then-iat"].contains(&change.as_str()));
    let measures: Vec<String> = measures.map(|measure| format!("\"{measure}\"")).collect();
    format!(
        "title = \"{DESIGN} with changes\"\n[rule]\ncomparator = \"{rule}\"\n[guards]\n\
         sites = [\"broadcast\", \"baseline\", \"seed\", \"cookie\", \"client\"{last}]\nmeasures = [{}]\n\
         [tabs]\ntimer = \"focused\"\n",
        measures.join(", ")
    )
}

fn name(changes: &BTreeSet<String>) -> String {
    let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
    format!("with-{}", changes.join("-"))
}

/// What is violated, and in how many events, by design, scenario and property.
fn violations(models: &Models) -> BTreeMap<(String, String, String), u64> {
    let results = models.freshest(&["check", "--format", "json"]).json();
    let mut violated = BTreeMap::new();
    for run in results["results"].as_array().expect("results") {
        for property in run["properties"].as_array().expect("properties") {
            if property["verdict"] == "violated" {
                let text = |value: &serde_json::Value| value.as_str().expect("a name").to_owned();
                let key = (
                    text(&run["design"]),
                    text(&run["scenario"]),
                    text(&property["name"]),
                );
                violated.insert(key, property["steps"].as_u64().expect("a length"));
            }
        }
    }
    violated
}

#[test]
fn every_violation_of_the_current_release_is_a_finding_and_closed_by_no_fewer_changes() {
    let findings = findings();
    let scenarios: BTreeSet<&str> = findings.iter().map(|finding| &*finding.scenario).collect();
    let models = Models::of(&[], &scenarios.into_iter().collect::<Vec<_>>());
    let mut sets: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for finding in &findings {
        sets.insert(finding.changes.clone());
        sets.extend(
            finding
                .changes
                .iter()
                .map(|change| without(&finding.changes, change)),
        );
    }
    for set in &sets {
        models.write(&format!("designs/{}.toml", name(set)), changed(set));
    }
    let violations = violations(&models);
    for finding in &findings {
        let Finding {
            scenario,
            property,
            events,
            changes,
        } = finding;
        let steps = |set: &BTreeSet<String>| {
            let key = (name(set), scenario.clone(), property.clone());
            violations.get(&key).copied()
        };
        let of = format!("{property} in {scenario}");
        assert_eq!(steps(&BTreeSet::new()), Some(*events), "events of {of}");
        assert!(
            changes.is_empty() || steps(changes).is_none(),
            "{changes:?} does not close {of}"
        );
        for change in changes {
            let fewer = without(changes, change);
            assert!(steps(&fewer).is_some(), "{of} is closed without {change}");
        }
    }
}

fn without(set: &BTreeSet<String>, element: &str) -> BTreeSet<String> {
    set.iter()
        .filter(|other| *other != element)
        .cloned()
        .collect()
}

#[test]
fn no_violation_that_the_release_is_expected_to_have_is_missing_from_the_findings() {
    let catalog = crate::support::catalog();
    let design = catalog.design(DESIGN).expect("the release's design");
    let expected = design.expectations.iter();
    let expected = expected.filter(|(_, expectation)| expectation.verdict.name() == "violated");
    let expected: BTreeSet<(String, String)> = expected
        .map(|((scenario, property), _)| (scenario.clone(), property.name().to_owned()))
        .collect();
    let told = findings().into_iter();
    let told: BTreeSet<_> = told
        .map(|finding| (finding.scenario, finding.property))
        .collect();
    assert_eq!(
        told, expected,
        "the tables at the end of the pages of findings, and the design's file"
    );
}
