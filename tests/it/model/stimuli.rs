//! When something can happen in a tab.

use super::*;

#[test]
fn a_stimulus_happens_no_more_often_than_its_budget_allows_all_tabs_together() {
    let mut walk = Walk::of("pr-8097", 2, "skip_cache = 1");
    assert!(walk.can(skip_cache(0)) && walk.can(skip_cache(1)));
    walk.go(&[skip_cache(1)]);
    assert!(!walk.can(skip_cache(0)) && !walk.can(skip_cache(1)));
    assert!(!Walk::of("pr-8097", 2, "refresh = 1").can(skip_cache(0)));
}

#[test]
fn a_stimulus_limited_by_a_scenario_happens_to_those_tabs_only() {
    let budget = "skip_cache = { count = 1, by = [1] }\nfail = { count = 1, by = [0] }";
    let mut walk = Walk::of("pr-8097", 2, budget);
    assert!(walk.can(skip_cache(1)) && !walk.can(skip_cache(0)));
    walk.go(&[skip_cache(1)]);
    assert!(
        !walk.can(fail(1, F0)),
        "the request of a tab that cannot fail"
    );
    let budget = "skip_cache = 1\nlose = { count = 1, by = [2] }";
    let mut walk = Walk::of("pr-8097", 3, budget);
    walk.go(&[skip_cache(0), mint(0, F0), respond(0, F0)]);
    assert!(
        walk.can(lose(2, 0)) && !walk.can(lose(1, 0)),
        "by is the receiver"
    );
}

#[test]
fn a_refresh_needs_an_armed_entry() {
    let mut walk = Walk::of("pr-8097", 2, "refresh = 2\nskip_cache = 1");
    walk.go(&[refresh(0)]);
    assert!(!walk.can(refresh(0)) && walk.can(refresh(1)), "disarmed");
    walk.go(&[mint(0, BG), respond(0, BG), deliver(1, 0)]);
    assert!(walk.can(refresh(0)), "armed by its answer");
    assert!(!walk.can(refresh(1)), "an adopted entry has no timer");
    walk.go(&[skip_cache(0)]);
    assert!(!walk.can(refresh(0)), "a pending slot has none either");
}

#[test]
fn a_tab_gets_focus_once_and_loses_it_only_if_it_has_it() {
    let tab = TabId(0);
    let [focus, blur] = [TabAction::Focus, TabAction::Blur].map(|action| Event::InTab(action, tab));
    let text = "tabs = 2\nunfocused = [0]\n[budget]\nfocus = 3\nblur = 3\n";
    let mut walk = Walk::along("pr-9284", text);
    assert!(walk.can(focus) && !walk.can(blur), "it never had focus");
    walk.go(&[focus]);
    assert!(!walk.can(focus) && walk.can(blur), "it has it");
    walk.go(&[blur]);
    assert!(!walk.can(focus) && !walk.can(blur), "it had it");
}

#[test]
fn a_tab_changes_the_organisation_only_while_it_is_open_and_has_focus() {
    let of = |action| Event::InTab(action, TabId(0));
    let text = "tabs = 2\nkeys = 2\n[budget]\nswitch = 2\nblur = 2\nclose = 1\nrefresh = 1\n";
    let mut walk = Walk::along("pr-9284", text);
    let refreshes = Event::InTabOfOrg(TabAction::Refresh, TabId(0));
    assert!(walk.can(of(TabAction::Switch)) && walk.can(of(TabAction::Refresh)));
    assert!(!walk.can(refreshes), "nothing is there under the other key");
    walk.go(&[of(TabAction::Blur)]);
    assert!(!walk.can(of(TabAction::Switch)), "without focus");
    let mut walk = Walk::along("pr-9284", text);
    walk.go(&[of(TabAction::Close)]);
    assert!(!walk.can(of(TabAction::Switch)), "closed");
}

#[test]
fn only_a_tab_that_is_not_there_yet_can_be_opened() {
    let opens = |tab| Event::InTab(TabAction::Open, TabId(tab));
    let text = "tabs = 2\nabsent = [1]\n[budget]\nopen = 2\nskip_cache = 1\n";
    let mut walk = Walk::along("pr-9284", text);
    assert!(walk.can(opens(1)) && !walk.can(opens(0)));
    walk.go(&[opens(1)]);
    assert!(!walk.can(opens(1)), "it is open");
}

