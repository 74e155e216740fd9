//! A fault in a design, key by key.

use super::*;

#[test]
fn a_fault_in_the_head_of_a_design_is_told_with_its_place_and_remedy() {
    let cases = [
        case(
            "unknown key",
            format!("{HEAD}¦sourecs = []{REST}"),
            "unknown key `sourecs`",
            "did you mean `sources`?",
        ),
        case(
            "a title of the wrong type",
            format!("title = ¦3{REST}"),
            "`title` must be a string, found integer",
            "",
        ),
        case(
            "an empty title",
            format!("title = ¦\"\"{REST}"),
            "`title` must not be empty",
            "",
        ),
        case(
            "a blank title",
            format!("title = ¦\"  \"{REST}"),
            "`title` must not be empty",
            "",
        ),
        case(
            "no title",
            format!("¦releases = []{REST}"),
            "the file has no `title`",
            "add `title = ...`",
        ),
        case(
            "releases that are no list",
            format!("{HEAD}releases = ¦\"6.10.0\"{REST}"),
            "`releases` must be a list, found string",
            "",
        ),
        case(
            "a release that is no string",
            format!("{HEAD}releases = [\"6.10.0\", ¦6]{REST}"),
            "`releases[1]` must be a string, found integer",
            "",
        ),
        case(
            "a key twice",
            format!("{HEAD}¦title = \"Again\"{REST}"),
            "duplicate key",
            "",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn a_fault_in_the_rule_is_told_with_its_place_and_remedy() {
    let guards = "\n[guards]\nsites = [\"broadcast\"]\n";
    let rule = "[rule]\ncomparator = \"table\"\n";
    let cases = [
        case(
            "unknown comparator",
            format!("{HEAD}[rule]\ncomparator = ¦\"iat-onyl\"{guards}"),
            "`rule.comparator`: there is no `iat-onyl`",
            "did you mean `iat-only`?",
        ),
        case(
            "a comparator like no other",
            format!("{HEAD}[rule]\ncomparator = ¦\"xyz\"{guards}"),
            "`rule.comparator`: there is no `xyz`",
            "possible here: `table`, `table-then-iat`, `iat-only`, `iat-strict`, `oiat-else-iat`, `epoch`",
        ),
        case(
            "no comparator",
            format!("{HEAD}[¦rule]\nA1 = \"existing\"{guards}"),
            "`rule` has no `comparator`",
            "add `comparator = ...`",
        ),
        case(
            "unknown row",
            format!("{HEAD}{rule}¦A6 = \"existing\"{guards}"),
            "unknown key `rule.A6`",
            "possible here: `comparator`, `A1`",
        ),
        case(
            "unknown winner",
            format!("{HEAD}{rule}A1 = ¦\"exsting\"{guards}"),
            "`rule.A1`: there is no `exsting`",
            "did you mean `existing`?",
        ),
        case(
            "a row of a rule without rows",
            format!("{HEAD}[rule]\ncomparator = \"iat-only\"\n¦A5 = \"incoming\"{guards}"),
            "row A5 can only be set with comparator = \"table\"",
            "the other comparators do not decide by rows",
        ),
        case(
            "a rule that is no table",
            format!("{HEAD}rule = ¦\"table\"{guards}"),
            "`rule` must be a table, found string",
            "",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn a_fault_in_the_guards_is_told_with_its_place_and_remedy() {
    let rule = "[rule]\ncomparator = \"table\"\n";
    let cases = [
        case(
            "unknown guard site",
            format!("{HEAD}{rule}[guards]\nsites = [\"broadcast\", ¦\"baselin\"]\n"),
            "`guards.sites[1]`: there is no `baselin`",
            "did you mean `baseline`?",
        ),
        case(
            "no sites",
            format!("{HEAD}{rule}[¦guards]\nseed = \"cache\"\n"),
            "`guards` has no `sites`",
            "add `sites = ...`",
        ),
        case(
            "unknown seed",
            format!("{HEAD}{rule}[guards]\nsites = []\nseed = ¦\"last\"\n"),
            "`guards.seed`: there is no `last`",
            "did you mean `last-active`?",
        ),
        case(
            "unknown key among the guards",
            format!("{HEAD}{rule}[guards]\nsites = []\n¦site = []\n"),
            "unknown key `guards.site`",
            "did you mean `sites`?",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn a_fault_in_what_tabs_do_is_told_with_its_place_and_remedy() {
    let tabs = |line: &str| format!("{HEAD}{REST}[tabs]\n{line}\n");
    let cases = [
        case(
            "unknown post",
            tabs("post = ¦\"tokens\""),
            "`tabs.post`: there is no `tokens`",
            "did you mean `token`?",
        ),
        case(
            "unknown way with answers",
            tabs("answer = ¦\"swap\""),
            "`tabs.answer`: there is no `swap`",
            "`install`, `compare-and-swap`",
        ),
        case(
            "unknown way with requests",
            tabs("request = ¦\"lock\""),
            "`tabs.request`: there is no `lock`",
            "did you mean `locked`?",
        ),
        case(
            "unknown key among what tabs do",
            tabs("¦posts = \"token\""),
            "unknown key `tabs.posts`",
            "did you mean `post`?",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn a_fault_in_an_expectation_is_told_with_its_place_and_remedy() {
    let cases = [
        case(
            "unknown property",
            expect("¦tab-converge = { because = \"why\" }"),
            "`expect.s2.tab-converge`: there is no such property",
            "did you mean `tabs-converge`?",
        ),
        case(
            "unknown reason",
            format!(
                "{}tie-is-adopted = {{ because = ¦\"whi\" }}\n",
                expect("tabs-converge = { because = \"why\" }")
            ),
            "`expect.s2.tie-is-adopted.because`: there is no reason `whi` under [because]",
            "did you mean `why`?",
        ),
        case(
            "unused reason",
            format!("{WHOLE}[because]\n¦why = \"Because.\"\n"),
            "no expectation refers to `because.why`",
            "remove it",
        ),
        case(
            "no reason",
            format!("{WHOLE}[expect.s2]\n¦tabs-converge = {{ steps = 3 }}\n"),
            "`expect.s2.tabs-converge` has no `because`",
            "add `because = ...`",
        ),
        case(
            "a reason that is empty",
            format!("{WHOLE}[because]\nwhy = ¦\"\"\n"),
            "`because.why` must not be empty",
            "",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn a_fault_in_an_expected_verdict_is_told_with_its_place_and_remedy() {
    let cases = [
        case(
            "steps of a verdict without a counterexample",
            expect("tabs-converge = { verdict = \"holds\", ¦steps = 3, because = \"why\" }"),
            "`expect.s2.tabs-converge.steps` is only for verdict = \"violated\"",
            "",
        ),
        case(
            "no step at all",
            expect("tabs-converge = { steps = ¦0, because = \"why\" }"),
            "`expect.s2.tabs-converge.steps` must be from 1 to",
            "",
        ),
        case(
            "unknown verdict",
            expect("tabs-converge = { verdict = ¦\"hold\", because = \"why\" }"),
            "`expect.s2.tabs-converge.verdict`: there is no `hold`",
            "did you mean `holds`?",
        ),
        case(
            "inconclusive, which nobody can expect",
            expect("tabs-converge = { verdict = ¦\"inconclusive\", because = \"why\" }"),
            "there is no `inconclusive`",
            "possible here: `holds`, `violated`, `vacuous`",
        ),
        case(
            "unknown key of an expectation",
            expect("tabs-converge = { ¦step = 3, because = \"why\" }"),
            "unknown key `expect.s2.tabs-converge.step`",
            "did you mean `steps`?",
        ),
        case(
            "an expectation that is no table",
            format!("{WHOLE}[expect.s2]\ntabs-converge = ¦\"violated\"\n"),
            "`expect.s2.tabs-converge` must be a table, found string",
            "",
        ),
    ];
    cases.iter().for_each(|case| case.is_told(DESIGN));
}

#[test]
fn an_expectation_about_a_scenario_that_does_not_exist_is_told_with_its_place() {
    let text = format!(
        "{WHOLE}[because]\nwhy = \"Because.\"\n[expect.s3]\ntabs-converge = {{ because = \"why\" }}\n"
    );
    let run = with(DESIGN, text);
    run.tells(&[
        &format!("{DESIGN}:8:9"),
        "`expect.s3`: there is no such scenario",
        "possible here: `s2`",
    ]);
}
