//! What a run is given, and what it returns.

use crate::freshness::Row;
use crate::model::Event;
use crate::property::{Property, PropertySet, Verdict};
use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Bounds of a run. `None`: unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Unique states of the reachable graph.
    pub max_states: Option<u64>,
    /// Wall-clock time from the beginning of the run.
    pub time_limit: Option<Duration>,
    /// Memory for states, their index and what is remembered of local steps, in bytes. Only the
    /// fast engine knows how much it uses.
    pub memory_limit: Option<u64>,
}

/// The bound at which a run ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// [`Limits::max_states`].
    States(u64),
    /// [`Limits::time_limit`].
    Time(Duration),
    /// [`Limits::memory_limit`].
    Memory(u64),
    /// The most states that the fast engine can number.
    Stored(u64),
    /// Somebody set [`Watch::stop`], or the comparator failed.
    Interrupted,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::States(states) => write!(f, "stopped at --max-states {states}"),
            Bound::Time(limit) => {
                write!(f, "stopped at --time-limit {}", limit.as_secs_f64())
            }
            Bound::Memory(bytes) => write!(f, "stopped at --memory-limit {bytes} bytes"),
            Bound::Stored(rows) => write!(f, "stopped at {rows} stored states"),
            Bound::Interrupted => write!(f, "interrupted"),
        }
    }
}

/// The inverse of the words that a bound is told in.
impl FromStr for Bound {
    type Err = UnknownBound;

    fn from_str(text: &str) -> Result<Bound, UnknownBound> {
        let unknown = || UnknownBound(text.to_owned());
        if text == "interrupted" {
            return Ok(Bound::Interrupted);
        }
        let rest = text.strip_prefix("stopped at ").ok_or_else(unknown)?;
        let bound = if let Some(states) = rest.strip_prefix("--max-states ") {
            states.parse().ok().map(Bound::States)
        } else if let Some(seconds) = rest.strip_prefix("--time-limit ") {
            let seconds = seconds.parse().ok();
            seconds.and_then(|s| Some(Bound::Time(Duration::try_from_secs_f64(s).ok()?)))
        } else if let Some(bytes) = rest.strip_prefix("--memory-limit ") {
            let bytes = bytes.strip_suffix(" bytes");
            bytes
                .and_then(|bytes| bytes.parse().ok())
                .map(Bound::Memory)
        } else {
            let rows = rest.strip_suffix(" stored states");
            rows.and_then(|rows| rows.parse().ok()).map(Bound::Stored)
        };
        bound.ok_or_else(unknown)
    }
}

/// A file names a bound that no run can have ended at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no bound that a run can end at")]
pub struct UnknownBound(String);

impl serde::Serialize for Bound {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Bound {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Bound, D::Error> {
        let text: String = serde::Deserialize::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A window on runs under way, the way to stop them, and threads that may help them. May be shared by
/// several runs.
#[derive(Debug, Default)]
pub struct Watch {
    /// Set this to end the runs early.
    pub stop: AtomicBool,
    /// Unique states found so far, all runs together.
    pub states: AtomicU64,
    /// Depth of the deepest run so far.
    pub depth: AtomicU32,
    /// Threads that have nothing to do, so that a run may use as many beside its own. What a run
    /// finds does not depend on it.
    pub idle: AtomicUsize,
    /// How the processes of a run share it, where there are several.
    pub shares: Mutex<Option<Shares>>,
}

/// How much of a run's states each of several processes has stored so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// How many processes there are.
    pub processes: usize,
    pub least: u64,
    pub most: u64,
    pub all: u64,
}

impl Shares {
    /// The least and the most, in equal shares.
    pub fn in_equal_shares(self) -> [f64; 2] {
        let equal = self.all.max(1) as f64 / self.processes.max(1) as f64;
        [self.least as f64 / equal, self.most as f64 / equal]
    }
}

impl Watch {
    /// Counts more states.
    pub fn found(&self, states: u64) {
        self.states.fetch_add(states, Ordering::Relaxed);
    }

    /// Some run has got to this depth.
    pub fn reached(&self, depth: u32) {
        self.depth.fetch_max(depth, Ordering::Relaxed);
    }

    /// How the processes of the run share it, if there are several.
    pub fn shares(&self) -> Option<Shares> {
        *self.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The processes of the run share it like this by now.
    #[cfg(feature = "cluster")]
    pub(super) fn shared(&self, shares: Shares) {
        *self.shares.lock().unwrap_or_else(PoisonError::into_inner) = Some(shares);
    }

    /// Takes threads that have nothing to do, at most so many, if there is one.
    pub(super) fn helpers(&self, most: usize) -> Option<Helpers<'_>> {
        let mut taken = 0;
        let take = |idle: usize| {
            taken = idle.min(most);
            (taken > 0).then(|| idle - taken)
        };
        let idle = &self.idle;
        let updated = idle.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        updated.ok().map(|_| Helpers { of: self, taken })
    }