#[test]
fn only_a_tab_that_is_open_can_be_closed_and_does_nothing_else_then() {
    let of = |action| Event::InTab(action, TabId(0));
    let mut walk = Walk::of(
        "pr-9284",
        2,
        "close = 2\ntouch = 1\nskip_cache = 1\nblur = 1",
    );
    assert!(walk.can(of(TabAction::Close)) && walk.can(of(TabAction::Touch)));
    walk.go(&[of(TabAction::Close)]);
    for action in TabAction::ALL {
        assert!(!walk.can(of(action)), "{action:?} after the end");
    }
    assert!(walk.can(Event::InTab(TabAction::Close, TabId(1))));
}

#[test]
fn while_a_request_is_under_way_nobody_can_make_another_under_a_lock() {
    let budget = "refresh = 2\nskip_cache = 2\nget_token = 1\nclear_cache = 2";
    let mut walk = Walk::of("lock", 2, budget);
    walk.go(&[skip_cache(0)]);
    for tab in [0, 1] {
        assert!(!walk.can(skip_cache(tab)), "tab {tab}");
        assert!(!walk.can(refresh(tab)), "tab {tab}");
        assert!(walk.can(get_token(tab)), "tab {tab} joins, or has a token");
    }
    walk.go(&[clear(1)]);
    assert!(!walk.can(get_token(1)), "there is no token");
    walk.go(&[mint(0, F0)]);
    assert!(!walk.can(get_token(1)), "the answer is still under way");
    walk.go(&[respond(0, F0)]);
    assert!(walk.can(get_token(1)) && walk.can(refresh(0)) && walk.can(skip_cache(1)));
}

#[test]
fn a_call_that_waits_for_the_lock_looks_at_the_cache_when_it_has_it() {
    let wait = |tab, call| Event::Wait(TabId(tab), call);
    let resume = |tab, call| Event::Resume(TabId(tab), call);
    let mut walk = Walk::from("lock", "empty", 3, "get_token = 3\nskip_cache = 1");
    assert!(!walk.can(wait(1, Call::GetToken)), "nobody has the lock");
    walk.go(&[
        get_token(0),
        wait(1, Call::GetToken),
        wait(1, Call::SkipCache),
    ]);
    walk.go(&[wait(2, Call::GetToken), mint(0, F0)]);
    let free = [
        (1, Call::GetToken),
        (1, Call::SkipCache),
        (2, Call::GetToken),
    ];
    let can = |walk: &Walk| free.map(|(tab, call)| walk.can(resume(tab, call)));
    assert_eq!(can(&walk), [false; 3], "tab 0 has it until it is answered");
    walk.go(&[respond(0, F0)]);
    assert_eq!(can(&walk), [true; 3], "any of them may get it");
    walk.go(&[deliver(1, 0), resume(1, Call::GetToken)]);
    let returned = |item: &Evidence| matches!(item, Evidence::Returned(TabId(1), ..));
    assert!(
        walk.evidence.iter().any(returned),
        "a token has come meanwhile"
    );
    assert_eq!(can(&walk), [false, true, true], "so the lock is free again");
    walk.go(&[resume(1, Call::SkipCache)]);
    assert_eq!(can(&walk), [false; 3], "past the cache it takes a request");
    walk.go(&[mint(1, F0), respond(1, F0), resume(2, Call::GetToken)]);
    assert_eq!(
        can(&walk),
        [false; 3],
        "tab 2 has heard of nothing, and asks"
    );
}

#[test]
fn calls_that_wait_fail_when_their_page_is_signed_out_and_go_with_it_when_it_is_closed() {
    let wait = |tab| Event::Wait(TabId(tab), Call::SkipCache);
    let act = |action, tab| Event::InTab(action, TabId(tab));
    let budget = "skip_cache = 3\nsign_out = 1\nclose = 1";
    let mut walk = Walk::of("lock", 2, budget);
    walk.go(&[skip_cache(0), wait(1), wait(1), act(TabAction::SignOut, 1)]);
    let rejected = |walk: &Walk| {
        let items = walk.evidence.iter();
        items
            .filter(|item| matches!(item, Evidence::Rejected(..)))
            .count()
    };
    walk.go(&[Event::Mint(TabId(1), RequestKind::End)]);
    assert_eq!(rejected(&walk), 0, "they wait until it is signed out");
    walk.go(&[Event::Respond(TabId(1), RequestKind::End)]);
    assert_eq!(rejected(&walk), 2);
    assert!(walk.now.tab(TabId(1)).cache.waiting.is_empty());
    let mut walk = Walk::of("lock", 2, budget);
    walk.go(&[skip_cache(0), wait(1), act(TabAction::Close, 1)]);
    assert_eq!(rejected(&walk), 0, "nobody is there to hear of it");
    assert!(walk.now.tab(TabId(1)).cache.waiting.is_empty());
    walk.go(&[mint(0, F0), respond(0, F0)]);
    assert!(!walk.can(Event::Resume(TabId(1), Call::SkipCache)));
}

