//! The order in which requests, answers and broadcasts arrive, and what gets lost.

use super::*;

#[test]
fn requests_are_minted_and_answered_in_any_order() {
    let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nskip_cache = 2");
    walk.go(&[refresh(0), skip_cache(0), skip_cache(0)]);
    let minted = [BG, F0, F1].map(|fetch| walk.can(mint(0, fetch)));
    assert_eq!(minted, [true; 3]);
    walk.go(&[mint(0, F1), mint(0, BG), mint(0, F0)]);
    let answered = [BG, F0, F1].map(|fetch| walk.can(respond(0, fetch)));
    assert_eq!(answered, [true; 3]);
    walk.go(&[respond(0, F0), respond(0, F1), respond(0, BG)]);
    assert_eq!(
        (walk.now.requests(), walk.now.responses()),
        (vec![], vec![])
    );
}

#[test]
fn broadcasts_of_one_tab_reach_another_in_the_order_of_their_posting() {
    let mut walk = Walk::of("pr-8097", 2, "skip_cache = 2");
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    assert_eq!(walk.waits(1, 0), [token(2, 2), token(3, 3)]);
    walk.go(&[deliver(1, 0)]);
    assert_eq!(walk.cached(1), Some(token(2, 2)), "the oldest first");
    walk.go(&[deliver(1, 0)]);
    assert_eq!(walk.cached(1), Some(token(3, 3)));
    assert!(walk.now.is_quiescent());
}

#[test]
fn broadcasts_of_different_tabs_arrive_in_any_order() {
    let mut walk = Walk::of("pr-8097", 3, "skip_cache = 2");
    for tab in [0, 1] {
        walk.go(&[
            skip_cache(tab),
            Event::Tick,
            mint(tab, F0),
            respond(tab, F0),
        ]);
    }
    assert!(walk.can(deliver(2, 0)) && walk.can(deliver(2, 1)));
    walk.go(&[deliver(2, 1)]);
    assert_eq!(walk.cached(2), Some(token(3, 3)), "the younger one first");
    assert!(walk.can(deliver(2, 0)) && !walk.can(deliver(2, 1)));
}

#[test]
fn the_oldest_broadcast_of_a_pair_can_be_lost() {
    let mut walk = Walk::of("pr-8097", 3, "skip_cache = 2\nlose = 1");
    assert!(!walk.can(lose(1, 0)), "there is none");
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0), respond(0, F0)]);
    walk.go(&[lose(1, 0)]);
    assert_eq!(walk.waits(1, 0), [token(3, 3)]);
    assert_eq!(
        walk.waits(2, 0),
        [token(2, 2), token(3, 3)],
        "nobody else loses it"
    );
    assert!(!walk.can(lose(2, 0)), "the budget is spent");
    assert_eq!(walk.cached(1), Some(T0));
}

#[test]
fn only_a_request_that_is_not_minted_can_fail() {
    let mut walk = Walk::of("pr-8097", 2, "skip_cache = 2\nfail = 1");
    walk.go(&[skip_cache(0), skip_cache(0), mint(0, F1)]);
    assert!(walk.can(fail(0, F0)) && !walk.can(fail(0, F1)));
    walk.go(&[fail(0, F0)]);
    assert_eq!(walk.now.requests(), [], "it is gone");
    assert!(!walk.can(fail(0, F1)), "the budget is spent");
    assert_eq!(walk.now.tab(TabId(0)).cache.fetches.len(), 1);
}

#[test]
fn a_failed_background_refresh_may_be_followed_by_another() {
    let mut walk = Walk::of("pr-8097", 1, "refresh = 2\nfail = 1");
    walk.go(&[refresh(0), fail(0, BG)]);
    assert!(
        walk.now
            .tab(TabId(0))
            .cache
            .at(Org::PERSONAL)
            .background
            .is_none()
    );
    assert!(!walk.can(refresh(0)), "but the timer is gone");
}

#[test]
fn the_number_of_a_fetch_is_free_again_when_its_answer_has_arrived() {
    let mut walk = Walk::of("pr-8097", 1, "skip_cache = 3");
    walk.go(&[skip_cache(0), mint(0, F0), skip_cache(0)]);
    assert!(
        walk.can(mint(0, F1)),
        "a response in flight still carries 0"
    );
    walk.go(&[respond(0, F0), skip_cache(0)]);
    assert!(walk.can(mint(0, F0)));
}
