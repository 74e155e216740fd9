//! SARIF, held against the schema of the standard.

use super::{right_gate, unknown_gate, wrong_gate, wrong_models};
use serde_json::Value;

#[test]
fn sarif_is_valid_by_the_schema_of_the_standard() {
    let schema = include_str!("../schemas/sarif-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // Its pattern with a bracket too many is no regular expression by today's rules. What it is
    // about, the language of a run or a tool, is not used here.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        let pattern = language.as_object_mut().unwrap().remove("pattern");
        assert!(pattern.is_some(), "{of}");
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let models = wrong_models();
    for text in [
        wrong_gate(&models, "sarif"),
        right_gate("sarif"),
        unknown_gate("sarif"),
    ] {
        let sarif: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&sarif)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert!(
        !validator.is_valid(&serde_json::json!({ "version": "2.1.0" })),
        "it would find faults"
    );
}

#[test]
fn sarif_has_an_error_where_it_differs_and_nothing_where_it_is_expected() {
    let models = wrong_models();
    let sarif: Value = serde_json::from_str(&wrong_gate(&models, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let told: Vec<_> = results
        .iter()
        .map(|r| (r["ruleId"].as_str().unwrap(), r["level"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("seed-is-not-stale", "error"), ("tabs-converge", "error")]
    );
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(
        uri.as_str().unwrap(),
        format!("file://{}/designs/pr-9030.toml", models.as_arg())
    );
    let notes = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap();
    assert_eq!(
        notes.len(),
        1,
        "what was expected to be violated and holds is no violation"
    );
    assert_eq!(
        notes[0]["associatedRule"]["id"],
        "cached-oiat-never-decreases"
    );

    let sarif: Value = serde_json::from_str(&right_gate("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(
        results.is_empty(),
        "what is expected would be an alert for ever"
    );
}
