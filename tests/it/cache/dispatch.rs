//! The page is told of a token: cookie and seed follow, or are withheld.

use super::*;

#[test]
fn before_9030_an_older_update_overwrites_cookie_and_seed() {
    for name in ["iat-guard", "pr-8097"] {
        let mut tab = Tab::holding(name, FRESH);
        tab.refresh().background(STALE);
        assert!(tab.asked().contains(&write(STALE)), "{name}");
        assert_eq!(tab.last(), Some(STALE), "{name}");
    }
}

#[test]
fn in_9030_a_fresher_seed_stays_and_the_cookie_is_asked_all_the_same() {
    for age in [0, 3, 4] {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.refresh().age = Age(age);
        tab.background(STALE);
        assert_eq!(tab.last(), Some(FRESH), "near or dead makes no difference");
        assert!(tab.asked().contains(&write(STALE)));
    }
}

#[test]
fn in_9030_a_tie_replaces_the_seed() {
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.refresh().background(TWIN);
    assert_eq!(tab.last(), Some(TWIN));
}

#[test]
fn a_dispatch_guard_withholds_cookie_and_seed_even_if_the_fresher_seed_is_dead() {
    for name in ["four-guards", "session-guards", "session-guards-tie"] {
        for age in [0, 3, 4] {
            let mut tab = Tab::holding(name, FRESH);
            tab.refresh().age = Age(age);
            tab.background(STALE);
            assert_eq!(tab.last(), Some(FRESH), "{name}, age {age}");
            let asked = tab.asked();
            assert!(asked.contains(&withhold(STALE)), "{name}");
            assert!(!asked.contains(&write(STALE)), "{name}");
        }
    }
}

#[test]
fn a_dispatch_guard_lets_a_tie_through_only_where_the_rule_takes_ties() {
    let after = |name| {
        let mut tab = Tab::holding(name, FRESH);
        tab.refresh().background(TWIN);
        (tab.last(), tab.asked().pop())
    };
    let withheld = (Some(FRESH), Some(withhold(TWIN)));
    assert_eq!(after("four-guards"), withheld);
    assert_eq!(after("session-guards"), withheld);
    let written = (Some(TWIN), Some(write(TWIN)));
    assert_eq!(after("session-guards-tie"), written);
}

#[test]
fn a_dispatch_guard_stands_before_the_cookie_write_of_a_get_token_hit() {
    let hit = |name| Tab::of(name).get_token().asked();
    assert_eq!(hit("four-guards"), [withhold(T0)], "a tie keeps");
    assert_eq!(hit("session-guards"), [withhold(T0)], "a tie keeps");
    assert_eq!(hit("session-guards-tie"), [write(T0)]);
    let mut tab = Tab::of("session-guards-tie");
    tab.set_last(Some(FRESH));
    assert_eq!(tab.get_token().asked(), [withhold(T0)]);
}

#[test]
fn a_withheld_update_of_the_own_fetch_is_installed_and_posted_all_the_same() {
    let mut tab = Tab::holding("session-guards", FRESH);
    tab.skip_cache().answer(F0, STALE);
    assert_eq!(tab.slot(), resolved(STALE, false, true));
    assert_eq!(tab.asked(), [post(STALE), withhold(STALE)]);
}
