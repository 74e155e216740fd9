//! What the calls of a page got.

use super::Monitor;
use crate::freshness::rank;
use crate::monitor::entry::Entry;
use crate::monitor::tabs::{Held, Life};
use crate::property::{Property, meaning};
use std::rc::Rc;

impl Monitor {
    /// A call got a token.
    pub(super) fn judge_returned(&mut self, entry: &Rc<Entry>) {
        let Some(token) = &entry.token else { return };
        let key = self.key_of(entry);
        let held = Held {
            token: token.clone(),
            entry: Rc::clone(entry),
        };
        let before = self.tabs.key(entry, &key).returned.replace(held);
        if self.tabs.of(entry).life == Life::Out {
            return;
        }
        if token.exp.is_some() {
            self.judged(Property::ReturnedTokenIsNotDead);
        }
        if token.ends_within(0, entry.at) {
            let said = format!("a call in tab {} got {token}, which has expired", entry.tab);
            self.violated(Property::ReturnedTokenIsNotDead, entry, &[], said);
        }
        if let Some(before) = before {
            let property = Property::ReturnedOiatNeverDecreases;
            self.judged(property);
            if meaning::oiat_decreases(before.token.oiat, token.oiat) {
                let said = format!(
                    "a call in tab {} got {token} after {}",
                    entry.tab, before.token
                );
                self.violated(property, entry, &[before.entry], said);
            }
        }
        if let Some(better) = self.readable(entry) {
            let property = Property::ReturnedIsNotOutranked;
            self.judged(property);
            if meaning::is_outranked(rank(token), rank(&better.token)) {
                let said = format!(
                    "a call in tab {} got {token}, and the cache holds {}",
                    entry.tab, better.token
                );
                self.violated(property, entry, &[better.entry], said);
            }
        }
        self.judge_org(entry, Property::ReturnedIsOwnContext, "returned");
    }

    /// A call failed.
    pub(super) fn judge_rejected(&mut self, entry: &Rc<Entry>) {
        let property = Property::RejectedOnlyWithoutToken;
        self.judged(property);
        if let Some(held) = self.readable(entry) {
            let said = format!(
                "a call in tab {} failed, and the cache holds {}",
                entry.tab, held.token
            );
            self.violated(property, entry, &[held.entry], said);
        }
    }

    /// What the tab's cache has for a call, signing out or not.
    fn readable(&mut self, entry: &Rc<Entry>) -> Option<Held> {
        let key = self.key_of(entry);
        let tab = self.tabs.of(entry);
        tab.for_calls(&key, entry.time).cloned()
    }
}
