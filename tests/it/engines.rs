//! The fast engine against stateright's checker, and against the model.

use crate::support::{Models, catalog, design, known_scenario};
use freshest::cache::{RequestKind, Rules};
use freshest::catalog::Catalog;
use freshest::check::Check;
use freshest::design::Design;
use freshest::explore::{
    Engine, Limits, Method, MostUnderWay, Outcome, SymmetryUse, Watch, explore, witness,
};
use freshest::freshness::{Decide, External, Rule, TokenView, Unreached, Unreliable, Winner};
use freshest::model::Composed;
use freshest::property::{Monitored, Property, PropertySet, Verdict};
use freshest::scenario::Scenario;
use freshest::vocabulary::TabId;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const BASE: [&str; 12] = [
    "bystander",
    "broadcast-only",
    "own-refresh",
    "two-forced",
    "failures",
    "fail-retry",
    "expiry",
    "clear",
    "rollout-format",
    "legacy-rollout",
    "cookie",
    "three-tabs",
];

fn run(design: &Design, scenario: &Scenario, method: Method) -> Outcome {
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
    explore(
        model,
        &method,
        &Limits::default(),
        &Arc::new(Watch::default()),
    )
    .unwrap_or_else(|disagreement| panic!("{}: {disagreement}", scenario.name))
}

/// What engines have to agree on.
type Summary = (
    u64,
    u64,
    u32,
    MostUnderWay,
    Vec<(Property, Verdict, Option<usize>)>,
);

fn summary(outcome: &Outcome) -> Summary {
    let finding = |finding: &freshest::explore::Finding| {
        let steps = finding.counterexample.as_ref().map(Vec::len);
        (finding.property, finding.verdict, steps)
    };
    let findings = outcome.findings.iter().map(finding).collect();
    let (states, transitions) = (outcome.states, outcome.transitions);
    let most = outcome.most_under_way;
    (states, transitions, outcome.depth, most, findings)
}

/// Checks every pair of names, on two threads.
fn for_each(designs: &[&str], scenarios: &[&str], check: impl Fn(&Design, &Scenario) + Sync) {
    let pairs: Vec<_> = designs
        .iter()
        .flat_map(|name| scenarios.iter().map(|s| (design(name), known_scenario(s))))
        .collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((design, scenario)) = pairs.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    check(design, scenario);
                }
            });
        }
    });
}

#[test]
fn both_engines_find_the_same_in_every_base_scenario() {
    for_each(
        &["iat-guard", "pr-8097", "pr-9030"],
        &BASE,
        |design, scenario| {
            let fast = run(design, scenario, Method::default());
            let stateright = Method {
                engine: Engine::Stateright,
                ..Method::default()
            };
            let slow = run(design, scenario, stateright);
            assert_eq!(
                summary(&fast),
                summary(&slow),
                "{} in {}",
                design.name,
                scenario.name
            );
            assert!(fast.exact && !slow.exact);
        },
    );
}

/// Small ones of what a tab can go through, with one key and two, and of what befalls requests.
const LIFE: [&str; 14] = [
    "close-r1s1",
    "drop-r1s1",
    "focus-f1s1",
    "lost-t1s1",
    "null-s1g1",
    "open-s1k1",
    "org-w1b1g1",
    "org-w1s1",
    "org-w2g1-1tab",
    "out-o1open",
    "out-o1r1",
    "poll-p2a2",
    "stale-open-s1",
    "unauth-o1s1",
];

#[test]
fn both_engines_find_the_same_of_the_life_of_tabs() {
    for_each(&["pr-9284", "proposal-life"], &LIFE, |design, scenario| {
        let fast = run(design, scenario, Method::default());
        let stateright = Method {
            engine: Engine::Stateright,
            ..Method::default()
        };
        let slow = run(design, scenario, stateright);
        let of = format!("{} in {}", design.name, scenario.name);
        assert_eq!(summary(&fast), summary(&slow), "{of}");
    });
}

