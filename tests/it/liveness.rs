//! Posts arrive in the end, or a lasso says how one never does.

use crate::support::{design, known_scenario};
use freshest::cache::Policy;
use freshest::explore::{Answer, Debt, Limits, Liveness, Question, Watch, liveness};
use freshest::freshness::rank;
use freshest::model::{Composed, System};
use freshest::property::{Monitored, PropertySet, Verdict};
use freshest::trace::walk;
use freshest::vocabulary::{ModelToken, Setup};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

fn of(name: &str, scenario: &str) -> (Policy, Setup) {
    let scenario = known_scenario(scenario);
    (design(name).policy, scenario.setup.clone())
}

fn model(design: &str, scenario: &str) -> Monitored {
    let (policy, setup) = of(design, scenario);
    Monitored::new(policy, &setup, PropertySet::NONE)
}

fn run(design: &str, scenario: &str) -> Liveness {
    let watch = Arc::new(Watch::default());
    liveness(model(design, scenario), &Limits::default(), &watch).expect("no disagreement")
}

/// What a run says of posts.
fn of_posts(found: &Liveness) -> &Answer {
    let mut answers = found.answers.iter();
    let found = answers.find(|of| of.question == Question::EveryPostArrives);
    found.expect("it is asked")
}

/// What one run of the system has been through, remembered here in full and not as in the engine:
/// every post with its poster, and everything each tab ever had readable.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Remembered {
    posts: Vec<(usize, ModelToken)>,
    held: Vec<Vec<ModelToken>>,
}

/// Length of the shortest run to a state that nothing inevitable leaves and in which a post is
/// missing somewhere. Nothing in these scenarios goes around, so that is all there is to find.
fn shortest_by_brute_force(model: &Composed) -> Option<usize> {
    let start = model.start();
    let held = |system: &System| {
        let tabs = model.roster().tabs();
        let readable = tabs.map(|tab| {
            let state = system.tab(tab);
            let token = state
                .cache
                .at(freshest::freshness::Org::PERSONAL)
                .token()
                .copied();
            token.filter(|token| !freshest::cache::Clock::is_near(&state.age, token))
        });
        readable.collect::<Vec<_>>()
    };
    let remembered = Remembered {
        posts: Vec::new(),
        held: held(&start)
            .into_iter()
            .map(|t| t.into_iter().collect())
            .collect(),
    };
    let mut seen: HashMap<(System, Remembered), usize> = HashMap::new();
    let mut queue = VecDeque::from([(start.clone(), remembered.clone())]);
    seen.insert((start, remembered), 0);
    while let Some((system, past)) = queue.pop_front() {
        let depth = seen[&(system.clone(), past.clone())];
        let enabled = model.enabled(&system);
        let is_owed = |tab: usize| {
            past.posts.iter().any(|(poster, token)| {
                let age = system.clock().age;
                *poster != tab
                    && !freshest::cache::Clock::is_near(&age, token)
                    && past.held[tab].iter().all(|had| rank(had) < rank(token))
            })
        };
        let is_stuck = !enabled.iter().any(|event| event.is_inevitable());
        if is_stuck && (0..past.held.len()).any(is_owed) {
            return Some(depth);
        }
        for event in enabled {
            let step = model.step(&system, event);
            let mut past = past.clone();
            for item in &step.evidence {
                if let freshest::model::Evidence::Posted(tab, token) = item {
                    past.posts
                        .extend(token.token().map(|token| (tab.index(), *token)));
                }
            }
            past.posts.sort();
            past.posts.dedup();
            for (had, has) in past.held.iter_mut().zip(held(&step.system)) {
                had.extend(has);
                had.sort();
                had.dedup();
            }
            let key = (step.system, past);
            if !seen.contains_key(&key) {
                seen.insert(key.clone(), depth + 1);
                queue.push_back(key);
            }
        }
    }
    None
}

#[test]
fn lassos_are_as_long_as_those_of_brute_force() {
    for design in ["iat-guard", "pr-8097", "pr-9030"] {
        for scenario in [
            "r1s1",
            "s2",
            "r1s1f1",
            "lose",
            "age-r1g1a2",
            "clear-s2k1",
            "legacy-s2",
        ] {
            let found = run(design, scenario);
            let found = of_posts(&found);
            let stem = found.lasso.as_ref().map(|lasso| lasso.stem.len());
            let (policy, setup) = of(design, scenario);
            let expected = shortest_by_brute_force(&Composed::new(policy, &setup));
            assert_eq!(stem, expected, "{design} in {scenario}");
            assert_eq!(found.cyclic_components, 0, "{design} in {scenario}");
        }
    }
}

