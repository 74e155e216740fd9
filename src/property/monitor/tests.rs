//! What one request, one read, and a state in which nothing is under way mean to the properties.

use super::*;
use crate::vocabulary::Age;

const fn token(oiat: u8, org: Org) -> ModelToken {
    ModelToken {
        org,
        ..ModelToken::read_at(oiat, oiat)
    }
}

const PERSONAL: ModelToken = token(1, Org::PERSONAL);
const OF_ORG: ModelToken = token(1, Org::FIRST);

fn monitor() -> Monitor {
    Monitor {
        watch: TabSet::from_iter([TabId(1)]),
        first: rank(&PERSONAL),
        requests_per_tab: None,
        properties: PropertySet::ALL,
        undelivered: false,
    }
}

/// The opportunities and the violations among what was found.
fn found(judge: impl FnOnce(&mut StepFindings)) -> [Vec<Property>; 2] {
    let mut findings = StepFindings::default();
    judge(&mut findings);
    [findings.witnessed, findings.violated].map(|set| set.iter().collect())
}

#[test]
fn of_a_tab_that_is_not_watched_nothing_is_remembered_but_what_is_yet_to_arrive() {
    let mut monitor = monitor();
    assert_eq!(
        [0, 1].map(|tab| monitor.remembers(TabId(tab))),
        [false, true]
    );
    monitor.undelivered = true;
    assert_eq!(
        [0, 1].map(|tab| monitor.remembers(TabId(tab))),
        [true, true]
    );
}

/// Before a tab has had something better than what everybody starts with, no seed can be stale.
#[test]
fn a_seed_could_be_stale_once_the_tab_has_had_something_better() {
    let seed = Property::SeedIsNotStale;
    let judged = |best: Option<u8>, forced| {
        let request = Request {
            kind: RequestKind::Token(TokenRequest::Background(Org::PERSONAL)),
            org: Org::PERSONAL,
            parent: Some(token(2, Org::PERSONAL)),
            forced,
        };
        let best = best.map(|oiat| rank(&token(oiat, Org::PERSONAL)));
        found(|findings| monitor().judge_request((TabId(1), best), &request, findings))
    };
    assert_eq!(judged(None, false), [vec![], vec![]]);
    assert_eq!(judged(Some(1), false), [vec![], vec![]]);
    assert_eq!(judged(Some(2), false), [vec![seed], vec![]]);
    assert_eq!(judged(Some(3), false), [vec![seed], vec![seed]]);
    assert_eq!(judged(Some(3), true), [vec![], vec![]]);
}

#[test]
fn a_read_under_the_key_of_an_organisation_could_be_astray() {
    let read = Property::ReadReturnsOwnContext;
    let judged = |key, token| {
        let evidence = Evidence::Cache(TabId(0), Observation::Read { key, token });
        found(|findings| follow_shared(&evidence, findings))
    };
    assert_eq!(judged(Org::PERSONAL, PERSONAL), [vec![], vec![]]);
    assert_eq!(judged(Org::FIRST, OF_ORG), [vec![read], vec![]]);
    assert_eq!(judged(Org::PERSONAL, OF_ORG), [vec![read], vec![read]]);
    assert_eq!(judged(Org::FIRST, PERSONAL), [vec![read], vec![read]]);
}

#[test]
fn who_is_signed_out_has_no_cookie_when_nothing_is_under_way() {
    let out = Property::SignedOutAtRest;
    let judged = |ended, asking, quiescent| {
        let rest = Rest {
            ended,
            asking,
            cookie: Some(PERSONAL),
            ..Rest::default()
        };
        found(|findings| follow_rest(&rest, quiescent, findings))
    };
    assert_eq!(judged(false, true, true), [vec![], vec![]]);
    assert_eq!(judged(true, false, false), [vec![], vec![]]);
    assert_eq!(judged(true, true, false), [vec![out], vec![]]);
    assert_eq!(judged(true, false, true), [vec![], vec![out]]);
}

#[test]
fn both_cookies_are_of_one_organisation_when_nothing_is_under_way() {
    let agree = Property::ContextAtRest;
    let judged = |switched, cookie, quiescent| {
        let rest = Rest {
            switched,
            cookie: Some(cookie),
            context: Some(Org::PERSONAL),
            ..Rest::default()
        };
        found(|findings| follow_rest(&rest, quiescent, findings))
    };
    assert_eq!(judged(false, PERSONAL, true), [vec![], vec![]]);
    assert_eq!(judged(true, PERSONAL, false), [vec![], vec![]]);
    assert_eq!(judged(true, PERSONAL, true), [vec![agree], vec![]]);
    assert_eq!(judged(false, OF_ORG, true), [vec![agree], vec![agree]]);
    assert_eq!(judged(true, OF_ORG, false), [vec![], vec![]]);
}

/// What a step did with what all tabs share is judged with the rest of it.
#[test]
fn a_step_is_judged_at_its_end_too() {
    let tab = TabState {
        cache: crate::cache::Cache::empty(),
        age: Age(0),
        stopped: false,
    };
    let after = After {
        tabs: &[&tab],
        quiescent: true,
        rest: Rest {
            ended: true,
            cookie: Some(PERSONAL),
            ..Rest::default()
        },
        stuck: &|| true,
        asking: Vec::new(),
    };
    let mut history = monitor().start(&after);
    let judgement = monitor().step(&mut history, &[], &after);
    assert!(judgement.findings.violated.has(Property::SignedOutAtRest));
}