    /// Whether the runs shall end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Threads that help a run, until this is dropped.
#[derive(Debug)]
pub(super) struct Helpers<'w> {
    of: &'w Watch,
    taken: usize,
}

impl Helpers<'_> {
    /// How many threads that makes, with the run's own.
    pub(super) fn threads(&self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.taken)
    }
}

impl Drop for Helpers<'_> {
    fn drop(&mut self) {
        self.of.idle.fetch_add(self.taken, Ordering::Relaxed);
    }
}

/// A property, and how a run found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The property; in files by its name.
    pub property: Property,
    pub verdict: Verdict,
    /// A shortest counterexample: its events, the last of which violates the property.
    pub counterexample: Option<Vec<Event>>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Unique states of the reachable graph, without the auxiliary history of the properties.
    pub states: u64,
    /// Pairs of such a state and an event enabled in it.
    pub transitions: u64,
    /// Unique states including the history: what was really stored. Engines differ in it: the
    /// history of stateright's has the last step's verdicts in it, and in large runs the fast one
    /// forgets what only properties need that are violated.
    pub explored: u64,
    /// Events on the longest of the shortest ways to a state, with that history.
    pub depth: u32,
    /// The bound that ended the run early, if one did.
    pub bound: Option<Bound>,
    /// Wall-clock time of the run.
    pub elapsed: Duration,
    /// Memory that states, index and what is remembered of local steps took at the end, in bytes.
    /// `None`: the engine does not know.
    pub memory: Option<u64>,
    /// States were kept whole, not as 64-bit fingerprints.
    pub exact: bool,
    /// The rows of the decision table that the run decided by, at any site.
    pub rows: RowSet,
    /// The most requests that were under way at once, in the states that the run looked at.
    pub most_under_way: MostUnderWay,
    /// One for each property that was judged, in the order of [`Property::ALL`].
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// Whether everything reachable was explored.
    pub fn is_complete(&self) -> bool {
        self.bound.is_none()
    }

    /// What the run says of one property, if it was judged.
    pub fn finding(&self, property: Property) -> Option<&Finding> {
        self.findings.iter().find(|f| f.property == property)
    }

    /// The probability that two of the explored states shared a 64-bit fingerprint, so that one of
    /// them was missed: n(n-1)/2 pairs, each with 2^-64; none if states were kept whole.
    pub fn fingerprint_collision_odds(&self) -> f64 {
        if self.exact {
            return 0.0;
        }
        let n = self.explored as f64;
        n * (n - 1.0) / 2.0 / 2f64.powi(64)
    }

    /// Findings from what a run collected.
    pub(super) fn findings(
        judged: PropertySet,
        witnessed: PropertySet,
        complete: bool,
        mut counterexample: impl FnMut(Property) -> Option<Vec<Event>>,
    ) -> Vec<Finding> {
        let finding = |property| {
            let counterexample = counterexample(property);
            let verdict = match (&counterexample, complete, witnessed.has(property)) {
                (Some(_), _, _) => Verdict::Violated,
                (None, false, _) => Verdict::Inconclusive,
                (None, true, true) => Verdict::Holds,
                (None, true, false) => Verdict::Vacuous,
            };
            Finding {
                property,
                verdict,
                counterexample,
            }
        };
        judged.iter().map(finding).collect()
    }
}

/// The most requests that were under way at once, of whatever kind, each until its answer arrived or
/// it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MostUnderWay {
    pub in_one_tab: u32,
    /// Of all tabs together.
    pub in_all: u32,
}

impl MostUnderWay {
    /// Looks at a state, given how many requests of each tab are under way there.
    pub(super) fn see(&mut self, of_tabs: impl Iterator<Item = u32>) {
        let mut all = 0;
        for of_tab in of_tabs {
            self.in_one_tab = self.in_one_tab.max(of_tab);
            all += of_tab;
        }
        self.in_all = self.in_all.max(all);
    }

    /// The most of either.
    #[must_use]
    pub fn max(self, other: MostUnderWay) -> MostUnderWay {
        MostUnderWay {
            in_one_tab: self.in_one_tab.max(other.in_one_tab),
            in_all: self.in_all.max(other.in_all),
        }
    }
}

/// A set of rows of the decision table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct RowSet(u8);

impl RowSet {
    /// What is in either set.
    #[must_use]
    pub const fn or(self, other: RowSet) -> RowSet {
        RowSet(self.0 | other.0)
    }

    pub const fn has(self, row: Row) -> bool {
        self.0 >> row.index() & 1 == 1
    }

    /// The rows, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Row> {
        Row::ALL.into_iter().filter(move |&row| self.has(row))
    }
}

impl Extend<Row> for RowSet {
    fn extend<I: IntoIterator<Item = Row>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.0 |= 1 << row.index());
    }
}
