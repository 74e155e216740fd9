//! What the state of a tab permits.

use super::facts::possible_of_org;
use super::*;
use crate::cache::{Asks, Cache, Entry, Focus, Own, Phase, SessionId, Slot, TokenRequest};
use crate::model::TabState;
use crate::vocabulary::{Age, ModelToken};

/// A tab that holds a token under each of these keys, from fetches of its own.
fn holding(keys: &[Org]) -> TabState {
    let mut cache = Cache::empty().with_two_keys();
    for &key in keys {
        let own = Own {
            session: SessionId(0),
            asks: Asks::Session,
            armed: true,
        };
        cache.keys[key.index()].slot = Slot::Resolved(Entry {
            token: ModelToken {
                org: key,
                ..ModelToken::read_at(1, 1)
            },
            own: Some(own),
        });
    }
    TabState {
        cache,
        age: Age(0),
        stopped: false,
    }
}

/// The phases and kinds of focus in which this may happen in a tab that holds something.
fn when(action: TabAction) -> Vec<(Phase, Focus)> {
    let all = Phase::ALL.into_iter();
    let all = all.flat_map(|phase| Focus::ALL.map(|focus| (phase, focus)));
    let may_happen = |&(phase, focus): &(Phase, Focus)| {
        let mut tab = holding(&[Org::PERSONAL]);
        (tab.cache.phase, tab.cache.focus) = (phase, focus);
        possible(&tab).has(action)
    };
    all.filter(may_happen).collect()
}

#[test]
fn only_where_somebody_is_signed_in_does_a_page_do_anything() {
    let live = |focus| (Phase::Live, focus);
    assert_eq!(when(TabAction::Switch), [live(Focus::Has)]);
    assert_eq!(when(TabAction::Blur), [live(Focus::Has)]);
    assert_eq!(when(TabAction::Focus), [live(Focus::Never)]);
    for action in [
        TabAction::ClearCache,
        TabAction::SkipCache,
        TabAction::GetToken,
        TabAction::Touch,
        TabAction::SignOut,
        TabAction::Poll,
    ] {
        assert_eq!(when(action), Focus::ALL.map(live), "{}", action.in_words());
    }
    let mut tab = holding(&[]);
    tab.cache.two_keys = false;
    assert!(!possible(&tab).has(TabAction::Switch), "there is one");
}

#[test]
fn a_cache_that_holds_something_under_some_key_can_be_cleared() {
    let clears = |keys: &[Org]| possible(&holding(keys)).has(TabAction::ClearCache);
    assert!(!clears(&[]));
    assert!(clears(&[Org::PERSONAL]));
    assert!(clears(&[Org::FIRST]));
}

#[test]
fn timers_of_the_organisations_entry_are_told_apart_from_those_of_the_personal_one() {
    let mut tab = holding(&[Org::FIRST]);
    let timer = |action: TabAction| Set::NONE.with(action);
    assert_eq!(possible_of_org(&tab), timer(TabAction::Refresh));
    assert!(!possible(&tab).has(TabAction::Refresh));
    // At 2 what was issued at 1 is dead.
    tab.age = Age(2);
    let both = timer(TabAction::Refresh).with(TabAction::Evict);
    assert_eq!(possible_of_org(&tab), both);
    assert!(!possible(&tab).has(TabAction::Evict));
    tab.stopped = true;
    assert_eq!(possible_of_org(&tab), Set::NONE);
    assert_eq!(possible_of_org(&holding(&[Org::PERSONAL])), Set::NONE);
}

/// Only what updates a session may be answered with the token that was minted last, and a load where the scenario
/// says so.
#[test]
fn a_request_for_a_token_is_never_answered_with_the_last_one() {
    let carried = |kind, carries, stale_load| {
        let permits = Permits {
            allowed: Vec::new(),
            requests: Requests::Free,
            stale_load,
        };
        let mints = MintsFacts {
            legacy: false,
            ended: false,
            carries: [carries, false],
        };
        let tab = TabId(0);
        let mut events = Vec::new();
        permits.list_answers(&mints, (tab, kind, Org::PERSONAL), &mut events);
        assert_eq!(events[0], Event::Mint(tab, kind));
        events[1..] == [Event::CarryLast(tab, kind)]
    };
    let token = RequestKind::Token(TokenRequest::Background(Org::PERSONAL));
    let kinds = [
        RequestKind::Touch(0),
        RequestKind::Switch(0),
        RequestKind::Load,
        token,
    ];
    assert_eq!(
        kinds.map(|kind| carried(kind, true, true)),
        [true, true, true, false]
    );
    assert_eq!(
        kinds.map(|kind| carried(kind, true, false)),
        [true, true, false, false]
    );
    assert_eq!(kinds.map(|kind| carried(kind, false, true)), [false; 4]);
}
