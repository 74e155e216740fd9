//! No token below the best one that the tab ever had gets into a slot.

use super::*;

fn with_mark(mark: ModelToken) -> Tab {
    let mut tab = Tab::holding("high-water", mark);
    tab.hears(Event::Clear);
    tab
}

#[test]
fn an_answer_below_the_mark_leaves_its_slot_empty_and_is_dispatched_but_not_posted() {
    let mut tab = with_mark(FRESH);
    tab.get_token().answer(F0, STALE);
    assert_eq!(tab.slot(), Slot::Empty);
    assert_eq!(tab.cache.at(KEY).mark, Some(FRESH));
    assert_eq!(tab.asked(), [write(STALE)]);
    assert_eq!(tab.compared(), [(Site::HighWater, FRESH, STALE)]);
}

#[test]
fn the_mark_outlives_a_clear_an_eviction_and_a_failed_fetch() {
    let mut evicted = Tab::holding("high-water", FRESH);
    evicted.dead(2).hears(Event::CleanupTimer { key: KEY });
    let mut failed = Tab::holding("high-water", FRESH);
    failed.skip_cache().fail(Some(F0));
    for mut tab in [with_mark(FRESH), evicted, failed] {
        assert_eq!(tab.slot(), Slot::Empty);
        tab.broadcast(STALE);
        assert_eq!(tab.slot(), Slot::Empty);
        tab.broadcast(FRESHEST);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESHEST));
        assert_eq!(tab.cache.at(KEY).mark, Some(FRESHEST));
    }
}

#[test]
fn a_background_answer_below_the_mark_changes_no_slot() {
    let mut tab = Tab::holding("high-water", FRESH);
    tab.refresh().background(STALE);
    assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
    assert_eq!(tab.asked(), [write(STALE)]);
}

#[test]
fn a_tie_with_the_mark_is_installed() {
    let mut tab = with_mark(FRESH);
    tab.broadcast(TWIN);
    assert_eq!(tab.cache.at(KEY).token(), Some(&TWIN));
}

#[test]
fn no_other_design_has_a_mark() {
    for name in ["iat-guard", "pr-8097", "pr-9030", "four-guards"] {
        let mut tab = Tab::of(name);
        tab.refresh().background(FRESH);
        assert_eq!(tab.cache.at(KEY).mark, None, "{name}");
    }
}

/// The proposal holds what comes into an empty slot against the last active token, if it is of one organisation.
#[test]
fn below_the_last_active_token_of_its_organisation_nothing_gets_into_an_empty_slot() {
    for (last, adopted) in [
        (FRESH, None),
        (
            ModelToken {
                org: Org::FIRST,
                ..FRESH
            },
            Some(STALE),
        ),
    ] {
        let mut tab = Tab::empty("high-water");
        tab.policy.guards = tab.policy.guards.with(Site::Last);
        tab.set_last(Some(last));
        tab.broadcast(STALE);
        assert_eq!(tab.cache.at(KEY).token().copied(), adopted, "{last}");
    }
}
