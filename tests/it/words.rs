//! Names that are read back, and words that tell things apart.

use crate::support::token;
use freshest::cache::{
    Answers, FetchId, Measure, Posts, RequestKind, Requests, SeedFrom, SessionId, Site, Spoiled,
    Timers, TokenRequest,
};
use freshest::freshness::{Expiry, Org, Stamped, TokenView};
use freshest::vocabulary::ModelToken;
use std::collections::HashSet;

/// `names` and what each is read as, which is never the name of another one.
macro_rules! read_back {
    ($($of:ident)*) => {$(
        for one in $of::ALL {
            assert_eq!($of::from_name(one.name()), Some(one));
        }
        assert_eq!($of::from_name("nothing of this kind"), None);
    )*};
}

#[test]
fn every_choice_of_a_design_is_read_by_its_name_and_by_no_other() {
    read_back!(Answers Measure Posts Requests SeedFrom Site Timers);
}

#[test]
fn only_the_answers_to_a_sign_out_and_to_what_follows_from_one_bring_no_token() {
    let request = TokenRequest::Fetch(FetchId(1));
    let bringing = [
        RequestKind::Token(request),
        RequestKind::Touch(0),
        RequestKind::Switch(0),
        RequestKind::Load,
        RequestKind::Recheck(request),
    ];
    assert!(bringing.into_iter().all(RequestKind::brings_a_token));
    assert!(
        ![RequestKind::End, RequestKind::Reload]
            .into_iter()
            .any(RequestKind::brings_a_token)
    );
}

#[test]
fn requests_end_without_a_token_in_three_ways_that_words_tell_apart() {
    let words: HashSet<&str> = Spoiled::ALL.into_iter().map(Spoiled::in_words).collect();
    assert!(
        words.len() == 3 && words.iter().all(|words| words.len() > 3),
        "{words:?}"
    );
    assert_eq!(
        Spoiled::ALL.map(Spoiled::ends_the_request),
        [true, true, false]
    );
}

#[test]
fn sessions_are_told_apart_by_their_index() {
    assert_eq!([0, 1].map(|session| SessionId(session).index()), [0, 1]);
}

#[test]
fn what_a_comparator_sees_of_a_token_says_what_is_not_usual_about_it() {
    let usual = TokenView::of(&token(3, 4));
    assert_eq!(usual.to_string(), "[oiat 3, iat 4]");
    let unusual = TokenView {
        oiat: None,
        iat: None,
        format: 1,
        org: Org::FIRST,
        expiry: Expiry::Past,
    };
    let told = format!(
        "[no oiat, no iat, format 1, org 1, {}]",
        Expiry::Past.name()
    );
    assert_eq!(unusual.to_string(), told);
    let seen = TokenView::of(&ModelToken {
        org: Org::FIRST,
        fmt: 1,
        ..token(3, 4)
    });
    assert_eq!(
        (Stamped::org(&seen), Stamped::format(&seen)),
        (Org::FIRST, 1)
    );
    assert_eq!(
        (Stamped::org(&unusual), Stamped::expiry(&unusual)),
        (Org::FIRST, Expiry::Past)
    );
    assert_eq!(Stamped::epoch(&seen), 3, "nobody counted");
}

#[test]
fn there_are_two_organisations_by_number() {
    let found = [0, 1, 2].map(Org::from_number);
    assert_eq!(found, [Some(Org::PERSONAL), Some(Org::FIRST), None]);
}

#[test]
fn organisations_are_numbered_in_files() {
    let numbers = [0, 1, 2].map(Org::from_number);
    assert_eq!(numbers, [Some(Org::PERSONAL), Some(Org::FIRST), None]);
    assert_eq!(Org::ALL.map(Org::number), [0, 1]);
}
