//! The formats of `check`: JSON, Markdown, annotations, and what all have in common.

use super::{freshest, right_gate, run, unknown_gate, wrong_gate, wrong_models};
use crate::support::Models;
use freshest::catalog::Catalog;
use freshest::check::{Agreement, Report};
use freshest::property::Property;
use freshest::report::document::Screen;
use freshest::report::{Detail, Format, Setting};
use serde_json::Value;
use std::path::Path;

/// A plain digest.
fn setting(catalog: &Catalog) -> Setting<'_> {
    Setting {
        playground: None,
        screen: Screen::default(),
        detail: Detail::Digest,
        catalog,
        command: "freshest check",
    }
}

#[test]
fn json_says_where_each_expectation_is_stated() {
    let models = wrong_models();
    let report: Report = serde_json::from_str(&wrong_gate(&models, "json")).unwrap();
    let deviations: Vec<_> = report.deviations().collect();
    let design = format!("{}/designs/pr-9030.toml", models.as_arg());
    for (_, property) in &deviations {
        assert_eq!(property.place.as_ref().unwrap().file, design);
    }
    let text = std::fs::read_to_string(&design).unwrap();
    let lines: Vec<_> = deviations
        .iter()
        .map(|(_, property)| {
            text.lines()
                .nth(property.place.as_ref().unwrap().line - 1)
                .unwrap()
        })
        .collect();
    assert!(
        lines[1].starts_with("cached-oiat-never-decreases"),
        "{lines:?}"
    );
    assert!(
        lines[2].starts_with("title"),
        "nothing states it: the beginning of the file"
    );
    assert!(lines[0].starts_with("seed-is-not-stale"), "{lines:?}");
}

#[test]
fn json_says_that_the_scenario_states_what_is_vacuous() {
    let report: Report = serde_json::from_str(&right_gate("json")).unwrap();
    let tie = report
        .properties()
        .find(|(_, p)| p.property.name() == "tie-is-adopted")
        .unwrap()
        .1;
    let place = tie.place.as_ref().unwrap();
    let text = std::fs::read_to_string(&place.file).unwrap();
    assert!(place.file.ends_with("scenarios/bystander.toml"));
    assert!(
        text.lines()
            .nth(place.line - 1)
            .unwrap()
            .starts_with("tie-is-adopted")
    );
}

#[test]
fn json_of_an_older_version_is_still_read() {
    let mut report: Value = serde_json::from_str(&right_gate("json")).unwrap();
    let fields = report.as_object_mut().unwrap();
    fields.remove("models");
    fields.remove("bounds");
    for property in fields["results"][0]["properties"].as_array_mut().unwrap() {
        property.as_object_mut().unwrap().remove("place");
    }
    let report: Report = serde_json::from_value(report).unwrap();
    let catalog = Catalog::load("models".as_ref()).unwrap();
    for format in Format::ALL {
        let text = format.renderer(setting(&catalog)).render(&report);
        assert!(text.unwrap().ends_with('\n'), "{format}");
    }
}

#[test]
fn markdown_tells_the_verdict_first_and_how_to_look_into_what_differs() {
    let models = wrong_models();
    let text = wrong_gate(&models, "markdown");
    assert!(text.starts_with(
        "## FAIL: some verdicts are not as expected\n\n### Not as expected (3 verdicts)\n"
    ));
    let command = format!(
        "freshest explain pr-9030 lose tabs-converge --models {}\n",
        models.as_arg()
    );
    assert!(text.contains(&command), "{text}");
    assert!(text.contains(&format!(
        "<details open><summary><b>pr-9030</b>: 3 of {} verdicts not as expected",
        2 * Property::ALL.len()
    )));
    assert!(text.contains("| **5!** |"), "{text}");
    assert!(text.contains("none was hit"), "{text}");
    assert!(
        text.contains("```mermaid"),
        "the story of one of them: {text}"
    );

    let text = right_gate("markdown");
    assert!(text.starts_with("## PASS"));
    assert!(text.contains(&format!(
        "<details><summary><b>pr-8097</b>: {} verdicts, all as expected",
        Property::ALL.len()
    )));

    let text = unknown_gate("markdown");
    assert!(text.starts_with("## UNKNOWN"));
    assert!(
        text.contains("pr-9030 in r1s1: stopped at 50 states (--max-states)"),
        "{text}"
    );
    assert!(
        text.contains("| bounds of each run | at most 50 states, 8 GiB |"),
        "{text}"
    );
}

#[test]
fn every_row_of_a_markdown_table_has_as_many_cells_as_its_heading() {
    let text = right_gate("markdown");
    let mut wanted = None;
    for line in text.lines() {
        let cells = line.starts_with('|').then(|| line.matches('|').count());
        if let (Some(cells), Some(wanted)) = (cells, wanted) {
            assert_eq!(cells, wanted, "{line}");
        }
        wanted = cells;
    }
}

