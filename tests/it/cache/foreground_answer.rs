//! The answer to a fetch that callers wait for arrives.

use super::*;

#[test]
fn a_fetch_that_owns_the_slot_fills_it_and_posts_before_it_dispatches() {
    for name in WITHOUT_BASELINE {
        let mut tab = Tab::of(name);
        tab.skip_cache().answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(FRESH, false, true), "{name}");
        assert_eq!(tab.asked(), posts_and_writes(FRESH, FRESH), "{name}");
        assert_eq!(tab.last(), Some(FRESH), "{name}");
        assert_eq!(tab.in_flight(), []);
    }
}

#[test]
fn before_9030_it_is_armed_even_when_near_or_dead() {
    for age in [3, 4] {
        let mut tab = Tab::of("pr-8097");
        tab.skip_cache().age = Age(age);
        assert_eq!(tab.answer(F0, FRESH).slot(), resolved(FRESH, false, true));
    }
}

#[test]
fn before_9030_a_superseded_fetch_is_only_dispatched() {
    for name in WITHOUT_BASELINE {
        let mut tab = Tab::of(name);
        tab.skip_cache().skip_cache().answer(F0, FRESH);
        assert_eq!(tab.slot(), pending(F1, None), "{name}");
        assert_eq!(tab.asked(), [write(FRESH)], "{name}");
        assert_eq!(tab.last(), Some(FRESH), "{name}");
    }
}

#[test]
fn before_9030_an_answer_that_finds_the_slot_resolved_or_empty_is_only_dispatched() {
    let mut tab = Tab::of("pr-8097");
    tab.refresh()
        .skip_cache()
        .background(STALE)
        .answer(F0, FRESH);
    assert_eq!(tab.slot(), resolved(STALE, false, true));
    assert_eq!(tab.asked(), [write(FRESH)]);
    let mut tab = Tab::of("pr-8097");
    tab.skip_cache().hears(Event::Clear).answer(F0, FRESH);
    assert_eq!(tab.slot(), Slot::Empty);
    assert_eq!(tab.asked(), [write(FRESH)]);
}

#[test]
fn in_9030_an_answer_that_finds_an_empty_slot_is_only_dispatched() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().hears(Event::Clear).answer(F0, FRESH);
    assert_eq!(tab.slot(), Slot::Empty);
    assert_eq!(tab.asked(), [write(FRESH)]);
}

#[test]
fn in_9030_the_own_fetch_puts_the_fresher_of_base_and_answer() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().answer(F0, FRESH);
    assert_eq!(tab.slot(), resolved(FRESH, true, true));
    assert_eq!(tab.asked(), posts_and_writes(FRESH, FRESH));
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.skip_cache().answer(F0, STALE);
    assert_eq!(tab.slot(), resolved(FRESH, true, true), "the base wins");
    assert_eq!(
        tab.asked(),
        posts_and_writes(FRESH, STALE),
        "the caller gets the answer"
    );
}

#[test]
fn in_9030_a_superseded_answer_goes_into_the_base_and_is_not_posted() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().skip_cache().answer(F0, FRESH);
    assert_eq!(tab.slot(), pending(F1, Some(FRESH)));
    assert_eq!(tab.asked(), [write(FRESH)]);
    let mut tab = Tab::holding("pr-9030", FRESH);
    tab.skip_cache().skip_cache().answer(F0, STALE);
    assert_eq!(
        tab.slot(),
        pending(F1, Some(FRESH)),
        "only if it is not staler"
    );
}

#[test]
fn in_9030_a_resolved_slot_takes_the_answer_unless_it_is_strictly_fresher() {
    let late = |cached, answer| {
        let mut tab = Tab::of("pr-9030");
        tab.refresh().skip_cache();
        tab.background(cached).answer(F0, answer);
        (tab.slot(), tab.asked())
    };
    let own = |token| resolved(token, true, true);
    let kept = (own(FRESH), vec![write(STALE)]);
    assert_eq!(late(FRESH, STALE), kept, "nothing is installed or posted");
    let taken = (own(FRESHEST), posts_and_writes(FRESHEST, FRESHEST));
    assert_eq!(late(FRESH, FRESHEST), taken);
    let tie = (own(TWIN), posts_and_writes(TWIN, TWIN));
    assert_eq!(
        late(FRESH, TWIN),
        tie,
        "a full tie is installed and posted too"
    );
}

#[test]
fn in_9030_an_answer_put_on_a_resolved_slot_keeps_the_entrys_own_flag() {
    let mut tab = Tab::of("pr-9030");
    tab.skip_cache().hears(Event::Clear).broadcast(FRESH);
    assert_eq!(tab.slot(), resolved(FRESH, false, false), "adopted");
    tab.answer(F0, FRESHEST);
    assert_eq!(
        tab.slot(),
        resolved(FRESHEST, false, false),
        "still not own"
    );
    assert_eq!(tab.asked(), posts_and_writes(FRESHEST, FRESHEST));
}

#[test]
fn an_answer_of_an_older_format_of_the_same_rank_is_a_tie() {
    let mut tab = Tab::holding("pr-9030", TWIN);
    tab.skip_cache().answer(F0, FRESH);
    assert_eq!(
        tab.slot(),
        resolved(FRESH, true, true),
        "the rule does not look at fmt"
    );
}
