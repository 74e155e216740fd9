//! A key for the session and one for its organisation.

use super::*;

#[test]
fn a_read_uses_the_key_of_the_current_sessions_organisation() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::Switch);
    assert_eq!(tab.cache.context, PERSONAL, "the context follows later");
    tab.hears(Event::GetToken);
    let fetch = RequestKind::Token(TokenRequest::Fetch(F0));
    assert_eq!(tab.requests(), [(fetch, ORG, Some(T0))]);
    assert_eq!(tab.cached(PERSONAL), Some(T0));
}

#[test]
fn a_fetch_that_was_joined_writes_the_cookie_twice() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::SkipCache).hears(Event::GetToken);
    tab.answered(TokenRequest::Fetch(F0), FRESH);
    assert_eq!(tab.writes().len(), 2);
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SkipCache).hears(Event::GetToken);
    tab.answered(TokenRequest::Fetch(F0), FRESH);
    assert_eq!(tab.writes().len(), 1, "with one key it makes no difference");
}

#[test]
fn an_organisations_token_is_not_posted_under_the_personal_key() {
    let mut tab = Tab::with_two_keys("pr-9284");
    tab.hears(Event::Switch)
        .hears(Event::RefreshTimer { key: PERSONAL });
    tab.answered(BACKGROUND, of_org(FRESH));
    assert_eq!(
        tab.cached(PERSONAL),
        Some(of_org(FRESH)),
        "but it is cached there"
    );
    assert!(tab.posts().is_empty());
}

#[test]
fn the_end_of_a_switch_reads_the_new_keys_entry_and_the_context_follows() {
    let mut tab = Tab::with_two_keys("pr-9284");
    let (number, token) = (0, of_org(FRESH));
    tab.hears(Event::Switch)
        .hears(Event::Switched { number, token });
    assert_eq!(tab.cache.context, ORG);
    assert_eq!(tab.cached(ORG), Some(token));
    let read = Effect::Saw(Observation::Read { key: ORG, token });
    assert!(tab.effects.contains(&read));
    assert_eq!(tab.posts(), [(ORG, token)]);
}

#[test]
fn a_broadcast_reaches_the_entry_of_its_own_key() {
    let mut tab = Tab::with_two_keys("pr-9284");
    let (key, token) = (ORG, of_org(FRESH));
    tab.hears(Event::Broadcast { key, token });
    assert_eq!(tab.cached(ORG), Some(token));
    assert_eq!(tab.cached(PERSONAL), Some(T0));
    assert!(!tab.is_armed(ORG));
}

/// The session is in the organisation from the start of a switch on, the context from its end, or from a token on.
#[test]
fn a_token_takes_the_context_of_a_live_tab_to_the_sessions_organisation_before_the_switch_has_ended()
 {
    for (leaves, context) in [(false, ORG), (true, PERSONAL)] {
        let mut tab = Tab::with_two_keys("pr-9284");
        tab.hears(Event::RefreshTimer { key: PERSONAL })
            .hears(Event::Switch);
        if leaves {
            tab.hears(Event::SignOut);
        }
        tab.answered(BACKGROUND, FRESH);
        assert_eq!(tab.cache.last(), Some(&FRESH));
        assert_eq!(tab.cache.context, context, "leaves: {leaves}");
    }
}

#[test]
fn a_fetched_entry_asks_for_its_own_organisation_again_where_there_are_two_keys() {
    for (mut tab, org) in [
        (Tab::with_two_keys("pr-9284"), PERSONAL),
        (Tab::of("pr-9284"), ORG),
    ] {
        tab.hears(Event::SkipCache)
            .answered(TokenRequest::Fetch(F0), FRESH)
            .hears(Event::Switch)
            .hears(Event::RefreshTimer { key: PERSONAL });
        let asked: Vec<_> = tab.requests().iter().map(|(_, org, _)| *org).collect();
        assert_eq!(asked, [org]);
    }
}
