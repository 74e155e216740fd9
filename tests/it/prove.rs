//! What is proved for any number of tabs, held against what scenarios find.

use crate::support::{Models, Run, catalog, freshest};
use freshest::property::Group;
use freshest::prove::Tokens;
use freshest::prove::{ProofProperty, ProofReport, ProofResult, ProofVerdict};

const HEADLINE: &str = "cached-oiat-never-decreases";

/// A design without expectations, by its `[rule]` and its sites.
fn models_with(rule: &str, sites: &str) -> Models {
    let models = Models::copy();
    models.write(
        "designs/mine.toml",
        format!("title = \"Mine\"\n[rule]\n{rule}\n[guards]\nsites = [{sites}]\n"),
    );
    models
}

const OF_9030: &str = "\"broadcast\", \"baseline\", \"seed\", \"cookie\"";

fn report(run: &Run) -> ProofReport {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

fn prove(models: &Models, design: &str) -> ProofReport {
    report(&models.freshest(&["prove", design, "--format", "json"]))
}

#[track_caller]
fn property(report: &ProofReport, tokens: Tokens, name: &str) -> ProofProperty {
    let result = report.results.iter().find(|r| r.tokens == tokens);
    let mut properties = result.expect("a result").properties.iter();
    let found = properties.find(|property| property.property.name() == name);
    found.expect("a property").clone()
}

#[test]
fn no_scenario_violates_what_is_proved_of_a_design_and_every_story_comes_true() {
    // The proposal takes longest, and has a test of its own.
    for design in catalog().designs.iter().filter(|d| d.name != "proposal") {
        check_design(&design.name);
    }
}

#[test]
fn all_that_the_proposal_promises_of_one_tab_is_proved() {
    for result in &check_design("proposal").results {
        for property in &result.properties {
            let expected = match property.property.name() {
                name if NOT_OF_ONE_TAB.contains(&name) => ProofVerdict::NotOfOneTab,
                name if OF_LIFE.contains(&name) => ProofVerdict::OfLife,
                "live-token-is-kept" => ProofVerdict::Violated,
                // What calls get is left to another proposal.
                _ if property.property.group() == Group::Callers => continue,
                _ => ProofVerdict::Proved,
            };
            assert_eq!(property.verdict, expected, "{}", property.property);
        }
        // For any number of broadcasts that wait for a fetch.
        assert_eq!(result.bounds.waiting, None);
    }
}

/// What is asked of several tabs, or of a lock, which a proof does not cover.
const NOT_OF_ONE_TAB: [&str; 7] = [
    "tabs-converge",
    "tabs-converge-in-rank",
    "every-post-arrives",
    "every-call-ends",
    "context-at-rest",
    "signed-out-at-rest",
    "requests-within-limit",
];

/// What is asked of a tab that comes and goes.
const OF_LIFE: [&str; 5] = [
    "key-holds-own-context",
    "cookie-context",
    "read-returns-own-context",
    "no-cookie-after-signout",
    "returned-is-own-context",
];

/// The program ends with 2 if a proof and a scenario contradict each other.
#[track_caller]
fn check_design(name: &str) -> ProofReport {
    let run = freshest(&["prove", name, "--format", "json"]);
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{run:?}");
    let report = report(&run);
    for result in &report.results {
        for property in &result.properties {
            check(result, property);
        }
    }
    report
}

/// A search that came to its end has an answer, and a story where there is no proof.
#[track_caller]
fn check(result: &ProofResult, property: &ProofProperty) {
    let told = format!("{}, {:?}: {property:?}", result.design, result.tokens);
    let has_story = property.story.is_some();
    match property.verdict {
        ProofVerdict::Proved | ProofVerdict::Vacuous => assert!(result.complete, "{told}"),
        ProofVerdict::NotProved => assert!(has_story, "{told}"),
        ProofVerdict::Violated => assert!(has_story || !result.complete, "{told}"),
        ProofVerdict::Inconclusive => assert!(!result.complete, "{told}"),
        ProofVerdict::NotOfOneTab => {
            assert!(NOT_OF_ONE_TAB.contains(&property.property.name()), "{told}")
        }
        ProofVerdict::OfLife => {
            assert!(OF_LIFE.contains(&property.property.name()), "{told}")
        }
    }
}

#[test]
fn the_latest_release_keeps_the_headline_with_any_tokens() {
    let run = freshest(&["prove", "pr-9030", "--property", HEADLINE]).ends_with(0);
    run.prints(&["PROVED", "any number of broadcasts that wait"]);
}

#[test]
fn claims_are_kept_only_where_every_token_has_oiat() {
    let report = prove(&Models::copy(), "pr-9030");
    let claims = "cached-claims-never-regress";
    let proved = property(&report, Tokens::WithOiat, claims);
    assert_eq!(proved.verdict, ProofVerdict::Proved);
    let violated = property(&report, Tokens::Mixed, claims);
    assert_eq!(violated.verdict, ProofVerdict::Violated);
    assert_eq!(violated.confirmed_by.as_deref(), Some("legacy-edge-r1s1"));
    assert_eq!(violated.steps, Some(7));
}

#[test]
fn a_flipped_row_breaks_the_proof_and_a_scenario_confirms_it() {
    for (row, name) in [
        ("A1 = \"incoming\"", HEADLINE),
        ("A2 = \"existing\"", "fresher-broadcast-is-kept"),
        ("A5 = \"existing\"", "tie-is-adopted"),
    ] {
        let models = models_with(&format!("comparator = \"table\"\n{row}"), OF_9030);
        let flipped = property(&prove(&models, "mine"), Tokens::WithOiat, name);
        assert_eq!(flipped.verdict, ProofVerdict::Violated, "{row}");
        assert!(flipped.confirmed_by.is_some() && flipped.story.is_some());
    }
}

#[test]
fn without_a_guard_the_headline_is_violated_and_with_its_guard_it_is_proved() {
    let table = "comparator = \"table\"";
    for (sites, verdict) in [
        ("", ProofVerdict::Violated),
        ("\"broadcast\"", ProofVerdict::Violated),
        ("\"broadcast\", \"baseline\"", ProofVerdict::Proved),
        ("\"baseline\"", ProofVerdict::Proved),
    ] {
        let report = prove(&models_with(table, sites), "mine");
        let headline = property(&report, Tokens::WithOiat, HEADLINE);
        assert_eq!(headline.verdict, verdict, "{sites}");
    }
}

#[test]
fn what_no_scenario_confirms_is_not_called_violated() {
    let name = "live-token-is-kept";
    let run = freshest(&["prove", "pr-8097", "--property", name]).ends_with(3);
    run.prints(&[
        "live-token-is-kept is not proved",
        "No scenario does",
        "UNKNOWN",
    ]);
}

#[test]
fn a_bound_on_waiting_broadcasts_is_said_where_the_rule_is_no_weak_order() {
    let models = models_with("comparator = \"table\"\nA1 = \"incoming\"", OF_9030);
    let args = ["prove", "mine", "--property", "tie-is-adopted"];
    let run = models.freshest(&args).ends_with(0);
    run.prints(&["bound: at most 2 broadcasts wait for one fetch"]);
    let fewer = [&args[..], &["--waiting", "1"]].concat();
    models.freshest(&fewer).prints(&["bound: at most 1 broad"]);
}

#[test]
fn a_bound_on_waiting_broadcasts_is_said_where_dead_tokens_yield() {
    let sites = format!("{OF_9030}]\nmeasures = [\"dead-yields\"");
    let models = models_with("comparator = \"table\"", &sites);
    let args = ["prove", "mine", "--property", "tie-is-adopted"];
    let run = models.freshest(&args).ends_with(0);
    run.prints(&["bound: at most 2 broadcasts wait for one fetch"]);
}

#[test]
fn a_search_that_hits_a_bound_proves_nothing() {
    let args = [
        "prove",
        "pr-9030",
        "--property",
        HEADLINE,
        "--max-states",
        "20",
    ];
    let run = freshest(&args).ends_with(3);
    run.prints(&["inconclusive", "stopped at --max-states 20", "UNKNOWN"]);
}

#[test]
fn a_rule_that_holds_an_iat_against_an_oiat_is_not_covered_where_tokens_lack_oiat() {
    let args = ["prove", "four-guards", "--tokens", "mixed"];
    let args = [&args[..], &["--property", "live-token-is-kept"]].concat();
    let run = freshest(&args).ends_with(1);
    run.prints(&["Inconclusive where tokens may lack oiat: the comparator may look at more"]);
}

#[test]
fn properties_of_several_tabs_are_named_and_not_judged() {
    let args = ["prove", "pr-9030", "--property", "tabs-converge"];
    freshest(&args).ends_with(3).prints(&["not of one tab"]);
}

#[test]
fn names_that_do_not_exist_end_with_2() {
    let run = freshest(&["prove", "pr-903"]).ends_with(2);
    run.tells(&["there is no design `pr-903`", "did you mean `pr-9030`?"]);
    freshest(&["prove", "pr-9030", "--property", "x"]).ends_with(2);
    freshest(&["prove", "pr-9030", "--tokens", "x"]).ends_with(2);
    freshest(&["prove"]).ends_with(2);
}

#[test]
fn text_keeps_to_80_columns_and_markdown_has_a_table() {
    let args = ["prove", "pr-8097", "--tokens", "with-oiat"];
    let text = freshest(&args).ends_with(1).stdout;
    let long: Vec<_> = text.lines().filter(|l| l.chars().count() > 80).collect();
    assert!(long.is_empty(), "{long:?}");
    let markdown = freshest(&[&args[..], &["--format", "markdown"]].concat()).ends_with(1);
    markdown.prints(&[
        "VIOLATED",
        "| `tie-is-adopted` | proved |",
        "| `tabs-converge` | not of one tab |",
        "### `live-token-is-kept` is not proved",
    ]);
}
