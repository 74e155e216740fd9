//! What is remembered of tabs, of the cookie and of which tabs are apart.

use super::LEEWAY_SECONDS;
use super::entry::{Entry, OrgSeen, RealToken};
use crate::freshness::Rank;
use crate::property::meaning::are_apart;
use std::collections::HashMap;
use std::rc::Rc;

/// The most tabs that are remembered at a time.
pub const MAX_TABS: usize = 512;

/// The most entries of one tab's cache that are remembered.
pub const MAX_KEYS: usize = 16;

/// Where a tab is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Somebody is signed in.
    #[default]
    In,
    /// A sign-out is under way.
    Leaving,
    /// Nobody is signed in any more.
    Out,
}

/// A token with the line that told of it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The token.
    pub token: RealToken,
    /// The line.
    pub entry: Rc<Entry>,
}

/// What is remembered of one cache entry of a tab.
#[derive(Debug, Default)]
pub struct KeySeen {
    /// What is cached, readable or not.
    pub cached: Option<Held>,
    /// The last readable token since the entry was last removed.
    pub resident: Option<Held>,
    /// The last readable token ever.
    pub life: Option<Held>,
    /// The highest rank that was ever readable.
    pub best: Option<(Rank, Rc<Entry>)>,
}

/// What is remembered of a tab.
#[derive(Debug, Default)]
pub struct TabSeen {
    /// Where it is in its life.
    pub life: Life,
    /// The organisation that it believes to be in.
    pub context: OrgSeen,
    /// By key.
    pub keys: HashMap<Rc<str>, KeySeen>,
    /// The time of its last line.
    pub last: u64,
    /// What its clock is behind the time of all.
    pub behind: u64,
}

impl TabSeen {
    /// The readable token under a key, at a time.
    pub fn readable(&self, key: &str, time: u64) -> Option<&Held> {
        let held = self.keys.get(key)?.cached.as_ref()?;
        let at = time.saturating_sub(self.behind);
        let is_readable = self.life == Life::In && !held.token.ends_within(LEEWAY_SECONDS, at);
        is_readable.then_some(held)
    }
}

/// Tabs with different readable tokens under one key.
#[derive(Debug)]
struct Apart {
    key: Rc<str>,
    since: u64,
    told: bool,
}

/// All tabs.
#[derive(Debug, Default)]
pub struct Tabs {
    tabs: HashMap<Rc<str>, TabSeen>,
    apart: Vec<Apart>,
    /// Tabs that were forgotten because there were too many.
    pub forgotten: u64,
    /// Cache entries that were forgotten for the same reason.
    pub keys_forgotten: u64,
}

impl Tabs {
    /// The tab of this name, with its clock's difference noted.
    pub fn of(&mut self, entry: &Entry) -> &mut TabSeen {
        if self.tabs.len() >= MAX_TABS && !self.tabs.contains_key(&entry.tab) {
            let silent = self.tabs.iter().min_by_key(|(_, tab)| tab.last);
            if let Some(name) = silent.map(|(name, _)| Rc::clone(name)) {
                self.tabs.remove(&name);
                self.forgotten += 1;
            }
        }
        let tab = self.tabs.entry(Rc::clone(&entry.tab)).or_default();
        tab.last = entry.time;
        tab.behind = entry.time.saturating_sub(entry.at);
        tab
    }

    /// What is remembered of an entry of the tab's cache.
    pub fn key(&mut self, entry: &Entry, key: &Rc<str>) -> &mut KeySeen {
        let crowded = {
            let tab = self.of(entry);
            tab.keys.len() >= MAX_KEYS && !tab.keys.contains_key(key)
        };
        self.keys_forgotten += u64::from(crowded);
        let tab = self.of(entry);
        if crowded && let Some(one) = tab.keys.keys().next().cloned() {
            tab.keys.remove(&one);
        }
        tab.keys.entry(Rc::clone(key)).or_default()
    }

    /// The tab begins anew.
    pub fn begin(&mut self, entry: &Entry, life: Life) {
        let tab = self.of(entry);
        tab.life = life;
        let keys: Vec<Rc<str>> = tab.keys.drain().map(|(key, _)| key).collect();
        for key in keys {
            self.compare(&key, entry.time);
        }
    }

    /// The tab is gone.
    pub fn close(&mut self, entry: &Entry) {
        self.begin(entry, Life::Out);
        self.tabs.remove(&entry.tab);
    }

    /// Tabs that were never closed.
    pub fn left(&self) -> usize {
        self.tabs.len()
    }

    /// How many tabs hold something readable under a key, so that they could be apart.
    pub fn with_readable(&self, key: &str, time: u64) -> usize {
        let tabs = self.tabs.values();
        tabs.filter(|tab| tab.readable(key, time).is_some()).count()
    }

    /// Looks whether tabs are apart, when what one holds under a key has changed.
    pub fn compare(&mut self, key: &Rc<str>, time: u64) {
        let tabs = self.tabs.values();
        let readable = tabs.filter_map(|tab| tab.readable(key, time));
        let is_apart = are_apart(readable.map(|held| held.token.oiat));
        let known = self.apart.iter().position(|apart| apart.key == *key);
        match (is_apart, known) {
            (true, None) if self.apart.len() < MAX_KEYS => self.apart.push(Apart {
                key: Rc::clone(key),
                since: time,
                told: false,
            }),
            (false, Some(position)) => {
                self.apart.swap_remove(position);
            }
            (true, None | Some(_)) | (false, None) => {}
        }
    }

    /// Tabs that have been apart for longer than so many milliseconds, told once: since when, and what
    /// they hold.
    pub fn apart_for(&mut self, limit: u64, time: u64) -> Option<(Rc<str>, u64, Vec<Held>)> {
        let is_due = |apart: &Apart| !apart.told && time.saturating_sub(apart.since) > limit;
        let position = self.apart.iter().position(is_due)?;
        let key = Rc::clone(&self.apart[position].key);
        // What was readable may have run out since.
        let tabs = self.tabs.values();
        let mut held: Vec<Held> = tabs
            .filter_map(|tab| tab.readable(&key, time).cloned())
            .collect();
        if !are_apart(held.iter().map(|held| held.token.oiat)) {
            self.apart.swap_remove(position);
            return None;
        }
        held.sort_by_key(|held| (held.entry.time, held.entry.place));
        self.apart[position].told = true;
        Some((key, self.apart[position].since, held))
    }
}
