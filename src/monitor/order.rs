//! Lines in the order of time, although they come in another one and tabs' clocks differ.

use super::entry::{Entry, Kind};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;

/// The most lines that wait until nothing earlier can come any more.
pub const MAX_WAITING: usize = 8192;

/// The most tabs whose clocks are remembered.
const MAX_CLOCKS: usize = 4096;

/// What waits, and the clocks.
#[derive(Debug)]
pub(crate) struct Order {
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
    /// Clocks that were forgotten because there were too many.
    pub forgotten: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    /// What is added to the tab's clock, in milliseconds.
    ahead: u64,
    /// The latest time of the tab's numbered lines.
    last: u64,
    numbers: Option<Numbers>,
    /// The tab's last line said that it was closed.
    closed: bool,
}

/// Which of a tab's numbered lines have come, as far as they are told apart.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    highest: u64,
    /// A bit for each of the 64 up to the highest: it has come, or nobody misses it.
    seen: u64,
}

/// What a number says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbered {
    /// It comes after all others, and so many are missing before it.
    After(u64),
    /// It was missing until now.
    Late,
    /// The tab counts anew.
    Anew,
}

impl Numbers {
    fn begin(number: u64) -> Numbers {
        Numbers {
            highest: number,
            seen: u64::MAX,
        }
    }

    fn take(&mut self, number: u64) -> Numbered {
        if number > self.highest {
            let by = number - self.highest;
            let shifted = u32::try_from(by)
                .ok()
                .and_then(|by| self.seen.checked_shl(by));
            self.seen = shifted.unwrap_or(0) | 1;
            self.highest = number;
            return Numbered::After(by - 1);
        }
        let back = self.highest - number;
        if back < 64 && self.seen & 1 << back == 0 {
            self.seen |= 1 << back;
            return Numbered::Late;
        }
        *self = Numbers::begin(number);
        Numbered::Anew
    }
}

#[derive(Debug)]
struct Waiting {
    time: u64,
    number: u64,
    entry: Entry,
}

impl Waiting {
    /// Lines of one instant keep the order in which they came; but a numbered one that is late goes
    /// before those of its tab with higher numbers.
    fn key(&self) -> (u64, u64, Option<u64>) {
        (self.time, self.number, self.entry.seq)
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        self.key() == other.key()
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
        self.key().cmp(&other.key())
    }
}

impl Order {
    /// Waits for so many milliseconds of log time.
    pub(crate) fn new(window: u64) -> Order {
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
            forgotten: 0,
        }
    }

    /// Takes a line.
    pub(crate) fn push(&mut self, mut entry: Entry) {
        self.number += 1;
        let (time, number) = self.place_of(&entry);
        entry.time = time;
        self.turned += u64::from(time < self.latest);
        self.latest = self.latest.max(time);
        self.waiting.push(Reverse(Waiting {
            time,
            number,
            entry,
        }));
    }

    /// When a line is judged, and its place among those of one instant. The time is that of the tab's
    /// clock, as far as it agrees with the others. A line that comes later than the window allows is of a
    /// clock that is behind, and moves it: it is judged in the order in which it came.
    fn place_of(&mut self, entry: &Entry) -> (u64, u64) {
        if self.clocks.len() >= MAX_CLOCKS && !self.clocks.contains_key(&entry.tab) {
            self.clocks.retain(|_, clock| !clock.closed);
            if self.clocks.len() >= MAX_CLOCKS {
                self.forgotten += self.clocks.len() as u64;
                self.clocks.clear();
            }
        }
        let clock = self.clocks.entry(Rc::clone(&entry.tab)).or_default();
        clock.closed = entry.kind == Kind::Closed;
        let mut time = entry.at.saturating_add(clock.ahead);
        // Numbered lines of a tab are in the order of their numbers, whatever its clock did.
        if let Some(seq) = entry.seq {
            let numbers = clock.numbers.get_or_insert(Numbers::begin(seq));
            match numbers.take(seq) {
                Numbered::After(missing) => {
                    self.missing = self.missing.saturating_add(missing);
                    time = time.max(clock.last);
                }
                Numbered::Late => {
                    self.missing = self.missing.saturating_sub(1);
                    if let Some((first, number)) = self.before_higher(entry, seq)
                        && time >= first
                    {
                        return (first, number);
                    }
                }
                Numbered::Anew => {}
            }
        }
        (self.in_window(entry, time), self.number)
    }

    /// The place of the first line of a tab that waits and has a higher number.
    fn before_higher(&self, entry: &Entry, seq: u64) -> Option<(u64, u64)> {
        let waiting = self.waiting.iter().map(|Reverse(waiting)| waiting);
        let higher = waiting.filter(|of| of.entry.tab == entry.tab && of.entry.seq > Some(seq));
        higher.map(|of| (of.time, of.number)).min()
    }

    fn in_window(&mut self, entry: &Entry, mut time: u64) -> u64 {
        let earliest = self.latest.saturating_sub(self.window).max(self.handed);
        if time < earliest {
            let by = self.latest.saturating_sub(time);
            let clock = self.clocks.entry(Rc::clone(&entry.tab)).or_default();
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
        if let Some(clock) = self.clocks.get_mut(&entry.tab) {
            clock.last = clock.last.max(time);
        }
        time
    }

    /// The next line that nothing earlier can come before any more; or the next one at all, at the
    /// end of the log.
    pub(crate) fn pop(&mut self, at_end: bool) -> Option<Entry> {
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