#[test]
fn github_annotations_name_file_and_line_and_nothing_that_is_expected() {
    let models = wrong_models();
    let text = wrong_gate(&models, "github");
    let annotations: Vec<_> = text.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 3, "{text}");
    let place = format!(
        "::error file={}/designs/pr-9030.toml,line=",
        models.as_arg()
    );
    assert!(
        annotations.iter().all(|line| line.starts_with(&place)),
        "{text}"
    );
    assert!(
        annotations[0].contains("title=pr-9030%3A tabs-converge::"),
        "{text}"
    );
    assert!(annotations[1].contains("%0AExpected because: "), "{text}");
    assert!(annotations[0].contains("%0Afreshest explain pr-9030 lose tabs-converge"));
    assert!(text.ends_with("FAIL: some verdicts are not as expected\n"));
    assert!(right_gate("github").ends_with("PASS: every verdict is as expected\n"));
    assert!(!right_gate("github").contains("::"));
    assert!(unknown_gate("github").starts_with("::warning file=models/designs/pr-9030.toml,line="));
}

#[test]
fn no_format_grows_faster_than_the_report() {
    let models = wrong_models();
    let small = serde_json::from_str::<Report>(&wrong_gate(&models, "json")).unwrap();
    let of = |runs: usize| {
        let results = small.results.iter().cycle().take(runs).cloned().collect();
        Report {
            results,
            ..small.clone()
        }
    };
    let (few, many) = (of(26), of(7 * 26));
    assert_eq!(many.agreement(), Agreement::Differs);
    let catalog = Catalog::load(models.path()).unwrap();
    for format in Format::ALL {
        let length = |report: &Report| {
            let text = format.renderer(setting(&catalog)).render(report);
            text.unwrap().len()
        };
        let (few, many) = (length(&few), length(&many));
        assert!(many <= 7 * few, "{format}: {few} bytes, and then {many}");
    }
}

#[test]
fn a_format_that_does_not_exist_is_an_error_with_the_nearest_name() {
    let output = freshest().args(["--output", "junti=x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("there is no format `junti`; did you mean `junit`?"),
        "{error}"
    );
}

#[test]
fn one_flipped_row_is_told_in_40_lines_and_ten_annotations() {
    let models = Models::copy();
    let row = "comparator = \"table\"\nA1 = \"incoming\"";
    models.edit("designs/pr-9030.toml", "comparator = \"table\"", row);
    let told = tempfile::tempdir().unwrap();
    let [github, markdown] = ["github", "markdown"].map(|format| told.path().join(format));
    let output = |format, file: &Path| format!("{format}={}", file.display());
    let (code, text) = run(&[
        "--models",
        models.as_arg(),
        "--output",
        &output("github", &github),
        "--output",
        &output("markdown", &markdown),
    ]);
    assert_eq!(code, 1, "{text}");
    assert!(text.starts_with("Not as expected ("), "{text}");
    assert!(text.lines().count() <= 40, "{text}");
    // Whatever there is no room for: which models were checked, and no heading of an empty table.
    assert!(text.contains(" of 24 designs, "), "{text}");
    assert!(!text.contains("--full\n\nok  holds"), "{text}");
    // Of one design as well; and what has the tables is about that one, too.
    let (_, of_one) = run(&["--models", models.as_arg(), "--design", "pr-9030"]);
    assert!(of_one.lines().count() <= 40, "{of_one}");
    assert!(of_one.contains("\n  pr-9030 "), "its table: {of_one}");
    let rest = format!(
        "more: freshest --full --design pr-9030 --models {}",
        models.as_arg()
    );
    assert!(
        of_one
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains(&rest),
        "{of_one}"
    );
    // Each says where it is expected: in its own line, or on the first where nothing is written.
    let (told, _) = text.split_once("\n\n").unwrap();
    let places = format!("{}/designs/pr-9030.toml:", models.as_arg());
    let stories = told.matches("freshest explain ").count();
    assert_eq!(told.matches(&places).count(), stories, "{told}");
    let annotations = std::fs::read_to_string(github).unwrap();
    let count = annotations
        .lines()
        .filter(|line| line.starts_with("::error"))
        .count();
    assert!((1..=10).contains(&count), "{annotations}");
    let markdown = std::fs::read_to_string(markdown).unwrap();
    assert!(markdown.chars().count() < 60_000);
    assert!(markdown.contains("```mermaid"));
}

#[test]
fn few_verdicts_are_all_shown_also_where_some_are_not_as_expected() {
    let models = Models::copy();
    let row = "comparator = \"table\"\nA1 = \"incoming\"";
    models.edit("designs/pr-9030.toml", "comparator = \"table\"", row);
    let (code, text) = run(&[
        "--models",
        models.as_arg(),
        "--design",
        "pr-9030",
        "--scenario",
        "own-refresh,cookie",
        "--property",
        "cached-oiat-never-decreases",
    ]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("\nown-refresh "), "{text}");
}

#[test]
fn a_page_says_what_was_selected_and_not_what_cannot_be_run() {
    let page = |args: &[&str]| {
        let (_, page) = run(&[&["--format", "html"], args].concat());
        page
    };
    let one = page(&["--design", "ios-535"]);
    assert!(one.contains("freshest --design ios-535"), "no command");
    assert!(!one.contains("--scenario app-"), "all of them were run");
    let some = page(&["--design", "ios-535,ios-534", "--scenario", "app-late"]);
    assert!(some.contains("freshest --design ios-534,ios-535 --scenario app-late"));
    let commands = page(&["--design", "pr-9030", "--scenario", "own-refresh"]);
    assert!(commands.contains("freshest --design pr-9030 --scenario own-refresh"));
}
