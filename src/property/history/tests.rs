//! What is remembered, and when two memories are the same.

use super::*;
use crate::vocabulary::Age;
use std::hash::{BuildHasher, RandomState};

const OLD: ModelToken = ModelToken::read_at(1, 1);
const FRESH: ModelToken = ModelToken::read_at(2, 2);
/// Of older claims than `FRESH`, and alive for longer.
const LATE: ModelToken = ModelToken::read_at(1, 3);

#[test]
fn readable_tokens_are_the_same_if_oiat_and_claims_are() {
    let hashes = RandomState::new();
    let same = |one, other| {
        let [one, other] = [Readable(one), Readable(other)];
        assert_eq!(one == other, hashes.hash_one(one) == hashes.hash_one(other));
        one == other
    };
    assert!(same(OLD, LATE));
    assert!(!same(OLD, FRESH));
    assert!(!same(OLD, ModelToken { claims: 0, ..OLD }));
}

/// What is posted is kept unless the same tab has posted something as fresh that lives as long.
#[test]
fn of_what_was_posted_that_is_remembered_which_could_still_be_missed() {
    let remembered = |posts: &[ModelToken]| {
        let mut history = KeyHistory::default();
        posts.iter().for_each(|post| history.post(post));
        history.posted
    };
    assert_eq!(remembered(&[OLD, FRESH]), [FRESH]);
    assert_eq!(remembered(&[FRESH, OLD]), [FRESH]);
    assert_eq!(remembered(&[FRESH, FRESH]), [FRESH]);
    let both = remembered(&[FRESH, LATE]);
    assert_eq!(both.len(), 2);
    assert_eq!(remembered(&[LATE, FRESH]), both, "in one order");
    assert_eq!(remembered(&[FRESH, LATE, OLD]), both);
    let best = ModelToken::read_at(3, 3);
    assert_eq!(remembered(&[FRESH, LATE, best]), [best]);
}

#[test]
fn what_is_near_its_expiry_can_be_missed_no_more() {
    let mut history = KeyHistory::default();
    history.post(&FRESH);
    history.post(&LATE);
    // At 3 what was issued at 2 is near its expiry.
    history.let_go(&Age(3));
    assert_eq!(history.posted, [LATE]);
}

#[test]
fn a_post_is_yet_to_arrive_if_it_outranks_all_that_the_tab_ever_had() {
    let mut other = KeyHistory::default();
    other.post(&FRESH);
    let undelivered = |best: Option<ModelToken>| {
        let mut history = KeyHistory::default();
        history.observe_best(best.as_ref());
        history.undelivered_from(&other)
    };
    assert_eq!(undelivered(None), Some(FRESH));
    assert_eq!(undelivered(Some(LATE)), Some(FRESH));
    assert_eq!(undelivered(Some(FRESH)), None);
    assert_eq!(undelivered(Some(ModelToken::read_at(2, 3))), None);
}
