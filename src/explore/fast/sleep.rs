//! Sleep sets: steps that need not be taken, because other ways lead where they lead.
//!
//! Two events are independent where neither's step reads what the other's changes, and neither keeps
//! the other from happening: in either order they lead to the same vector, and do the same to the
//! properties. So if a vector was found by the second of them, the first need not be taken there: it
//! was taken from the parent, and the second from what that led to. An event *sleeps* in a vector if
//! it slept in the parent, or comes before the event that led here, and is independent of that event
//! (Godefroid, "Using partial orders to improve automatic verification methods", CAV 1990).
//!
//! In breadth-first order no result depends on it. For a step that is left out there is one, earlier
//! in the order of vectors and events, that leads to the same vector and does the same: if that is left
//! out as well, an earlier one, and so on. So every vector is found by the step by which it would be
//! found first, and whatever is done to a property for the first time is done by a step that is taken.
//! Where tabs may change places the same goes for orbits: an event that sleeps is another one after
//! tabs have changed places. Who has no order of all vectors goes by [`labels`]; only who needs every
//! edge lets nothing sleep.
//!
//! What is independent is not told by anybody, it is seen: what steps of an event read and changed up
//! to the level before is its [`Footprint`]. A step that does more than what is known of its event lets
//! nothing sleep. So what sleeps depends on nothing but the order of vectors, however many threads
//! expand them.

mod asleep;
#[cfg(feature = "cluster")]
pub(super) mod labels;

pub(super) use asleep::{Asleep, Rule};

use super::column::ColumnPlan;
use super::encoded::Successor;
use super::footprint::Footprint;
use super::order::{Order, place};
use super::symmetry::Symmetry;
use crate::model::Event;
use rustc_hash::FxHashMap;

/// Events by their numbers, a bit each.
pub(super) type EventSet = u64;

/// Number of an event; [`UNNUMBERED`] for those that never sleep.
pub(super) type EventNumber = u8;

/// Events with a number.
pub(super) const NUMBERED: usize = EventSet::BITS as usize;

const UNNUMBERED: EventNumber = NUMBERED as EventNumber;

/// A set of one; of none without a number.
#[inline]
pub(super) fn only(event: EventNumber) -> EventSet {
    EventSet::checked_shl(1, event.into()).unwrap_or_default()
}

/// More orders of tabs than that are not looked at: what a vector is found by sleeps nowhere where
/// tabs have changed places.
const MOST_ORDERS: u64 = 24;

/// Which events are independent of each other, by what is known of their steps.
pub(super) struct Independence {
    numbers: FxHashMap<Event, EventNumber>,
    /// The events with a number.
    events: Vec<Event>,
    footprints: Vec<Footprint>,
    independent: Vec<EventSet>,
    /// The orders of tabs, but for the one in which everybody stays.
    orders: Vec<Reordered>,
    plan: ColumnPlan,
}

/// Footprints of events by number, as far as they have one.
#[derive(Clone, Default)]
pub(super) struct Footprints {
    of_events: Vec<Footprint>,
}

impl Footprints {
    #[cold]
    pub(super) fn add(&mut self, event: EventNumber, footprint: Footprint) {
        let event = usize::from(event);
        if self.of_events.len() <= event {
            self.of_events.resize(event + 1, Footprint::NONE);
        }
        self.of_events[event] = self.of_events[event].or(footprint);
    }

    pub(super) fn absorb(&mut self, other: &Footprints) {
        for (event, &footprint) in (0..).zip(&other.of_events) {
            self.add(event, footprint);
        }
    }
}

/// Events after tabs have changed places.
struct Reordered {
    /// See [`code`](super::order::code).
    code: u32,
    order: Order,
    /// What each event has become.
    events: Vec<EventNumber>,
}

impl Independence {
    /// No event is known yet.
    pub(super) fn new(plan: ColumnPlan, symmetry: Option<&Symmetry>) -> Independence {
        let orders = symmetry.filter(|symmetry| symmetry.order() <= MOST_ORDERS);
        let orders = orders.map(Symmetry::orders).unwrap_or_default();
        let reordered = |(code, order)| Reordered {
            code,
            order,
            events: Vec::new(),
        };
        Independence {
            numbers: FxHashMap::default(),
            events: Vec::new(),
            footprints: Vec::new(),
            independent: Vec::new(),
            orders: orders.into_iter().map(reordered).collect(),
            plan,
        }
    }

