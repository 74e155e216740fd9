//! Orders of tabs: which of them takes which place.

use crate::vocabulary::{MAX_TABS, TabId};

pub(super) const TABS: usize = MAX_TABS as usize;

/// For each place the tab that takes it.
pub(super) type Order = [u8; TABS];

/// Sorts what is at some places among those places.
#[inline]
pub(super) fn sort_among(tracked: &mut [u32], is_one: impl Fn(usize) -> bool) {
    for end in 1..tracked.len() {
        let mut hole = end;
        for place in (0..end).rev() {
            if is_one(hole) && is_one(place) && tracked[place] > tracked[hole] {
                tracked.swap(place, hole);
                hole = place;
            }
        }
    }
}

/// Everybody stays.
pub(super) const IDENTITY: Order = [0, 1, 2, 3, 4, 5, 6, 7];

/// Sorts the tabs of a class into its places. The result has a bit for each place whose tab's key
/// equals that of the next place of the class.
#[inline]
pub(super) fn sort(class: &[u8], order: &mut Order, keys: &[(u32, u32, u32); TABS]) -> u32 {
    let mut ties = 0;
    let key = |tab: u8| keys[usize::from(tab)];
    for (index, &place) in class.iter().enumerate() {
        let tab = place;
        let mut hole = index;
        while hole > 0 && key(order[usize::from(class[hole - 1])]) > key(tab) {
            order[usize::from(class[hole])] = order[usize::from(class[hole - 1])];
            hole -= 1;
        }
        order[usize::from(class[hole])] = tab;
    }
    for pair in class.windows(2) {
        let [one, next] = [pair[0], pair[1]].map(|place| key(order[usize::from(place)]));
        ties |= u32::from(one == next) << pair[0];
    }
    ties
}

/// The place that a tab takes.
pub(super) fn place(order: &Order, tab: TabId) -> TabId {
    let place = order.iter().position(|&of| of == tab.0);
    TabId(place.unwrap_or(tab.index()) as u8)
}

/// An order in one number; 0 if everybody stays.
#[inline]
pub(super) fn code(order: &Order, tabs: usize) -> u32 {
    let mut code = 0;
    for (place, &tab) in order.iter().enumerate().take(tabs) {
        code |= (u32::from(tab) ^ place as u32) << (3 * place);
    }
    code
}

/// Two change places.
pub(super) fn swapped(one: u8, other: u8) -> Order {
    let mut order = IDENTITY;
    order.swap(usize::from(one), usize::from(other));
    order
}

/// All orders of the members of some sets in which the members of each set stay in order.
pub(super) fn arrangements(sets: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut partial = vec![(Vec::new(), vec![0; sets.len()])];
    let places: usize = sets.iter().map(Vec::len).sum();
    for _ in 0..places {
        let mut longer = Vec::new();
        for (order, taken) in &partial {
            for (index, set) in sets.iter().enumerate() {
                if let Some(&member) = set.get(taken[index]) {
                    let (mut order, mut taken) = (order.clone(), taken.clone());
                    order.push(member);
                    taken[index] += 1;
                    longer.push((order, taken));
                }
            }
        }
        partial = longer;
    }
    partial.into_iter().map(|(order, _)| order).collect()
}

/// An order with the members of a group at its places, in the order given.
pub(super) fn arranged(order: &Order, group: &[u8], members: &[u8]) -> Order {
    let mut arranged = *order;
    for (&place, &member) in group.iter().zip(members) {
        arranged[usize::from(place)] = member;
    }
    arranged
}

pub(super) fn factorial(n: usize) -> u64 {
    (1..=n as u64).product()
}
