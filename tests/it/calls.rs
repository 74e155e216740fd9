//! What the page gets: each call of `getToken` ends with a token or a rejection, in the step in which
//! it is clear which.

use crate::tab::{End, FRESH, STALE, T0, Tab};
use freshest::cache::{Event, FetchId, Spoiled, TokenRequest};
use freshest::freshness::Org;
use freshest::vocabulary::{Age, ModelToken};

const KEY: Org = Org::PERSONAL;
const F0: TokenRequest = TokenRequest::Fetch(FetchId(0));
const F1: TokenRequest = TokenRequest::Fetch(FetchId(1));

impl Tab {
    fn failed(&mut self, request: TokenRequest) -> &mut Tab {
        self.hears(Event::Spoiled {
            how: Spoiled::Failed,
            request,
        })
    }

    fn hears_of(&mut self, token: ModelToken) -> &mut Tab {
        self.hears(Event::Broadcast { key: KEY, token })
    }

    #[track_caller]
    fn ends(&mut self, expected: &[End]) -> &mut Tab {
        assert_eq!(self.ended, expected);
        self
    }
}

const RELEASED: [&str; 4] = ["iat-guard", "pr-8097", "pr-9030", "pr-9284"];

#[test]
fn a_cache_hit_returns_the_token_of_the_slot_at_once() {
    for name in RELEASED {
        let mut tab = Tab::of(name);
        tab.hears(Event::GetToken).ends(&[End::Returned(T0)]);
    }
}

#[test]
fn who_started_or_joined_a_fetch_gets_its_answer_and_not_what_the_cache_makes_of_it() {
    for name in ["pr-9030", "pr-9284"] {
        let mut tab = Tab::of(name);
        tab.hears(Event::SkipCache).ends(&[]);
        tab.hears(Event::GetToken).ends(&[]);
        tab.hears(Event::SkipCache).ends(&[]);
        tab.answered(F1, FRESH).ends(&[End::Returned(FRESH)]);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH));
        tab.answered(F0, STALE).ends(&[End::Returned(STALE)]);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH), "{name}");
    }
}

#[test]
fn a_dead_answer_is_returned_although_the_cache_does_not_take_it() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SkipCache);
    tab.age = Age(6);
    tab.answered(F0, STALE).ends(&[End::Returned(STALE)]);
    assert_eq!(tab.cache.at(KEY).token(), None);
}

#[test]
fn a_failed_fetch_rejects_its_calls_even_if_a_broadcast_that_waited_is_adopted() {
    for name in RELEASED {
        let mut tab = Tab::of(name);
        tab.hears(Event::SkipCache);
        tab.hears_of(FRESH).ends(&[]);
        tab.failed(F0).ends(&[End::Rejected]);
        assert_eq!(tab.cache.at(KEY).token(), Some(&FRESH), "{name}");
    }
}

#[test]
fn the_poller_a_focus_and_a_background_refresh_return_nothing_to_anybody() {
    for name in RELEASED {
        let mut tab = Tab::of(name);
        tab.hears(Event::Poll).ends(&[]);
        tab.hears(Event::Clear);
        tab.hears(Event::Poll).ends(&[]);
        tab.answered(F0, FRESH).ends(&[]);
        tab.hears(Event::Clear);
        tab.hears(Event::Focus).ends(&[]);
        tab.failed(F0).ends(&[]);
        let mut tab = Tab::of(name);
        tab.hears(Event::RefreshTimer { key: KEY });
        tab.answered(TokenRequest::Background(KEY), FRESH).ends(&[]);
    }
}

#[test]
fn a_call_that_joins_the_pollers_fetch_gets_its_answer() {
    for name in RELEASED {
        let mut tab = Tab::of(name);
        tab.hears(Event::Clear);
        tab.hears(Event::Poll);
        tab.hears(Event::GetToken).ends(&[]);
        tab.answered(F0, FRESH).ends(&[End::Returned(FRESH)]);
    }
}

#[test]
fn calls_of_a_page_that_is_closed_end_no_more() {
    let mut tab = Tab::of("pr-9284");
    tab.hears(Event::SkipCache);
    tab.hears(Event::Close).ends(&[]);
    tab.answered(F0, FRESH).ends(&[]);
}

#[test]
fn a_tab_that_ignores_answers_rejects_the_calls_that_wait_for_them() {
    let mut tab = Tab::of("proposal-life");
    tab.hears(Event::SkipCache);
    tab.hears(Event::SignOut);
    tab.hears(Event::Ended);
    tab.answered(F0, FRESH).ends(&[End::Rejected]);
}
