//! Any text is read, or refused with a reason.

use crate::support::models;
use freshest::design::Design;
use freshest::scenario::Scenario;
use freshest::source::Document;
use proptest::prelude::*;
use std::fs;

/// A file of the repository with a piece replaced by something else.
fn damaged(text: String) -> impl Strategy<Value = String> {
    let length = text.chars().count();
    let junk = prop_oneof![
        Just(String::new()),
        "\\PC{0,6}",
        "[\\[\\]{}=\",.#'0-9a-z\n-]{0,12}",
        Just("\u{0}".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("[[budget]]\n".to_owned()),
        Just("[expect.a.b.c]\n".to_owned()),
    ];
    (0..=length, 0..40usize, junk).prop_map(move |(start, cut, junk)| {
        let kept = text.chars().take(start);
        let rest = text.chars().skip(start + cut);
        kept.chain(junk.chars()).chain(rest).collect()
    })
}

fn file(path: &str) -> String {
    fs::read_to_string(models().join(path)).expect("a file of the repository")
}

/// Both readers return; what they complain of can be printed and lies in the file.
fn is_read_or_refused(text: String) -> Result<(), TestCaseError> {
    let lines = text.matches('\n').count() + 1;
    let document = Document::new("any.toml", text);
    let design = Design::load("any", &document).err();
    let scenario = Scenario::load("any", &document).err();
    for faults in design.into_iter().chain(scenario) {
        prop_assert!(!faults.is_empty(), "refused without a reason");
        prop_assert!(faults.to_string().contains("any.toml"));
        for fault in faults.iter() {
            prop_assert!(fault.line().is_none_or(|line| (1..=lines).contains(&line)));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_text_is_read_or_refused_with_a_reason(text in "(?s).{0,200}") {
        is_read_or_refused(text)?;
    }

    #[test]
    fn arbitrary_near_toml_is_read_or_refused_with_a_reason(
        text in "([a-zé_.-]{0,6}|\\[|\\]|\\{|\\}|=|\"|'|,|#|\r|\n|\t| |[0-9]{1,4}|\\\\u12|[-+:T]){0,60}",
    ) {
        is_read_or_refused(text)?;
    }

    #[test]
    fn a_damaged_design_is_read_or_refused_with_a_reason(
        text in damaged(file("designs/cache-seed.toml")),
    ) {
        is_read_or_refused(text)?;
    }

    #[test]
    fn a_damaged_scenario_is_read_or_refused_with_a_reason(
        text in damaged(file("scenarios/bystander.toml")),
    ) {
        is_read_or_refused(text)?;
    }
}
