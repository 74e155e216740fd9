//! A tab is opened and closed.

use super::*;

#[test]
fn a_tab_that_opens_loads_its_client_and_holds_nothing_until_then() {
    let mut tab = Tab::absent("pr-9284");
    assert_eq!(tab.cache.tokens().count(), 0);
    tab.hears(Event::Open);
    assert_eq!(tab.cache.phase, Phase::Loading);
    assert_eq!(tab.requests(), [(RequestKind::Load, PERSONAL, None)]);
    tab.hears(Event::Loaded(FRESH));
    assert_eq!(tab.cache.phase, Phase::Live);
    assert_eq!(tab.cached(PERSONAL), Some(FRESH));
    assert_eq!(tab.cache.last(), Some(&FRESH));
    assert_eq!(tab.posts(), [(PERSONAL, FRESH)]);
    assert!(tab.is_armed(PERSONAL));
}

#[test]
fn a_loading_tab_adopts_broadcasts() {
    let mut tab = Tab::absent("pr-9284");
    let (key, token) = (PERSONAL, FRESH);
    tab.hears(Event::Open)
        .hears(Event::Broadcast { key, token });
    assert_eq!(tab.cached(PERSONAL), Some(FRESH));
    tab.hears(Event::Loaded(STALE));
    assert_eq!(tab.cached(PERSONAL), Some(FRESH), "the baseline keeps it");
    assert_eq!(tab.cache.last(), Some(&STALE), "the session has its own");
}

#[test]
fn a_closed_tab_holds_nothing_but_that_it_is_closed() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::Switch)
        .hears(Event::Touch)
        .hears(Event::SkipCache);
    tab.hears(Event::Close);
    let mut empty = Tab::absent("pr-9284").cache.with_two_keys();
    empty.phase = Phase::Closed;
    empty.focus = tab.cache.focus;
    assert_eq!(tab.cache, empty);
    assert!(tab.effects.is_empty());
}

#[test]
fn a_tab_that_is_not_there_yet_has_as_many_keys_as_it_will_have() {
    let keys = |tab: Tab| tab.cache.absent().key_names().collect::<Vec<_>>();
    assert_eq!(keys(Tab::of("pr-9284")), [PERSONAL]);
    assert_eq!(keys(Tab::with_two_keys("pr-9284")), [PERSONAL, ORG]);
}

#[test]
fn a_cache_is_a_sessions_while_somebody_is_signed_in_or_about_to_be_or_not_yet_out() {
    let phases = Phase::ALL.into_iter().filter(|phase| phase.is_in());
    let expected = [Phase::Loading, Phase::Live, Phase::Leaving];
    assert_eq!(phases.collect::<Vec<_>>(), expected);
}

#[test]
fn a_tab_has_the_tokens_of_its_slots_and_of_its_sessions() {
    let mut tab = Tab::of("pr-9030");
    tab.cache.sessions[0].last = Some(STALE);
    let tokens = |tab: &Tab| tab.cache.tokens().copied().collect::<Vec<_>>();
    assert_eq!(tokens(&tab), [T0, STALE]);
    tab.hears(Event::SkipCache);
    assert!(tokens(&tab).contains(&T0), "the base of the fetch");
    tab.cache.keys[0].mark = Some(FRESH);
    assert!(tokens(&tab).contains(&FRESH));
}

#[test]
fn whether_it_matters_who_joined_a_fetch_is_so_for_all_of_a_tabs_life() {
    for joiners in [true, false] {
        let mut tab = Tab::of("pr-9284");
        tab.cache.joiners = joiners;
        assert_eq!(tab.cache.clone().absent().joiners, joiners);
        tab.hears(Event::Close);
        assert_eq!(tab.cache.joiners, joiners);
    }
}
