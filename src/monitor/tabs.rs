//! What is remembered of tabs, and which of them are apart.

use super::LEEWAY_SECONDS;
use super::entry::{Entry, OrgSeen, RealToken};
use crate::freshness::Rank;
use crate::property::meaning::are_apart;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The most tabs that are remembered at a time.
pub const MAX_TABS: usize = 512;

/// The most entries of one tab's cache that are remembered.
pub const MAX_KEYS: usize = 8;

/// The most keys under which tabs are apart at a time.
pub const MAX_APART: usize = 64;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Life {
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
pub(crate) struct Held {
    pub token: RealToken,
    /// The line.
    pub entry: Rc<Entry>,
}

/// What is remembered of one cache entry of a tab.
#[derive(Debug, Default)]
pub(crate) struct KeySeen {
    /// What is cached, readable or not.
    cached: Option<Held>,
    /// The `oiat` with which it is counted among those of all tabs.
    counted: Option<Option<u64>>,
    /// The last readable token since the entry was last removed.
    pub resident: Option<Held>,
    /// The last readable token ever.
    pub life: Option<Held>,
    /// What came last, and was held against what was cached.
    pub offered: Option<RealToken>,
    /// What a call got last.
    pub returned: Option<Held>,
    /// The highest rank that was ever readable.
    pub best: Option<(Rank, Rc<Entry>)>,
}

impl KeySeen {
    /// What is cached, readable or not.
    pub(crate) fn cached(&self) -> Option<&Held> {
        self.cached.as_ref()
    }
}

/// What is remembered of a tab.
#[derive(Debug, Default)]
pub(crate) struct TabSeen {
    pub life: Life,
    /// The organisation that it believes to be in.
    pub context: OrgSeen,
    keys: HashMap<Rc<str>, KeySeen>,
    /// The time of its last line.
    last: u64,
    /// What its clock is behind the time of all.
    behind: u64,
    /// Its last line by its own clock, and by the stopwatch of all.
    at: Option<(u64, u64)>,
}

impl TabSeen {
    /// The readable token under a key, at a time.
    pub(crate) fn readable(&self, key: &str, time: u64) -> Option<&Held> {
        let held = self.for_calls(key, time)?;
        (self.life == Life::In).then_some(held)
    }

    /// The same for calls, which are answered while the tab signs out, too.
    pub(crate) fn for_calls(&self, key: &str, time: u64) -> Option<&Held> {
        let held = self.keys.get(key)?.cached()?;
        let has_time = !self.is_near(held, time);
        (self.life != Life::Out && has_time).then_some(held)
    }

    fn is_near(&self, held: &Held, time: u64) -> bool {
        let at = time.saturating_sub(self.behind);
        held.token.ends_within(LEEWAY_SECONDS, at)
    }
}

/// Tabs with different readable tokens under one key.
#[derive(Debug)]
struct Apart {
    key: Rc<str>,
    since: u64,
    told: bool,
}

/// How many tabs hold tokens of each `oiat` under each key, some of which may have run out. Where all
/// are of one, no tab has to be looked at.
#[derive(Debug, Default)]
struct Across(HashMap<Rc<str>, BTreeMap<Option<u64>, u32>>);

impl Across {
    fn count(&mut self, key: &Rc<str>, seen: &mut KeySeen, now: Option<Option<u64>>) {
        if seen.counted == now {
            return;
        }
        if let (Some(oiat), Some(of)) = (seen.counted, self.0.get_mut(key)) {
            if let Some(count) = of.get_mut(&oiat) {
                *count -= 1;
                if *count == 0 {
                    of.remove(&oiat);
                }
            }
            if of.is_empty() {
                self.0.remove(key);
            }
        }
        if let Some(oiat) = now {
            let of = self.0.entry(Rc::clone(key)).or_default();
            *of.entry(oiat).or_default() += 1;
        }
        seen.counted = now;
    }

    /// Whether tabs may hold different tokens under a key.
    fn may_differ(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|of| of.len() > 1)
    }

    /// Whether several tabs hold something under a key.
    fn is_of_several(&self, key: &str) -> bool {
        let of = self.0.get(key);
        of.is_some_and(|of| of.values().sum::<u32>() > 1)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tabs {
    tabs: HashMap<Rc<str>, TabSeen>,
    across: Across,
    apart: Vec<Apart>,
    /// How long the log has lasted, in milliseconds: what some tab's own clock says. A clock that is
    /// ahead of the others does not make it longer.
    stopwatch: u64,
    /// Tabs that were forgotten because there were too many.
    pub forgotten: u64,
    /// Cache entries that were forgotten for the same reason.
    pub keys_forgotten: u64,
}

impl Tabs {
    /// The tab of this name, with its clock's difference noted.
    pub(crate) fn of(&mut self, entry: &Entry) -> &mut TabSeen {
        if self.tabs.len() >= MAX_TABS && !self.tabs.contains_key(&entry.tab) {
            let silent = self.tabs.iter().min_by_key(|(_, tab)| tab.last);
            if let Some(name) = silent.map(|(name, _)| Rc::clone(name)) {
                self.drain(&name, entry.time);
                self.tabs.remove(&name);
                self.forgotten += 1;
            }
        }
        let tab = self.tabs.entry(Rc::clone(&entry.tab)).or_default();
        if let Some((at, shown)) = tab.at {
            let own = shown.saturating_add(entry.at.saturating_sub(at));
            self.stopwatch = self.stopwatch.max(own);
        }
        tab.at = Some((entry.at, self.stopwatch));
        tab.last = entry.time;
        tab.behind = entry.time.saturating_sub(entry.at);
        tab
    }

    /// What is remembered of an entry of the tab's cache.
    pub(crate) fn key(&mut self, entry: &Entry, key: &Rc<str>) -> &mut KeySeen {
        let tab = self.of(entry);
        let crowded = tab.keys.len() >= MAX_KEYS && !tab.keys.contains_key(key);
        if crowded && let Some(tab) = self.tabs.get_mut(&entry.tab) {
            self.keys_forgotten += 1;
            let one = tab.keys.keys().next().cloned();
            if let Some((one, mut seen)) = one.and_then(|one| tab.keys.remove_entry(&one)) {
                self.across.count(&one, &mut seen, None);
            }
        }
        let tab = self.tabs.entry(Rc::clone(&entry.tab)).or_default();
        tab.keys.entry(Rc::clone(key)).or_default()
    }

    /// The tab's cache holds this from now on, or nothing any more.
    pub(crate) fn hold(&mut self, entry: &Entry, key: &Rc<str>, held: Option<Held>) {
        self.key(entry, key);
        let Some(tab) = self.tabs.get_mut(&entry.tab) else {
            return;
        };
        let is_in = tab.life == Life::In;
        if let Some(seen) = tab.keys.get_mut(key) {
            let oiat = held.as_ref().map(|held| held.token.oiat);
            self.across.count(key, seen, oiat.filter(|_| is_in));
            seen.cached = held;
        }
        self.compare(key, entry.time);
    }

    /// The tab begins to sign out: nothing in it is readable any more.
    pub(crate) fn leave(&mut self, entry: &Entry) {
        let tab = self.of(entry);
        tab.life = Life::Leaving;
        let mut keys = std::mem::take(&mut tab.keys);
        for (key, seen) in &mut keys {
            self.across.count(key, seen, None);
            self.compare(key, entry.time);
        }
        self.of(entry).keys = keys;
    }

    /// The tab begins anew.
    pub(crate) fn begin(&mut self, entry: &Entry, life: Life) {
        self.of(entry).life = life;
        self.drain(&entry.tab, entry.time);
    }

    fn drain(&mut self, tab: &Rc<str>, time: u64) {
        let keys = self.tabs.get_mut(tab).map(|tab| tab.keys.drain().collect());
        let keys: Vec<(Rc<str>, KeySeen)> = keys.unwrap_or_default();
        for (key, mut seen) in keys {
            self.across.count(&key, &mut seen, None);
            self.compare(&key, time);
        }
    }

    /// The tab is gone.
    pub(crate) fn close(&mut self, entry: &Entry) {
        self.begin(entry, Life::Out);
        self.tabs.remove(&entry.tab);
    }

    /// Tabs that were never closed.
    pub(crate) fn left(&self) -> usize {
        self.tabs.len()
    }

    /// Whether several tabs hold something readable under a key, so that they could be apart.
    pub(crate) fn could_be_apart(&self, key: &str, time: u64) -> bool {
        let tabs = self.tabs.values();
        let mut readable = tabs.filter(|tab| tab.readable(key, time).is_some());
        self.across.is_of_several(key) && readable.nth(1).is_some()
    }

    /// Looks whether tabs are apart, when what one holds under a key has changed.
    fn compare(&mut self, key: &Rc<str>, time: u64) {
        let is_apart = self.across.may_differ(key) && self.are_apart(key, time);
        let known = self.apart.iter().position(|apart| apart.key == *key);
        match (is_apart, known) {
            (true, None) if self.apart.len() < MAX_APART => self.apart.push(Apart {
                key: Rc::clone(key),
                since: self.stopwatch,
                told: false,
            }),
            (true, None) => self.keys_forgotten += 1,
            (false, Some(position)) => {
                self.apart.swap_remove(position);
            }
            (true, Some(_)) | (false, None) => {}
        }
    }

    /// What has run out since it was counted is met here, and counted no longer.
    fn are_apart(&mut self, key: &Rc<str>, time: u64) -> bool {
        let across = &mut self.across;
        are_apart(self.tabs.values_mut().filter_map(|tab| {
            if let Some(held) = tab.readable(key, time) {
                return Some(held.token.oiat);
            }
            if let Some(seen) = tab.keys.get_mut(key) {
                across.count(key, seen, None);
            }
            None
        }))
    }

    /// Tabs that have been apart for longer than so many milliseconds, told once: for how long, and
    /// what they hold.
    pub(crate) fn apart_for(&mut self, limit: u64, time: u64) -> Option<(u64, Vec<Held>)> {
        let now = self.stopwatch;
        let is_due = |apart: &Apart| !apart.told && now.saturating_sub(apart.since) > limit;
        let position = self.apart.iter().position(is_due)?;
        let key = Rc::clone(&self.apart[position].key);
        // What was readable may have run out since.
        if !self.are_apart(&key, time) {
            self.apart.swap_remove(position);
            return None;
        }
        let tabs = self.tabs.values();
        let mut held: Vec<Held> = tabs
            .filter_map(|tab| tab.readable(&key, time).cloned())
            .collect();
        held.sort_by_key(|held| (held.entry.time, held.entry.place));
        self.apart[position].told = true;
        Some((now.saturating_sub(self.apart[position].since), held))
    }
}
