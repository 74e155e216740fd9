//! Whether a token may be written to the cookie.

use super::*;

#[test]
fn without_a_cookie_guard_every_write_goes_through() {
    for name in [
        "iat-guard",
        "pr-8097",
        "session-guards",
        "session-guards-tie",
    ] {
        assert!(accepts(name, 0, Some(FRESH), STALE), "{name}");
    }
}

#[test]
fn in_9030_a_write_is_dropped_only_if_the_cookie_is_alive_and_strictly_fresher() {
    for name in ["pr-9030", "cache-seed"] {
        assert!(!accepts(name, 0, Some(FRESH), STALE), "{name}");
        assert!(
            !accepts(name, 3, Some(FRESH), STALE),
            "{name}: near is not dead"
        );
        assert!(
            accepts(name, 4, Some(FRESH), STALE),
            "{name}: a dead cookie"
        );
        assert!(accepts(name, 0, None, STALE), "{name}: no cookie");
        assert!(accepts(name, 0, Some(FRESH), TWIN), "{name}: a tie");
        assert!(accepts(name, 0, Some(FRESH), FRESHEST), "{name}");
    }
}

#[test]
fn a_token_without_oiat_on_either_side_passes_the_cookie_guard() {
    for name in ["pr-9030", "four-guards"] {
        assert!(accepts(name, 0, Some(FRESH), legacy(1)), "{name}");
        assert!(accepts(name, 0, Some(legacy(9)), T0), "{name}");
        assert!(accepts(name, 0, Some(legacy(9)), legacy(1)), "{name}");
    }
}

#[test]
fn the_cookie_guard_of_four_guards_keeps_a_tie() {
    assert!(!accepts("four-guards", 0, Some(FRESH), TWIN));
    assert!(!accepts("four-guards", 0, Some(FRESH), STALE));
    assert!(accepts("four-guards", 0, Some(FRESH), FRESHEST));
    assert!(
        accepts("four-guards", 4, Some(FRESH), TWIN),
        "a dead cookie"
    );
}

#[test]
fn the_cookie_guard_reports_its_comparison() {
    let policy = design("pr-9030").policy;
    let (accepted, comparison) = cookie_accepts(&policy, &Age(0), Some(&FRESH), &STALE);
    let comparison = comparison.expect("both have oiat and the cookie is alive");
    assert!(!accepted);
    assert_eq!(
        (comparison.site, comparison.existing),
        (Site::Cookie, FRESH)
    );
    assert_eq!(comparison.decision.winner, Winner::Existing);
}
