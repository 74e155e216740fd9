//! Designs of one process: what is not asked, where they are run, the fence, and the same as scripts.

use crate::support::{Models, catalog, design, freshest, known_scenario};
use crate::tab::{FRESH, Tab};
use freshest::cache::{Answers, Effect, Event, Platform, TokenRequest};
use freshest::check::Check;
use freshest::freshness::Org;
use freshest::property::{Property, Verdict};

const NATIVE: [&str; 5] = [
    "ios-534",
    "ios-534-first",
    "ios-535",
    "ios-535-unfenced",
    "android-827",
];

/// These designs, of which nothing is expected, in these scenarios.
fn native(designs: &[&str], scenarios: &[&str]) -> Models {
    let models = Models::of(designs, scenarios);
    for design in designs {
        let path = models.path().join(format!("designs/{design}.toml"));
        let text = std::fs::read_to_string(&path).expect("a design");
        let (rest, _) = text.split_once("\n[because]").expect("reasons");
        std::fs::write(path, rest.to_owned() + "\n").expect("a file");
    }
    models
}

fn verdict(design_name: &str, scenario: &str, property: Property) -> (Verdict, Option<u32>) {
    let run = Check::new(design(design_name), known_scenario(scenario))
        .run()
        .expect("no script");
    let found = run.property(property).expect("the property");
    (found.verdict, found.steps)
}

/// What is about broadcasts, and what is about cookies, is asked where there are such.
#[test]
fn a_property_is_asked_where_there_is_what_it_is_about() {
    let asked = |cookie, broadcast| {
        let platform = Platform { cookie, broadcast };
        let exists = |property: &Property| property.exists_on(platform);
        Property::ALL.into_iter().filter(exists).count()
    };
    let all = Property::ALL.len();
    let platforms = [
        asked(true, true),
        asked(true, false),
        asked(false, true),
        asked(false, false),
    ];
    assert_eq!(platforms, [all, all - 5, all - 6, all - 11]);
}

/// Neither posts nor cookies leave a process that has nobody to take them; all else does.
#[test]
fn what_a_platform_does_not_have_is_not_asked_for() {
    for (cookie, broadcast) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut tab = Tab::of("pr-9030");
        tab.policy.platform = Platform { cookie, broadcast };
        let key = Org::PERSONAL;
        tab.hears(Event::RefreshTimer { key });
        assert_eq!(tab.effects.len(), 1, "the request");
        tab.answered(TokenRequest::Background(key), FRESH);
        let writes = |effect: &Effect<_>| matches!(effect, Effect::WriteCookie { .. });
        let posts = |effect: &Effect<_>| matches!(effect, Effect::Post { .. });
        assert_eq!(tab.effects.iter().any(writes), cookie);
        assert_eq!(tab.effects.iter().any(posts), broadcast);
        assert_eq!(tab.cache.at(key).token(), Some(&FRESH));
    }
}

#[test]
fn what_534_mends_and_what_it_pays() {
    use Property::{CachedOiatNeverDecreases, LiveTokenIsKept, SeedIsNotStale};
    let late = |design, property| verdict(design, "app-late", property);
    let holds = (Verdict::Holds, None);
    // An expired token of later claims is kept against a live one; then nothing is cached.
    assert_eq!(
        late("ios-535", LiveTokenIsKept),
        (Verdict::Violated, Some(9))
    );
    assert_eq!(late("ios-535", CachedOiatNeverDecreases), holds);
    assert_eq!(late("ios-535", SeedIsNotStale), holds);
    for design in ["ios-534", "ios-534-first", "android-827"] {
        assert_eq!(late(design, LiveTokenIsKept), holds);
        assert_eq!(
            late(design, CachedOiatNeverDecreases),
            (Verdict::Violated, Some(9))
        );
        assert_eq!(late(design, SeedIsNotStale), (Verdict::Violated, Some(10)));
    }
}

