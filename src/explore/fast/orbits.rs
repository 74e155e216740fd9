//! Canonical forms against brute force over all permutations of tabs.

use super::SymmetryUse;
use super::cases::model;
#[cfg(feature = "cluster")]
use super::cluster;
#[cfg(feature = "cluster")]
use super::layout::Columns;
use super::packed::PackedModel;
use crate::model::{ChannelState, Local, System};
use crate::property::{Monitored, MonitoredState, PropertySet};
use crate::vocabulary::TabId;
use stateright::actor::{Envelope, Id};
#[cfg(feature = "cluster")]
use std::collections::HashMap;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// All ways to put tabs in order that only move tabs to places of tabs that are alike.
fn orders(model: &Monitored) -> Vec<Vec<usize>> {
    let tabs = usize::from(model.roster().tabs);
    let alike = |one: usize, other: usize| {
        let of = |tab: usize| {
            let tab = TabId(tab as u8);
            let life = model.model().setup().life;
            (
                life.absent.has(tab),
                life.unfocused.has(tab),
                model.monitor().watch.has(tab),
                model.model().permits().allowed(tab),
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
fn permuted(state: &MonitoredState, order: &[usize]) -> MonitoredState {
    let system = &state.system;
    let place = |tab: usize| order.iter().position(|&of| of == tab).unwrap_or(tab);
    let number = |tab: TabId| TabId(place(tab.index()) as u8);
    let locals: Vec<Local> = system.locals().cloned().collect();
    let moved = |index: usize| match &locals[*order.get(index).unwrap_or(&index)] {
        Local::Channel(channel) => {
            let pair = |(to, from): (TabId, TabId)| (number(to), number(from));
            let posts = channel.posts.iter();
            let sign_outs = channel.sign_outs.iter();
            let mut moved = ChannelState {
                posts: posts
                    .map(|(of, posts)| (pair(*of), posts.clone()))
                    .collect(),
                sign_outs: sign_outs.map(|(of, count)| (pair(*of), *count)).collect(),
                away: channel.away.iter().map(number).collect(),
            };
            moved.posts.sort_by_key(|(pair, _)| *pair);
            moved.sign_outs.sort_by_key(|(pair, _)| *pair);
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
    let mut history = state.history.clone();
    for (to, from) in order.iter().enumerate() {
        history.tabs[to] = state.history.tabs[*from].clone();
    }
    let locals = (0..locals.len()).map(|index| Arc::new(moved(index)));
    let system = system.rebuilt(locals.collect(), envelopes.collect());
    MonitoredState { system, history }
}

/// The owner of each core, among many nodes.
#[cfg(feature = "cluster")]
struct Owned {
    owners: cluster::Owners,
    of_cores: HashMap<Vec<u32>, usize>,
}

#[cfg(feature = "cluster")]
impl Owned {
    fn new(packed: &PackedModel<'_>, spread: cluster::Spread) -> Owned {
        Owned {
            owners: cluster::Owners::new(packed, 1 << 20, spread),
            of_cores: HashMap::new(),
        }
    }

    /// A vector has the owner of the form of its orbit, whatever its history.
    fn check(&mut self, packed: &PackedModel<'_>, vector: &Columns, form: &Columns) {
        self.owners.extend(packed);
        let owner = |columns: &Columns| self.owners.owner(packed, |column| columns[column]);
        assert_eq!(owner(vector), owner(form), "{vector:?} and {form:?}");
        let core = (0..packed.plan.columns()).map(|column| packed.core_of(column, vector[column]));
        let known = self.of_cores.entry(core.collect()).or_insert(owner(form));
        assert_eq!(*known, owner(vector));
    }
}

fn check(design: &str, scenario: &str) {
    let model = model(design, scenario);
    let orders = orders(&model);
    assert!(orders.len() > 1, "nothing to permute in {scenario}");
    let mut packed = PackedModel::new(&model, SymmetryUse::WherePossible);
    let mut seen = HashSet::new();
    let mut queue = VecDeque::from([model.start()]);
    let mut stored = HashSet::new();
    let mut orbits = 0;
    let mut covered = HashSet::new();
    #[cfg(feature = "cluster")]
    let mut owners = cluster::Spread::ALL.map(|spread| Owned::new(&packed, spread));
    while let Some(mut state) = queue.pop_front() {
        for event in model.enabled(&state) {
            let next = model.step(&state, event).state;
            if seen.insert(next.clone()) {
                queue.push_back(next);
            }
        }
        // What the last step violated is no part of a vector.
        state.history.violated = PropertySet::NONE;
        let vector = packed.encode(&state);
        let form = packed.ask(|packed| packed.canonical(&vector));
        stored.insert(form);
        assert_eq!(
            packed.ask(|packed| packed.canonical(&form)),
            form,
            "a form is its own form"
        );
        let images: HashSet<MonitoredState> = orders.iter().map(|o| permuted(&state, o)).collect();
        let mut cores: HashSet<System> = HashSet::new();
        for image in &images {
            let vector = packed.encode(image);
            assert_eq!(
                packed.ask(|packed| packed.canonical(&vector)),
                form,
                "{image:?} and {state:?}"
            );
            cores.insert(image.system.clone());
            #[cfg(feature = "cluster")]
            for owners in &mut owners {
                owners.check(&packed, &vector, &form);
            }
        }
        assert_eq!(
            packed.ask(|packed| packed.orbit(&form)),
            cores.len() as u64,
            "{state:?}"
        );
        assert_eq!(
            packed.ask(|packed| packed.vectors(&form)),
            images.len() as u64,
            "{state:?}"
        );
        if covered.insert(state.clone()) {
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
