//! What happens within one step.

use super::*;

#[test]
fn an_answer_installs_posts_writes_the_cookie_and_moves_the_seed_in_one_step() {
    let mut walk = Walk::of("pr-8097", 3, "skip_cache = 1");
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    let fresh = token(2, 2);
    assert_eq!(walk.cached(0), Some(fresh));
    assert_eq!(walk.now.tab(TabId(0)).cache.last(), Some(&fresh));
    assert_eq!(walk.now.jar().cookie, Some(fresh));
    assert_eq!(
        (walk.waits(1, 0), walk.waits(2, 0)),
        (vec![fresh], vec![fresh])
    );
    assert_eq!(walk.waits(0, 0), [], "a tab never receives its own");
    assert_eq!(
        walk.cached(1),
        Some(T0),
        "the others know only once it is delivered"
    );
}

#[test]
fn nothing_synchronous_is_ever_left_for_a_later_step() {
    let walk = Walk::of("pr-9030", 2, "refresh = 1\nskip_cache = 1\nage = 1");
    for (system, events) in reachable(&walk.model) {
        let under_way = system.requests().len() + system.responses().len();
        let known: Vec<_> = events
            .iter()
            .filter(|event| matches!(event, Event::Mint(..) | Event::Respond(..)))
            .collect();
        assert_eq!(under_way, known.len(), "{system:?}");
    }
}

#[test]
fn a_get_token_hit_writes_a_lost_cookie_within_its_step() {
    let mut walk = Walk::of("pr-8097", 2, "get_token = 1\ncookie_loss = 1");
    walk.go(&[Event::Befall(SharedFault::CookieLoss)]);
    assert_eq!(walk.now.jar().cookie, None);
    walk.go(&[get_token(1)]);
    assert_eq!(walk.now.jar().cookie, Some(T0));
    assert_eq!(walk.now.requests(), []);
}

#[test]
fn ageing_reaches_every_tab_and_the_cookie_jar_within_its_step() {
    let mut walk = Walk::of("pr-9030", 3, "get_token = 1\nage = 1");
    walk.go(&[age(1)]);
    let tabs = (0..3).map(|tab| walk.now.tab(TabId(tab)).age);
    assert!(tabs.chain([walk.now.jar().age]).all(|age| age == Age(1)));
}

#[test]
fn a_step_is_deterministic() {
    for name in ["pr-8097", "pr-9030", "four-guards"] {
        let walk = Walk::of(name, 2, "refresh = 1\nskip_cache = 1\nlose = 1");
        for (system, events) in reachable(&walk.model) {
            assert_eq!(walk.model.enabled(&system), events);
            for event in events {
                let (one, two) = (
                    walk.model.step(&system, event),
                    walk.model.step(&system, event),
                );
                assert!(one.system == two.system, "{event:?} in {system:?}");
                assert_eq!(one.evidence, two.evidence);
            }
        }
    }
}
