//! `freshest table` and `freshest list`.

use super::*;

/// The winners of the eight rows, in order.
fn winners(args: &[&str]) -> Vec<String> {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let table = freshest(&all).ends_with(0).json();
    let rows = table["rows"].as_array().expect("rows").clone();
    let winner = |row: &Value| row["winner"].as_str().unwrap_or("depends").to_owned();
    rows.iter().map(winner).collect()
}

#[test]
fn the_table_is_that_of_8097_unless_a_design_is_named() {
    let (e, i) = ("existing", "incoming");
    let standard = [e, i, e, i, i, e, i, i];
    assert_eq!(winners(&["table"]), standard);
    let of = |design| winners(&["table", "--design", design]);
    for design in ["pr-8097", "pr-9030", "cache-seed", "session-guards-tie"] {
        assert_eq!(of(design), standard, "{design}");
    }
    assert_eq!(
        of("session-guards"),
        [e, i, e, i, e, e, i, i],
        "a tie keeps"
    );
    let d = "depends";
    assert_eq!(of("iat-guard"), [d, d, e, i, e, d, d, d], "it looks at iat");
    assert_eq!(
        of("four-guards"),
        [e, i, e, i, e, d, d, d],
        "iat where oiat is missing"
    );
}

#[test]
fn the_table_as_text_has_the_eight_rows_in_order() {
    let run = freshest(&["table"]).ends_with(0);
    let rows = ["A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3"];
    let lines = run
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let found: Vec<_> = lines.filter(|word| rows.contains(word)).collect();
    assert_eq!(found, rows);
}

#[test]
fn the_list_has_every_design_scenario_and_property() {
    let text = freshest(&["list"]).ends_with(0).stdout;
    let list = freshest(&["list", "--format", "json"]).ends_with(0).json();
    for (kind, count) in [("designs", 15), ("scenarios", 28), ("properties", 11)] {
        let entries = list[kind].as_array().expect(kind);
        assert!(entries.len() >= count, "{kind}");
        for entry in entries {
            let name = entry["name"].as_str().expect("a name");
            assert!(text.contains(name), "{name} in the text");
        }
    }
}
