//! Requests that end without a token.

use super::*;

const OF_F0: TokenRequest = TokenRequest::personal(F0);
const TAB: TabId = TabId(0);

/// A page of the latest release asks past the cache, and its request fails.
fn failed() -> Walk {
    let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nfail = 1");
    walk.go(&[skip_cache(0), Event::Tick, fail(0, F0)]);
    walk
}

#[test]
fn an_answer_is_lost_after_its_token_is_minted_and_is_a_failure_for_its_tab() {
    let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nlose_answer = 1");
    let lose = Event::Spoil(RequestFault::LoseAnswer, TAB, OF_F0);
    walk.go(&[skip_cache(0), Event::Tick]);
    assert!(!walk.can(lose), "nothing is minted yet");
    walk.go(&[mint(0, F0), lose]);
    assert_eq!(walk.now.tab(TAB), failed().now.tab(TAB));
    assert_eq!(walk.now.jar().cookie, Some(T0), "nobody has the token");
    assert_eq!((walk.waits(1, 0), walk.now.responses()), (vec![], vec![]));
}

#[test]
fn who_joined_a_fetch_gets_null_when_its_answer_has_no_token() {
    let budget = "skip_cache = 1\nget_token = 1\nempty_answer = 1\nfail = 1";
    let ends = |end| {
        let mut walk = Walk::of("pr-9284", 2, budget);
        walk.go(&[skip_cache(0), get_token(0), end]);
        let null = Evidence::ReturnedNull(TAB, Org::PERSONAL);
        (walk.now.tab(TAB).clone(), walk.evidence.contains(&null))
    };
    let (empty, got_null) = ends(Event::Spoil(RequestFault::EmptyAnswer, TAB, OF_F0));
    let (failed, rejected) = ends(fail(0, F0));
    assert!(got_null && !rejected);
    assert_eq!(empty, failed, "what is cached is the same");
}

#[test]
fn a_401_is_a_failure_once_the_client_has_been_asked_for() {
    let mut walk = Walk::of("pr-9284", 2, "skip_cache = 1\nunauthorized = 1");
    walk.go(&[
        skip_cache(0),
        Event::Spoil(RequestFault::Unauthorized, TAB, OF_F0),
    ]);
    let pending = matches!(walk.slot(0), Slot::Pending { .. });
    assert!(pending, "the fetch goes on meanwhile");
    let client = RequestKind::Recheck(OF_F0);
    walk.go(&[Event::Mint(TAB, client), Event::Respond(TAB, client)]);
    assert!(!matches!(walk.slot(0), Slot::Pending { .. }));
    assert_eq!(
        (walk.now.requests(), walk.now.responses()),
        (vec![], vec![])
    );
}
