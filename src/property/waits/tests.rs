//! Who waits for what.

use super::*;
use crate::cache::{Cache, FetchId, SessionId};
use crate::freshness::Org;
use crate::vocabulary::{Age, ModelToken};

/// What is told of a tab in which this is so, and of the same tab when it has stopped.
fn calls(change: impl FnOnce(&mut TabState)) -> [Calls; 2] {
    let mut tab = TabState {
        cache: Cache::empty(),
        age: Age(0),
        stopped: false,
    };
    change(&mut tab);
    let runs = Calls::of(&tab);
    tab.stopped = true;
    [runs, Calls::of(&tab)]
}

/// A fetch under way, for which a call waits or only the poller.
fn fetch(called: bool) -> Fetch<ModelToken> {
    Fetch {
        id: FetchId(0),
        key: Org::PERSONAL,
        session: SessionId(0),
        own: true,
        called,
        joined_by_call: false,
        joined: false,
        invalidated: false,
        waiting: Vec::new(),
    }
}

#[test]
fn in_a_tab_that_has_stopped_nobody_waits_and_its_request_is_nobodys() {
    let none = Calls::default();
    assert_eq!(calls(|_| ()), [none, none]);
    let stopped = Calls {
        has_stopped: true,
        ..none
    };
    for called in [false, true] {
        let runs = Calls {
            for_answer: called,
            asks: true,
            ..none
        };
        assert_eq!(
            calls(|tab| tab.cache.fetches.push(fetch(called))),
            [runs, stopped]
        );
        assert_eq!(runs.is_some(), called);
    }
    assert!(
        Calls {
            for_lock: true,
            ..none
        }
        .is_some()
    );
}

/// Who waits for an answer after the end of the session is not judged, nor who waits behind that.
#[test]
fn a_call_that_waits_is_told_with_the_tab_that_stopped_with_the_lock() {
    let none = Calls::default();
    let for_lock = Calls {
        for_lock: true,
        ..none
    };
    let for_answer = Calls {
        for_answer: true,
        asks: true,
        ..none
    };
    let stopped = Calls {
        has_stopped: true,
        ..none
    };
    let told = |of: &[Calls]| [false, true].map(|ended| waiting_call(of.iter().copied(), ended));
    let [first, second] = [TabId(0), TabId(1)];
    assert_eq!(told(&[none, none]), [None, None]);
    assert_eq!(told(&[none, for_lock]), [Some((second, None)); 2]);
    assert_eq!(told(&[stopped, for_lock]), [Some((second, Some(first))); 2]);
    assert_eq!(told(&[none, for_answer]), [Some((second, None)), None]);
    assert_eq!(told(&[stopped, for_answer]), [Some((second, None)), None]);
    assert_eq!(told(&[for_lock, for_answer]), [Some((first, None)), None]);
}
