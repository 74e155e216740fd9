//! The timer of an entry fires.

use super::*;

#[test]
fn a_refresh_disarms_the_entry_and_sends_an_unforced_request_with_the_seed() {
    let mut tab = Tab::of("pr-8097");
    tab.set_last(Some(FRESH));
    tab.refresh();
    assert_eq!(tab.asked(), [request(None, Some(FRESH), false)]);
    assert_eq!(tab.slot(), resolved(T0, false, false), "it stays resolved");
    assert!(tab.is_refreshing());
}

#[test]
fn a_refresh_clears_armed_and_never_own() {
    let mut tab = Tab::of("pr-9030");
    assert_eq!(tab.refresh().slot(), resolved(T0, true, false));
}

#[test]
fn a_refresh_while_another_is_under_way_disarms_and_sends_nothing() {
    let mut tab = Tab::of("pr-8097");
    tab.refresh().skip_cache().answer(F0, FRESH).refresh();
    assert_eq!(tab.asked(), []);
    assert_eq!(tab.slot(), resolved(FRESH, false, false));
    assert!(tab.is_refreshing());
}

#[test]
fn a_background_failure_only_clears_the_mark() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::of(name);
        tab.refresh();
        let slot = tab.slot();
        tab.fail(None);
        assert_eq!((&tab.slot(), tab.last()), (&slot, Some(T0)));
        assert!(!tab.is_refreshing() && tab.effects.is_empty());
    }
}

#[test]
fn an_adopted_entry_has_no_refresh_timer() {
    for name in ["pr-8097", "pr-9030", "iat-guard"] {
        let mut tab = Tab::of(name);
        tab.broadcast(FRESH);
        assert_eq!(tab.slot(), resolved(FRESH, false, false), "{name}");
    }
}
