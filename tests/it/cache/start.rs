//! What a tab holds before anything has happened.

use super::*;

#[test]
fn a_tab_starts_with_an_own_armed_entry_and_the_same_token_as_its_seed() {
    let tab = Tab::of("pr-9030");
    assert_eq!(tab.slot(), resolved(T0, true, true));
    assert_eq!(tab.last(), Some(T0));
    assert!(!tab.is_refreshing() && tab.cache.fetches.is_empty());
}

#[test]
fn without_a_baseline_an_entry_is_armed_too() {
    for name in WITHOUT_BASELINE {
        assert_eq!(Tab::of(name).slot(), resolved(T0, false, true), "{name}");
    }
}
