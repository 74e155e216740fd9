//! How many requests are under way at once: told with a run, and a property where a scenario limits it.

use crate::support::{Models, design, freshest, scenario};
use freshest::check::RunResult;
use freshest::design::Design;
use freshest::explore::{Engine, Limits, Method, Outcome, SymmetryUse, explore};
use freshest::property::{Monitored, Property, PropertySet, Verdict};
use freshest::scenario::Scenario;
use std::sync::Arc;

/// A scenario of two tabs with these budgets, in which one request of a tab may be under way.
fn limited(budget: &str, limit: u8) -> Scenario {
    scenario(&format!(
        "title = \"Limited\"\ntabs = 2\n[budget]\n{budget}\n[limits]\nrequests_per_tab = {limit}\n"
    ))
}

fn run(design: &Design, scenario: &Scenario, method: Method) -> Outcome {
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
    let outcome = explore(model, &method, &Limits::default(), &Arc::default());
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

/// What both engines find of the limit, every step of the fast one held against the model's.
fn found(name: &str, scenario: &Scenario) -> (Verdict, Option<usize>) {
    let design = design(name);
    let audited = Method {
        audit_every: 1,
        symmetry: SymmetryUse::WherePossible,
        ..Method::default()
    };
    let stateright = Method {
        engine: Engine::Stateright,
        ..Method::default()
    };
    let of = |outcome: &Outcome| {
        let finding = outcome.finding(Property::RequestsWithinLimit);
        let finding = finding.expect("judged");
        let steps = finding.counterexample.as_ref().map(Vec::len);
        (finding.verdict, steps)
    };
    let (fast, slow) = (
        run(design, scenario, audited),
        run(design, scenario, stateright),
    );
    assert_eq!(of(&fast), of(&slow), "{name}");
    assert_eq!(fast.most_under_way, slow.most_under_way, "{name}");
    of(&fast)
}

#[test]
fn a_tab_that_asks_while_it_has_as_many_requests_under_way_as_it_may_violates_the_limit() {
    let one = limited("refresh = 1\nskip_cache = 1", 1);
    for name in ["iat-guard", "pr-8097", "pr-9030", "pr-9284", "proposal"] {
        assert_eq!(found(name, &one), (Verdict::Violated, Some(2)), "{name}");
    }
    let two = limited("refresh = 1\nskip_cache = 2", 2);
    assert_eq!(found("pr-9284", &two), (Verdict::Violated, Some(3)));
    // Requests of whatever kind count, and so do answers on their way.
    let touches = limited("touch = 1\nsign_out = 1", 1);
    assert_eq!(found("pr-9284", &touches), (Verdict::Violated, Some(2)));
}

#[test]
fn a_lock_keeps_within_the_limit_and_not_because_nothing_could_exceed_it() {
    let one = limited("refresh = 1\nskip_cache = 1", 1);
    assert_eq!(found("lock", &one), (Verdict::Holds, None));
}

#[test]
fn whoever_joins_a_fetch_sends_no_request() {
    let calls = limited("get_token = 2", 1);
    let calls = Scenario {
        setup: freshest::vocabulary::Setup {
            start: freshest::vocabulary::Start::Empty,
            ..calls.setup.clone()
        },
        ..calls
    };
    assert_eq!(found("pr-9284", &calls), (Verdict::Holds, None));
}

#[test]
fn a_limit_that_nothing_could_exceed_is_vacuous() {
    assert_eq!(
        found("pr-9284", &limited("skip_cache = 1", 1)),
        (Verdict::Vacuous, None)
    );
    // As many as there can ever be.
    let most = limited("refresh = 1\nskip_cache = 1", 2);
    assert_eq!(found("pr-9284", &most), (Verdict::Vacuous, None));
    // What may still happen in the tab asks for nothing.
    let cleared = limited("skip_cache = 1\nclear_cache = 1", 1);
    assert_eq!(found("pr-9284", &cleared), (Verdict::Vacuous, None));
    // Without a limit there is nothing to violate, and that is expected.
    let unlimited = scenario("title = \"Free\"\ntabs = 2\n[budget]\nskip_cache = 2\n");
    assert_eq!(found("pr-9284", &unlimited), (Verdict::Vacuous, None));
    assert!(
        unlimited
            .vacuous
            .contains_key(&Property::RequestsWithinLimit)
    );
}

#[test]
fn only_tabs_that_are_watched_are_held_to_the_limit() {
    let watched = scenario(
        "title = \"Watched\"\ntabs = 2\nwatch = [1]\n[budget]\n\
         skip_cache = { count = 2, by = [0] }\n[limits]\nrequests_per_tab = 1\n",
    );
    assert_eq!(found("pr-9284", &watched), (Verdict::Vacuous, None));
}

#[test]
fn a_run_tells_the_most_requests_under_way_in_one_tab_and_in_all() {
    let of = |name: &str, text: &str| {
        let outcome = run(design(name), &scenario(text), Method::default());
        (
            outcome.most_under_way.in_one_tab,
            outcome.most_under_way.in_all,
        )
    };
    let text = "title = \"Two tabs\"\ntabs = 2\n[budget]\nskip_cache = 2\n";
    assert_eq!(of("pr-9284", text), (2, 2));
    assert_eq!(of("lock", text), (1, 1));
    // One refresh for each tab, and as many for one tab as its timer is armed again: once.
    let timers = "title = \"Timers\"\ntabs = 3\n[budget]\nrefresh = 3\n";
    assert_eq!(of("pr-9284", timers), (1, 3));
    let reads = "title = \"A read of what is cached\"\ntabs = 1\n[budget]\nget_token = 1\n";
    assert_eq!(of("pr-9284", reads), (0, 0));
    // Two requests that are alike are two.
    let alike = "title = \"Alike\"\ntabs = 3\n[budget]\nsign_out = 2\n";
    let outcome = |engine| {
        let method = Method {
            engine,
            ..Method::default()
        };
        run(design("pr-9284"), &scenario(alike), method).most_under_way
    };
    assert_eq!(outcome(Engine::Fast), outcome(Engine::Stateright));
    assert_eq!(outcome(Engine::Fast).in_one_tab, 2);
}

#[test]
fn text_and_json_tell_it_and_say_where_a_bound_was_hit() {
    let models = Models::of(&["pr-9284"], &["r1s1", "r3"]);
    let told = "at most 2 requests under way in one tab, 2 in all\n";
    let of = |args: &[&str]| models.freshest(&[&["check", "--scenario", "r*"], args].concat());
    of(&["--full"]).ends_with(0).prints(&[told]);
    let json = of(&["--format", "json"]).json();
    let most = |run: usize| json["results"][run]["most_under_way"].clone();
    assert_eq!(
        [most(0), most(1)],
        [
            serde_json::json!({"in_one_tab": 2, "in_all": 2}),
            serde_json::json!({"in_one_tab": 1, "in_all": 2}),
        ]
    );
    let bounded = of(&["--full", "--max-states", "5"]);
    bounded.ends_with(3).prints(&["as far as the runs went"]);
    // Results of a version that did not count are read all the same.
    let mut old = json["results"][0].clone();
    old.as_object_mut().expect("a run").remove("most_under_way");
    let old: RunResult = serde_json::from_value(old).expect("a run");
    assert!(old.most_under_way.is_none());
}

#[test]
fn a_limit_is_expected_to_hold_until_the_design_says_otherwise() {
    let models = Models::of(&["pr-9284"], &[]);
    let text = "title = \"Limited\"\ntabs = 1\n[budget]\nrefresh = 1\nskip_cache = 1\n\
                [limits]\nrequests_per_tab = 1\n";
    models.write("scenarios/one.toml", text);
    let args = [
        "check",
        "--scenario",
        "one",
        "--property",
        "requests-within-limit",
    ];
    let run = models.freshest(&args).ends_with(1);
    run.prints(&["requests-within-limit", "violated in 2 events"]);
    let story = models.freshest(&["explain", "pr-9284", "one", "requests-within-limit"]);
    story.ends_with(0).prints(&[
        "2 requests of tab 0 are under way, and the scenario's limit is 1",
        "VIOLATED in step 2",
    ]);
    let path = models.path().join("designs/pr-9284.toml");
    let design = std::fs::read_to_string(&path).expect("the design")
        + "\n[expect.one]\nrequests-within-limit = { steps = 2, because = \"at-once\" }\n";
    std::fs::write(&path, design).expect("the design");
    models.edit(
        "designs/pr-9284.toml",
        "[because]\n",
        "[because]\nat-once = \"A refresh does not wait for a fetch.\"\n",
    );
    models.freshest(&args).ends_with(0);
    // A limit that nothing could exceed does not pass for one that is kept.
    models.edit("scenarios/one.toml", "refresh = 1\n", "");
    models.edit("designs/pr-9284.toml", "[expect.one]", "[expect.gone]");
    models.freshest(&args).ends_with(3);
    freshest(&["list"])
        .ends_with(0)
        .prints(&["requests-within-limit"]);
}
