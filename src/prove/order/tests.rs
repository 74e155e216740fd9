//! The numbers of instants, and what may arrive among them, case by case.

use super::*;
use crate::cache::Clock;

const LEGACY: Kinds = Kinds {
    lines: Lines::PerOiat,
    legacy: true,
    legacy_claims: true,
    dated: true,
};

fn token(oiat: Option<u8>, iat: u8, claims: u8) -> ModelToken {
    ModelToken {
        oiat,
        ..ModelToken::read_at(claims, iat)
    }
}

fn order(claims: &[u8], minted: &[(u8, u8)]) -> Order {
    let mut order = Order::default();
    claims.iter().for_each(|&claims| order.add_claims(claims));
    let minted = minted.iter();
    minted.for_each(|&(line, iat)| order.add_minted(line, iat));
    order
}

#[test]
fn a_number_says_phase_and_place_and_expiry_takes_the_last_place_of_the_phase_before() {
    for (phase, place) in (0..3).flat_map(|phase| (0..7).map(move |place| (phase, place))) {
        let dense = phase * 64 + place;
        assert_eq!(phase_and_place(dense), (phase, place));
        assert_eq!(spread_minted(dense), phase * 64 + 8 * (place + 1));
        for iat in [dense, spread_minted(dense)] {
            let of = token(None, iat, 0);
            let found = (Phases.is_dead(&of), Phases.is_near(&of));
            assert_eq!(found, (phase == 0, phase < 2));
            if phase > 0 {
                assert_eq!(expired(iat), phase * 64 - 1);
            }
        }
    }
    assert_eq!([0, 1, 30].map(spread_claims), [0, 8, 240]);
}

#[test]
fn instants_are_counted_once_among_those_of_their_line_and_phase() {
    let order = order(
        &[16, 0, 8, 16],
        &[(1, 80), (0, 136), (1, 72), (1, 80), (1, 8)],
    );
    assert_eq!(order.claims(), [8, 16]);
    assert_eq!(
        [0, 8, 9, 16, 17].map(|at| order.claims_rank(at)),
        [0, 1, 2, 2, 3]
    );
    assert_eq!(order.minted(), [(0, 136), (1, 8), (1, 72), (1, 80)]);
    assert_eq!(order.minted_rank(0, 136), 128);
    assert_eq!(
        [8, 72, 80].map(|iat| order.minted_rank(1, iat)),
        [0, 64, 65]
    );
    let next: Vec<_> = order.next_to_expire().collect();
    assert_eq!(next, [(0, 136), (1, 72)]);
}

#[test]
fn as_many_instants_as_have_numbers_are_few_enough() {
    let minted = |count: u8| (0..count).map(|at| (0, 64 + at)).collect::<Vec<_>>();
    let claims = |count: u8| (1..=count).collect::<Vec<_>>();
    assert!(order(&claims(30), &minted(7)).is_small());
    assert!(!order(&claims(31), &minted(7)).is_small());
    assert!(!order(&claims(30), &minted(8)).is_small());
}

#[test]
fn a_new_instant_is_a_known_one_or_next_to_one() {
    let order = order(&[8, 16], &[(1, 72), (2, 80)]);
    assert_eq!(order.claims_places(), [8, 16, 4, 12, 20]);
    assert_eq!(order.minted_places(1), [32, 68, 72, 100, 160]);
    assert_eq!(order.minted_places(3), [32, 96, 160]);
    assert_eq!((between(8, 16), between(8, 9)), (12, 8));
}

#[test]
fn tokens_arrive_that_an_honest_mint_may_have_made_with_those_that_are_known() {
    let mut order = Order::default();
    order.add(LEGACY.lines, &token(None, 72, 16));
    order.add(LEGACY.lines, &token(Some(24), 80, 24));
    let arrivals = order.arrivals(&LEGACY);
    let oiats = arrivals.iter().filter_map(|of| of.oiat);
    // Since the origin sends it, nothing older is told with oiat, and nothing newer without.
    assert!(oiats.clone().all(|oiat| oiat >= 16) && oiats.clone().any(|oiat| oiat == 16));
    let without: Vec<_> = arrivals.iter().filter(|of| of.oiat.is_none()).collect();
    assert!(without.iter().all(|of| of.claims <= 24));
    assert!(without.iter().any(|of| of.claims == 24));
    // Of the origin alone: whoever was minted later has read later.
    let agree = |of: &&ModelToken| of.claims == 0 || of.iat.cmp(&72) == of.claims.cmp(&16);
    assert!(without.iter().all(agree));
    let undated = Kinds {
        dated: false,
        ..LEGACY
    };
    let told = |kinds: &Kinds| order.arrivals(kinds).len();
    assert!(told(&undated) > told(&LEGACY));
    let unread = Kinds {
        legacy_claims: false,
        ..undated
    };
    assert_eq!(told(&unread) - oiats.count(), order.minted_places(0).len());
    let modern = Kinds {
        legacy: false,
        ..LEGACY
    };
    assert!(order.arrivals(&modern).iter().all(|of| of.oiat.is_some()));
}

#[test]
fn only_among_dated_tokens_without_oiat_the_later_one_has_the_newer_format() {
    let (early, late, with) = (token(None, 1, 0), token(None, 2, 0), token(Some(1), 1, 1));
    assert!(!LEGACY.may_be_newer(&early, &late));
    assert!(LEGACY.may_be_newer(&late, &early) && LEGACY.may_be_newer(&early, &early));
    assert!(LEGACY.may_be_newer(&with, &late) && LEGACY.may_be_newer(&early, &with));
    let undated = Kinds {
        dated: false,
        ..LEGACY
    };
    assert!(undated.may_be_newer(&early, &late));
}

#[test]
fn a_line_is_an_oiat_or_all_is_one() {
    let lines = |of: Lines| [None, Some(3)].map(|oiat| of.of(oiat));
    assert_eq!(lines(Lines::PerOiat), [0, 3]);
    assert_eq!(lines(Lines::One), [0, 0]);
}
