//! The families of designs, each by what it does and pr-9030 does not.

use super::*;

/// Read from the database within the same instant as `FRESH`, and after it.
const NEXT_EPOCH: ModelToken = ModelToken { epoch: 2, ..FRESH };
const EPOCH: ModelToken = ModelToken { epoch: 1, ..FRESH };

#[test]
fn an_epoch_orders_two_reads_of_one_instant_and_oiat_does_not() {
    let mut tab = Tab::holding("epoch", NEXT_EPOCH);
    tab.broadcast(EPOCH);
    assert_eq!(tab.cache.at(KEY).token(), Some(&NEXT_EPOCH));
    let mut tab = Tab::holding("pr-9030", NEXT_EPOCH);
    tab.broadcast(EPOCH);
    assert_eq!(tab.cache.at(KEY).token(), Some(&EPOCH));
}

#[test]
fn an_epoch_ranks_tokens_without_oiat_in_slot_and_cookie() {
    let later = ModelToken {
        epoch: 1,
        ..legacy(2)
    };
    let late = legacy(3);
    let mut tab = Tab::holding("epoch", later);
    tab.broadcast(late);
    assert_eq!(tab.cache.at(KEY).token(), Some(&later));
    for (name, accepts) in [("epoch", false), ("pr-9030", true)] {
        let policy = design(name).policy;
        let (accepted, _) = cookie_accepts(&policy, &Age(0), Some(&later), &late);
        assert_eq!(accepted, accepts, "{name}");
    }
}

#[test]
fn by_iat_alone_a_tie_is_adopted_or_not_and_older_claims_are() {
    for (name, after_tie) in [("iat-strict", TWIN), ("iat-or-tie", FRESH)] {
        let mut tab = Tab::holding(name, FRESH);
        tab.broadcast(TWIN);
        assert_eq!(tab.cache.at(KEY).token(), Some(&after_tie), "{name}");
        tab.broadcast(STALE);
        assert_eq!(tab.cache.at(KEY).token(), Some(&STALE), "{name}");
    }
}

#[test]
fn by_order_of_arrival_the_last_token_stays_whatever_it_is() {
    let mut tab = Tab::holding("arrival-order", FRESHEST);
    for token in [FRESH, STALE, legacy(1), T0] {
        tab.broadcast(token);
        assert_eq!(tab.cache.at(KEY).token(), Some(&token));
    }
}
