//! Judges lines, one after the other.

use super::entry::{Entry, Kind, OrgSeen, RealToken};
use super::order::Order;
use super::record::{
    Finding, FindingEvent, PropertyFound, Record, RowCount, Settings, Skipped, Told, VERSION,
};
use super::tabs::{Held, Life, Tabs};
use super::{LEEWAY_SECONDS, MAX_BEFORE, Place, is_judged, judged};
use crate::freshness::{Row, Rule, Stamps, Unreliable, Winner, rank};
use crate::property::{Property, PropertySet, Verdict, meaning};
use std::collections::VecDeque;
use std::rc::Rc;

/// The most lines that a violation is about, beside its own.
const MAX_ABOUT: usize = 8;

/// The key of a line that names none.
const ONLY_KEY: &str = "";

/// Judges a log as it comes.
#[derive(Debug)]
pub struct Monitor {
    settings: Settings,
    rule: Rule,
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

impl Monitor {
    /// Nothing has been read yet.
    pub fn new(settings: Settings, rule: Rule) -> Monitor {
        let asked: PropertySet = match settings.asked.is_empty() {
            true => judged(),
            false => settings.asked.iter().copied().collect(),
        };
        let found = Property::ALL.into_iter();
        let found = found.filter(|property| asked.has(*property) && is_judged(*property));
        Monitor {
            order: Order::new(settings.window),
            asked,
            rule,
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
        self.rule.check()?;
        let mut all = notes;
        all.extend(self.notes());
        let missing = self.lost + self.order.missing + self.skipped.count;
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
            incomplete: missing + forgotten > 0,
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
            }
            Kind::Rejected | Kind::Posted | Kind::Seen => {
                self.tabs.of(entry);
            }
            Kind::Lost => self.lost += entry.count,
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
        let rule = self.rule;
        let seen = self.tabs.key(entry, &key);
        let kept = seen.cached().map(|cached| {
            let same = cached.token == *token;
            !same && rule.decide(&cached.token, token).winner == Winner::Existing
        });
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
        self.against += u64::from(kept == Some(true));
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
        let key = self.key_of(entry);
        let cached = self.tabs.key(entry, &key).cached();
        if let (Some(cached), Some(token)) = (cached, &entry.token) {
            let decision = self.rule.decide(&cached.token, token);
            if let Some(count) = decision.row.and_then(|row| self.rows.get_mut(row.index())) {
                count.cache += 1;
                count.kept += u64::from(decision.winner == Winner::Existing);
            }
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

    fn judge_cookie(&mut self, entry: &Rc<Entry>) {
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
        let decision = self.rule.decide(&before.token, token);
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

fn org(org: &OrgSeen) -> String {
    match org {
        OrgSeen::Unknown => "an unknown organisation".to_owned(),
        OrgSeen::Personal => "no organisation".to_owned(),
        OrgSeen::Named(name) => format!("organisation {name}"),
    }
}

fn stamps(of: Stamps) -> RealToken {
    RealToken {
        oiat: of.oiat,
        iat: of.iat,
        ..RealToken::default()
    }
}

fn event(entry: &Entry) -> FindingEvent {
    let token = entry.token.as_ref();
    let token = token.map_or_else(String::new, |token| format!(" {token}"));
    let said = match entry.kind {
        Kind::Opened => "is opened".to_owned(),
        Kind::Closed => "is closed".to_owned(),
        Kind::Cached => format!("caches{token}"),
        Kind::Removed => "removes its cache entry".to_owned(),
        Kind::Pending => "waits for an answer with nothing to read".to_owned(),
        Kind::Posted => format!("posts{token}"),
        Kind::Received => format!("receives{token}"),
        Kind::Cookie => format!("writes the cookie{token}"),
        Kind::CookieRemoved => "removes the cookie".to_owned(),
        Kind::Read => format!("reads{token} from its cache"),
        Kind::Returned => format!("gives the page{token}"),
        Kind::Rejected => "fails a call of the page".to_owned(),
        Kind::Requested => {
            let forced = if entry.forced {
                ", not from a copy"
            } else {
                ""
            };
            let seed = entry
                .parent
                .map(|parent| format!(", seeded with {}", stamps(parent)));
            format!("asks for a token{forced}{}", seed.unwrap_or_default())
        }
        Kind::Answered => format!("is answered{token}"),
        Kind::SigningOut => "signs out".to_owned(),
        Kind::SignedIn => "is signed in".to_owned(),
        Kind::SignedOut => "is signed out".to_owned(),
        Kind::Switched => format!("is in {}", org(&entry.place_org)),
        Kind::Seen => "is there".to_owned(),
        Kind::Lost => format!("lost {} lines", entry.count),
    };
    FindingEvent {
        place: entry.place,
        tab: entry.tab.to_string(),
        at: entry.at,
        said,
    }
}
