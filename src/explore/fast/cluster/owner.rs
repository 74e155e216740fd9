//! Which node a vector belongs to.
//!
//! All nodes have to agree, although each has ids of its own: so what a vector is made of is hashed by
//! value, once for each id. Histories are left out: vectors that differ in nothing else live together,
//! and the nodes' numbers of unique states add up. Tabs that may change places are added up, so that
//! a whole orbit has one owner, whichever of its vectors stands for it.

use super::super::packed::PackedModel;
use super::stable::{mixed, stable};
use crate::model::Shared;

/// What an owner is chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// By the mint sources, the jar and the clock: most steps change none of them, so that most successors stay
    /// where they are. Nodes get unequal shares.
    #[default]
    Local,
    /// By everything but histories: equal shares, and nearly every successor is another node's.
    Even,
}

impl Spread {
    pub const ALL: [Spread; 2] = [Spread::Local, Spread::Even];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Spread::Local => "local",
            Spread::Even => "even",
        }
    }
}

/// Hashes by value, by id.
pub(in crate::explore::fast) struct Owners {
    nodes: u64,
    /// What each tab's part is multiplied with, if tabs count: the same for tabs that may change places.
    factors: Vec<u64>,
    /// All columns that count, as bits.
    counted: u32,
    flights: Vec<u64>,
    inboxes: Vec<u64>,
    /// Of the shared participants that count, each with its column.
    shared: Vec<(usize, Vec<u64>)>,
}

impl Owners {
    /// Nothing hashed yet.
    pub(in crate::explore::fast) fn new(
        packed: &PackedModel<'_>,
        nodes: usize,
        spread: Spread,
    ) -> Owners {
        let plan = packed.plan;
        let classes = packed.symmetry.as_ref().map_or(&[][..], |of| of.classes());
        let leader = |tab: usize| {
            let class = classes.iter().find(|of| of.contains(&(tab as u8)));
            class.map_or(tab, |class| usize::from(class[0]))
        };
        let roster = packed.model.roster();
        let counts = match spread {
            Spread::Local => &[Shared::Mints, Shared::Jar, Shared::Clock][..],
            Spread::Even => &[Shared::Mints, Shared::Jar, Shared::Clock, Shared::Driver][..],
        };
        let column = |&of: &Shared| plan.shared(usize::from(roster.shared(of)));
        let shared = counts.iter().map(column);
        let (of_tabs, tabs) = match spread {
            Spread::Local => (0, 0),
            Spread::Even => (plan.of_tabs(), plan.tabs),
        };
        Owners {
            nodes: nodes as u64,
            factors: (0..tabs).map(|tab| factor(leader(tab))).collect(),
            counted: shared
                .clone()
                .fold(of_tabs, |set, column| set | 1 << column),
            flights: Vec::new(),
            inboxes: Vec::new(),
            shared: shared.map(|column| (column, Vec::new())).collect(),
        }
    }

    /// Hashes what has been given an id since.
    pub(in crate::explore::fast) fn extend(&mut self, packed: &PackedModel<'_>) {
        let (plan, locals) = (packed.plan, &packed.locals);
        if !self.factors.is_empty() {
            for id in self.flights.len()..packed.in_flight.len() {
                let messages = packed.in_flight.messages(id as u32).iter();
                let of = messages.map(|&message| stable(locals.messages().get(message)));
                // In any order: reloads, which are alike, are in none.
                self.flights.push(mixed(of.fold(0, u64::wrapping_add)));
            }
            for id in self.inboxes.len()..locals.count(plan.inbox(0)) {
                self.inboxes.push(stable(locals.waiting(id as u32)));
            }
        }
        for (column, hashes) in &mut self.shared {
            for id in hashes.len()..locals.count(*column) {
                let hash = stable(locals.state(*column, id as u32));
                hashes.push(hash.wrapping_mul(factor(*column)));
            }
        }
    }

    /// Whether a step that has changed these columns, as bits, may lead from one owner's vector to another's.
    #[inline]
    pub(super) fn may_change(&self, stepped: u32) -> bool {
        stepped & self.counted != 0
    }

    /// The owner of a vector, given the id in each column. All of these have been hashed.
    #[inline]
    pub(in crate::explore::fast) fn owner(
        &self,
        packed: &PackedModel<'_>,
        id: impl Fn(usize) -> u32,
    ) -> usize {
        let plan = packed.plan;
        let mut sum = 0u64;
        for (tab, factor) in self.factors.iter().enumerate() {
            let local = packed.summaries[id(tab) as usize].tab;
            let of_tab = self.flights[id(plan.in_flight(tab)) as usize]
                ^ packed.locals.hashes[local as usize].rotate_left(21)
                ^ self.inboxes[id(plan.inbox(tab)) as usize].rotate_left(42);
            sum = sum.wrapping_add(mixed(of_tab).wrapping_mul(*factor));
        }
        for (column, hashes) in &self.shared {
            sum = sum.wrapping_add(hashes[id(*column) as usize]);
        }
        ((u128::from(mixed(sum)) * u128::from(self.nodes)) >> 64) as usize
    }
}

/// Odd, and different for each number.
const fn factor(number: usize) -> u64 {
    mixed(number as u64 + 1) | 1
}
