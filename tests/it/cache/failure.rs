//! A request fails.

use super::*;

#[test]
fn a_failed_fetch_empties_the_slot_that_it_still_owns() {
    for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
        let mut tab = Tab::of(name);
        tab.skip_cache().fail(Some(F0));
        assert_eq!(tab.slot(), Slot::Empty, "{name}: the base is forgotten");
        assert_eq!((tab.last(), tab.in_flight()), (Some(T0), vec![]), "{name}");
        assert_eq!(tab.asked(), [], "{name}");
    }
}

#[test]
fn a_failed_fetch_leaves_the_slot_of_another_alone() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().skip_cache().fail(Some(F0));
    assert_eq!(tab.slot(), pending(F1, Some(T0)));
    assert_eq!(tab.in_flight(), [F1]);
}

#[test]
fn what_waited_for_a_failed_fetch_is_adopted_without_a_comparison_and_the_last_wins() {
    for name in ["iat-guard", "pr-8097", "session-guards"] {
        let mut tab = Tab::holding(name, FRESHEST);
        tab.skip_cache()
            .broadcast(FRESH)
            .broadcast(STALE)
            .fail(Some(F0));
        assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
        assert_eq!(tab.compared(), [], "{name}");
    }
}

#[test]
fn in_9030_what_waited_for_a_failed_fetch_is_folded_from_the_base() {
    let after = |waiting: [ModelToken; 2]| {
        let mut tab = Tab::holding("pr-9030", FRESH);
        tab.skip_cache().broadcast(waiting[0]).broadcast(waiting[1]);
        tab.fail(Some(F0)).slot()
    };
    assert_eq!(
        after([STALE, T0]),
        resolved(FRESH, false, false),
        "the base wins"
    );
    assert_eq!(after([FRESHEST, STALE]), resolved(FRESHEST, false, false));
}

#[test]
fn in_9030_a_dead_winner_of_the_fold_leaves_the_slot_empty() {
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.skip_cache().broadcast(STALE).dead(2).fail(Some(F0));
    assert_eq!(tab.slot(), Slot::Empty, "the base is fresher, and dead");
}

#[test]
fn what_waited_for_a_failed_fetch_replaces_a_newer_pending_entry() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::of(name);
        tab.skip_cache()
            .broadcast(FRESH)
            .skip_cache()
            .fail(Some(F0));
        assert_eq!(tab.slot(), resolved(FRESH, false, false), "{name}");
        assert_eq!(tab.in_flight(), [F1], "{name}");
    }
}
