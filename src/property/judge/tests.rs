//! Ranks as numbers, and what makes a step tempting.

use super::*;
use crate::cache::{Background, SessionId, Writer};
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
        ..ModelToken::read_at(0, iat)
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

/// Where the organisation changed after a refresh had been asked for.
#[test]
fn a_refresh_is_asked_for_from_elsewhere_if_its_session_is_in_another_organisation() {
    let mut cache: Cache<ModelToken> = Cache::empty();
    assert!(
        !is_asked_from_elsewhere(&cache, Org::PERSONAL),
        "nothing is asked for"
    );
    cache.keys[0].background = Some(Background {
        session: SessionId(0),
        org: Org::PERSONAL,
        superseded: false,
    });
    assert!(!is_asked_from_elsewhere(&cache, Org::PERSONAL));
    cache.sessions[0].org = Org::FIRST;
    assert!(is_asked_from_elsewhere(&cache, Org::PERSONAL));
    assert!(
        !is_asked_from_elsewhere(&cache, Org::FIRST),
        "under the other key"
    );
}

#[test]
fn an_answer_of_another_organisation_could_get_under_a_key() {
    let property = Property::KeyHoldsOwnContext;
    let judged = |subject, org| {
        let mut findings = StepFindings::default();
        let offered = Observation::Offered {
            key: Org::PERSONAL,
            subject,
            token: ModelToken {
                org,
                ..token(Some(1), 4)
            },
            against: None,
        };
        let place = (TabId(0), &tab(0));
        judge_cache(&mut TabHistory::default(), place, &offered, &mut findings);
        findings.witnessed.has(property)
    };
    assert!(judged(Subject::Answer, Org::FIRST));
    assert!(!judged(Subject::Answer, Org::PERSONAL));
    assert!(!judged(Subject::Broadcast, Org::FIRST));
}

/// A tab that is signed out, or may not write, need not have its updates reach the cookie.
#[test]
fn an_update_has_to_reach_the_cookie_unless_its_tab_must_not_write() {
    let judged = |phase, fate| {
        let mut findings = StepFindings::default();
        let update = CookieUpdate {
            tab: TabId(0),
            writer: Writer {
                phase,
                ..Writer::FOREMOST
            },
            before: None,
            token: token(Some(1), 1),
            fate,
            comparison: None,
        };
        judge_cookie(&update, &mut findings);
        let reaches = Property::UpdateReachesCookie;
        (
            findings.witnessed.has(reaches),
            findings.violated.has(reaches),
        )
    };
    assert_eq!(judged(Phase::Live, CookieFate::Written), (true, false));
    assert_eq!(judged(Phase::Live, CookieFate::Dropped), (true, true));
    assert_eq!(judged(Phase::Live, CookieFate::Forbidden), (false, false));
    assert_eq!(judged(Phase::Out, CookieFate::Dropped), (false, false));
}

#[test]
fn a_token_is_astray_in_a_place_of_another_organisation() {
    assert!(meaning::is_astray(Org::FIRST, Org::PERSONAL));
    assert!(!meaning::is_astray(Org::FIRST, Org::FIRST));
}
