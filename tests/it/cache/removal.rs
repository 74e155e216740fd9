//! An entry is removed or cleared.

use super::*;

#[test]
fn the_cleanup_timer_removes_a_dead_entry_and_no_other() {
    for age in [0, 1, 2] {
        let mut tab = Tab::of("pr-9030");
        tab.age = Age(age);
        tab.hears(Event::CleanupTimer { key: KEY });
        assert_eq!(tab.slot() == Slot::Empty, age == 2, "age {age}");
        let removed = tab
            .effects
            .contains(&Effect::Saw(Observation::Removed { key: KEY }));
        assert_eq!(removed, age == 2);
        assert_eq!((tab.asked(), tab.last()), (vec![], Some(T0)));
    }
}

#[test]
fn clearing_empties_the_slot_and_nothing_else() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::of(name);
        tab.refresh().skip_cache().broadcast(FRESH);
        let mut expected = tab.cache.clone();
        tab.hears(Event::Clear);
        expected.keys[KEY.index()].slot = Slot::Empty;
        assert_eq!(tab.cache, expected, "{name}");
        assert_eq!(tab.asked(), [], "{name}");
    }
}

#[test]
fn what_waited_for_a_fetch_is_adopted_into_a_slot_that_was_cleared_meanwhile() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::of(name);
        tab.skip_cache().broadcast(FRESHEST).hears(Event::Clear);
        tab.answer(F0, FRESH);
        assert_eq!(tab.slot(), resolved(FRESHEST, false, false), "{name}");
    }
}

#[test]
fn after_a_clear_a_late_background_answer_meets_no_resistance() {
    for name in ["pr-8097", "pr-9030"] {
        let mut tab = Tab::holding(name, FRESH);
        tab.refresh().hears(Event::Clear).background(STALE);
        assert_eq!(tab.cache.at(KEY).token(), Some(&STALE), "{name}");
        assert!(tab.asked().contains(&post(STALE)), "{name}");
    }
}