#[test]
fn the_fence_keeps_out_what_was_asked_for_before_an_invalidation_and_nothing_else() {
    use Property::{CachedOiatNeverDecreases, TabOiatNeverDecreases};
    let invalidated = |design, property| verdict(design, "app-invalidated", property);
    let holds = (Verdict::Holds, None);
    assert_eq!(invalidated("ios-535", TabOiatNeverDecreases), holds);
    assert_eq!(
        invalidated("ios-535-unfenced", TabOiatNeverDecreases),
        (Verdict::Violated, Some(8))
    );
    assert_eq!(
        invalidated("ios-535-unfenced", CachedOiatNeverDecreases),
        holds
    );
    // Where nothing is invalidated a fence changes no state and no transition; compare-and-swap does.
    let (fenced, unfenced) = (design("ios-535"), design("ios-535-unfenced"));
    let mut swaps = unfenced.clone();
    swaps.policy.answers = Answers::CompareAndSwap;
    for scenario in ["app-late", "app-legacy", "base-expiry"] {
        let graph = |design| {
            let run = Check::new(design, known_scenario(scenario))
                .run()
                .expect("no script");
            (run.states, run.transitions, run.depth)
        };
        assert_eq!(graph(fenced), graph(unfenced), "{scenario}");
        assert_ne!(graph(&swaps), graph(unfenced), "{scenario}");
    }
}

#[test]
fn what_the_platform_lacks_is_not_asked_and_nothing_else_is_left_out() {
    let lacking = [
        Property::FresherBroadcastIsKept,
        Property::TieIsAdopted,
        Property::TabsConverge,
        Property::TabsConvergeInRank,
        Property::EveryPostArrives,
        Property::CookieOiatNeverDecreases,
        Property::UpdateReachesCookie,
        Property::CookieContext,
        Property::ContextAtRest,
        Property::NoCookieAfterSignout,
        Property::SignedOutAtRest,
    ];
    for property in Property::ALL {
        let is_lacking = lacking.contains(&property);
        let platform = design("ios-534").policy.platform;
        assert_eq!(property.exists_on(platform), !is_lacking, "{property}");
        assert!(property.exists_on(Platform::WEB));
    }
    for name in NATIVE {
        for scenario in catalog()
            .scenarios
            .iter()
            .filter(|s| design(name).runs_in(s))
        {
            let run = Check::new(design(name), scenario).run().expect("no script");
            for property in lacking {
                let found = run.property(property).expect("the property");
                assert_eq!(
                    found.verdict,
                    Verdict::Vacuous,
                    "{name} {} {property}",
                    scenario.name
                );
            }
        }
    }
}

#[test]
fn a_design_is_run_in_scenarios_of_its_platform() {
    for scenario in &catalog().scenarios {
        let is_native = scenario.name.starts_with("app-");
        assert_eq!(
            design("pr-9284").runs_in(scenario),
            !is_native,
            "{}",
            scenario.name
        );
        let runs = design("ios-534").runs_in(scenario);
        assert_eq!(runs, scenario.setup.tabs == 1, "{}", scenario.name);
    }
    let unfit = "cannot be run in s2: they are of two platforms";
    freshest(&["check", "--design", "ios-534", "--scenario", "s2"])
        .ends_with(2)
        .tells(&[unfit, "tabs = 1"]);
    let explained = ["explain", "ios-534", "s2", "tab-oiat-never-decreases"];
    freshest(&explained).ends_with(2).tells(&[unfit]);
    freshest(&["explain", "pr-9284", "app-late", "tab-oiat-never-decreases"])
        .ends_with(2)
        .tells(&["two platforms", "[platform]"]);
    freshest(&["traces", "ios-534", "s2"])
        .ends_with(2)
        .tells(&[unfit]);
    freshest(&["diff", "ios-534", "pr-9284", "--scenario", "s2"])
        .ends_with(2)
        .tells(&[unfit]);
    freshest(&["mutate", "ios-534", "--scenario", "s2"])
        .ends_with(2)
        .tells(&[unfit]);
    // A requirement is not met by a design that is named and not run.
    let args = ["check", "--scenario", "s2", "--require-design", "ios-534"];
    freshest(&args).ends_with(2).tells(&["ios-534"]);
}