#[test]
fn a_lost_broadcast_never_arrives() {
    let found = run("pr-9030", "lose");
    let found = of_posts(&found);
    assert_eq!(found.verdict, Verdict::Violated);
    let lasso = found.lasso.as_ref().expect("a lasso");
    let Debt::Token(tab, token) = lasso.debt else {
        panic!("{:?} is owed", lasso.debt);
    };
    let model = model("pr-9030", "lose");
    let steps = walk(&model, &lasso.stem).expect("its events are enabled");
    let end = &steps.last().expect("a step").after;
    assert!(end.is_quiescent());
    let cached = end
        .tab(tab)
        .cache
        .at(freshest::freshness::Org::PERSONAL)
        .token()
        .copied();
    assert!(cached.is_none_or(|cached| rank(&cached) < rank(&token)));
}

#[test]
fn nothing_is_owed_where_nothing_fresher_is_posted() {
    let found = run("pr-9030", "base-expiry");
    let found = of_posts(&found);
    assert_eq!((found.verdict, found.indebted), (Verdict::Vacuous, 0));
}

#[test]
fn a_run_that_hits_a_bound_says_nothing() {
    let limits = Limits {
        max_states: Some(100),
        ..Limits::default()
    };
    let watch = Arc::new(Watch::default());
    let found = liveness(model("pr-9030", "lose"), &limits, &watch).expect("no disagreement");
    assert!(found.bound.is_some());
    for answer in found.answers {
        assert_eq!(answer.verdict, Verdict::Inconclusive);
        assert!(answer.lasso.is_none());
    }
}

#[test]
fn what_is_remembered_for_it_is_not_part_of_the_graph() {
    for scenario in ["r1s1", "expiry"] {
        let found = run("pr-8097", scenario);
        let (policy, setup) = of("pr-8097", scenario);
        let model = Monitored::new(policy, &setup, PropertySet::ALL);
        let watch = Arc::new(Watch::default());
        let outcome =
            freshest::explore::explore(model, &Default::default(), &Limits::default(), &watch)
                .expect("no disagreement");
        let graph = (outcome.states, outcome.transitions);
        assert_eq!((found.states, found.transitions), graph);
    }
}

mod command {
    use crate::support::freshest;
    use serde_json::Value;

    #[test]
    fn tells_the_lasso_of_a_single_run_and_exits_with_1() {
        let run = freshest(&["liveness", "--design", "pr-9030", "--scenario", "lose"]).ends_with(1);
        let run = run.prints(&["violated", "FOR EVER", "never gets", "none was hit"]);
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn exits_with_0_where_it_holds_and_with_3_where_it_says_nothing() {
        freshest(&["liveness", "--design", "pr-9030", "--scenario", "r1s1"])
            .ends_with(0)
            .prints(&["every-post-arrives", "every-call-ends"]);
        freshest(&[
            "liveness",
            "--design",
            "pr-9030",
            "--scenario",
            "base-expiry",
        ])
        .ends_with(3);
        let args = [
            "--design",
            "pr-9030",
            "--scenario",
            "r1s1",
            "--max-states",
            "9",
        ];
        let run = freshest(&[&["liveness"], &args[..]].concat()).ends_with(3);
        run.prints(&["inconclusive", "stopped at 9 states (--max-states)"]);
    }

    #[test]
    fn json_has_verdict_sizes_and_the_events_of_the_lasso() {
        let args = [
            "--design",
            "pr-9030",
            "--scenario",
            "lose",
            "--format",
            "json",
        ];
        let run = freshest(&[&["liveness"], &args[..]].concat()).ends_with(1);
        let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(json["version"], 1);
        let result = &json["results"][0];
        assert_eq!(result["question"], "every-post-arrives");
        assert_eq!(result["verdict"], "violated");
        assert_eq!(result["complete"], true);
        assert_eq!(
            (&result["states"], &result["transitions"]),
            (&626.into(), &1100.into())
        );
        assert_eq!(result["lasso"]["stem"].as_array().map(Vec::len), Some(5));
        assert_eq!(result["lasso"]["cycle"].as_array().map(Vec::len), Some(0));
    }
}
