//! What others hold is out of date.

use super::*;

#[test]
fn what_is_installed_is_not_told_to_the_others_but_that_it_was() {
    let mut tab = Tab::of("invalidate");
    tab.refresh().background(FRESH);
    assert_eq!(tab.asked(), [Effect::Invalidate { key: KEY }, write(FRESH)]);
}

#[test]
fn whoever_is_told_drops_entry_and_seed_and_asks_the_origin() {
    let mut tab = Tab::of("invalidate");
    tab.hears(Event::OutOfDate { key: KEY });
    assert_eq!(tab.slot(), Slot::Empty);
    tab.get_token();
    assert_eq!(tab.asked(), [request(Some(F0), None, false)]);
}

#[test]
fn a_fetch_under_way_is_taken_for_the_one_that_renews() {
    let mut tab = Tab::of("invalidate");
    tab.skip_cache().hears(Event::OutOfDate { key: KEY });
    tab.answer(F0, FRESH);
    assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
}