/// Whoever gives the model to stateright's own checker, or to its Explorer, has these.
#[test]
fn stateright_is_told_of_all_judged_properties_and_of_the_opportunities_that_are_looked_for() {
    let scenario = known_scenario("own-refresh");
    let judged = [Property::CachedOiatNeverDecreases, Property::SeedIsNotStale];
    let judged = PropertySet::from_iter(judged);
    let policy = design("pr-8097").policy;
    let model = Monitored::new(policy, &scenario.setup, judged).with_witnesses(judged);
    let told = <Monitored as stateright::Model>::properties(&model);
    let told: HashSet<&str> = told.iter().map(|property| property.name).collect();
    let names = judged
        .iter()
        .flat_map(|of| [of.name(), of.definition().witness_name]);
    assert_eq!(told, names.collect());
}

/// An opportunity is looked for by each engine in its own way.
#[test]
fn both_engines_find_equally_short_ways_to_an_opportunity_or_none() {
    let mut found = 0;
    for (design, scenario) in [("pr-9030", "own-refresh"), ("pr-9284", "bystander")] {
        let (design, scenario) = (crate::support::design(design), known_scenario(scenario));
        let model = || Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
        for property in model().properties().iter() {
            let [fast, slow] = [Engine::Fast, Engine::Stateright].map(|engine| {
                let method = Method {
                    engine,
                    ..Method::default()
                };
                let watch = Arc::new(Watch::default());
                witness(model(), property, &method, &Limits::default(), &watch)
                    .expect("a search to the end")
                    .map(|steps| steps.len())
            });
            assert_eq!(fast, slow, "{property} in {}", scenario.name);
            found += usize::from(fast.is_some());
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn successors_are_those_of_the_model_in_every_scenario_of_every_design() {
    let catalog = catalog();
    let designs: Vec<_> = catalog.designs.iter().map(|d| d.name.as_str()).collect();
    let scenarios: Vec<_> = catalog.scenarios.iter().map(|s| s.name.as_str()).collect();
    for_each(&designs, &scenarios, |design, scenario| {
        let audited = Method {
            audit_every: if scenario.setup.tabs > 2 { 101 } else { 23 },
            ..Method::default()
        };
        run(design, scenario, audited);
    });
}

#[test]
fn symmetry_changes_nothing_but_what_is_stored() {
    let scenarios = [
        "two-forced",
        "failures",
        "clear",
        "legacy-rollout",
        "bystander",
        "t3-r1s1",
        "t3-s2",
    ];
    for_each(
        &["pr-8097", "pr-9030", "cache-seed"],
        &scenarios,
        |design, scenario| {
            let [with, without] =
                [SymmetryUse::WherePossible, SymmetryUse::Never].map(|symmetry| {
                    let method = Method {
                        symmetry,
                        ..Method::default()
                    };
                    run(design, scenario, method)
                });
            assert_eq!(
                summary(&with),
                summary(&without),
                "{} in {}",
                design.name,
                scenario.name
            );
            let has_alike = scenario.name != "bystander";
            assert_eq!(
                with.explored < without.explored,
                has_alike,
                "{}",
                scenario.name
            );
        },
    );
}

#[test]
fn what_is_measured_is_the_design_that_is_checked() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/models");
    let measured = freshest::catalog::Catalog::load(&path).expect("the models of the benches");
    let measured = measured.design("pr-8097").expect("the design").policy;
    let checked = design("pr-8097").policy;
    assert_eq!(measured, checked);
}

/// A tab that hears of two sign-outs asks for the client twice, and the two requests are alike.
#[test]
fn requests_that_are_alike_are_as_many_as_were_sent() {
    let models = Models::of(&["pr-9284"], &[]);
    let budget = "[budget]\nsign_out = 2\n";
    let text = format!("title = \"Two sign-outs\"\ntabs = 3\n{budget}");
    models.write("scenarios/two-out.toml", text);
    let catalog = Catalog::load(models.path()).expect("models");
    let (design, scenario) = (&catalog.designs[0], &catalog.scenarios[0]);
    let audited = Method {
        audit_every: 1,
        ..Method::default()
    };
    let stateright = Method {
        engine: Engine::Stateright,
        ..Method::default()
    };
    let fast = run(design, scenario, audited);
    assert_eq!(summary(&fast), summary(&run(design, scenario, stateright)));

    let model = Composed::new(design.policy, &scenario.setup);
    let mut most = 0;
    let (mut seen, mut left) = (HashSet::new(), vec![model.start()]);
    while let Some(system) = left.pop() {
        let requests = system.requests();
        let reloads = requests
            .iter()
            .filter(|(tab, request)| *tab == TabId(2) && request.kind == RequestKind::Reload);
        most = most.max(reloads.count());
        for event in model.enabled(&system) {
            let next = model.step(&system, event).system;
            if seen.insert(next.clone()) {
                left.push(next);
            }
        }
    }
    assert_eq!(
        most, 2,
        "a reload for each sign-out that the third tab hears of"
    );
}

/// A run that so many more threads may help.
fn run_with_help(design: &Design, scenario: &Scenario, idle: usize) -> Outcome {
    let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
    let watch = Watch {
        idle: AtomicUsize::new(idle),
        ..Watch::default()
    };
    let (method, limits) = (Method::default(), Limits::default());
    explore(model, &method, &limits, &Arc::new(watch)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn threads_that_help_change_nothing_about_what_is_found() {
    let scenarios = ["two-forced", "three-tabs", "own-refresh", "failures"];
    for_each(&["pr-8097", "pr-9030"], &scenarios, |design, scenario| {
        let alone = run_with_help(design, scenario, 0);
        for idle in [1, 2] {
            let helped = run_with_help(design, scenario, idle);
            let name = format!("{} in {}, {idle} more", design.name, scenario.name);
            assert_eq!(summary(&helped), summary(&alone), "{name}");
            assert_eq!(helped.findings, alone.findings, "{name}");
            assert_eq!(helped.explored, alone.explored, "{name}");
        }
    });
}

/// A comparator with a bug.
/// Of some size: what has none may be where another one is.
#[derive(Debug)]
struct Panicking(u8);

impl Decide for Panicking {
    fn asks_for_time(&self) -> bool {
        false
    }

    fn decide(&self, _: TokenView, _: TokenView) -> Winner {
        panic!("nobody wins, {}", self.0)
    }

    fn has_failed(&self) -> bool {
        false
    }

    fn check(&self) -> Result<(), Unreliable> {
        Ok(())
    }

    fn unreached(&self) -> Vec<Unreached> {
        Vec::new()
    }
}

#[test]
fn a_run_that_panics_is_an_error_and_has_no_verdict() {
    let mut design = design("pr-8097").clone();
    design.policy.rules = Rules::everywhere(Rule::External(External(&Panicking(0))));
    let scenario = known_scenario("two-forced");
    for engine in Engine::ALL {
        let method = Method {
            engine,
            ..Method::default()
        };
        let checked = Check::new(&design, scenario).method(method).outcome();
        let error = checked.map(|_| ()).expect_err("no outcome");
        assert!(error.to_string().contains("a run panicked"), "{error}");
    }
}

#[test]
fn a_comparator_from_elsewhere_is_itself_and_no_other() {
    static TWO: [Panicking; 2] = [Panicking(0), Panicking(1)];
    let of = |index: usize| Rule::External(External(&TWO[index]));
    let both: HashSet<_> = [of(0), of(1), of(0)].into_iter().collect();
    assert_eq!(both.len(), 2);
    assert_eq!(of(1), of(1));
    assert_ne!(of(0), of(1));
}
