//! What nodes tell each other of what sleeps.
//!
//! Events have other numbers on each node, and there are few sets of them: so a vector takes the number of
//! its set along. A set is told once, and before it what the sender has seen of events: whoever lets an event
//! sleep has to know what that reads and changes, although nobody there may have taken a step of it yet.

use super::super::footprint::Footprint;
use super::super::sleep::{EventNumber, EventSet, Footprints, Independence, NUMBERED, only};
use super::message::{Garbled, Rows, Seen};
use rustc_hash::FxHashMap;

/// What another node has been told.
pub(super) struct Told {
    /// What this node had seen of each of its events.
    footprints: [Option<Footprint>; NUMBERED],
    /// The numbers of sets but that of the empty one, which is 0.
    sets: FxHashMap<EventSet, u16>,
}

impl Told {
    /// Nothing said so far.
    pub(super) fn new() -> Told {
        Told {
            footprints: [None; NUMBERED],
            sets: FxHashMap::default(),
        }
    }

    /// The number of a set. Of too many sets to have a number each nothing is told.
    #[inline]
    pub(super) fn number(&mut self, events: EventSet, outgoing: &mut Rows) -> u16 {
        if events == 0 {
            return 0;
        }
        match self.sets.get(&events) {
            Some(&number) => number,
            None => self.tell(events, outgoing),
        }
    }

    #[cold]
    fn tell(&mut self, events: EventSet, outgoing: &mut Rows) -> u16 {
        let Ok(number) = u16::try_from(self.sets.len() + 1) else {
            return 0;
        };
        self.sets.insert(events, number);
        outgoing.sets.push(events);
        number
    }

    /// Tells what has been seen of events since, if anything that is to be sent sleeps.
    pub(super) fn tell_what_was_seen(&mut self, independence: &Independence, outgoing: &mut Rows) {
        if outgoing.asleep.iter().all(|&set| set == 0) {
            return;
        }
        for (number, event, footprint) in independence.seen() {
            let told = self.footprints[usize::from(number)].replace(footprint);
            if told != Some(footprint) {
                outgoing.seen.push(Seen {
                    number,
                    event,
                    footprint,
                });
            }
        }
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> usize {
        self.sets.capacity() * size_of::<(EventSet, u16)>()
    }
}

/// What another node has told.
pub(super) struct Heard {
    /// This node's numbers of its events.
    events: [Option<EventNumber>; NUMBERED],
    /// Its sets, in this node's numbers; the first one is empty.
    sets: Vec<EventSet>,
}

impl Heard {
    /// Nothing said so far.
    pub(super) fn new() -> Heard {
        Heard {
            events: [None; NUMBERED],
            sets: vec![0],
        }
    }

    /// Learns of sets. What has been seen of events is put down, to be learned with the next level as what was
    /// seen here: no set that arrives matters before that.
    pub(super) fn learn(
        &mut self,
        independence: &mut Independence,
        unknown: &mut Footprints,
        rows: &mut Rows,
    ) -> Result<(), Garbled> {
        for seen in rows.seen.drain(..) {
            let event = self.events.get_mut(usize::from(seen.number));
            let event =
                event.ok_or_else(|| Garbled(format!("there is no event {}", seen.number)))?;
            let number = independence.number(seen.event, seen.footprint);
            if !independence.knows(number, seen.footprint) {
                unknown.add(number, seen.footprint);
            }
            *event = Some(number);
        }
        for told in rows.sets.drain(..) {
            let (mut set, mut left) = (0, told);
            while left != 0 {
                let number = left.trailing_zeros();
                let event = self.events[number as usize];
                let undefined = || Garbled(format!("nobody said which event {number} is"));
                set |= only(event.ok_or_else(undefined)?);
                left &= left - 1;
            }
            self.sets.push(set);
        }
        Ok(())
    }

    /// The sets by number.
    pub(super) fn sets(&self) -> &[EventSet] {
        &self.sets
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::column::ColumnPlan;
    use super::*;
    use crate::model::{Event, Handling};
    use crate::vocabulary::Age;

    fn knowing(ages: impl Iterator<Item = u8>) -> Independence {
        let mut independence = Independence::new(ColumnPlan { tabs: 2 }, None);
        for age in ages {
            let changes = Footprint::of(usize::from(age), Handling::Changes);
            independence.number(Event::Age(Age(age)), changes);
        }
        independence
    }

    #[test]
    fn a_set_is_told_once_and_means_the_same_events_where_they_have_other_numbers() {
        let (ours, mut theirs) = (knowing(0..3), knowing((1..4).rev()));
        let (mut told, mut heard, mut unknown) = (Told::new(), Heard::new(), Footprints::default());
        for (sets, expected) in [
            (vec![only(0) | only(2)], 1),
            (vec![only(0) | only(2), 0, only(1)], 2),
        ] {
            let mut rows = Rows::default();
            rows.asleep = sets
                .iter()
                .map(|&set| told.number(set, &mut rows))
                .collect();
            told.tell_what_was_seen(&ours, &mut rows);
            // Of events, too, nothing is told twice.
            assert_eq!(
                (rows.sets.len(), rows.seen.len()),
                (1, if expected == 1 { 3 } else { 0 })
            );
            heard
                .learn(&mut theirs, &mut unknown, &mut rows)
                .expect("sets");
            assert_eq!(heard.sets().len(), expected + 1);
        }
        let meaning = |set: EventSet| {
            let known = theirs
                .seen()
                .filter(move |(number, ..)| set & only(*number) != 0);
            known
                .map(|(_, event, footprint)| (event, footprint))
                .collect::<Vec<_>>()
        };
        let all: Vec<_> = ours
            .seen()
            .map(|(_, event, footprint)| (event, footprint))
            .collect();
        assert_eq!(meaning(heard.sets()[2]), all[1..2]);
        let two = meaning(heard.sets()[1]);
        assert!(
            two.len() == 2 && two.contains(&all[0]) && two.contains(&all[2]),
            "{two:?}"
        );
    }

    #[test]
    fn an_event_of_which_nothing_has_been_seen_is_named_all_the_same() {
        let (mut ours, mut theirs) = (knowing(0..0), knowing(0..2));
        let number = ours.number(Event::Age(Age(1)), Footprint::NONE);
        let mut rows = Rows::default();
        let mut told = Told::new();
        rows.asleep = vec![told.number(only(number), &mut rows)];
        told.tell_what_was_seen(&ours, &mut rows);
        let mut heard = Heard::new();
        let learned = heard.learn(&mut theirs, &mut Footprints::default(), &mut rows);
        assert_eq!((learned, heard.sets()), (Ok(()), &[0, only(1)][..]));
    }

    #[test]
    fn nothing_is_told_of_events_where_nothing_sleeps() {
        let mut rows = Rows {
            asleep: vec![0; 9],
            ..Rows::default()
        };
        Told::new().tell_what_was_seen(&knowing(0..3), &mut rows);
        assert!(rows.seen.is_empty());
    }

    #[test]
    fn sets_of_events_that_nobody_spoke_of_mean_nothing() {
        let told = Rows {
            sets: vec![only(7)],
            ..Rows::default()
        };
        let beyond = Rows {
            seen: vec![Seen {
                number: NUMBERED as EventNumber,
                event: Event::Tick,
                footprint: Footprint::NONE,
            }],
            ..Rows::default()
        };
        for (mut rows, expected) in [(told, "which event 7 is"), (beyond, "no event 64")] {
            let mut unknown = Footprints::default();
            let learned = Heard::new().learn(&mut knowing(0..3), &mut unknown, &mut rows);
            let refused = learned.expect_err("they mean nothing").to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
