//! What has been counted and found so far.

use super::encoded::StateId;
use super::sleep::Footprints;
use crate::explore::outcome::MostUnderWay;
use crate::model::Event;
use crate::property::{Property, PropertySet, StepFindings};

/// A step that did something to a property for the first time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Discovery {
    /// The vector it starts from.
    pub(super) id: StateId,
    /// The event; `None` where the vector itself is what the step that led to it did.
    pub(super) event: Option<Event>,
}

/// The first steps that did something to each property, in the order of vectors and, from one vector,
/// of events.
#[derive(Clone, Default)]
pub(super) struct Discoveries {
    /// The properties to which something was done.
    pub(super) properties: PropertySet,
    first: [Option<Discovery>; Property::ALL.len()],
}

impl Discoveries {
    #[inline]
    fn note(&mut self, properties: PropertySet, discovery: Discovery) {
        if self.properties.or(properties) == self.properties {
            return;
        }
        for property in properties.iter().filter(|&p| !self.properties.has(p)) {
            self.first[property as usize] = Some(discovery);
        }
        self.properties = self.properties.or(properties);
    }

    /// The first step that did it to this property.
    pub(super) fn first(&self, property: Property) -> Option<Discovery> {
        self.first[property as usize]
    }

    /// Adds what was discovered in other vectors.
    fn absorb(&mut self, other: &Discoveries) {
        for (own, other) in self.first.iter_mut().zip(&other.first) {
            let own_id = own.map_or(StateId::MAX, |discovery| discovery.id);
            *own = other.filter(|other| other.id < own_id).or(*own);
        }
        self.properties = self.properties.or(other.properties);
    }
}

/// What was counted and found in some vectors.
#[derive(Clone, Default)]
pub(super) struct Tally {
    /// Unique states that the vectors stand for.
    pub(super) states: u64,
    /// Pairs of such a state and an event enabled in it.
    pub(super) transitions: u64,
    /// The most requests that were under way at once.
    pub(super) most_under_way: MostUnderWay,
    /// What steps of each event read and changed, where it is not known of the event.
    pub(super) footprints: Footprints,
    pub(super) violated: Discoveries,
    pub(super) witnessed: Discoveries,
}

impl Tally {
    /// Counts nothing so far, and takes no notice of what has been done to a property before.
    pub(super) fn after(&self) -> Tally {
        let mut after = Tally::default();
        after.violated.properties = self.violated.properties;
        after.witnessed.properties = self.witnessed.properties;
        after
    }

    /// Counts a vector that stands for so many states.
    #[inline]
    pub(super) fn count(&mut self, orbit: u64, events: usize) {
        self.states += orbit;
        self.transitions += orbit * events as u64;
    }

    /// Takes notice of what a vector, or a step from it, did.
    #[inline]
    pub(super) fn note(&mut self, id: StateId, findings: StepFindings, event: Option<Event>) {
        let discovery = Discovery { id, event };
        self.violated.note(findings.violated, discovery);
        self.witnessed.note(findings.witnessed, discovery);
    }

    /// Adds what was counted and found in other vectors.
    pub(super) fn absorb(&mut self, other: &Tally) {
        self.states += other.states;
        self.transitions += other.transitions;
        self.most_under_way = self.most_under_way.max(other.most_under_way);
        self.footprints.absorb(&other.footprints);
        self.violated.absorb(&other.violated);
        self.witnessed.absorb(&other.witnessed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_several_found_the_first_in_the_order_of_vectors_counts() {
        let property = Property::ALL[0];
        let violated = StepFindings {
            violated: PropertySet::from_iter([property]),
            ..StepFindings::default()
        };
        let found_in = |id| {
            let mut tally = Tally::default();
            tally.count(2, 3);
            tally.note(id, violated, None);
            tally
        };
        let mut all = found_in(7);
        for id in [9, 5, 6] {
            all.absorb(&found_in(id));
        }
        assert_eq!(all.violated.first(property).map(|d| d.id), Some(5));
        assert_eq!((all.states, all.transitions), (8, 24));
        all.absorb(&all.clone().after());
        assert_eq!(all.violated.first(property).map(|d| d.id), Some(5));
    }
}
