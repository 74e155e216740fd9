//! Signing out, here and elsewhere.

use super::*;

#[test]
fn the_end_empties_the_slots_removes_the_cookies_and_tells_the_others() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SignOut);
    assert_eq!(tab.cache.phase, Phase::Leaving);
    assert_eq!(tab.requests(), [(RequestKind::End, PERSONAL, None)]);
    assert_eq!(tab.cached(PERSONAL), Some(T0), "until it is answered");
    tab.hears(Event::Ended);
    assert_eq!(tab.cache.phase, Phase::Out);
    assert_eq!(tab.cached(PERSONAL), None);
    assert!(tab.effects.contains(&Effect::RemoveCookies));
    assert!(tab.effects.contains(&Effect::AnnounceSignOut));
    assert!(
        tab.cache.sessions.is_empty(),
        "nothing refers to the session"
    );
}

#[test]
fn a_late_answer_still_installs_posts_and_dispatches() {
    for name in ["pr-8097", "pr-9030", "pr-9284"] {
        let mut tab = Tab::of(name);
        tab.hears(Event::RefreshTimer { key: PERSONAL })
            .signed_out();
        tab.answered(BACKGROUND, STALE);
        assert_eq!(tab.cached(PERSONAL), Some(STALE), "{name}");
        assert!(tab.is_armed(PERSONAL), "{name}");
        assert_eq!(tab.posts(), [(PERSONAL, STALE)], "{name}");
        let phases: Vec<_> = tab.writes().iter().map(|(_, by)| by.phase).collect();
        assert_eq!(phases, [Phase::Out], "{name}");
    }
}

#[test]
fn a_live_tab_that_hears_of_it_reloads_and_keeps_its_slots() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SignedOutElsewhere);
    assert_eq!(tab.requests(), [(RequestKind::Reload, PERSONAL, None)]);
    tab.hears(Event::Reloaded);
    assert_eq!(tab.cache.phase, Phase::Out);
    assert_eq!(tab.cached(PERSONAL), Some(T0));
    assert!(tab.is_armed(PERSONAL));
    let writer = Writer {
        phase: Phase::Out,
        ..Writer::FOREMOST
    };
    assert_eq!(tab.effects, [Effect::RemoveCookiesOf(writer)]);
}

#[test]
fn any_other_tab_that_hears_of_it_does_nothing() {
    let mut loading = Tab::absent("pr-9284");
    loading.hears(Event::Open).hears(Event::SignedOutElsewhere);
    assert!(loading.effects.is_empty());
    let mut leaving = Tab::of("pr-9284");
    leaving
        .hears(Event::SignOut)
        .hears(Event::SignedOutElsewhere);
    assert!(leaving.effects.is_empty());
    leaving.hears(Event::Reloaded);
    assert_eq!(leaving.cache.phase, Phase::Leaving);
}

#[test]
fn a_payload_in_a_tab_that_is_out_neither_signs_in_nor_writes_by_itself() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::Touch).signed_out();
    tab.touched(FRESH);
    assert_eq!(tab.cache.phase, Phase::Out);
    assert_eq!(tab.writes().len(), 1, "only the touch does");
    assert_eq!(tab.cached(PERSONAL), Some(FRESH));
}
