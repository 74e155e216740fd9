//! What sleeps is found all the same, and is what it is taken for.

use super::*;
use crate::explore::fast::SymmetryUse;
use crate::explore::fast::cases::{CASES, model};
use crate::explore::fast::encoded::StateId;
use crate::explore::fast::search::{Goal, Search};
use crate::explore::fast::threads::told;
use crate::explore::{Limits, Method};
use crate::model::{Handling, Leg};
use crate::property::Monitored;
use crate::vocabulary::{Age, TabId};
use std::sync::Arc;

fn method(symmetry: SymmetryUse) -> Method {
    Method {
        symmetry,
        ..Method::default()
    }
}

pub(super) fn search(model: &Monitored, symmetry: SymmetryUse) -> Search<'_> {
    let (limits, watch) = (Limits::default(), Arc::default());
    Search::new(model, &method(symmetry), &limits, &watch, Goal::Everything)
}

fn rule(sleeps: bool) -> Rule {
    match sleeps {
        true => Rule::InOrder,
        false => Rule::Nothing,
    }
}

#[test]
fn what_sleeps_makes_no_difference_to_what_is_found() {
    for (design, scenario) in CASES {
        let model = model(design, scenario);
        for symmetry in [SymmetryUse::WherePossible, SymmetryUse::Never] {
            let found = |sleeps: bool| {
                let awake_or_not = || {
                    let mut search = search(&model, symmetry);
                    search.store.asleep.rule = rule(sleeps);
                    search
                };
                let mut search = awake_or_not();
                search.search().expect("an outcome");
                let slept = search.store.asleep.slept;
                (told(&awake_or_not().run().expect("an outcome")), slept)
            };
            let ((awake, none), (asleep, some)) = (found(false), found(true));
            assert_eq!(awake, asleep, "{design} in {scenario}, {symmetry:?}");
            assert!(
                none == 0 && some > 0,
                "{some} slept: {design} in {scenario}"
            );
        }
    }
}

/// Without symmetry, nothing is learned where a step is left out.
#[test]
fn the_same_vectors_are_found_in_the_same_order_from_the_same_parents() {
    for (design, scenario) in CASES {
        let model = model(design, scenario);
        let found = |sleeps: bool| {
            let mut search = search(&model, SymmetryUse::Never);
            search.store.asleep.rule = rule(sleeps);
            search.search().expect("an outcome");
            let arena = &search.store.arena;
            let vector = |id| (arena.columns(id), arena.parent(id), arena.is_new_core(id));
            (0..arena.len() as StateId).map(vector).collect::<Vec<_>>()
        };
        assert!(found(false) == found(true), "{design} in {scenario}");
    }
}

#[test]
fn what_is_not_independent_fails_the_audit() {
    let model = model("pr-8097", "own-refresh");
    let mut search = search(&model, SymmetryUse::Never);
    search.search().expect("an outcome");
    let start = search.store.arena.columns(0);
    let packed = &mut search.packed;
    packed.audit(&model, &start).expect("nothing is wrong");
    packed.independence.independent.fill(EventSet::MAX);
    let audited = packed.audit(&model, &start);
    let error = audited.expect_err("everything is independent");
    assert!(error.message.contains("are not independent"), "{error}");
}

#[test]
fn what_sleeps_where_it_cannot_happen_ends_the_run() {
    let model = model("pr-8097", "own-refresh");
    let mut search = search(&model, SymmetryUse::Never);
    search.begin();
    search.store.asleep.put(0, only(40));
    let error = search.search().expect_err("there is no such event");
    assert!(error.message.contains("sleeps where it cannot"), "{error}");
}

