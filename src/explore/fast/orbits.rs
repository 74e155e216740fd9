//! Canonical forms against brute force over all permutations of tabs.

use super::SymmetryUse;
use super::stage::Stage;
use crate::catalog::Catalog;
use crate::model::{ChannelState, Composed, Local, System, TabId};
use crate::property::PropertySet;
use stateright::actor::{Envelope, Id};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// All ways to put tabs in order that only move tabs to places of tabs that are alike.
fn orders(model: &Composed) -> Vec<Vec<usize>> {
    let tabs = usize::from(model.roster().tabs);
    let alike = |one: usize, other: usize| {
        let of = |tab: usize| {
            let tab = TabId(tab as u8);
            (
                model.judge().watch.has(tab),
                model.permits().allowed(tab).bits(),
            )
        };
        of(one) == of(other)
    };
    let mut orders = vec![Vec::new()];
    for place in 0..tabs {
        let longer = |order: &Vec<usize>| {
            let free = (0..tabs).filter(|tab| !order.contains(tab) && alike(*tab, place));
            let longer = free.map(|tab| [order.as_slice(), &[tab]].concat());
            longer.collect::<Vec<_>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}

/// The system after `order[place]` has moved to each place.
fn permuted(system: &System, order: &[usize]) -> System {
    let place = |tab: usize| order.iter().position(|&of| of == tab).unwrap_or(tab);
    let number = |tab: TabId| TabId(place(tab.index()) as u8);
    let locals: Vec<Local> = system.locals().cloned().collect();
    let moved = |index: usize| match &locals[*order.get(index).unwrap_or(&index)] {
        Local::Channel(queues) => {
            let moved = queues
                .iter()
                .map(|((to, from), posts)| ((number(*to), number(*from)), posts.clone()));
            let mut moved: ChannelState = moved.collect();
            moved.sort_by_key(|(pair, _)| *pair);
            Local::Channel(moved)
        }
        local => local.clone(),
    };
    let id = |id: Id| Id::from(place(usize::from(id)));
    let envelopes = system
        .envelopes()
        .map(|Envelope { src, dst, msg }| Envelope {
            src: id(src),
            dst: id(dst),
            msg: msg.clone(),
        });
    let mut history = system.history().clone();
    for (to, from) in order.iter().enumerate() {
        history.tabs[to] = system.history().tabs[*from].clone();
    }
    let locals = (0..locals.len()).map(|index| Arc::new(moved(index)));
    system.rebuilt(locals.collect(), envelopes.collect(), history)
}

fn check(design: &str, scenario: &str) {
    let catalog = Catalog::load("models".as_ref()).expect("the models");
    let design = catalog.design(design).expect("a design");
    let scenario = catalog.scenario(scenario).expect("a scenario");
    let model = Composed::new(design.policy, scenario, PropertySet::ALL);
    let orders = orders(&model);
    assert!(orders.len() > 1, "nothing to permute in {}", scenario.name);
    let mut stage = Stage::new(&model, SymmetryUse::WherePossible);
    let mut seen = HashSet::new();
    let mut queue = VecDeque::from([model.start()]);
    let mut stored = HashSet::new();
    let mut orbits = 0;
    let mut covered = HashSet::new();
    while let Some(mut system) = queue.pop_front() {
        for event in model.enabled(&system) {
            let next = model.step(&system, event).system;
            if seen.insert(next.clone()) {
                queue.push_back(next);
            }
        }
        // What the last step violated is no part of a row.
        let mut history = system.history().clone();
        history.violated = PropertySet::NONE;
        let locals = system.locals().cloned().map(Arc::new).collect();
        let envelopes = system.envelopes().map(|e| Envelope {
            src: e.src,
            dst: e.dst,
            msg: e.msg.clone(),
        });
        let envelopes = envelopes.collect();
        system = system.rebuilt(locals, envelopes, history);
        let row = stage.row(&system);
        let form = stage.canonical(&row);
        stored.insert(form);
        assert_eq!(stage.canonical(&form), form, "a form is its own form");
        let images: HashSet<System> = orders.iter().map(|o| permuted(&system, o)).collect();
        let mut cores: HashSet<u64> = HashSet::new();
        for image in &images {
            let row = stage.row(image);
            assert_eq!(stage.canonical(&row), form, "{image:?} and {system:?}");
            cores.insert(image.graph_fingerprint());
        }
        assert_eq!(stage.orbit(&form), cores.len() as u64, "{system:?}");
        if covered.insert(system.clone()) {
            orbits += 1;
            covered.extend(images);
        }
    }
    assert_eq!(stored.len(), orbits, "one form for each orbit");
}

#[test]
fn there_is_one_form_for_each_orbit_of_two_tabs() {
    check("pr-9030", "r1s1");
    check("pr-8097", "clear-s2k1");
    check("pr-8097", "legacy-s2");
}

#[test]
fn there_is_one_form_for_each_orbit_of_three_tabs() {
    check("pr-9030", "t3-r1s1");
    check("pr-8097", "t3-s2");
}
