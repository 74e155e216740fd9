//! Judges lines, one after the other.

mod calls;
mod cookie;
mod words;

use super::entry::{Entry, Kind, OrgSeen, RealToken};
use super::order::Order;
use super::record::{Finding, PropertyFound, Record, RowCount, Settings, Skipped, Told, VERSION};
use super::tabs::{Held, Life, Tabs};
use super::{LEEWAY_SECONDS, MAX_BEFORE, Place, is_judged, judged};
use crate::cache::{Rules, Site};
use crate::freshness::{Decision, Row, Rule, Unreliable, Winner, rank};
use crate::property::{Property, PropertySet, Verdict, meaning};
use std::collections::VecDeque;
use std::rc::Rc;
use words::{event, org, stamps};

/// The most lines that a violation is about, beside its own.
const MAX_ABOUT: usize = 8;

/// The key of a line that names none.
const ONLY_KEY: &str = "";

/// Judges a log as it comes.
#[derive(Debug)]
pub struct Monitor {
    settings: Settings,
    rules: Rules,
    asked: PropertySet,
    order: Order,
    tabs: Tabs,
    cookie: Option<Held>,
    before: VecDeque<Rc<Entry>>,
    found: Vec<PropertyFound>,
    rows: Vec<RowCount>,
    against: u64,
    lines: u64,
    lost: u64,
    skipped: Told<Skipped>,
    time: u64,
    only_key: Rc<str>,
}

/// What a rule makes of two tokens at an instant in milliseconds.
fn decide(rule: Rule, existing: &RealToken, incoming: &RealToken, at: u64) -> Decision {
    let expiries = [existing, incoming].map(|token| token.expiry_at(at));
    rule.decide_at(existing, incoming, expiries)
}

impl Monitor {
    /// Nothing has been read yet.
    pub fn new(settings: Settings, rules: Rules) -> Monitor {
        let asked: PropertySet = match settings.asked.is_empty() {
            true => judged(),
            false => settings.asked.iter().copied().collect(),
        };
        let found = Property::ALL.into_iter();
        let found = found.filter(|property| asked.has(*property) && is_judged(*property));
        Monitor {
            order: Order::new(settings.window),
            asked,
            rules,
            tabs: Tabs::default(),
            cookie: None,
            before: VecDeque::new(),
            found: found
                .map(|property| PropertyFound {
                    property,
                    verdict: Verdict::Vacuous,
                    judged: 0,
                    findings: Told::default(),
                })
                .collect(),
            rows: Row::ALL
                .map(|row| RowCount {
                    row,
                    cache: 0,
                    cookie: 0,
                    kept: 0,
                })
                .into(),
            against: 0,
            lines: 0,
            lost: 0,
            skipped: Told::default(),
            time: 0,
            only_key: ONLY_KEY.into(),
            settings,
        }
    }

    /// Takes a line. What it and those before it violate is in [`Monitor::findings`] when their turn
    /// has come.
    pub fn take(&mut self, entry: Entry) {
        self.lines += 1;
        self.order.push(entry);
        self.judge_due(false);
    }

    /// Takes a line that says nothing.
    pub fn skip(&mut self, place: Place, why: &str) {
        self.skipped.add(|| Skipped {
            place,
            why: why.to_owned(),
        });
    }

    /// Judges what still waits: nothing came for a while, or the log has ended.
    pub fn flush(&mut self) {
        self.judge_due(true);
    }

    /// What was found so far.
    pub fn findings(&self) -> &[PropertyFound] {
        &self.found
    }

    /// What it all comes to, with notes of whoever read the logs.
    ///
    /// # Errors
    ///
    /// The comparator is a script that failed.
    pub fn end(mut self, logs: Vec<String>, notes: Vec<String>) -> Result<Record, Unreliable> {
        self.flush();
        self.rules.check()?;
        let mut all = notes;
        all.extend(self.notes());
        let is_missing = self.lost > 0 || self.order.missing > 0 || self.skipped.count > 0;
        let forgotten = self.order.forgotten + self.tabs.forgotten + self.tabs.keys_forgotten;
        Ok(Record {
            version: VERSION,
            settings: self.settings,
            logs,
            lines: self.lines,
            properties: self.found,
            rows: self.rows,
            against_the_comparator: self.against,
            skipped: self.skipped,
            notes: all,
            incomplete: is_missing || forgotten > 0,
        })
    }

