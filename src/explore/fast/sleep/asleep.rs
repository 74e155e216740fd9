//! What sleeps in the vectors of two levels.

use super::EventSet;
use crate::explore::fast::encoded::StateId;
use prefetch_index::prefetch_index;
use rustc_hash::FxHashMap;

/// When a step is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::explore::fast) enum Rule {
    /// Never.
    Nothing,
    /// When one that comes earlier leads to the same vector.
    InOrder,
    /// When one with a greater label does.
    #[cfg(feature = "cluster")]
    ByLabel,
}

impl Rule {
    /// Whether what sleeps in a vector follows from every way to it, not from the first one alone.
    #[inline]
    pub(in crate::explore::fast) fn asks_every_way(self) -> bool {
        match self {
            Rule::Nothing | Rule::InOrder => false,
            #[cfg(feature = "cluster")]
            Rule::ByLabel => true,
        }
    }
}

/// What sleeps in the vectors of the level under way, and in those found since.
pub(in crate::explore::fast) struct Asleep {
    pub(in crate::explore::fast) rule: Rule,
    /// The first vector of which it is known.
    first: usize,
    /// The first vector of the next level.
    next: usize,
    /// Of each vector the number of its set.
    numbers: Vec<u16>,
    /// The sets by number: there are few. The first one is empty.
    sets: Vec<EventSet>,
    known: FxHashMap<EventSet, u16>,
    /// How many events have slept.
    #[cfg(test)]
    pub(in crate::explore::fast) slept: u32,
}

/// As many as have numbers. In vectors that have another one nothing sleeps.
const MOST_SETS: usize = 1 << u16::BITS;

/// With its place in the table of those that are known.
const BYTES_OF_SET: usize = 3 * size_of::<EventSet>();

impl Asleep {
    pub(in crate::explore::fast) fn new() -> Asleep {
        Asleep {
            rule: Rule::InOrder,
            first: 0,
            // The first vector is a level by itself.
            next: 1,
            numbers: Vec::new(),
            sets: vec![0],
            known: FxHashMap::from_iter([(0, 0)]),
            #[cfg(test)]
            slept: 0,
        }
    }

    /// Adds the next vector.
    #[inline]
    pub(in crate::explore::fast) fn push(&mut self, events: EventSet) {
        if self.rule == Rule::Nothing {
            return;
        }
        let number = self.number_of(events);
        self.numbers.push(number);
        #[cfg(test)]
        {
            self.slept += events.count_ones();
        }
    }

    /// Adds so many vectors for each of several who will say what sleeps there: the number of a set that
    /// is known, or [`Asleep::put`]. Where nothing ever sleeps there is nothing to be said.
    pub(in crate::explore::fast) fn make_rooms(
        &mut self,
        counts: &[usize],
    ) -> (Vec<&mut [u16]>, &FxHashMap<EventSet, u16>) {
        let before = self.numbers.len();
        if self.rule != Rule::Nothing {
            self.numbers
                .resize(before + counts.iter().sum::<usize>(), 0);
        }
        let mut rest = &mut self.numbers[before..];
        let rooms = counts
            .iter()
            .map(|&count| rest.split_off_mut(..count).unwrap_or_default());
        (rooms.collect(), &self.known)
    }

    /// Says what sleeps in a vector.
    pub(in crate::explore::fast) fn put(&mut self, id: StateId, events: EventSet) {
        self.numbers[id as usize - self.first] = self.number_of(events);
    }

    #[cfg(test)]
    pub(in crate::explore::fast) fn count_since(&mut self, id: StateId) {
        let numbers = self.numbers.iter().skip(id as usize - self.first);
        let slept = numbers.map(|&number| self.sets[usize::from(number)].count_ones());
        self.slept += slept.sum::<u32>();
    }

    #[inline]
    fn number_of(&mut self, events: EventSet) -> u16 {
        match self.known.get(&events) {
            Some(&number) => number,
            None => self.number(events),
        }
    }