    /// The number of an event, of which that much is known before it has happened.
    pub(super) fn number(&mut self, event: Event, known: Footprint) -> EventNumber {
        if let Some(&number) = self.numbers.get(&event) {
            return number;
        }
        // What it becomes when tabs change places may sleep before it has been listed.
        let mut new = vec![event];
        for reordered in &self.orders {
            let moved = reordered.of(event);
            if !new.contains(&moved) {
                new.push(moved);
            }
        }
        let fits = self.events.len() + new.len() <= NUMBERED;
        for event in new {
            let number = match fits {
                true => self.events.len() as EventNumber,
                false => UNNUMBERED,
            };
            self.numbers.insert(event, number);
            if fits {
                self.events.push(event);
                self.footprints.push(Footprint::NONE);
                self.independent.push(0);
            }
        }
        for reordered in &mut self.orders {
            let moved = self.events.iter().map(|&event| reordered.of(event));
            reordered.events = moved.map(|event| self.numbers[&event]).collect();
        }
        let number = self.numbers[&event];
        if fits {
            self.add(number, known);
        }
        number
    }

    /// Whether nothing of this would be new of an event.
    #[inline]
    pub(super) fn knows(&self, event: EventNumber, footprint: Footprint) -> bool {
        let known = self.footprints.get(usize::from(event));
        known.is_none_or(|&known| known.or(footprint) == known)
    }

    /// Whether a step does no more than what is known of its event; if it does more, that is put down.
    #[inline]
    fn expects(&self, event: EventNumber, successor: &Successor, unknown: &mut Footprints) -> bool {
        let is_known = self.knows(event, successor.footprint);
        if !is_known {
            unknown.add(event, successor.footprint);
        }
        is_known
    }

    /// Adds to what is known of events.
    pub(super) fn learn(&mut self, seen: &Footprints) {
        for (event, &footprint) in (0..).zip(&seen.of_events) {
            if footprint != Footprint::NONE {
                self.add(event, footprint);
            }
        }
    }

    /// Adds to what is known of an event, and of what it becomes when tabs change places.
    fn add(&mut self, event: EventNumber, footprint: Footprint) {
        let mut learned = vec![(event, footprint)];
        learned.extend(self.orders.iter().map(|reordered| {
            let event = reordered.events[usize::from(event)];
            (event, footprint.moved(self.plan, &reordered.order))
        }));
        for (event, footprint) in learned {
            let known = &mut self.footprints[usize::from(event)];
            *known = known.or(footprint);
            self.relate(event);
        }
    }

    /// Finds out which events are independent of one, and of which it is.
    fn relate(&mut self, event: EventNumber) {
        let footprint = self.footprints[usize::from(event)];
        let mut independent = 0;
        for other in 0..self.events.len() as EventNumber {
            let meets = other == event || footprint.meets(self.footprints[usize::from(other)]);
            let of_other = &mut self.independent[usize::from(other)];
            *of_other &= !only(event);
            if !meets {
                *of_other |= only(event);
                independent |= only(other);
            }
        }
        self.independent[usize::from(event)] = independent;
    }

    /// What sleeps where a step of an event has led, given the events that slept or came before it,
    /// one of which it is from now on. Of a step that does more than what is known that is put down,
    /// and nothing sleeps.
    #[inline]
    pub(super) fn asleep_after(
        &self,
        event: EventNumber,
        successor: &Successor,
        before: &mut EventSet,
        unknown: &mut Footprints,
    ) -> EventSet {
        if !self.expects(event, successor, unknown) {
            return 0;
        }
        let asleep = *before & self.of(event);
        *before |= only(event);
        self.moved(asleep, successor.order)
    }

    /// The events that are independent of one.
    #[inline]
    pub(super) fn of(&self, event: EventNumber) -> EventSet {
        let independent = self.independent.get(usize::from(event));
        independent.copied().unwrap_or_default()
    }

    /// What is known of each event with a number.
    #[cfg(feature = "cluster")]
    pub(super) fn seen(&self) -> impl Iterator<Item = (EventNumber, Event, Footprint)> {
        let known = self.events.iter().zip(&self.footprints);
        (0..)
            .zip(known)
            .map(|(number, (&event, &footprint))| (number, event, footprint))
    }

    /// Of some events the first one.
    pub(super) fn first(&self, events: EventSet) -> Option<Event> {
        self.events.get(events.trailing_zeros() as usize).copied()
    }

    /// What events become when tabs change places; nothing if they do so in a way that is not told, or
    /// not looked at.
    #[inline]
    pub(super) fn moved(&self, events: EventSet, code: Option<u32>) -> EventSet {
        if events == 0 || code == Some(0) {
            return events;
        }
        let mut orders = self.orders.iter();
        let Some(reordered) = orders.find(|reordered| Some(reordered.code) == code) else {
            return 0;
        };
        let (mut moved, mut left) = (0, events);
        while left != 0 {
            moved |= only(reordered.events[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
        moved
    }
}

impl Reordered {
    /// What an event has become.
    fn of(&self, event: Event) -> Event {
        event.of_tabs(|tab| place(&self.order, tab))
    }
}

#[cfg(test)]
mod tests;