    fn notes(&self) -> Vec<String> {
        let order = &self.order;
        let mut notes = Vec::new();
        for (tab, behind) in &order.behind {
            let seconds = *behind as f64 / 1000.0;
            notes.push(format!(
                "tab {tab}: its clock is {seconds} s behind the log's, or its lines came later than the \
                 window; they are judged in the order in which they came"
            ));
        }
        let counts = [
            (
                "lines that came before an earlier one, put in order",
                order.turned,
            ),
            (
                "lines that waited no longer, because too many did",
                order.crowded,
            ),
            ("lines missing, by the numbers of the others", order.missing),
            ("lines lost by the recorder", self.lost),
            (
                "tabs forgotten, because too many are open",
                self.tabs.forgotten,
            ),
            (
                "clocks of tabs forgotten, because too many are open",
                self.order.forgotten,
            ),
            (
                "cache entries forgotten, because a tab has too many",
                self.tabs.keys_forgotten,
            ),
            (
                "tabs not closed when the log ended, as when a browser crashed",
                self.tabs.left() as u64,
            ),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        notes.extend(counts.map(|(what, count)| format!("{what}: {count}")));
        notes
    }

    fn judge_due(&mut self, at_end: bool) {
        while let Some(entry) = self.order.pop(at_end) {
            let entry = Rc::new(entry);
            self.time = self.time.max(entry.time);
            self.judge_apart(&entry);
            self.judge(&entry);
            if self.before.len() == MAX_BEFORE {
                self.before.pop_front();
            }
            self.before.push_back(entry);
        }
    }

    fn judge(&mut self, entry: &Rc<Entry>) {
        match entry.kind {
            Kind::Opened => {
                self.tabs.begin(entry, Life::In);
                self.tabs.of(entry).context = entry.place_org.clone();
            }
            Kind::SignedIn => {
                self.tabs.begin(entry, Life::In);
                if entry.place_org != OrgSeen::Unknown {
                    self.tabs.of(entry).context = entry.place_org.clone();
                }
            }
            Kind::Switched => self.tabs.of(entry).context = entry.place_org.clone(),
            Kind::SigningOut => self.tabs.leave(entry),
            Kind::SignedOut => {
                self.tabs.begin(entry, Life::Out);
                self.judged(Property::NoCookieAfterSignout);
            }
            Kind::Closed => self.tabs.close(entry),
            Kind::Cached => self.judge_cached(entry),
            Kind::Removed => {
                let key = self.key_of(entry);
                self.tabs.key(entry, &key).resident = None;
                self.tabs.hold(entry, &key, None);
            }
            Kind::Pending => {
                let key = self.key_of(entry);
                self.tabs.hold(entry, &key, None);
            }
            Kind::Received | Kind::Answered => self.judge_offer(entry),
            Kind::Requested => self.judge_request(entry),
            Kind::Cookie => self.judge_cookie(entry),
            Kind::CookieRemoved => self.cookie = None,
            Kind::Read => self.judge_org(entry, Property::ReadReturnsOwnContext, "read"),
            Kind::Returned => {
                if entry.hit {
                    self.judge_org(entry, Property::ReadReturnsOwnContext, "read");
                }
                self.judge_returned(entry);
            }
            Kind::Rejected => self.judge_rejected(entry),
            Kind::Posted | Kind::Seen => {
                self.tabs.of(entry);
            }
            Kind::Lost => self.lost = self.lost.saturating_add(entry.count),
        }
    }

    fn key_of(&self, entry: &Entry) -> Rc<str> {
        let key = entry.key.as_ref();
        Rc::clone(key.unwrap_or(&self.only_key))
    }

    fn judge_cached(&mut self, entry: &Rc<Entry>) {
        let Some(token) = &entry.token else { return };
        let key = self.key_of(entry);
        let held = Held {
            token: token.clone(),
            entry: Rc::clone(entry),
        };
        let is_in = self.tabs.of(entry).life != Life::Out;
        let is_readable = is_in && !token.ends_within(LEEWAY_SECONDS, entry.at);
        let seen = self.tabs.key(entry, &key);
        let before = seen.cached().map(|cached| cached.token.clone());
        let before = before.filter(|before| before != token);
        let was_offered = seen.offered.as_ref() == Some(token);
        let mut last = [None, None];
        if is_readable {
            last = [seen.resident.take(), seen.life.take()];
            seen.resident = Some(held.clone());
            seen.life = Some(held.clone());
            let now = rank(token);
            if seen.best.as_ref().is_none_or(|(best, _)| now > *best) {
                seen.best = Some((now, Rc::clone(entry)));
            }
        }
        self.tabs.hold(entry, &key, Some(held));
        if let Some(before) = before {
            let rule = self.rules.at(Site::Baseline);
            let kept = decide(rule, &before, token, entry.at).winner == Winner::Existing;
            self.against += u64::from(kept);
            // What was offered has been counted.
            if !was_offered {
                self.count_in_cache(&before, token, entry.at);
            }
        }
        let properties = [
            Property::CachedOiatNeverDecreases,
            Property::TabOiatNeverDecreases,
        ];
        for (property, last) in properties.into_iter().zip(last) {
            let Some(last) = last else { continue };
            self.judged(property);
            if meaning::oiat_decreases(last.token.oiat, token.oiat) {
                let said = format!("tab {} cached {token} after {}", entry.tab, last.token);
                self.violated(property, entry, &[last.entry], said);
            }
        }
        self.judge_org(entry, Property::KeyHoldsOwnContext, "cached");
        if self.tabs.could_be_apart(&key, entry.time) {
            self.judged(Property::TabsConverge);
        }
    }

    /// A token is under a key of another organisation.
    fn judge_org(&mut self, entry: &Rc<Entry>, property: Property, verb: &str) {
        let Some(token) = &entry.token else { return };
        self.tabs.of(entry);
        let Some(differs) = token.org.differs_from(&entry.place_org) else {
            return;
        };
        self.judged(property);
        if differs {
            let (org, key) = (org(&token.org), org(&entry.place_org));
            let said = format!(
                "tab {} {verb} a token of {org} under the key of {key}: {token}",
                entry.tab
            );
            self.violated(property, entry, &[], said);
        }
    }

    /// A token came to a tab that may hold another one.
    fn judge_offer(&mut self, entry: &Rc<Entry>) {
        let Some(token) = &entry.token else { return };
        let key = self.key_of(entry);
        let seen = self.tabs.key(entry, &key);
        seen.offered = Some(token.clone());
        // An answer may be told after it was cached: it does not meet itself.
        let cached = seen.cached().filter(|cached| cached.token != *token);
        if let Some(cached) = cached.map(|cached| cached.token.clone()) {
            self.count_in_cache(&cached, token, entry.at);
        }
    }

    fn count_in_cache(&mut self, existing: &RealToken, incoming: &RealToken, at: u64) {
        let rule = self.rules.at(Site::Broadcast);
        let decision = decide(rule, existing, incoming, at);
        if let Some(count) = decision.row.and_then(|row| self.rows.get_mut(row.index())) {
            count.cache += 1;
            count.kept += u64::from(decision.winner == Winner::Existing);
        }
    }

    fn judge_request(&mut self, entry: &Rc<Entry>) {
        let key = self.key_of(entry);
        let best = self.tabs.key(entry, &key).best.clone();
        let (Some(parent), Some((best, line)), false) = (entry.parent, best, entry.forced) else {
            return;
        };
        self.judged(Property::SeedIsNotStale);
        if meaning::seed_is_stale(best, rank(&parent)) {
            let said = format!(
                "tab {} sent {} as the parent of a request, after it had a fresher token",
                entry.tab,
                stamps(parent)
            );
            self.violated(Property::SeedIsNotStale, entry, &[line], said);
        }
    }

    /// Time has gone on up to this line: tabs may have been apart for too long.
    fn judge_apart(&mut self, entry: &Rc<Entry>) {
        self.tabs.of(entry);
        let Some((apart, held)) = self.tabs.apart_for(self.settings.apart, entry.time) else {
            return;
        };
        let told = held.iter().take(4);
        let told: Vec<String> = told
            .map(|held| format!("tab {} holds {}", held.entry.tab, held.token))
            .collect();
        let seconds = apart as f64 / 1000.0;
        let said = format!("{}, for {seconds} s", told.join(", "));
        let lines: Vec<Rc<Entry>> = held.into_iter().map(|held| held.entry).collect();
        self.violated(Property::TabsConverge, entry, &lines, said);
    }

    fn judged(&mut self, property: Property) {
        if let Some(found) = self.found_of(property) {
            found.judged += 1;
            if found.verdict == Verdict::Vacuous {
                found.verdict = Verdict::Holds;
            }
        }
    }

    fn found_of(&mut self, property: Property) -> Option<&mut PropertyFound> {
        if !self.asked.has(property) {
            return None;
        }
        self.found
            .iter_mut()
            .find(|found| found.property == property)
    }

    /// Remembers a violation, with what came before: the lines that it is about, and the last ones.
    fn violated(
        &mut self,
        property: Property,
        entry: &Rc<Entry>,
        about: &[Rc<Entry>],
        said: String,
    ) {
        let before: Vec<Rc<Entry>> = self.before.iter().cloned().collect();
        let Some(found) = self.found_of(property) else {
            return;
        };
        found.verdict = Verdict::Violated;
        found.findings.add(|| {
            let mut entries: Vec<Rc<Entry>> = about.iter().take(MAX_ABOUT).cloned().collect();
            let about = entries.iter().map(|entry| entry.place);
            let about = about.filter(|place| *place != entry.place).collect();
            entries.retain(|one| !before.iter().any(|other| other.place == one.place));
            entries.sort_by_key(|entry| (entry.time, entry.place));
            entries.extend(before);
            entries.retain(|one| one.place != entry.place);
            entries.push(Rc::clone(entry));
            Finding {
                place: entry.place,
                said,
                about,
                story: entries.iter().map(|entry| event(entry)).collect(),
                entries,
            }
        });
    }
}
