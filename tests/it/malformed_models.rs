//! What the program says of files under `models/` that it cannot accept.
//!
//! In the tables below `¦` marks the place that the error must point at (for a string, behind its
//! quotation mark, unless it is empty); it is not part of the file.

use crate::support::{Models, Run, models};
use freshest::design::Design;
use freshest::scenario::Scenario;
use freshest::source::{Document, MAX_FILE_BYTES};
use proptest::prelude::*;
use std::fs;

const DESIGN: &str = "designs/broken.toml";
const SCENARIO: &str = "scenarios/broken.toml";

/// The rest of a design, for cases about its first lines.
const REST: &str = "\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n";
/// The first lines of a design, for cases about the rest.
const HEAD: &str = "title = \"Broken\"\n";
/// A whole design, for cases about its expectations.
const WHOLE: &str =
    "title = \"Broken\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [\"broadcast\"]\n";

/// A whole design with a reason and this expectation of scenario s2.
fn expect(text: &str) -> String {
    format!("{WHOLE}[because]\nwhy = \"Because.\"\n[expect.s2]\n{text}\n")
}

/// A faulty file, what is said of it, and what to do.
struct Case {
    what: &'static str,
    text: String,
    told: &'static str,
    help: &'static str,
}

fn case(
    what: &'static str,
    text: impl Into<String>,
    told: &'static str,
    help: &'static str,
) -> Case {
    let text = text.into();
    Case {
        what,
        text,
        told,
        help,
    }
}

/// The text without its mark, and the line and column of the mark, both from 1.
fn unmark(text: &str) -> (String, (usize, usize)) {
    let (before, after) = text.split_once('¦').expect("a mark");
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    (format!("{before}{after}"), (line, column))
}

/// Models with one design and one scenario that are in order, beside the file in question.
fn with(file: &str, contents: impl AsRef<[u8]>) -> Run {
    let models = Models::of(&[], &["s2"]);
    models.write("designs/fine.toml", WHOLE);
    models.write(file, contents);
    let run = models.freshest(&["check"]).ends_with(2);
    assert_eq!(run.stdout, "", "nothing is checked");
    run
}