#[test]
fn a_failed_request_gives_the_lock_back() {
    let mut walk = Walk::of("lock", 2, "skip_cache = 2\nfail = 1");
    walk.go(&[skip_cache(0), fail(0, F0)]);
    assert!(walk.can(skip_cache(1)));
}

#[test]
fn only_a_tab_with_a_request_under_way_can_be_orphaned_and_it_keeps_the_lock() {
    let orphan = |tab| Event::InTab(TabAction::Orphan, TabId(tab));
    let mut walk = Walk::of("lock", 2, "skip_cache = 2\norphan = 2");
    assert!(!walk.can(orphan(0)));
    walk.go(&[skip_cache(0)]);
    assert!(!walk.can(orphan(1)));
    walk.go(&[orphan(0), mint(0, F0), respond(0, F0)]);
    assert_eq!(walk.cached(0), None, "nobody took the answer");
    assert!(walk.now.is_quiescent());
    assert!(!walk.can(orphan(0)), "it has stopped");
    assert!(!walk.can(skip_cache(0)) && !walk.can(skip_cache(1)));
    let mut free = Walk::of("arrival-order", 2, "skip_cache = 2\norphan = 1");
    free.go(&[skip_cache(0), orphan(0)]);
    assert!(free.can(skip_cache(1)) && !free.can(skip_cache(0)));
}

#[test]
fn a_slot_that_holds_something_can_be_cleared() {
    let mut walk = Walk::of("pr-8097", 1, "clear_cache = 3\nskip_cache = 1");
    walk.go(&[clear(0)]);
    assert!(!walk.can(clear(0)), "it is empty");
    walk.go(&[skip_cache(0), clear(0)]);
    assert_eq!(*walk.slot(0), Slot::Empty, "a pending slot too");
}

#[test]
fn only_a_dead_entry_can_be_evicted() {
    let mut walk = Walk::of("pr-8097", 1, "evict = 2\nage = 2\nskip_cache = 1");
    assert!(!walk.can(evict(0)), "alive");
    walk.go(&[age(1)]);
    assert!(!walk.can(evict(0)), "near");
    walk.go(&[age(2), evict(0)]);
    assert_eq!(*walk.slot(0), Slot::Empty);
    assert!(!walk.can(evict(0)), "gone");
    walk.go(&[skip_cache(0)]);
    assert!(!walk.can(evict(0)), "pending");
}

#[test]
fn a_cookie_can_be_lost_only_if_there_is_one() {
    let mut walk = Walk::of("pr-8097", 2, "get_token = 1\ncookie_loss = 2");
    walk.go(&[Event::Befall(SharedFault::CookieLoss)]);
    assert!(!walk.can(Event::Befall(SharedFault::CookieLoss)));
    assert!(
        !Walk::from("pr-8097", "empty", 2, "get_token = 1\ncookie_loss = 1")
            .can(Event::Befall(SharedFault::CookieLoss))
    );
}

#[test]
fn the_origin_starts_to_send_oiat_once_and_only_if_it_did_not() {
    let mut walk = Walk::from("pr-8097", "legacy", 2, "get_token = 1\noiat_on = 2");
    walk.go(&[Event::Befall(SharedFault::OiatOn)]);
    assert!(!walk.can(Event::Befall(SharedFault::OiatOn)));
    let mut walk = Walk::from("pr-8097", "empty-legacy", 2, "get_token = 1\noiat_on = 2");
    walk.go(&[Event::Befall(SharedFault::OiatOn)]);
    assert!(!walk.can(Event::Befall(SharedFault::OiatOn)));
}

#[test]
fn the_format_may_change_as_often_as_the_budget_allows() {
    let mut walk = Walk::of("pr-8097", 2, "get_token = 1\nrollout = 2");
    walk.go(&[
        Event::Befall(SharedFault::Rollout),
        Event::Befall(SharedFault::Rollout),
    ]);
    assert_eq!(walk.now.mints().fmt, 2);
    assert!(!walk.can(Event::Befall(SharedFault::Rollout)));
}
