//! A token of another tab arrives.

use super::*;

#[test]
fn a_resolved_slot_rejects_a_broadcast_only_if_it_is_strictly_fresher() {
    for name in ["pr-8097", "pr-9030", "session-guards-tie", "cache-seed"] {
        let after = |broadcast| {
            let mut tab = Tab::holding(name, FRESH);
            tab.broadcast(broadcast).cache.at(KEY).token().copied()
        };
        assert_eq!(
            after(STALE),
            Some(FRESH),
            "{name}: minted later, claims older"
        );
        assert_eq!(after(FRESHEST), Some(FRESHEST), "{name}");
        assert_eq!(after(TWIN), Some(TWIN), "{name}: a full tie is taken");
        assert_eq!(after(legacy(9)), Some(FRESH), "{name}: oiat beats none");
    }
}

#[test]
fn the_guard_by_iat_lets_older_claims_in_and_keeps_newer_ones_out() {
    let mut tab = Tab::holding("iat-guard", FRESH);
    assert_eq!(
        tab.broadcast(TWIN).cache.at(KEY).token(),
        Some(&FRESH),
        "a tie keeps"
    );
    assert_eq!(
        tab.broadcast(STALE).cache.at(KEY).token(),
        Some(&STALE),
        "a later iat wins"
    );
    assert_eq!(
        tab.broadcast(FRESH).cache.at(KEY).token(),
        Some(&STALE),
        "newer claims lose"
    );
}

#[test]
fn the_drafts_that_keep_a_tie_reject_a_broadcast_of_equal_rank() {
    for name in ["four-guards", "session-guards"] {
        let mut tab = Tab::holding(name, FRESH);
        assert_eq!(
            tab.broadcast(TWIN).cache.at(KEY).token(),
            Some(&FRESH),
            "{name}"
        );
    }
}

#[test]
fn four_guards_compares_a_missing_oiat_by_iat() {
    let mut tab = Tab::holding("four-guards", FRESH);
    assert_eq!(
        tab.broadcast(legacy(3)).cache.at(KEY).token(),
        Some(&legacy(3))
    );
    assert_eq!(tab.broadcast(FRESH).cache.at(KEY).token(), Some(&legacy(3)));
}

#[test]
fn adopting_or_rejecting_touches_neither_seed_nor_cookie_nor_channel() {
    for name in [
        "iat-guard",
        "pr-8097",
        "pr-9030",
        "four-guards",
        "cache-seed",
    ] {
        for broadcast in [STALE, FRESHEST] {
            let mut tab = Tab::holding(name, FRESH);
            tab.broadcast(broadcast);
            assert_eq!(tab.asked(), [], "{name}");
            assert_eq!(tab.last(), Some(FRESH), "{name}");
        }
    }
}

#[test]
fn an_empty_slot_adopts_without_a_comparison_unarmed() {
    for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
        let mut tab = Tab::empty(name);
        tab.broadcast(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
        assert_eq!(tab.compared(), [], "{name}");
    }
}

#[test]
fn a_near_slot_is_dropped_before_the_comparison_so_that_an_older_token_gets_in() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::holding(name, FRESH);
        tab.near(2).broadcast(STALE);
        assert_eq!(tab.slot(), resolved(STALE, false, false), "{name}");
        assert_eq!(tab.compared(), [], "{name}");
    }
}

#[test]
fn a_dead_broadcast_is_installed_before_9030_and_not_since() {
    let mut tab = Tab::empty("pr-9030");
    tab.dead(3).broadcast(STALE);
    assert_eq!(tab.slot(), Slot::Empty);
    let mut tab = Tab::empty("pr-8097");
    tab.dead(3).broadcast(STALE);
    assert_eq!(
        tab.cache.at(KEY).token(),
        Some(&STALE),
        "before 9030 it is installed"
    );
}

#[test]
fn in_9030_an_adopted_entry_is_not_own_and_has_no_timer() {
    let mut tab = Tab::of("pr-9030");
    assert_eq!(tab.broadcast(FRESH).slot(), resolved(FRESH, false, false));
}

#[test]
fn a_broadcast_waits_for_the_fetch_that_owns_the_pending_slot() {
    for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
        let mut tab = Tab::of(name);
        tab.skip_cache()
            .broadcast(STALE)
            .broadcast(FRESH)
            .skip_cache();
        tab.broadcast(FRESHEST);
        assert_eq!(
            tab.waiting(F0),
            [STALE, FRESH],
            "{name}: in order of arrival"
        );
        assert_eq!(tab.waiting(F1), [FRESHEST], "{name}");
        assert_eq!(tab.asked(), [], "{name}");
        assert_eq!(tab.compared(), [], "{name}");
    }
}