    #[cold]
    fn number(&mut self, events: EventSet) -> u16 {
        if self.sets.len() == MOST_SETS {
            return 0;
        }
        let number = self.sets.len() as u16;
        self.sets.push(events);
        self.known.insert(events, number);
        number
    }

    /// What sleeps in a vector.
    #[inline]
    pub(in crate::explore::fast) fn of(&self, id: StateId) -> EventSet {
        let at = (id as usize).wrapping_sub(self.first);
        let number = self.numbers.get(at).copied().unwrap_or_default();
        self.sets[usize::from(number)]
    }

    /// Loads what [`Asleep::add`] would look at.
    #[inline]
    pub(in crate::explore::fast) fn prefetch(&self, id: StateId) {
        if self.rule.asks_every_way() {
            prefetch_index(&self.numbers, (id as usize).wrapping_sub(self.first));
        }
    }

    /// A vector was found again, in another way: more sleeps there, if the rule asks for that and the
    /// vector is of the next level.
    #[inline]
    pub(in crate::explore::fast) fn add(&mut self, id: StateId, events: EventSet) {
        let id = id as usize;
        if events == 0 || !self.rule.asks_every_way() || id < self.next {
            return;
        }
        let at = id - self.first;
        let slept = self.sets[usize::from(self.numbers[at])];
        if slept | events != slept {
            self.numbers[at] = self.number_of(slept | events);
            #[cfg(test)]
            {
                self.slept += (events & !slept).count_ones();
            }
        }
    }

    /// Nothing sleeps in this vector any more.
    pub(in crate::explore::fast) fn wake(&mut self, id: StateId) {
        let at = (id as usize).wrapping_sub(self.first);
        if let Some(number) = self.numbers.get_mut(at) {
            *number = 0;
        }
    }

    /// The level's vectors begin with this one. Forgets all before it.
    pub(in crate::explore::fast) fn begin_level(&mut self, id: usize) {
        let forgotten = self.numbers.len().min(id - self.first);
        self.numbers.drain(..forgotten);
        self.first = id;
        self.next = id + self.numbers.len();
    }

    /// Memory in bytes, about.
    pub(in crate::explore::fast) fn bytes(&self) -> u64 {
        let numbers = size_of::<u16>() * self.numbers.capacity();
        (numbers + BYTES_OF_SET * self.sets.capacity()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_kept_until_there_are_too_many_and_vectors_until_they_are_forgotten() {
        let mut asleep = Asleep::new();
        for events in 0..=MOST_SETS as u64 {
            asleep.push(events);
        }
        asleep.push(7);
        let most = MOST_SETS as StateId;
        assert_eq!(
            [0, 1, most - 1].map(|id| asleep.of(id)),
            [0, 1, u64::from(most) - 1]
        );
        assert_eq!((asleep.of(most), asleep.of(most + 1)), (0, 7));
        asleep.begin_level(5);
        assert_eq!([4, 5, most + 1].map(|id| asleep.of(id)), [0, 5, 7]);
        let of_numbers = size_of::<u16>() * asleep.numbers.capacity();
        let of_sets = BYTES_OF_SET * asleep.sets.capacity();
        assert_eq!(asleep.bytes(), (of_numbers + of_sets) as u64);
        asleep.rule = Rule::Nothing;
        asleep.push(9);
        assert_eq!(asleep.of(most + 2), 0);
    }

    #[cfg(feature = "cluster")]
    #[test]
    fn by_label_every_way_to_a_vector_of_the_next_level_tells_what_sleeps_there() {
        let mut asleep = Asleep::new();
        asleep.rule = Rule::ByLabel;
        for events in [0, 1, 2] {
            asleep.push(events);
        }
        // The first two are the level under way.
        asleep.begin_level(0);
        asleep.next = 2;
        for id in 0..3 {
            asleep.add(id, 4);
        }
        assert_eq!([0, 1, 2].map(|id| asleep.of(id)), [0, 1, 6]);
        asleep.rule = Rule::InOrder;
        asleep.add(2, 8);
        assert_eq!(asleep.of(2), 6);
    }
}
