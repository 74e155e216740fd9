//! The page asks for a token past the cache.

use super::*;

#[test]
fn skip_cache_sends_a_forced_request_and_the_slot_becomes_pending() {
    for name in WITHOUT_BASELINE {
        let mut tab = Tab::of(name);
        tab.skip_cache();
        assert_eq!(tab.asked(), [request(Some(F0), Some(T0), true)], "{name}");
        assert_eq!(tab.slot(), pending(F0, None), "{name} keeps no base");
    }
}

#[test]
fn the_old_token_becomes_the_base_of_9030_even_near_or_dead() {
    for age in [0, 1, 2] {
        let mut tab = Tab::of("pr-9030");
        tab.age = Age(age);
        assert_eq!(tab.skip_cache().slot(), pending(F0, Some(T0)));
    }
}

#[test]
fn a_second_fetch_takes_over_the_base_of_the_first_in_9030() {
    let mut tab = Tab::of("pr-9030");
    assert_eq!(tab.skip_cache().skip_cache().slot(), pending(F1, Some(T0)));
}

#[test]
fn a_fetch_from_an_empty_slot_has_no_base_and_no_parent() {
    let mut tab = Tab::empty("pr-9030");
    assert_eq!(tab.skip_cache().slot(), pending(F0, None));
    assert_eq!(tab.asked(), [request(Some(F0), None, true)]);
}

#[test]
fn a_fetch_takes_the_smallest_number_that_no_fetch_in_flight_has() {
    let mut tab = Tab::of("pr-8097");
    tab.skip_cache().skip_cache().skip_cache();
    assert_eq!(tab.in_flight(), [F0, F1, FetchId(2)]);
    tab.answer(F1, FRESH).skip_cache();
    assert_eq!(tab.slot(), pending(F1, None), "1 was free again");
    tab.fail(Some(F0)).skip_cache();
    assert_eq!(tab.slot(), pending(F0, None), "a failure frees it too");
    assert_eq!(tab.in_flight(), [F0, F1, FetchId(2)]);
}

#[test]
fn a_background_refresh_takes_no_number() {
    let mut tab = Tab::of("pr-8097");
    assert_eq!(tab.refresh().skip_cache().slot(), pending(F0, None));
    assert_eq!(tab.in_flight(), [F0]);
}
