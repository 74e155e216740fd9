//! Lines in the order of time, although they come in another one and tabs' clocks differ.

use super::entry::Entry;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;

/// The most lines that wait until nothing earlier can come any more.
pub const MAX_WAITING: usize = 8192;

/// The most tabs whose clocks are remembered.
const MAX_CLOCKS: usize = 4096;

/// What waits, and the clocks.
#[derive(Debug)]
pub struct Order {
    window: u64,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// The latest time so far.
    latest: u64,
    /// The time of what was handed on last.
    handed: u64,
    /// Counts lines, so that those of one instant keep their order.
    number: u64,
    clocks: HashMap<Rc<str>, Clock>,
    /// Lines that came before an earlier one.
    pub turned: u64,
    /// Lines that waited no longer because too many did.
    pub crowded: u64,
    /// Tabs' clocks that were found to differ, with by how many milliseconds they are behind.
    pub behind: Vec<(Rc<str>, u64)>,
    /// How many there were, those that are not listed as well.
    pub adjusted: u64,
    /// Gaps in the numbering of tabs' lines: how many lines are missing.
    pub missing: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    /// What is added to the tab's clock, in milliseconds.
    ahead: u64,
    /// The latest time of the tab's numbered lines.
    last: u64,
    seq: Option<u64>,
}

#[derive(Debug)]
struct Waiting {
    time: u64,
    number: u64,
    entry: Entry,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        (self.time, self.number) == (other.time, other.number)
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Waiting) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Waiting) -> std::cmp::Ordering {
        (self.time, self.number).cmp(&(other.time, other.number))
    }
}

impl Order {
    /// Waits for so many milliseconds of log time.
    pub fn new(window: u64) -> Order {
        Order {
            window,
            waiting: BinaryHeap::new(),
            latest: 0,
            handed: 0,
            number: 0,
            clocks: HashMap::new(),
            turned: 0,
            crowded: 0,
            behind: Vec::new(),
            adjusted: 0,
            missing: 0,
        }
    }

    /// Takes a line.
    pub fn push(&mut self, mut entry: Entry) {
        entry.time = self.time_of(&entry);
        self.turned += u64::from(entry.time < self.latest);
        self.latest = self.latest.max(entry.time);
        self.number += 1;
        let number = self.number;
        let time = entry.time;
        self.waiting.push(Reverse(Waiting {
            time,
            number,
            entry,
        }));
    }

    /// By the tab's clock, as far as it agrees with the others. A line that comes later than the
    /// window allows is of a clock that is behind, and moves it: it is judged in the order in which it
    /// came.
    fn time_of(&mut self, entry: &Entry) -> u64 {
        if self.clocks.len() >= MAX_CLOCKS && !self.clocks.contains_key(&entry.tab) {
            self.clocks.clear();
        }
        let clock = self.clocks.entry(Rc::clone(&entry.tab)).or_default();
        let mut time = entry.at.saturating_add(clock.ahead);
        // Numbered lines of a tab are in the order of their numbers, whatever its clock did.
        if let Some(seq) = entry.seq {
            let last = clock.seq.filter(|last| seq > *last);
            if let Some(last) = last {
                self.missing += seq - last - 1;
                time = time.max(clock.last);
            }
            clock.seq = Some(seq);
        }
        let earliest = self.latest.saturating_sub(self.window).max(self.handed);
        if time < earliest {
            let by = self.latest.saturating_sub(time);
            clock.ahead = clock.ahead.saturating_add(by);
            time = self.latest;
            self.adjusted += 1;
            let has_room = self.behind.len() < super::MAX_TOLD;
            let told = self.behind.iter_mut().find(|(tab, _)| *tab == entry.tab);
            match told {
                Some((_, total)) => *total = clock.ahead,
                None if has_room => {
                    self.behind.push((Rc::clone(&entry.tab), clock.ahead));
                }
                None => {}
            }
        }
        clock.last = clock.last.max(time);
        time
    }

    /// The next line that nothing earlier can come before any more; or the next one at all, at the
    /// end of the log.
    pub fn pop(&mut self, at_end: bool) -> Option<Entry> {
        let Reverse(next) = self.waiting.peek()?;
        let is_due = next.time.saturating_add(self.window) < self.latest;
        let is_crowded = self.waiting.len() > MAX_WAITING;
        if !(is_due || at_end || is_crowded) {
            return None;
        }
        self.crowded += u64::from(is_crowded && !is_due && !at_end);
        let Reverse(next) = self.waiting.pop()?;
        self.handed = self.handed.max(next.time);
        Some(next.entry)
    }
}
