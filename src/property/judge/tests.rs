//! Ranks as numbers, and what makes a step tempting.

use super::*;
use crate::property::findings::StepFindings;
use crate::vocabulary::Age;

/// Stamps at the ends of what a byte holds, and between.
const STAMPS: [u8; 6] = [0, 1, 2, 127, 254, 255];

fn tokens() -> impl Iterator<Item = ModelToken> {
    let oiats = [None].into_iter().chain(STAMPS.map(Some));
    oiats.flat_map(|oiat| STAMPS.map(|iat| token(oiat, iat)))
}

fn token(oiat: Option<u8>, iat: u8) -> ModelToken {
    ModelToken {
        oiat,
        iat,
        fmt: 0,
        claims: 0,
        epoch: 0,
        org: Org::PERSONAL,
    }
}

#[test]
fn numbers_are_in_the_order_of_the_ranks_that_they_stand_for() {
    for (one, other) in tokens().flat_map(|one| tokens().map(move |other| (one, other))) {
        let (ranks, numbers) = (
            [rank(&one), rank(&other)],
            [one, other].map(|of| rank_number(rank(&of))),
        );
        assert_eq!(
            ranks[0].cmp(&ranks[1]),
            numbers[0].cmp(&numbers[1]),
            "{one} {other}"
        );
        let [of_one, of_other] = [one, other].map(|of| ReadableRank::of_token(&of));
        assert_eq!(of_one == of_other, ranks[0] == ranks[1], "{one} {other}");
        assert_eq!(
            of_one.oiat() == of_other.oiat(),
            one.oiat == other.oiat,
            "{one} {other}"
        );
    }
}

fn tab(age: u8) -> TabState {
    TabState {
        cache: Cache::empty(),
        age: Age(age),
        stopped: false,
    }
}

/// A careless rule keeps what is ranked higher, dead or not.
#[test]
fn it_is_tempting_to_keep_a_dead_token_of_higher_rank_only() {
    let [low, high] = [token(Some(1), 4), token(Some(2), 1)];
    // At 2 what was issued at 1 is dead, at 8 what was issued at 4.
    let tempting =
        |existing, incoming| [0, 2, 8].map(|age| is_tempting(&tab(age), &existing, &incoming));
    assert_eq!(tempting(high, low), [false, true, false]);
    assert_eq!(tempting(low, high), [false; 3]);
    assert_eq!(tempting(high, high), [false; 3]);
    let undated = |iat| token(None, iat);
    assert_eq!(tempting(undated(1), undated(4)), [false; 3], "of one rank");
}

/// The slot is empty: nothing is there that could be outranked.
#[test]
fn only_a_live_broadcast_that_waited_could_have_been_lost() {
    let judged = |waiting: &[ModelToken]| {
        let mut findings = StepFindings::default();
        judge_waiting((TabId(0), &tab(2)), Org::PERSONAL, waiting, &mut findings);
        (findings.witnessed, findings.violated)
    };
    let (dead, live) = (token(Some(2), 1), token(Some(1), 4));
    let lost = PropertySet::from_iter([Property::FresherBroadcastIsKept]);
    assert_eq!(judged(&[dead]), (PropertySet::NONE, PropertySet::NONE));
    assert_eq!(judged(&[dead, live]), (lost, PropertySet::NONE));
}

#[test]
fn what_rejecting_a_broadcast_loses_is_its_rank_or_in_a_tie_what_is_newer_about_it() {
    let existing = ModelToken {
        fmt: 1,
        claims: 1,
        ..token(Some(2), 4)
    };
    let lost = |broadcast| lost_by_rejecting(&existing, &broadcast);
    let tie = |fmt, claims| {
        lost(ModelToken {
            fmt,
            claims,
            ..existing
        })
    };
    let newer = PropertySet::from_iter([Property::TieIsAdopted]);
    assert_eq!([tie(1, 1), tie(0, 1), tie(1, 0)], [PropertySet::NONE; 3]);
    assert_eq!([tie(2, 1), tie(1, 2), tie(2, 0), tie(0, 2)], [newer; 4]);
    let fresher = PropertySet::from_iter([Property::FresherBroadcastIsKept]);
    assert_eq!(
        [lost(token(Some(3), 1)), lost(token(Some(2), 5))],
        [fresher; 2]
    );
    assert_eq!(
        [lost(token(Some(1), 9)), lost(token(None, 9))],
        [PropertySet::NONE; 2]
    );
}
