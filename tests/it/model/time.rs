//! Instants and ages.

use super::*;

#[test]
fn a_tick_needs_a_used_instant_and_a_request_that_is_not_minted() {
    let mut walk = Walk::of("pr-8097", 2, "refresh = 2");
    assert!(walk.now.clock().used, "t0 was just minted");
    assert!(!walk.can(Event::Tick), "nothing to mint");
    walk.go(&[refresh(0)]);
    assert!(walk.can(Event::Tick));
    walk.go(&[Event::Tick]);
    assert_eq!((walk.now.clock().now, walk.now.clock().used), (2, false));
    assert!(!walk.can(Event::Tick), "nothing was minted at this instant");
    walk.go(&[mint(0, BG)]);
    assert!(walk.now.clock().used);
    assert!(!walk.can(Event::Tick), "again nothing to mint");
    walk.go(&[refresh(1)]);
    assert!(walk.can(Event::Tick));
}

#[test]
fn the_instant_is_used_at_an_empty_start_too() {
    let mut walk = Walk::from("pr-9030", "empty", 2, "get_token = 1");
    assert!(walk.now.clock().used);
    walk.go(&[get_token(0), Event::Tick, mint(0, F0)]);
    assert_eq!(walk.minted(), (Source::Origin, token(2, 2)));
}

#[test]
fn an_origin_token_minted_before_the_first_tick_ties_fully_with_t0() {
    let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1");
    walk.go(&[skip_cache(0), mint(0, F0)]);
    assert_eq!(walk.minted(), (Source::Origin, T0));
}

#[test]
fn age_goes_from_threshold_to_threshold_and_begins_a_new_instant() {
    let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nage = 3");
    assert_eq!(walk.next_age(), Some(1), "t0 becomes near");
    walk.go(&[age(1)]);
    assert_eq!((walk.now.clock().now, walk.now.clock().used), (2, false));
    assert_eq!(walk.next_age(), Some(2), "t0 becomes dead");
    walk.go(&[age(2)]);
    assert_eq!(
        walk.next_age(),
        None,
        "no token held crosses another threshold"
    );
    walk.go(&[refresh(0), mint(0, BG)]);
    assert_eq!(
        walk.minted(),
        (Source::Edge, token(1, 3)),
        "iat is the new instant"
    );
    assert_eq!(walk.next_age(), Some(5), "a token in a response is held");
}

#[test]
fn ageing_needs_a_budget_and_a_token() {
    assert_eq!(Walk::of("pr-8097", 2, "refresh = 1").next_age(), None);
    assert_eq!(
        Walk::from("pr-8097", "empty", 2, "get_token = 1\nage = 1").next_age(),
        None
    );
    let mut walk = Walk::of("pr-8097", 2, "get_token = 1\nage = 1");
    assert_eq!(walk.go(&[age(1)]).next_age(), None, "spent");
}

#[test]
fn an_instant_left_by_a_tick_while_age_was_odd_is_never_aged() {
    let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 2\nage = 3");
    walk.go(&[age(1), skip_cache(0), mint(0, F0), respond(0, F0)]);
    assert_eq!(walk.cached(0), Some(token(2, 2)), "nothing else is held");
    assert_eq!(walk.next_age(), Some(3), "still in the same instant");
    walk.go(&[skip_cache(0), Event::Tick]);
    assert_eq!(walk.now.clock().unaged, [2]);
    assert_eq!(walk.next_age(), None, "disabled");
    walk.go(&[mint(0, F0)]);
    assert_eq!(
        walk.next_age(),
        None,
        "and not skipped for the younger token"
    );
    walk.go(&[respond(0, F0)]);
    assert_eq!(
        walk.next_age(),
        Some(5),
        "until only the younger one is held"
    );
}

#[test]
fn an_instant_left_by_a_tick_while_age_was_even_can_age() {
    let mut walk = Walk::of("pr-8097", 1, "skip_cache = 1\nage = 1");
    walk.go(&[skip_cache(0), Event::Tick]);
    assert!(walk.now.clock().unaged.is_empty());
    assert_eq!(walk.next_age(), Some(1));
}

#[test]
fn the_parent_inside_a_request_does_not_count_as_held() {
    let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 1\nage = 1");
    walk.go(&[refresh(0), skip_cache(0), Event::Tick, mint(0, F0)]);
    assert_eq!(
        walk.next_age(),
        Some(1),
        "the tab still holds t0 as its seed"
    );
    walk.go(&[respond(0, F0)]);
    assert_eq!(walk.now.requests()[0].1.parent, Some(T0));
    assert_eq!(walk.next_age(), Some(3), "only the younger token is held");
}

#[test]
fn a_token_in_the_channel_or_waiting_counts_as_held() {
    let mut walk = Walk::from(
        "pr-8097",
        "empty",
        2,
        "get_token = 2\nskip_cache = 1\nage = 1",
    );
    walk.go(&[get_token(0), mint(0, F0), respond(0, F0)]);
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    assert_eq!(walk.waits(1, 0), [token(1, 1), token(2, 2)]);
    assert_eq!(
        walk.next_age(),
        Some(1),
        "only the channel holds the older one"
    );
    walk.go(&[get_token(1), deliver(1, 0)]);
    assert_eq!(walk.waits(1, 0), [token(2, 2)]);
    assert_eq!(walk.next_age(), Some(1), "now it waits for tab 1's fetch");
}