impl Case {
    /// The program ends with exit code 2 and names file, line, column, key and remedy.
    fn is_told(&self, file: &str) {
        let (text, (line, column)) = unmark(&self.text);
        let stderr = with(file, text).stderr;
        let place = format!("{file}:{line}:{column}\n");
        let what = self.what;
        for part in [place.as_str(), self.told, self.help] {
            assert!(stderr.contains(part), "{what}: no {part:?} in:\n{stderr}");
        }
        let count = stderr.matches("error: ").count();
        assert_eq!(count, 1, "{what}: one fault, one error:\n{stderr}");
    }
}

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
            format!("title = \"¦  \"{REST}"),
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
            format!("{HEAD}releases = \"¦6.10.0\"{REST}"),
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
            format!("{HEAD}[rule]\ncomparator = \"¦iat-onyl\"{guards}"),
            "`rule.comparator`: there is no `iat-onyl`",
            "did you mean `iat-only`?",
        ),
        case(
            "a comparator like no other",
            format!("{HEAD}[rule]\ncomparator = \"¦xyz\"{guards}"),
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
            format!("{HEAD}{rule}A1 = \"¦exsting\"{guards}"),
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
            format!("{HEAD}rule = \"¦table\"{guards}"),
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
            format!("{HEAD}{rule}[guards]\nsites = [\"broadcast\", \"¦baselin\"]\n"),
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
            format!("{HEAD}{rule}[guards]\nsites = []\nseed = \"¦last\"\n"),
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
            tabs("post = \"¦tokens\""),
            "`tabs.post`: there is no `tokens`",
            "did you mean `token`?",
        ),
        case(
            "unknown way with answers",
            tabs("answer = \"¦swap\""),
            "`tabs.answer`: there is no `swap`",
            "`install`, `compare-and-swap`",
        ),
        case(
            "unknown way with requests",
            tabs("request = \"¦lock\""),
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
                "{}tie-is-adopted = {{ because = \"¦whi\" }}\n",
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
            expect("tabs-converge = { verdict = \"¦hold\", because = \"why\" }"),
            "`expect.s2.tabs-converge.verdict`: there is no `hold`",
            "did you mean `holds`?",
        ),
        case(
            "inconclusive, which nobody can expect",
            expect("tabs-converge = { verdict = \"¦inconclusive\", because = \"why\" }"),
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
            format!("{WHOLE}[expect.s2]\ntabs-converge = \"¦violated\"\n"),
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
            format!("{title}tabs = \"¦2\"{budget}"),
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
            format!("{title}tabs = 2\nstart = \"¦emtpy\"{budget}"),
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

#[test]
fn a_file_that_is_not_toml_is_told_with_its_place() {
    for (file, text) in [
        (DESIGN, "title = ¦\n"),
        // The parser points behind the first byte of a letter that has two.
        (DESIGN, "¦Ⱥ\n"),
        (DESIGN, "title = \"never closed¦\n"),
        (SCENARIO, "title = \"x\"\ntabs ¦2\n"),
        (SCENARIO, "¦{\"title\": \"JSON\"}\n"),
    ] {
        let (text, (line, _)) = unmark(text);
        let run = with(file, text);
        run.tells(&[&format!("{file}:{line}:"), "not valid TOML"]);
    }
}

#[test]
fn every_fault_of_every_file_is_told_at_once() {
    let models = Models::of(&[], &[]);
    let design = "title = \"\"\nsourecs = []\n[rule]\ncomparator = \"tabel\"\nA1 = \"me\"\n\
                  [guards]\nsites = [\"cooky\"]\nseed = \"slot\"\n";
    models.write(DESIGN, design);
    let scenario = "title = \"Broken\"\ntabs = 2\nwatch = [7]\n[budget]\nrefesh = 1\nage = -1\n";
    models.write(SCENARIO, scenario);
    models.write("scenarios/other.toml", "tabs = [\n");
    let run = models.freshest(&["check"]).ends_with(2).tells(&[
        "designs/broken.toml:1:9\n",
        "designs/broken.toml:2:1\n",
        "designs/broken.toml:4:15\n",
        "designs/broken.toml:5:7\n",
        "designs/broken.toml:7:11\n",
        "designs/broken.toml:8:9\n",
        "scenarios/broken.toml:3:10\n",
        "scenarios/broken.toml:5:1\n",
        "scenarios/broken.toml:6:7\n",
        "scenarios/other.toml:",
    ]);
    assert_eq!(run.stderr.matches("error: ").count(), 10, "{}", run.stderr);
}

#[test]
fn a_file_that_is_not_utf_8_is_told() {
    let run = with(DESIGN, b"title = \"\xff\xfe\"\n");
    run.tells(&[DESIGN, "cannot be read", "UTF-8"]);
}

#[test]
fn a_directory_in_place_of_a_file_is_told() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    fs::create_dir(models.path().join(SCENARIO)).expect("a directory");
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&[SCENARIO, "cannot be read"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let models = Models::of(&["pr-9030"], &["s2"]);
    std::os::unix::fs::symlink("nowhere", models.path().join(DESIGN)).expect("a link");
    let run = models.freshest(&["list"]).ends_with(2);
    run.tells(&[DESIGN, "cannot be read"]);
}

#[test]
fn a_file_that_is_too_large_is_told_and_not_read() {
    let limit = usize::try_from(MAX_FILE_BYTES).expect("a small limit");
    let run = with(DESIGN, vec![b'#'; limit + 1]);
    run.tells(&[DESIGN, "is larger than 1048576 bytes"]);
}

#[test]
fn a_file_of_the_largest_size_is_read() {
    let limit = usize::try_from(MAX_FILE_BYTES).expect("a small limit");
    let models = Models::of(&[], &["s2"]);
    let comment = "#".repeat(limit - WHOLE.len());
    models.write(DESIGN, format!("{WHOLE}{comment}"));
    models.freshest(&["list"]).ends_with(0);
}

#[test]
fn an_empty_file_lacks_everything_that_is_required() {
    let lacks = |file, keys: &[&str]| {
        let stderr = with(file, "").stderr;
        for key in keys {
            let told = format!("the file has no `{key}`");
            assert!(stderr.contains(&told), "no {told:?} in:\n{stderr}");
        }
    };
    lacks(DESIGN, &["title", "rule", "guards"]);
    lacks(SCENARIO, &["title", "tabs", "budget"]);
}

#[test]
fn columns_are_counted_in_characters() {
    let design = case(
        "a fault behind an umlaut",
        format!("title = \"Ä\", ¦x = 1{REST}").replace(", ¦", " ¦"),
        "not valid TOML",
        "",
    );
    design.is_told(DESIGN);
}

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
