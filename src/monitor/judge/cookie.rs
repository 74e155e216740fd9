//! Writes of the session cookie.

use super::words::org;
use super::{Monitor, decide};
use crate::cache::Site;
use crate::freshness::Winner;
use crate::monitor::entry::{Entry, RealToken};
use crate::monitor::tabs::{Held, Life};
use crate::property::{Property, meaning};
use std::rc::Rc;

impl Monitor {
    pub(super) fn judge_cookie(&mut self, entry: &Rc<Entry>) {
        let Some(token) = &entry.token else { return };
        let held = Held {
            token: token.clone(),
            entry: Rc::clone(entry),
        };
        let before = self.cookie.replace(held);
        let tab = self.tabs.of(entry);
        let (life, context) = (tab.life, tab.context.clone());
        if let Some(before) = before {
            self.judge_cookie_change(entry, token, &before);
        }
        if life == Life::Out {
            let said = format!(
                "tab {} is signed out and wrote the cookie: {token}",
                entry.tab
            );
            self.violated(Property::NoCookieAfterSignout, entry, &[], said);
        }
        let astray = token.org.differs_from(&context);
        if let (Life::In, Some(differs)) = (life, astray) {
            self.judged(Property::CookieContext);
            if differs {
                let said = format!(
                    "tab {} is in {} and wrote a token of {} to the cookie: {token}",
                    entry.tab,
                    org(&context),
                    org(&token.org)
                );
                self.violated(Property::CookieContext, entry, &[], said);
            }
        }
    }

    fn judge_cookie_change(&mut self, entry: &Rc<Entry>, token: &RealToken, before: &Held) {
        let rule = self.rules.at(Site::Cookie);
        let decision = decide(rule, &before.token, token, entry.at);
        let keeps = decision.winner == Winner::Existing;
        if let Some(count) = decision.row.and_then(|row| self.rows.get_mut(row.index())) {
            count.cookie += 1;
            count.kept += u64::from(keeps);
        }
        self.against += u64::from(keeps && before.token != *token);
        let is_dead = before.token.ends_within(0, entry.at);
        let is_same = |cookie: &RealToken| cookie.org.differs_from(&token.org) != Some(true);
        if !is_dead && is_same(&before.token) {
            self.judged(Property::CookieOiatNeverDecreases);
        }
        if meaning::cookie_decreases(Some((&before.token, is_dead)), is_same, token) {
            let said = format!(
                "tab {} wrote {token} over {} in the cookie",
                entry.tab, before.token
            );
            let property = Property::CookieOiatNeverDecreases;
            self.violated(property, entry, &[Rc::clone(&before.entry)], said);
        }
    }
}
