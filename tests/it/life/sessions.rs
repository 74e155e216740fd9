//! Session objects, and what the server says of the client.

use super::*;

#[test]
fn every_client_payload_makes_a_new_session_and_forgets_the_old_one() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::Touch).touched(FRESH);
    assert_eq!(tab.cache.sessions.len(), 1);
    assert_eq!(tab.cache.last(), Some(&FRESH));
}

#[test]
fn a_session_is_kept_while_a_request_names_it() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SkipCache)
        .hears(Event::Touch)
        .touched(FRESH);
    assert_eq!(tab.cache.sessions.len(), 2, "the fetch is of the first");
    let later = token(4, 4);
    tab.answered(TokenRequest::Fetch(F0), later);
    assert_eq!(tab.cached(PERSONAL), Some(later));
    assert_eq!(
        tab.cache.last(),
        Some(&FRESH),
        "the fetch updated the old session"
    );
}

#[test]
fn a_timer_stays_with_the_session_that_made_the_entry() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::Switch).hears(Event::Switched {
        number: 0,
        token: of_org(FRESH),
    });
    // The personal entry is still the first session's, which is in the organisation by now.
    tab.hears(Event::RefreshTimer { key: PERSONAL });
    assert_eq!(
        tab.requests(),
        [(RequestKind::Token(BACKGROUND), ORG, Some(of_org(FRESH)))]
    );
}

#[test]
fn the_client_guard_keeps_a_strictly_fresher_last_and_only_among_tokens_of_one_organisation() {
    for (name, kept) in [("pr-9284", FRESH), ("pr-9030", STALE), ("pr-8097", STALE)] {
        let mut tab = Tab::of(name);
        tab.hears(Event::SkipCache)
            .answered(TokenRequest::Fetch(F0), FRESH);
        tab.hears(Event::Touch).touched(STALE);
        assert_eq!(tab.cache.last(), Some(&kept), "{name}");
    }
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::SkipCache)
        .answered(TokenRequest::Fetch(F0), FRESH);
    tab.hears(Event::Switch).hears(Event::Switched {
        number: 0,
        token: of_org(STALE),
    });
    assert_eq!(tab.cache.last(), Some(&of_org(STALE)));
}

#[test]
fn without_a_payload_a_touch_only_updates_session_and_cookie() {
    let mut tab = Tab::of("pr-9284");
    let (number, token, payload) = (0, FRESH, false);
    tab.hears(Event::Touch).hears(Event::Touched {
        number,
        token,
        payload,
    });
    assert_eq!(tab.cached(PERSONAL), Some(T0));
    assert_eq!(tab.cache.last(), Some(&FRESH));
    assert_eq!(tab.writes(), [(FRESH, Writer::FOREMOST)]);
    assert!(tab.posts().is_empty());
}

#[test]
fn touches_and_switches_are_numbered_apart_by_the_smallest_free_number() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::Touch)
        .hears(Event::Switch)
        .hears(Event::Touch);
    assert_eq!(tab.requests(), [(RequestKind::Touch(1), ORG, None)]);
    tab.touched(FRESH).hears(Event::Touch);
    assert_eq!(
        tab.requests()[0].0,
        RequestKind::Touch(0),
        "0 is free again"
    );
}

/// The first session stays because a refresh names it, so the second one keeps its place.
#[test]
fn sessions_that_stay_are_known_by_their_order() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::RefreshTimer { key: PERSONAL })
        .hears(Event::Touch)
        .touched(FRESH);
    let sessions = |tab: &Tab| {
        let entry = match &tab.cache.at(PERSONAL).slot {
            Slot::Resolved(entry) => entry.own.map(|own| own.session.index()),
            slot => panic!("the payload fills the slot: {slot:?}"),
        };
        (tab.cache.sessions.len(), entry)
    };
    assert_eq!(sessions(&tab), (2, Some(1)));
    tab.answered(BACKGROUND, token(4, 4));
    assert_eq!(
        sessions(&tab).0,
        2,
        "the answer made an entry of the first session"
    );
}
