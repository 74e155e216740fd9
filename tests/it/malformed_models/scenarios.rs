//! A fault in a scenario, key by key.

use super::*;

#[test]
fn a_fault_in_the_head_of_a_scenario_is_told_with_its_place_and_remedy() {
    let budget = "\n[budget]\nrefresh = 1\n";
    let title = "title = \"Broken\"\n";
    let range = "`tabs` must be from 1 to 8, found";
    let cases = [
        case("no tabs", format!("{title}tabs = ¦0{budget}"), range, ""),
        case(
            "too many tabs",
            format!("{title}tabs = ¦9{budget}"),
            range,
            "",
        ),
        case(
            "fewer than no tabs",
            format!("{title}tabs = ¦-1{budget}"),
            range,
            "",
        ),
        case(
            "tabs beyond u32",
            format!("{title}tabs = ¦4294967298{budget}"),
            range,
            "",
        ),
        case(
            "tabs as a string",
            format!("{title}tabs = ¦\"2\"{budget}"),
            "`tabs` must be a whole number, found string",
            "",
        ),
        case(
            "tabs as a fraction",
            format!("{title}tabs = ¦2.0{budget}"),
            "`tabs` must be a whole number, found float",
            "",
        ),
        case(
            "no title",
            format!("¦tabs = 2{budget}"),
            "the file has no `title`",
            "add `title",
        ),
        case(
            "an empty title",
            format!("title = ¦\"\"\ntabs = 2{budget}"),
            "must not be empty",
            "",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(SCENARIO));
}

#[test]
fn a_fault_in_another_key_of_a_scenario_is_told_with_its_place_and_remedy() {
    let budget = "\n[budget]\nrefresh = 1\n";
    let title = "title = \"Broken\"\n";
    let cases = [
        case(
            "no budget",
            format!("¦{title}tabs = 2\n"),
            "the file has no `budget`",
            "",
        ),
        case(
            "unknown start",
            format!("{title}tabs = 2\nstart = ¦\"emtpy\"{budget}"),
            "`start`: there is no `emtpy`",
            "did you mean `empty`?",
        ),
        case(
            "watching a tab that does not exist",
            format!("{title}tabs = 2\nwatch = [0, ¦2]{budget}"),
            "`watch[1]` must be from 0 to 1, found 2",
            "",
        ),
        case(
            "unknown key",
            format!("{title}tabs = 2\n¦watches = [0]{budget}"),
            "unknown key `watches`",
            "did you mean `watch`?",
        ),
        case(
            "a property that is not known to be vacuous because it does not exist",
            format!("{title}tabs = 2{budget}[vacuous]\n¦tie-adopted = \"No.\"\n"),
            "`vacuous.tie-adopted`: there is no such property",
            "did you mean `tie-is-adopted`?",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(SCENARIO));
}

#[test]
fn a_fault_in_a_budget_is_told_with_its_place_and_remedy() {
    let budget = |text: &str| format!("title = \"Broken\"\ntabs = 2\n[budget]\n{text}\n");
    let cases = [
        case(
            "unknown stimulus",
            budget("¦refesh = 1"),
            "unknown key `budget.refesh`",
            "did you mean `refresh`?",
        ),
        case(
            "a stimulus like no other",
            budget("¦zzz = 1"),
            "unknown key `budget.zzz`",
            "possible here: `refresh`, `skip_cache`",
        ),
        case(
            "a budget that is too large",
            budget("refresh = ¦101"),
            "`budget.refresh` must be from 0 to 100, found 101",
            "",
        ),
        case(
            "a negative budget",
            budget("refresh = ¦-1"),
            "`budget.refresh` must be from 0 to 100, found -1",
            "",
        ),
        case(
            "a budget that is no number",
            budget("refresh = ¦true"),
            "`budget.refresh` must be a whole number, found boolean",
            "",
        ),
        case(
            "by without a count",
            budget("¦refresh = { by = [0] }"),
            "`budget.refresh` has no `count`",
            "add `count = ...`",
        ),
        case(
            "by a tab that does not exist",
            budget("refresh = { count = 1, by = [0, ¦2] }"),
            "`budget.refresh.by[1]` must be from 0 to 1, found 2",
            "",
        ),
        case(
            "by for something that happens to no tab",
            budget("age = { count = 1, ¦by = [0] }"),
            "`budget.age.by`: age happens to no tab",
            "remove `by`",
        ),
        case(
            "unknown key beside by",
            budget("refresh = { count = 1, ¦on = [0] }"),
            "unknown key `budget.refresh.on`",
            "possible here: `count`, `by`",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(SCENARIO));
    let run = with(SCENARIO, budget("refresh = 60\nskip_cache = 60"));
    run.tells(&[
        "scenarios/broken.toml:3:2\n",
        "the budgets add up to 120, more than 100",
        "start with a handful",
    ]);
}
