//! The guard before anything is put into a slot.

use super::*;

#[test]
fn four_guards_installs_and_posts_nothing_that_loses_to_the_slot_but_dispatches() {
    let mut tab = Tab::of("four-guards");
    tab.refresh().broadcast(FRESH).background(STALE);
    assert_eq!(tab.slot(), resolved(FRESH, false, false));
    assert_eq!(tab.asked(), [write(STALE)], "the seed was older still");
    assert_eq!(tab.last(), Some(STALE));
    assert!(!tab.is_refreshing());
}

#[test]
fn four_guards_installs_no_tie_of_a_background_answer() {
    let mut tab = Tab::holding("four-guards", FRESH);
    tab.refresh().background(TWIN);
    assert_eq!(tab.slot(), resolved(FRESH, false, false));
    assert_eq!(tab.asked(), [withhold(TWIN)]);
}

#[test]
fn four_guards_holds_an_adoption_against_the_slot_it_would_replace() {
    let mut tab = Tab::of("four-guards");
    tab.refresh().skip_cache().broadcast(FRESH);
    tab.background(FRESHEST).fail(Some(F0));
    assert_eq!(tab.slot(), resolved(FRESHEST, false, true));
    assert_eq!(tab.compared(), [(Site::Install, FRESHEST, FRESH)]);
}

#[test]
fn the_pending_slot_of_an_own_fetch_takes_its_token_unguarded() {
    let mut tab = Tab::holding("four-guards", FRESH);
    tab.skip_cache().answer(F0, STALE);
    assert_eq!(tab.slot(), resolved(STALE, false, true));
    assert!(tab.asked().contains(&post(STALE)));
}

#[test]
fn a_pending_slot_takes_a_background_answer_unguarded() {
    let mut tab = Tab::holding("four-guards", FRESH);
    tab.refresh().skip_cache().background(STALE);
    assert_eq!(tab.slot(), resolved(STALE, false, true));
}