#[test]
fn a_gate_that_would_pass_over_a_design_or_a_scenario_fails() {
    let models = native(&["pr-9284", "ios-534"], &["s2"]);
    models
        .freshest(&["check"])
        .ends_with(2)
        .tells(&["ios-534", "cannot be run in s2"]);
    let models = native(&["pr-9284"], &["s2", "app-late"]);
    models
        .freshest(&["check"])
        .ends_with(2)
        .tells(&["no design can be run in app-late"]);
    models
        .freshest(&["check", "--scenario", "app-late"])
        .ends_with(2);
    let chosen = models.freshest(&["check", "--design", "pr-9284", "--scenario", "s2"]);
    assert_ne!(chosen.code, Some(2), "{}", chosen.stderr);
}

#[test]
fn a_receipt_says_what_was_not_run_and_is_held_to_it() {
    let models = native(&["ios-535", "pr-9030"], &["app-late", "base-expiry", "s2"]);
    let path = models.path().join("receipt.json");
    let path = path.to_str().expect("a path");
    models.freshest(&["check", "--receipt", path]).ends_with(1);
    let text = std::fs::read_to_string(path).expect("a receipt");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        json["not_run"],
        serde_json::json!(["ios-535 in s2", "pr-9030 in app-late"])
    );
    models.freshest(&["verify", path]).ends_with(0);
    // Less, more, or something else is no receipt of anything.
    for (from, to) in [
        ("\"ios-535 in s2\",", ""),
        ("\"ios-535 in s2\"", "\"ios-535 in base-expiry\""),
        ("\"ios-535 in s2\"", "\"ios-535 in nowhere\""),
    ] {
        assert!(text.contains(from));
        std::fs::write(path, text.replacen(from, to, 1)).expect("a file");
        let run = models.freshest(&["verify", path]);
        assert!(
            matches!(run.code, Some(1 | 2)),
            "{from} {to} {:?} {}",
            run.code,
            run.stderr
        );
    }
}

#[test]
fn what_a_platform_cannot_mean_is_a_located_error() {
    let told = |from: &str, to: &str, told: &[&str]| {
        let models = Models::of(&["ios-535"], &["app-late"]);
        models.edit("designs/ios-535.toml", from, to);
        models
            .freshest(&["check"])
            .ends_with(2)
            .tells(told)
            .tells(&["designs/ios-535.toml"]);
    };
    told(
        "cookie = false",
        "cookie = 0",
        &["`platform.cookie` must be true or false"],
    );
    told(
        "cookie = false",
        "cooky = false",
        &["unknown key `platform.cooky`", "`cookie`"],
    );
    told(
        "\"seed\"]",
        "\"seed\", \"cookie\"]",
        &["has `cookie`", "platform.cookie"],
    );
    told(
        "\"seed\"]",
        "\"seed\", \"broadcast\"]",
        &["has `broadcast`", "platform.broadcast"],
    );
    told(
        "\"fence\"",
        "\"fenced\"",
        &["there is no `fenced`", "`fence`"],
    );
}

#[cfg(feature = "script")]
#[test]
fn comparators_written_from_their_description_give_what_the_built_in_designs_give() {
    for (like, parameters) in [
        ("ios-534", "existing,incoming,now"),
        ("ios-535", "existing,incoming"),
        ("android-827", "existing,incoming,now-ms"),
    ] {
        let script = format!("examples/native/{like}.ts");
        let scripted = [
            "check",
            "--format",
            "json",
            "--comparator",
            &script,
            "--parameters",
            parameters,
        ];
        let run = |args: &[&str]| {
            let json = freshest(args).ends_with(0).json();
            let results = json["results"].as_array().expect("results").clone();
            let told = |run: &serde_json::Value| {
                let mut run = run.clone();
                for key in ["design", "script", "seconds", "memory_bytes"] {
                    run.as_object_mut().expect("an object").remove(key);
                }
                run
            };
            results.iter().map(told).collect::<Vec<_>>()
        };
        let scripted = run(&[&scripted[..], &["--like", like]].concat());
        let built_in = run(&["check", "--format", "json", "--design", like]);
        assert!(scripted.len() >= 8);
        assert_eq!(scripted, built_in, "{like}");
    }
    // And they are not all alike: 534 is not 535.
    let args = [
        "check",
        "--comparator",
        "examples/native/ios-534.ts",
        "--like",
        "ios-535",
    ];
    freshest(&[&args[..], &["--parameters", "existing,incoming,now"]].concat()).ends_with(1);
}
