//! JUnit XML, read back by another library than the one that wrote it.

use super::{right_gate, run, unknown_gate, wrong_gate, wrong_models};
use freshest::property::Property;

/// Jenkins's schema of JUnit XML, as far as it goes: element, its attributes, its children. The
/// count of skipped tests on `testsuites` is an extension of quick-junit.
const JUNIT: [(&str, &[&str], &[&str]); 9] = [
    (
        "testsuites",
        &["name", "time", "tests", "failures", "errors", "skipped"],
        &["testsuite"],
    ),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "time", "skipped"],
        &["properties", "testcase"],
    ),
    ("properties", &[], &["property"]),
    ("property", &["name", "value"], &[]),
    (
        "testcase",
        &["name", "classname"],
        &["skipped", "error", "failure", "system-out"],
    ),
    ("failure", &["type", "message"], &[]),
    ("error", &["type", "message"], &[]),
    ("skipped", &["message"], &[]),
    ("system-out", &[], &[]),
];

/// Checks the structure of JUnit XML, and that it counts what it holds.
fn check_junit(text: &str) {
    let xml = roxmltree::Document::parse(text).unwrap();
    for node in xml.descendants().filter(|node| node.is_element()) {
        let name = node.tag_name().name();
        let (_, attributes, children) = JUNIT.iter().find(|known| known.0 == name).expect(name);
        for attribute in node.attributes() {
            assert!(
                attributes.contains(&attribute.name()),
                "{name}: {attribute:?}"
            );
        }
        for child in node.children().filter(|child| child.is_element()) {
            assert!(
                children.contains(&child.tag_name().name()),
                "{name}: {child:?}"
            );
        }
        if !matches!(name, "testsuites" | "testsuite") {
            continue;
        }
        let below = |tag: &str| node.descendants().filter(|n| n.has_tag_name(tag)).count();
        for (count, tag) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            assert_eq!(
                node.attribute(count).unwrap(),
                below(tag).to_string(),
                "{name}: {count}"
            );
        }
    }
}

#[test]
fn junit_has_a_suite_for_each_design_and_a_case_for_each_verdict() {
    let args = [
        "--design",
        "pr-8097",
        "--design",
        "pr-9030",
        "--scenario",
        "r1s1",
        "--scenario",
        "s2",
    ];
    let (code, text) = run(&[&args[..], &["--format", "junit"]].concat());
    assert_eq!(code, 0);
    check_junit(&text);
    let xml = roxmltree::Document::parse(&text).unwrap();
    let suites: Vec<_> = xml
        .descendants()
        .filter(|n| n.has_tag_name("testsuite"))
        .collect();
    let names: Vec<_> = suites
        .iter()
        .map(|suite| suite.attribute("name").unwrap())
        .collect();
    assert_eq!(names, ["pr-8097", "pr-9030"]);
    let verdicts = (2 * Property::ALL.len()).to_string();
    for suite in suites {
        assert_eq!(
            suite.attribute("tests"),
            Some(verdicts.as_str()),
            "2 scenarios, every property"
        );
    }
}

#[test]
fn junit_fails_what_differs_and_errs_where_nothing_is_known() {
    let text = wrong_gate(&wrong_models(), "junit");
    check_junit(&text);
    let xml = roxmltree::Document::parse(&text).unwrap();
    let failures: Vec<_> = xml
        .descendants()
        .filter(|n| n.has_tag_name("failure"))
        .collect();
    assert_eq!(failures.len(), 3);
    let seed = failures[0];
    assert_eq!(
        seed.parent().unwrap().attribute("classname"),
        Some("pr-9030.own-refresh")
    );
    assert!(
        seed.attribute("message")
            .unwrap()
            .contains("expected: violated in 8 events")
    );
    assert!(
        seed.text()
            .unwrap()
            .contains("freshest explain pr-9030 own-refresh seed-is-not-stale")
    );

    let text = unknown_gate("junit");
    check_junit(&text);
    assert!(text.contains("stopped at --max-states 50"), "{text}");
    let errors = format!("errors=\"{}\"", Property::ALL.len());
    assert!(text.contains(&errors), "{text}");
}

#[test]
fn junit_skips_what_is_vacuous_with_the_reason() {
    let text = right_gate("junit");
    check_junit(&text);
    assert!(
        text.contains("<skipped message=\"Without a rollout"),
        "{text}"
    );
    assert!(
        text.contains("violated in 7 events, as expected: "),
        "{text}"
    );
}
