//! What the origin and the edge make of a request.

use super::*;

#[test]
fn the_edge_copies_the_claims_of_the_parent_and_stamps_its_own_iat() {
    let mut walk = Walk::of("pr-8097", 2, "refresh = 1\nrollout = 1");
    walk.go(&[
        refresh(0),
        Event::Befall(SharedFault::Rollout),
        Event::Tick,
        mint(0, BG),
    ]);
    assert_eq!(walk.minted(), (Source::Edge, ModelToken { iat: 2, ..T0 }));
}

#[test]
fn the_origin_answers_a_forced_request_from_the_database_in_the_current_format() {
    let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1\nrollout = 1");
    walk.go(&[
        skip_cache(0),
        Event::Befall(SharedFault::Rollout),
        Event::Tick,
        mint(0, F0),
    ]);
    let fresh = ModelToken {
        fmt: 1,
        ..token(2, 2)
    };
    assert_eq!(walk.minted(), (Source::Origin, fresh));
}

#[test]
fn the_origin_answers_an_unforced_request_without_a_parent() {
    let mut walk = Walk::from("pr-8097", "empty", 1, "get_token = 1");
    walk.go(&[get_token(0)]);
    let request = Request {
        kind: RequestKind::Token(TokenRequest::personal(F0)),
        org: Org::PERSONAL,
        parent: None,
        forced: false,
    };
    assert_eq!(walk.now.requests(), [(TabId(0), request)]);
    walk.go(&[mint(0, F0)]);
    assert_eq!(walk.minted().0, Source::Origin);
}

#[test]
fn a_server_that_counts_begins_an_epoch_with_each_read_and_the_edge_copies_it() {
    let mut walk = Walk::of("epoch", 2, "skip_cache = 2\nrefresh = 1");
    walk.go(&[refresh(0), skip_cache(0), skip_cache(1), mint(0, F0)]);
    let first = ModelToken { epoch: 1, ..T0 };
    assert_eq!(walk.minted(), (Source::Origin, first));
    walk.go(&[mint(1, F0)]);
    let second = ModelToken { epoch: 2, ..T0 };
    assert_eq!(walk.minted(), (Source::Origin, second), "the same instant");
    walk.go(&[Event::Tick, mint(0, BG)]);
    assert_eq!(walk.minted(), (Source::Edge, token(1, 2)), "of epoch 0");
    let mut other = Walk::of("pr-9030", 2, "skip_cache = 1");
    other.go(&[skip_cache(0), mint(0, F0)]);
    assert_eq!(other.minted(), (Source::Origin, T0), "nobody counts");
}

#[test]
fn the_origin_sends_no_oiat_before_its_rollout() {
    let mut walk = Walk::from("pr-8097", "legacy", 1, "skip_cache = 2\noiat_on = 1");
    assert_eq!(walk.cached(0), Some(legacy(1)));
    walk.go(&[skip_cache(0), Event::Tick, mint(0, F0)]);
    assert_eq!(walk.minted(), (Source::Origin, legacy(2)));
    walk.go(&[
        Event::Befall(SharedFault::OiatOn),
        skip_cache(0),
        Event::Tick,
        mint(0, F1),
    ]);
    assert_eq!(walk.minted(), (Source::Origin, token(3, 3)));
}

#[test]
fn the_edge_hides_the_age_of_claims_of_a_parent_without_oiat() {
    let mut walk = Walk::from("pr-8097", "legacy", 1, "refresh = 1\noiat_on = 1");
    walk.go(&[
        Event::Befall(SharedFault::OiatOn),
        refresh(0),
        Event::Tick,
        mint(0, BG),
    ]);
    assert_eq!(
        walk.minted(),
        (
            Source::Edge,
            ModelToken {
                iat: 2,
                ..legacy(1)
            }
        )
    );
}

/// What the edge does with a parent is assumed by the scenario.
fn minted_for_a_refresh(design: &str, start: &str, edge: &str) -> (Source, ModelToken) {
    let start = format!("{start}\"\nedge = \"{edge}");
    let budget = "refresh = 1\nskip_cache = 1\noiat_on = 1";
    let mut walk = Walk::from(design, &start, 1, budget);
    if start.starts_with("empty") {
        walk.go(&[skip_cache(0), mint(0, F0), respond(0, F0)]);
    }
    walk.go(&[
        refresh(0),
        Event::Befall(SharedFault::OiatOn),
        Event::Tick,
        mint(0, BG),
    ]);
    walk.minted()
}

#[test]
fn an_edge_that_needs_oiat_leaves_a_parent_without_it_to_the_origin() {
    let copied = ModelToken {
        iat: 2,
        ..legacy(1)
    };
    for start in ["legacy", "empty-legacy"] {
        let mint = |edge| minted_for_a_refresh("pr-9284", start, edge);
        assert_eq!(mint("any"), (Source::Edge, copied), "{start}");
        assert_eq!(mint("needs-oiat"), (Source::Origin, token(2, 2)), "{start}");
        // The design asks the origin itself.
        let mint = |edge| minted_for_a_refresh("proposal", start, edge);
        assert_eq!(mint("any"), (Source::Origin, token(2, 2)), "{start}");
        assert_eq!(mint("needs-oiat"), (Source::Origin, token(2, 2)), "{start}");
    }
}

#[test]
fn an_edge_that_needs_oiat_copies_from_a_parent_that_has_it() {
    let mut walk = Walk::from("pr-9284", "tokens\"\nedge = \"needs-oiat", 1, "refresh = 1");
    walk.go(&[refresh(0), Event::Tick, mint(0, BG)]);
    assert_eq!(walk.minted(), (Source::Edge, token(1, 2)));
}

#[test]
fn an_origin_that_nobody_holds_a_token_of_may_not_send_oiat_yet() {
    let budget = "skip_cache = 2\noiat_on = 1";
    let mut walk = Walk::from("pr-9284", "empty-legacy", 2, budget);
    assert_eq!(walk.cached(0), None);
    walk.go(&[skip_cache(0), mint(0, F0)]);
    assert_eq!(walk.minted(), (Source::Origin, legacy(1)));
    walk.go(&[
        Event::Befall(SharedFault::OiatOn),
        skip_cache(1),
        Event::Tick,
        mint(1, F0),
    ]);
    assert_eq!(walk.minted(), (Source::Origin, token(2, 2)));
}

#[test]
fn the_edge_copies_from_the_parent_that_was_sent_and_not_from_a_later_seed() {
    let mut walk = Walk::of("pr-8097", 1, "refresh = 1\nskip_cache = 1");
    walk.go(&[
        refresh(0),
        skip_cache(0),
        Event::Tick,
        mint(0, F0),
        respond(0, F0),
    ]);
    walk.go(&[mint(0, BG)]);
    assert_eq!(walk.minted(), (Source::Edge, token(1, 2)));
}

#[test]
fn a_forced_request_carries_its_parent_too() {
    let mut walk = Walk::of("pr-8097", 1, "skip_cache = 1");
    walk.go(&[skip_cache(0)]);
    let request = Request {
        kind: RequestKind::Token(TokenRequest::personal(F0)),
        org: Org::PERSONAL,
        parent: Some(T0),
        forced: true,
    };
    assert_eq!(walk.now.requests(), [(TabId(0), request)]);
    walk.go(&[mint(0, F0)]);
    assert_eq!(
        walk.now.responses(),
        [(TabId(0), Response::Token(TokenRequest::personal(F0), T0))],
        "a response has forgotten it"
    );
}
