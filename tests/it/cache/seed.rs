//! Which token a request sends along.

use super::*;

/// The parent of the request that the last event sent.
fn parent(tab: &Tab) -> Option<ModelToken> {
    match tab.asked().as_slice() {
        [Effect::Request { parent, .. }] => *parent,
        other => panic!("one request was expected, not {other:?}"),
    }
}

#[test]
fn a_request_is_seeded_with_the_last_active_token_and_not_with_the_cached_one() {
    for name in [
        "iat-guard",
        "pr-8097",
        "pr-9030",
        "four-guards",
        "session-guards",
    ] {
        let mut tab = Tab::of(name);
        tab.broadcast(FRESH).skip_cache();
        assert_eq!(parent(&tab), Some(T0), "{name}");
    }
}

#[test]
fn cache_seed_sends_the_resolved_token_for_forced_and_unforced_requests_alike() {
    let mut tab = Tab::of("cache-seed");
    tab.broadcast(FRESH).skip_cache();
    assert_eq!(parent(&tab), Some(FRESH));
    let mut tab = Tab::holding("cache-seed", FRESH);
    tab.set_last(Some(T0));
    assert_eq!(parent(tab.refresh()), Some(FRESH));
}

#[test]
fn cache_seed_sends_a_near_or_dead_token_too() {
    for age in [3, 4] {
        let mut tab = Tab::holding("cache-seed", FRESH);
        tab.set_last(Some(T0));
        tab.age = Age(age);
        assert_eq!(parent(tab.skip_cache()), Some(FRESH));
    }
}

#[test]
fn cache_seed_falls_back_to_the_last_active_token_without_a_resolved_slot() {
    let mut tab = Tab::holding("cache-seed", FRESH);
    tab.set_last(Some(T0));
    tab.skip_cache();
    assert_eq!(
        parent(tab.skip_cache()),
        Some(T0),
        "pending, whatever its base"
    );
    let mut tab = Tab::holding("cache-seed", FRESH);
    tab.set_last(Some(T0));
    tab.near(2).get_token();
    assert_eq!(
        parent(&tab),
        Some(T0),
        "get_token has dropped the near slot"
    );
}

#[test]
fn cache_seed_is_9030_in_everything_else() {
    let (ours, theirs) = (design("cache-seed").policy, design("pr-9030").policy);
    assert_eq!((ours.rules, ours.guards), (theirs.rules, theirs.guards));
    assert_ne!(ours.seed_from, theirs.seed_from);
}
