//! An answer counts only if the entry is still the one that was asked for.

use super::*;

#[test]
fn a_background_answer_counts_if_the_entry_is_the_one_it_was_asked_for() {
    let mut tab = Tab::of("compare-and-swap");
    tab.refresh().background(FRESH);
    assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
    assert_eq!(tab.asked(), [post(FRESH), write(FRESH)]);
}

/// What may have the slot while a refresh is under way.
type Replacement = (&'static str, fn(&mut Tab));

#[test]
fn a_background_answer_is_discarded_once_anything_else_has_had_the_slot() {
    let replaced: [Replacement; 3] = [
        ("a broadcast", |tab| {
            tab.broadcast(FRESH);
        }),
        ("a clear", |tab| {
            tab.hears(Event::Clear);
        }),
        ("a fetch that failed", |tab| {
            tab.skip_cache().fail(Some(F0));
        }),
    ];
    for (what, replace) in replaced {
        let mut tab = Tab::of("compare-and-swap");
        tab.refresh();
        replace(&mut tab);
        let (slot, last) = (tab.slot(), tab.last());
        tab.background(FRESHEST);
        assert_eq!(tab.slot(), slot, "{what}");
        assert_eq!(tab.last(), last, "{what}");
        assert_eq!(tab.asked(), [withhold(FRESHEST)], "{what}");
    }
}

#[test]
fn a_refresh_that_begins_after_the_entry_was_replaced_counts() {
    let mut tab = Tab::of("compare-and-swap");
    tab.refresh().broadcast(FRESH).fail(None);
    assert!(!tab.is_refreshing());
    tab.skip_cache().answer(F0, FRESH);
    tab.refresh().background(FRESHEST);
    assert_eq!(tab.cache.at(KEY).token(), Some(&FRESHEST));
}

#[test]
fn the_answer_to_a_fetch_that_lost_its_slot_is_discarded_as_a_whole() {
    let mut tab = Tab::of("compare-and-swap");
    tab.skip_cache().skip_cache();
    let slot = tab.slot();
    tab.answer(F0, FRESH);
    assert_eq!(tab.slot(), slot);
    assert_eq!(tab.last(), Some(T0));
    assert_eq!(tab.asked(), [withhold(FRESH)]);
}
