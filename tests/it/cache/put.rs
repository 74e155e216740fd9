//! The winner of a comparison is put into the slot.

use super::*;

#[test]
fn a_near_winner_is_installed_and_posted_without_a_timer() {
    let mut tab = Tab::of("pr-9030");
    tab.refresh().near(3).background(STALE);
    assert_eq!(tab.slot(), resolved(STALE, true, false));
    assert_eq!(tab.asked(), posts_and_writes(STALE, STALE));
}

#[test]
fn a_dead_winner_empties_the_slot_and_is_not_posted() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().dead(3).answer(F0, STALE);
    assert_eq!(tab.slot(), Slot::Empty);
    assert_eq!(tab.asked(), [write(STALE)], "dispatched all the same");
}

#[test]
fn a_later_put_on_an_own_entry_arms_it_again() {
    let mut tab = Tab::of("pr-9030");
    tab.refresh().skip_cache().background(T0).refresh();
    assert_eq!(tab.slot(), resolved(T0, true, false));
    tab.answer(F0, FRESH);
    assert_eq!(tab.slot(), resolved(FRESH, true, true));
}
