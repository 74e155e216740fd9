//! Mutants of designs, and the proposal of which nothing can be left out.

use crate::support::{Models, catalog, design, freshest, known_scenario};
use freshest::cache::Policy;
use freshest::catalog::Catalog;
use freshest::check::Options;
use freshest::design::Design;
use freshest::explore::{Limits, Method, explore};
use freshest::mutate::{Between, Known, Mutant, Run, Subsets, mutants, smallest_sets, tables};
use freshest::property::{Group, Monitored, Property, PropertySet, Verdict};
use freshest::scenario::Scenario;
use std::sync::Arc;

/// In what `proposal` differs from `pr-9284`.
const CHANGES: [&str; 6] = [
    "+last",
    "+adoption-seeds",
    "+superseded-posts",
    "+legacy-cookie",
    "+legacy-to-origin",
    "+then-iat",
];

fn run(policy: Policy, scenario: &Scenario) -> Run {
    let model = Monitored::new(policy, &scenario.setup, PropertySet::ALL);
    let outcome = explore(
        model,
        &Method::default(),
        &Limits::default(),
        &Default::default(),
    );
    Run {
        policy,
        outcome: Arc::new(outcome.unwrap_or_else(|disagreement| panic!("{disagreement}"))),
    }
}

/// Whether every property holds or is vacuous in every scenario, but for lost broadcasts, and for
/// `live-token-is-kept`, which excludes others; what calls get aside.
fn passes(policy: Policy, catalog: &Catalog) -> bool {
    let scenarios = catalog.scenarios.iter();
    let mut scenarios: Vec<_> = scenarios.filter(|of| !of.setup.is_about_life()).collect();
    // The large ones last: most sets fail before.
    scenarios.sort_by_key(|scenario| (scenario.setup.tabs, scenario.name.len()));
    scenarios.into_iter().all(|scenario| {
        let outcome = run(policy, scenario).outcome;
        outcome.findings.iter().all(|finding| {
            let apart = matches!(
                finding.property,
                Property::TabsConverge | Property::TabsConvergeInRank
            );
            let lost = scenario.name == "lose" && apart;
            // What calls get is left to another proposal.
            let of_calls = finding.property.group() == Group::Callers;
            let others = [Property::LiveTokenIsKept, Property::EveryPostArrives];
            let passed_over = lost || of_calls || others.contains(&finding.property);
            passed_over || matches!(finding.verdict, Verdict::Holds | Verdict::Vacuous)
        })
    })
}

fn with(policy: &Policy, changes: &[&str]) -> Policy {
    match changes {
        [] => *policy,
        changes => {
            let name = changes.join(",");
            let mutant = Mutant::from_name(policy, &name).expect("known changes");
            mutant.policy
        }
    }
}

#[test]
fn the_proposal_is_9284_with_six_changes() {
    let changed = with(&design("pr-9284").policy, &CHANGES);
    assert_eq!(changed, design("proposal").policy);
}

#[test]
fn of_the_64_sets_of_the_proposals_changes_only_all_six_let_nothing_go_back() {
    let (catalog, original) = (catalog(), design("pr-9284").policy);
    for bits in 0..1u32 << CHANGES.len() {
        let taken = (0..CHANGES.len()).filter(|index| bits >> index & 1 == 1);
        let taken: Vec<_> = taken.map(|index| CHANGES[index]).collect();
        let passes = passes(with(&original, &taken), catalog);
        assert_eq!(passes, taken.len() == CHANGES.len(), "{taken:?}");
    }
}

