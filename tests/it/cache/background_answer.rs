//! The answer to a background refresh arrives.

use super::*;

#[test]
fn before_9030_a_background_answer_is_installed_and_posted_whatever_was_there() {
    for name in ["iat-guard", "pr-8097", "session-guards-tie"] {
        let mut tab = Tab::of(name);
        tab.refresh().broadcast(FRESH).background(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true), "{name}");
        assert_eq!(tab.asked(), posts_and_writes(STALE, STALE), "{name}");
        assert!(!tab.is_refreshing() && tab.compared().iter().all(|c| c.0 == Site::Dispatch));
    }
}

#[test]
fn before_9030_a_background_answer_replaces_a_pending_entry_and_its_fetch_goes_on() {
    let mut tab = Tab::of("pr-8097");
    tab.refresh().skip_cache().background(STALE);
    assert_eq!(tab.slot(), resolved(STALE, false, true));
    assert_eq!(tab.in_flight(), [F0]);
}

#[test]
fn before_9030_a_background_answer_is_armed_even_when_near_or_dead() {
    for age in [5, 6] {
        let mut tab = Tab::of("pr-8097");
        tab.refresh().age = Age(age);
        tab.background(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, true));
    }
}

#[test]
fn in_9030_the_freshest_is_installed_and_posted_but_the_answer_is_dispatched() {
    let mut tab = Tab::of("pr-9030");
    tab.refresh().broadcast(FRESH).background(STALE);
    assert_eq!(tab.slot(), resolved(FRESH, true, true), "now an own entry");
    assert_eq!(tab.asked(), posts_and_writes(FRESH, STALE));
    assert_eq!(tab.last(), Some(STALE), "no broadcast updates the seed");
}

#[test]
fn in_9030_a_background_answer_meets_the_base_of_a_pending_fetch() {
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.refresh().skip_cache().background(STALE);
    assert_eq!(tab.slot(), resolved(FRESH, true, true));
    assert_eq!(tab.compared()[0], (Site::Baseline, FRESH, STALE));
    assert_eq!(tab.in_flight(), [F0], "the fetch goes on");
}

#[test]
fn in_9030_a_background_answer_that_ties_is_taken() {
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.refresh().background(TWIN);
    assert_eq!(tab.slot(), resolved(TWIN, true, true));
}

#[test]
fn in_9030_a_live_answer_is_dropped_when_its_base_is_fresher_and_dead() {
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.refresh().dead(2).background(STALE);
    assert_eq!(tab.slot(), Slot::Empty);
    assert_eq!(tab.asked(), [write(STALE)], "nothing is posted");
    assert!(
        tab.effects
            .contains(&Effect::Saw(Observation::Removed { key: KEY }))
    );
}