#[test]
fn footprints_meet_where_the_order_of_two_steps_could_make_a_difference() {
    let plan = ColumnPlan { tabs: 2 };
    let [adds, takes, changes] =
        [Handling::Adds, Handling::Takes, Handling::Changes].map(|how| Footprint::of(2, how));
    let requests = |tab| Footprint::taking(plan, tab, Leg::Request);
    let responses = |tab| Footprint::taking(plan, tab, Leg::Response);
    let flight = |how| Footprint::of(plan.in_flight(0), how);
    for (one, other) in [
        (changes, changes),
        (changes, adds),
        (changes, takes),
        (takes, takes),
        (requests(0), requests(0)),
        (responses(0), responses(0)),
        (requests(0), flight(Handling::Changes)),
        (responses(0), flight(Handling::Changes)),
        (Footprint::ALL, adds),
        (changes, changes.or(adds)),
        (changes.or(adds), changes),
        (Footprint::of_requests(plan), requests(1)),
        (
            Footprint::of_tabs(plan),
            Footprint::of(1, Handling::Changes),
        ),
    ] {
        assert!(one.meets(other) && other.meets(one), "{one:?}, {other:?}");
    }
    for (one, other) in [
        (adds, adds),
        (adds, takes),
        (changes, Footprint::of(3, Handling::Changes)),
        (takes, Footprint::of(3, Handling::Takes)),
        (requests(0), requests(1)),
        (requests(0), responses(0)),
        (requests(0), flight(Handling::Adds)),
        (responses(0), flight(Handling::Adds)),
        (Footprint::of_requests(plan), flight(Handling::Adds)),
        (Footprint::ALL, Footprint::NONE),
    ] {
        assert!(!one.meets(other) && !other.meets(one), "{one:?}, {other:?}");
    }
}

#[test]
fn an_event_is_known_with_all_that_it_becomes_when_tabs_change_places() {
    let model = model("pr-8097", "t3-r1s1");
    let plan = ColumnPlan { tabs: 3 };
    let symmetry = Symmetry::of(&model, plan);
    let mut independence = Independence::new(plan, symmetry.as_ref());
    let [to, from, third] = [TabId(0), TabId(1), TabId(2)];
    let arrives = |to, from| Event::Deliver { to, from };
    let adds = |tab| Footprint::of(plan.inbox(tab), Handling::Adds);
    let one = independence.number(arrives(to, from), adds(0));
    let number = |event| independence.numbers[&event];
    assert_eq!(independence.events.len(), 6);
    let other = number(arrives(third, to));
    assert!(independence.knows(other, adds(2)) && !independence.knows(other, adds(0)));
    // The tabs of places 0, 1 and 2 are 1, 2 and 0: tab 0 moves to place 2, tab 1 to place 0.
    let order = [1, 2, 0, 3, 4, 5, 6, 7];
    let code = super::super::order::code(&order, 3);
    let moved = |events| independence.moved(events, Some(code));
    assert_eq!(moved(only(one)), only(other));
    let both = only(one) | only(other);
    assert_eq!(
        moved(both),
        only(other) | only(number(arrives(from, third)))
    );
    assert_eq!(independence.moved(both, Some(0)), both);
    assert_eq!(independence.moved(both, None), 0);
}

#[test]
fn an_event_without_a_number_never_sleeps() {
    let plan = ColumnPlan { tabs: 1 };
    let mut independence = Independence::new(plan, None);
    let mut number = |age| independence.number(Event::Age(Age(age)), Footprint::NONE);
    let numbers: Vec<_> = (0..70).map(&mut number).collect();
    assert_eq!(numbers[63], 63);
    assert_eq!(numbers[64..], [UNNUMBERED; 6]);
    assert_eq!(number(3), 3);
    assert_eq!(only(UNNUMBERED), 0);
    assert!(independence.knows(UNNUMBERED, Footprint::ALL));
    assert_eq!(independence.of(UNNUMBERED), 0);
    assert_eq!(
        [0, 63].map(|event| independence.of(event)),
        [!1, !(1 << 63)]
    );
    assert_eq!(
        independence.first(only(5) | only(9)),
        Some(Event::Age(Age(5)))
    );
    assert_eq!(independence.first(0), None);
}

#[test]
fn footprints_of_several_threads_are_joined() {
    let [one, other] = [3, 4].map(|column| Footprint::of(column, Handling::Changes));
    let (mut all, mut more) = (Footprints::default(), Footprints::default());
    all.add(2, one);
    more.add(2, other);
    more.add(5, one);
    all.absorb(&more);
    assert_eq!(all.of_events[2], one.or(other));
    assert_eq!((all.of_events[3], all.of_events[5]), (Footprint::NONE, one));
}
