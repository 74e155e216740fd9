//! What is proved of a tab that comes and goes, held against what scenarios find.

use crate::support::{Models, freshest};
use freshest::prove::{ProofReport, ProofVerdict};

const WITH_OIAT: [&str; 3] = ["--life", "--tokens", "with-oiat"];

const OF_9284: &str = "\"broadcast\", \"baseline\", \"seed\", \"cookie\", \"client\"";

/// #9284 with these sites and measures.
fn models_with(sites: &str, measures: &str) -> Models {
    let models = Models::copy();
    models.write(
        "designs/mine.toml",
        format!(
            "title = \"Mine\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [{sites}]\n\
             measures = [{measures}]\n[tabs]\ntimer = \"focused\"\n"
        ),
    );
    models
}

/// The verdicts about these properties where every token has `oiat`. The program ends with 2 if a proof
/// and a scenario contradict each other.
#[track_caller]
fn verdicts(models: &Models, design: &str, properties: &[&str]) -> Vec<ProofVerdict> {
    verdicts_in(&report(models, design, properties), properties)
}

#[track_caller]
fn verdicts_in(report: &ProofReport, properties: &[&str]) -> Vec<ProofVerdict> {
    let of = |name: &&str| {
        let mut found = report.properties();
        let (_, property) = found.find(|(_, p)| p.property.name() == *name)?;
        assert_eq!(
            property.verdict == ProofVerdict::Violated,
            property.confirmed_by.is_some()
        );
        Some(property.verdict)
    };
    properties.iter().filter_map(of).collect()
}

