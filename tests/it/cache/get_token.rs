//! The page asks for a token that the cache may have.

use super::*;

#[test]
fn a_hit_writes_the_cookie_and_leaves_the_seed_alone() {
    for name in ["iat-guard", "pr-8097", "pr-9030", "cache-seed"] {
        let mut tab = Tab::of(name);
        tab.broadcast(FRESH).get_token();
        assert_eq!(tab.asked(), [write(FRESH)], "{name}");
        assert_eq!(tab.last(), Some(T0), "{name}");
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH), "{name}");
    }
}

#[test]
fn a_near_or_dead_token_is_dropped_and_fetched_anew_unforced_and_without_a_base() {
    for name in ["pr-8097", "pr-9030", "iat-guard"] {
        for age in [1, 2] {
            let mut tab = Tab::of(name);
            tab.age = Age(age);
            tab.get_token();
            assert_eq!(tab.slot(), pending(F0, None), "{name}, age {age}");
            assert_eq!(tab.asked(), [request(Some(F0), Some(T0), false)]);
            assert!(
                tab.effects
                    .contains(&Effect::Saw(Observation::Removed { key: KEY }))
            );
        }
    }
}

#[test]
fn joining_a_fetch_under_way_has_no_further_effect() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache();
    let before = tab.cache.clone();
    tab.near(1).get_token();
    assert_eq!(tab.cache, before);
    assert_eq!(tab.effects, []);
}

#[test]
fn an_empty_slot_is_filled_by_an_unforced_fetch() {
    let mut tab = Tab::of("pr-9030");
    tab.hears(Event::Clear).get_token();
    assert_eq!(tab.asked(), [request(Some(F0), Some(T0), false)]);
    assert_eq!(tab.slot(), pending(F0, None));
}
