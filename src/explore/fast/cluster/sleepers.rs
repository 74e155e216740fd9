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
#[derive(Default)]
pub(super) struct Told {
    /// What this node had seen of each of its events.
    footprints: Vec<Footprint>,
    /// The numbers of sets but that of the empty one, which is 0.
    sets: FxHashMap<EventSet, u16>,
}

impl Told {
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
            let at = usize::from(number);
            if self.footprints.len() <= at {
                self.footprints.resize(at + 1, Footprint::NONE);
            }
            if std::mem::replace(&mut self.footprints[at], footprint) != footprint {
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