#[track_caller]
fn report(models: &Models, design: &str, properties: &[&str]) -> ProofReport {
    let mut args = vec!["prove", design, "--format", "json"];
    args.extend(WITH_OIAT);
    args.extend(properties.iter().flat_map(|name| ["--property", name]));
    let run = models.freshest(&args);
    assert!(matches!(run.code, Some(0 | 1 | 3)), "{run:?}");
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

const PROVED_OF_9284: [&str; 6] = [
    "cached-oiat-never-decreases",
    "cached-claims-never-regress",
    "fresher-broadcast-is-kept",
    "tie-is-adopted",
    "cookie-oiat-never-decreases",
    "update-reaches-cookie",
];

const CONTEXTS: [&str; 5] = [
    "key-holds-own-context",
    "cookie-context",
    "read-returns-own-context",
    "no-cookie-after-signout",
    "returned-is-own-context",
];

#[test]
fn of_the_latest_release_what_is_cached_is_proved_and_what_organisations_do_is_violated() {
    let models = Models::copy();
    let proved = verdicts(&models, "pr-9284", &PROVED_OF_9284);
    assert_eq!(proved, [ProofVerdict::Proved; PROVED_OF_9284.len()]);
    let violated = verdicts(&models, "pr-9284", &CONTEXTS);
    assert_eq!(violated, [ProofVerdict::Violated; CONTEXTS.len()]);
    let forgotten = ["tab-oiat-never-decreases", "seed-is-not-stale"];
    let violated = verdicts(&models, "pr-9284", &forgotten);
    assert_eq!(violated, [ProofVerdict::Violated; 2]);
}

#[test]
fn of_the_proposal_all_is_proved_but_what_touches_break() {
    let models = Models::copy();
    let kept = "fresher-broadcast-is-kept";
    let mut all = [&PROVED_OF_9284[..], &CONTEXTS].concat();
    all.retain(|name| *name != kept);
    let proved = verdicts(&models, "proposal-life", &all);
    assert_eq!(proved, vec![ProofVerdict::Proved; all.len()]);
    // Below the last active token a broadcast is refused, and what is cached may be older still.
    let not_proved = verdicts(&models, "proposal-life", &[kept]);
    assert_eq!(not_proved, [ProofVerdict::NotProved]);
    let open = ["tab-oiat-never-decreases", "tab-claims-never-regress"];
    let told = report(&models, "proposal-life", &open);
    let stories = told.properties().filter(|(_, p)| p.story.is_some()).count();
    assert_eq!(stories, 2);
    assert_eq!(verdicts_in(&told, &open), [ProofVerdict::NotProved; 2]);
    models.write(
        "scenarios/touch-r1k1.toml",
        "title = \"A touch overtakes a refresh\"\ntabs = 2\n[budget]\nrefresh = 1\ntouch = 1\n\
         skip_cache = 1\nclear_cache = 1\n",
    );
    let violated = verdicts(&models, "proposal-life", &open);
    assert_eq!(violated, [ProofVerdict::Violated; 2]);
}

#[test]
fn each_measure_of_the_life_of_tabs_proves_what_it_is_for_and_without_it_nothing_is_proved() {
    let all = "\"key-asks\", \"context-cookie\", \"out-ignores\", \"load-void\"";
    let proved = verdicts(&models_with(OF_9284, all), "mine", &CONTEXTS);
    assert_eq!(proved, [ProofVerdict::Proved; CONTEXTS.len()]);
    for (without, lost) in [
        ("key-asks", "key-holds-own-context"),
        ("key-asks", "read-returns-own-context"),
        ("context-cookie", "cookie-context"),
        ("out-ignores", "no-cookie-after-signout"),
    ] {
        let measures = all.replace(&format!("\"{without}\", "), "");
        let found = verdicts(&models_with(OF_9284, &measures), "mine", &[lost]);
        assert_eq!(found, [ProofVerdict::Violated], "{lost} without {without}");
    }
}

#[test]
fn without_a_guard_or_with_another_row_what_it_keeps_is_not_proved() {
    let cached = "cached-oiat-never-decreases";
    for sites in [
        "\"broadcast\", \"seed\", \"cookie\", \"client\"",
        "\"seed\", \"cookie\", \"client\"",
    ] {
        let found = verdicts(&models_with(sites, ""), "mine", &[cached]);
        assert_eq!(found, [ProofVerdict::Violated], "{sites}");
    }
    let cookie = "cookie-oiat-never-decreases";
    let sites = "\"broadcast\", \"baseline\", \"seed\", \"client\"";
    let found = verdicts(&models_with(sites, ""), "mine", &[cookie]);
    assert_eq!(found, [ProofVerdict::Violated]);
}

#[test]
fn a_fence_proves_what_it_is_for_only_with_a_baseline() {
    let cached = "cached-oiat-never-decreases";
    for (sites, is_proved) in [(OF_9284, true), ("\"broadcast\"", false)] {
        let models = Models::copy();
        models.write(
            "designs/mine.toml",
            format!(
                "title = \"Mine\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = [{sites}]\n\
                 [tabs]\nanswer = \"fence\"\n"
            ),
        );
        let found = verdicts(&models, "mine", &[cached]);
        assert_eq!(found == [ProofVerdict::Proved], is_proved, "{sites}");
    }
}

#[test]
fn what_is_not_covered_is_said_first() {
    let args = [&["prove", "pr-9284"][..], &WITH_OIAT].concat();
    let run = freshest(&args).ends_with(1);
    let first = run
        .stdout
        .find("Not covered, as they are about several tabs");
    let table = run.stdout.find("cached-oiat-never-decreases");
    assert!(first.is_some() && first < table, "{run:?}");
    let long: Vec<_> = run
        .stdout
        .lines()
        .filter(|l| l.chars().count() > 80)
        .collect();
    assert!(long.is_empty(), "{long:?}");
    run.prints(&["signed-out-at-rest", "in any number of sessions"]);
}

#[test]
fn a_guard_that_looks_at_older_sessions_is_not_covered_and_that_is_said() {
    let args = [
        &["prove", "session-guards", "--property", "tie-is-adopted"][..],
        &WITH_OIAT,
    ];
    let run = freshest(&args.concat());
    assert!(matches!(run.code, Some(1 | 3)), "{run:?}");
    run.prints(&[
        "a guard looks at the last active tokens",
        "of older sessions",
    ]);
}

#[test]
fn no_certificate_is_of_a_tab_that_comes_and_goes() {
    let args = ["prove", "pr-9284", "--life", "--certificate", "x.json"];
    freshest(&args).ends_with(2).tells(&["cannot be used with"]);
}

#[test]
fn a_bound_proves_nothing_of_the_life_of_tabs() {
    let args = [
        "prove",
        "pr-9284",
        "--property",
        "tie-is-adopted",
        "--max-states",
        "5",
    ];
    let run = freshest(&[&args[..], &WITH_OIAT].concat()).ends_with(3);
    run.prints(&["inconclusive", "stopped at --max-states 5"]);
}
