//! What a log comes to.

use super::entry::{Entry, Place};
use crate::freshness::Row;
use crate::property::{Property, Verdict};
use serde::Serialize;
use std::rc::Rc;

/// Version of the JSON form.
pub const VERSION: u32 = 1;

/// What is asked of a log.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// What decides between tokens, in words.
    pub comparator: String,
    /// Lines may come so many milliseconds late.
    pub window: u64,
    /// Tabs may hold different tokens for so many milliseconds.
    pub apart: u64,
    /// The properties that were asked for by name; all that can be judged if there are none.
    pub asked: Vec<Property>,
}

/// What a log comes to.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// See [`VERSION`].
    pub version: u32,
    /// What was asked.
    pub settings: Settings,
    /// The logs, in the order in which places count them.
    pub logs: Vec<String>,
    /// Lines that were judged.
    pub lines: u64,
    /// The property verdicts, in the library's order.
    pub properties: Vec<PropertyFound>,
    /// The rows in which tokens met, and how the comparator decides them.
    pub rows: Vec<RowCount>,
    /// Tokens that were cached or written although the comparator keeps the one before.
    pub against_the_comparator: u64,
    /// Lines that say nothing, and why.
    pub skipped: Told<Skipped>,
    /// What else a reader has to know: clocks, gaps, a log that is cut off.
    pub notes: Vec<String>,
    /// Lines are missing, so that what was not found may be there.
    pub incomplete: bool,
}

/// The first of something, and how many there are.
#[derive(Clone, Debug, Serialize)]
pub struct Told<T> {
    /// All of them, those that are not listed, too.
    pub count: u64,
    pub first: Vec<T>,
}

impl<T> Default for Told<T> {
    fn default() -> Told<T> {
        Told {
            count: 0,
            first: Vec::new(),
        }
    }
}

impl<T> Told<T> {
    /// Counts one, and lists it if there is room.
    pub fn add(&mut self, one: impl FnOnce() -> T) {
        self.count += 1;
        if self.first.len() < super::MAX_TOLD {
            self.first.push(one());
        }
    }
}

/// A line that says nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Skipped {
    /// The log and the line that says nothing.
    pub place: Place,
    /// What is wrong with the line; nothing of it is quoted.
    pub why: String,
}

/// What a log says of one property.
#[derive(Clone, Debug, Serialize)]
pub struct PropertyFound {
    /// The property; in files by its name.
    pub property: Property,
    /// `vacuous`: nothing in the log could have violated it.
    pub verdict: Verdict,
    /// How many times it was asked.
    pub judged: u64,
    /// Its violations.
    pub findings: Told<Finding>,
}

/// A violation.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The line that violates it.
    pub place: Place,
    /// What happened, in one line.
    pub said: String,
    /// The lines that it is about, beside the last.
    pub about: Vec<Place>,
    /// What came before, and the violation last.
    pub story: Vec<FindingEvent>,
    /// The same as the entries, for diagrams.
    #[serde(skip)]
    pub entries: Vec<Rc<Entry>>,
}

/// One line of a story.
#[derive(Clone, Debug, Serialize)]
pub struct FindingEvent {
    /// Where it stands.
    pub place: Place,
    /// The tab, as its lines name it.
    pub tab: String,
    /// By the tab's clock, in milliseconds since the epoch.
    pub at: u64,
    /// What happened, in words.
    pub said: String,
}

/// How many times tokens met in one row.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RowCount {
    #[serde(serialize_with = "by_name")]
    pub row: Row,
    /// In a tab's cache.
    pub cache: u64,
    pub cookie: u64,
    /// In how many of these the comparator keeps the existing token.
    pub kept: u64,
}

fn by_name<S: serde::Serializer>(row: &Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(row.name())
}

impl Record {
    /// Whether anything is violated.
    pub fn is_violated(&self) -> bool {
        self.properties
            .iter()
            .any(|found| found.verdict == Verdict::Violated)
    }

    /// Whether nothing is known: lines are missing, nothing could have been violated, or a property
    /// that was asked for by name could not.
    pub fn is_inconclusive(&self) -> bool {
        let vacuous = |found: &PropertyFound| found.verdict == Verdict::Vacuous;
        let asked = !self.settings.asked.is_empty();
        let nothing = self.properties.iter().all(vacuous);
        self.incomplete || nothing || asked && self.properties.iter().any(vacuous)
    }

    /// The name of a log, and the line.
    pub fn place(&self, place: Place) -> String {
        let log = self.logs.get(place.log).map_or("-", String::as_str);
        format!("{log}:{}", place.line)
    }
}