/// Every set of the changes from one design to another, in these scenarios; none: in all.
fn subsets(from: &str, to: Policy, scenarios: &[&str], limits: Limits) -> Subsets {
    let to = Design {
        name: "changed".to_owned(),
        policy: to,
        ..design(from).clone()
    };
    let scenarios: Vec<&Scenario> = match scenarios {
        [] => catalog().scenarios.iter().collect(),
        names => names.iter().map(|name| known_scenario(name)).collect(),
    };
    let between = Between {
        from: design(from),
        to: &to,
        scenarios: &scenarios,
        properties: PropertySet::ALL,
        options: Options {
            limits,
            ..Options::default()
        },
    };
    between.run().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn where_the_edge_needs_oiat_five_of_the_six_changes_are_enough_and_no_fewer() {
    let to = design("proposal").policy;
    let needs = ["legacy-needs-oiat", "legacy-edge-r1s1", "clear", "failures"];
    let found = subsets("pr-9284", to, &needs, Limits::default());
    let smallest: Vec<_> = found.minimal().collect();
    assert_eq!(smallest.len(), 1, "{smallest:?}");
    for change in CHANGES {
        let is_needed = smallest[0].iter().any(|of| of == change);
        assert_eq!(is_needed, change != "+legacy-to-origin", "{change}");
    }
    assert_eq!(found.enough.len(), 2, "with it, and without");
}

#[test]
fn of_the_2048_sets_of_changes_for_the_life_of_tabs_only_the_whole_one_violates_nothing_more() {
    let to = design("proposal-life").policy;
    let subsets = subsets("pr-9284", to, &[], Limits::default());
    let all: Vec<_> = subsets.changes.iter().map(|of| of.change.clone()).collect();
    assert_eq!((subsets.sets, all.len()), (2048, 11));
    assert_eq!(subsets.enough, [all]);
    for needed in &subsets.changes {
        let without = needed.without.as_ref().expect("each is needed");
        let policy = with(&to, &[&needed.undone]);
        let outcome = run(policy, known_scenario(&without.scenario)).outcome;
        let mut findings = outcome.findings.iter();
        let found = findings.find(|finding| finding.property == without.property);
        let events = found.and_then(|finding| finding.counterexample.as_ref());
        assert_eq!(
            events.map(Vec::len),
            Some(without.steps),
            "{}",
            needed.change
        );
    }
}

#[test]
fn a_change_that_nothing_in_the_scenarios_needs_can_be_left_out() {
    let to = with(&design("pr-8097").policy, &["+baseline", "+client"]);
    let subsets = subsets("pr-8097", to, &["own-refresh"], Limits::default());
    let needed = |change: &str| {
        let of = subsets.changes.iter().find(|of| of.change == change);
        of.expect("a change").without.is_some()
    };
    assert!(needed("+baseline"));
    assert!(!needed("+client"));
    assert_eq!(subsets.minimal().collect::<Vec<_>>(), [&["+baseline"]]);
    assert_eq!(subsets.enough.len(), 2, "with +client, and without");
}

#[test]
fn nothing_follows_about_sets_whose_runs_are_cut_short() {
    let to = with(&design("pr-8097").policy, &["+client"]);
    let limits = Limits {
        max_states: Some(20),
        ..Limits::default()
    };
    let subsets = subsets("pr-8097", to, &["own-refresh"], limits);
    assert!(!subsets.is_conclusive());
    assert!(subsets.enough.is_empty());
}

#[test]
fn sets_of_changes_lead_from_one_design_to_another_and_no_further() {
    let command = |from, to| freshest(&["mutate", from, "--subsets", to, "--scenario", "s2"]);
    command("pr-9030", "pr-9030")
        .ends_with(2)
        .tells(&["behave the same"]);
    let more = [
        "differ in more than rows",
        "freshest diff pr-9030 invalidate",
    ];
    command("pr-9030", "invalidate").ends_with(2).tells(&more);
    let cut = [
        "mutate",
        "pr-8097",
        "--subsets",
        "session-guards",
        "--scenario",
        "s2",
    ];
    freshest(&cut)
        .ends_with(0)
        .prints(&["pr-8097 to session-guards", "(", "sets"]);
    let cut = [&cut[..], &["--max-states", "3"]].concat();
    freshest(&cut).ends_with(3).prints(&["a run was cut short"]);
}

/// Where a dead token of newer claims meets a live one, whoever keeps the live one goes back.
#[test]
fn a_live_token_of_older_claims_is_kept_or_nothing_goes_back_but_never_both() {
    let shipped = design("pr-9030").policy;
    let scenario = known_scenario("base-expiry");
    let violated = |policy| {
        let outcome = run(policy, scenario).outcome;
        let violated = outcome.findings.iter();
        let violated = violated.filter(|finding| finding.verdict == Verdict::Violated);
        let violated = violated.map(|finding| finding.property);
        let of_the_cache = violated.filter(|property| property.group() != Group::Callers);
        of_the_cache.collect::<Vec<_>>()
    };
    let kept = [Property::LiveTokenIsKept];
    assert_eq!(violated(shipped), kept);
    assert_eq!(violated(design("proposal").policy), kept);
    let goes_back = [
        Property::CachedOiatNeverDecreases,
        Property::TabOiatNeverDecreases,
        Property::CachedClaimsNeverRegress,
        Property::TabClaimsNeverRegress,
    ];
    assert_eq!(violated(with(&shipped, &["+dead-yields"])), goes_back);
}

#[test]
fn a_table_that_differs_in_rows_never_asked_has_the_same_outcome() {
    let original = design("pr-9030").policy;
    for name in ["s2", "legacy-s2", "r2f1g1"] {
        let scenario = known_scenario(name);
        let mut known = Known::default();
        let mut repeated = 0;
        for mutant in tables(&original) {
            let actual = run(mutant.policy, scenario);
            match known.find(&mutant.policy) {
                None => known.add(&actual),
                Some(found) => {
                    repeated += 1;
                    let size = |run: &Run| (run.outcome.states, run.outcome.transitions);
                    assert_eq!(size(&found), size(&actual), "{mutant} in {name}");
                    assert_eq!(found.outcome.findings, actual.outcome.findings, "{mutant}");
                }
            }
        }
        assert!(repeated > 0, "{name}");
    }
}

#[test]
fn there_are_255_other_tables_and_each_is_found_again_by_its_name() {
    let policy = design("pr-8097").policy;
    let all = tables(&policy);
    assert_eq!(all.len(), 255);
    for mutant in all.into_iter().chain(mutants(&policy)) {
        assert_ne!(mutant.policy, policy, "{mutant}");
        let name = mutant.to_string();
        assert_eq!(Mutant::from_name(&policy, &name), Ok(mutant));
    }
}

#[test]
fn the_smallest_sets_meet_every_set_and_nothing_smaller_does() {
    let set = |properties: &[Property]| properties.iter().copied().collect::<PropertySet>();
    let (a, b, c) = (
        Property::TabsConverge,
        Property::TieIsAdopted,
        Property::SeedIsNotStale,
    );
    let found = smallest_sets(&[set(&[a, b]), set(&[b, c]), set(&[a, c]), PropertySet::NONE]);
    assert_eq!(found.len(), 3);
    assert!(found.contains(&set(&[a, b])));
    assert_eq!(smallest_sets(&[set(&[a, b]), set(&[b, c])]), [set(&[b])]);
    assert_eq!(smallest_sets(&[]), [PropertySet::NONE]);
}

#[test]
fn a_kill_is_told_as_a_story() {
    let args = ["mutate", "pr-8097", "--explain=A1=incoming"];
    freshest(&args).ends_with(0).prints(&[
        "is violated",
        "pr-8097 with A1=incoming",
        "row A1 (existing oiat later)",
        "VIOLATED in step 8",
    ]);
    let args = ["mutate", "pr-9030", "--explain", "-baseline,A3=incoming"];
    freshest(&args).ends_with(0).prints(&["VIOLATED"]);
}

#[test]
fn row_a3_of_8097_is_missed_and_a_guard_that_is_never_asked_is_the_same() {
    let args = [
        "mutate",
        "pr-8097",
        "--scenario",
        "r1s1",
        "--format",
        "json",
    ];
    let json = freshest(&args).ends_with(0).json();
    assert_eq!(json["version"], 1);
    let fate = |name: &str| {
        let results = json["results"].as_array().expect("results");
        let found = results.iter().find(|result| result["mutant"] == name);
        found.expect(name)["fate"].clone()
    };
    assert_eq!(fate("A3=incoming"), "missed");
    assert_eq!(fate("B3=existing"), "same");
    assert_eq!(fate("+dead-yields"), "same");
    assert_eq!(fate("-broadcast"), "missed");
    assert_eq!(fate("+cookie"), "noticed");
}

#[test]
fn what_names_no_mutant_is_a_usage_error_with_the_nearest_name() {
    let run = freshest(&["mutate", "pr-8097", "--explain=-brodcast"]);
    run.ends_with(2).tells(&[
        "`-brodcast` is not a mutant of pr-8097",
        "did you mean `-broadcast`?",
    ]);
    let run = freshest(&["mutate", "iat-guard", "--tables"]);
    run.ends_with(2).tells(&["does not decide by a table"]);
}

#[test]
fn mutants_of_runs_that_were_cut_short_are_unknown() {
    let args = [
        "mutate",
        "pr-9030",
        "--scenario",
        "s2",
        "--max-states",
        "10",
    ];
    freshest(&args).ends_with(3).prints(&["unknown"]);
}

#[test]
fn a_measure_that_does_not_exist_is_refused_with_its_place() {
    let models = Models::of(&["proposal"], &["s2"]);
    models.edit(
        "designs/proposal.toml",
        "\"legacy-cookie\"",
        "\"legacy-cookies\"",
    );
    let run = models.freshest(&["check", "--design", "proposal"]);
    run.ends_with(2).tells(&["proposal.toml", "legacy-cookie"]);
}
