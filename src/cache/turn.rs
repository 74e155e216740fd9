//! What a cache does with one event, until everything synchronous is done: reads, requests, and
//! what is installed.

use super::{
    Answers, Asks, Cache, Clock, Effect, Entry, Focus, Measure, Observation, Own, Policy, Posts,
    SessionId, Site, Slot, Subject, Timers, Writer,
};
use crate::freshness::{Org, Stamped};

/// Who asks for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// The page, whose call ends with a token or a rejection.
    Page,
    /// The SDK itself, for the cookie: the poller, or a tab that gets focus.
    Sdk,
}

/// One event being handled.
pub(super) struct Turn<'a, T, C> {
    pub(super) cache: &'a mut Cache<T>,
    pub(super) policy: &'a Policy,
    pub(super) clock: &'a C,
    pub(super) effects: Vec<Effect<T>>,
}

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
    pub(super) fn has(&self, site: Site) -> bool {
        self.policy.guards.has(site)
    }

    pub(super) fn takes(&self, measure: Measure) -> bool {
        self.policy.measures.has(measure)
    }

    pub(super) fn saw(&mut self, observation: Observation<T>) {
        self.effects.push(Effect::Saw(observation));
    }

    pub(super) fn offered(&mut self, key: Org, subject: Subject, token: &T, against: Option<&T>) {
        self.saw(Observation::Offered {
            key,
            subject,
            token: token.clone(),
            against: against.cloned(),
        });
    }

    pub(super) fn offered_answer(&mut self, key: Org, token: &T) {
        let cached = self.cache.at(key).token().cloned();
        self.offered(key, Subject::Answer, token, cached.as_ref());
    }

    /// #9030's baseline: the slot's token, or the one its fetch carries.
    pub(super) fn base(&self, key: Org) -> Option<T> {
        match &self.cache.at(key).slot {
            Slot::Empty => None,
            Slot::Pending { base, .. } => base.clone(),
            Slot::Resolved(entry) => Some(entry.token.clone()),
        }
    }

    /// Gives the slot to somebody else.
    pub(super) fn occupy(&mut self, key: Org, slot: Slot<T>) {
        let swaps = self.swaps();
        let at = &mut self.cache.keys[key.index()];
        at.slot = slot;
        if let Some(background) = &mut at.background {
            background.superseded |= swaps;
        }
    }

    pub(super) fn swaps(&self) -> bool {
        self.policy.answers == Answers::CompareAndSwap
    }

    /// Removes the entry. Fetches, waiting broadcasts and the background mark survive.
    pub(super) fn vacate(&mut self, key: Org) {
        if !matches!(self.cache.at(key).slot, Slot::Empty) {
            self.occupy(key, Slot::Empty);
            self.saw(Observation::Removed { key });
        }
    }

    /// Removes the entries of all keys: what was asked for before is out of date from here on.
    pub(super) fn vacate_all(&mut self) {
        for key in self.cache.key_names() {
            self.vacate(key);
        }
        if self.policy.answers == Answers::Fence {
            for background in self.cache.keys.iter_mut().flat_map(|at| &mut at.background) {
                background.superseded = true;
            }
            for fetch in &mut self.cache.fetches {
                fetch.invalidated = true;
            }
        }
    }

    /// A cache read treats a token that is about to expire as absent.
    pub(super) fn drop_near(&mut self, key: Org) {
        let token = self.cache.at(key).token();
        if token.is_some_and(|token| self.clock.is_near(token)) {
            self.vacate(key);
        }
    }

    /// The cleanup timer removes an expired entry.
    pub(super) fn evict(&mut self, key: Org) {
        let token = self.cache.at(key).token();
        if token.is_some_and(|token| self.clock.is_dead(token)) {
            self.vacate(key);
        }
    }

    pub(super) fn install(&mut self, key: Org, token: T, own: Option<Own>) {
        if self.has(Site::HighWater) {
            self.cache.keys[key.index()].mark = Some(token.clone());
        }
        let own = own.filter(|own| own.armed || self.has(Site::Baseline));
        self.occupy(key, Slot::Resolved(Entry { token, own }));
    }

    /// #9030's way of installing: nothing dead, and a timer only on an own entry with time left.
    pub(super) fn put(
        &mut self,
        key: Org,
        subject: Subject,
        winner: T,
        own: Option<Own>,
        post: bool,
    ) {
        if self.is_below_mark(key, subject, &winner) {
            // What is refused is not lost to a dead entry: that goes, too.
            if self.takes(Measure::DeadYields) {
                self.evict(key);
            }
            return;
        }
        if self.clock.is_dead(&winner) {
            return self.vacate(key);
        }
        let armed = !self.clock.is_near(&winner);
        if post {
            self.post(key, &winner);
        }
        self.install(key, winner.clone(), own.map(|own| Own { armed, ..own }));
        if subject == Subject::Broadcast {
            self.adopted(winner);
        }
    }

    /// A token of the tab's own is installed onto whatever the slot holds.
    pub(super) fn install_own(&mut self, key: Org, token: &T, own: Option<Own>) {
        if self.has(Site::Baseline) {
            let base = self.base(key);
            let winner = self.pick(Subject::Answer, base, token.clone());
            self.put(key, Subject::Answer, winner, own, true);
        } else if !self.is_refused(key, Subject::Answer, token) {
            self.install(key, token.clone(), own);
            self.post(key, token);
        }
    }

    /// The mark of an entry that the tab itself installs, with its timer set; none where the design
    /// gives no timer.
    pub(super) fn own(&self, session: SessionId, asks: Asks, timer: bool) -> Option<Own> {
        let asks = match asks {
            Asks::Fixed(_) if !self.cache.two_keys => Asks::Session,
            asks => asks,
        };
        timer.then_some(Own {
            session,
            asks,
            armed: true,
        })
    }

    /// Whether what the tab installs now, or asks for now, gets a timer.
    pub(super) fn sets_timers(&self) -> bool {
        match self.policy.timers {
            Timers::Always => true,
            Timers::Focused => self.cache.focus == Focus::Has,
        }
    }

    /// A broadcast was let in.
    fn adopted(&mut self, token: T) {
        if self.takes(Measure::AdoptionSeeds)
            && let Some(session) = self.current()
            && self.cache.current().is_some_and(|of| of.org == token.org())
        {
            self.activate(session, token);
        }
    }

    pub(super) fn current(&self) -> Option<SessionId> {
        self.cache.current()?;
        let newest = self.cache.sessions.len().checked_sub(1)?;
        u8::try_from(newest).ok().map(SessionId)
    }

    /// The organisation of a session.
    pub(super) fn org_of(&self, session: SessionId) -> Org {
        let session = self.cache.sessions.get(session.index());
        session.map_or(Org::PERSONAL, |session| session.org)
    }

    /// Broadcasts what the design broadcasts when this token has been installed. The token of an
    /// organisation is not broadcast under the personal key.
    pub(super) fn post(&mut self, key: Org, token: &T) {
        if key == Org::PERSONAL && token.org() != key {
            return;
        }
        self.effects.push(match self.policy.posts {
            Posts::Token => Effect::Post {
                key,
                token: token.clone(),
            },
            Posts::Invalidation => Effect::Invalidate { key },
        });
    }

    /// Another tab says that what this one holds is out of date. With the entry goes the seed: the
    /// edge would copy its claims, and without a parent the origin answers. A fetch under way is
    /// taken for the one that renews.
    pub(super) fn out_of_date(&mut self, key: Org) {
        if matches!(self.cache.at(key).slot, Slot::Resolved(_)) {
            self.vacate(key);
        }
        if let Some(session) = self.cache.sessions.last_mut().filter(|of| of.org == key) {
            session.last = None;
        }
    }

    /// Takes over a broadcast that has passed the guard, or waited for a fetch that failed.
    pub(super) fn adopt(&mut self, key: Org, token: T) {
        if self.has(Site::Baseline) {
            let base = self.base(key);
            let winner = self.pick(Subject::Broadcast, base, token);
            self.put(key, Subject::Broadcast, winner, None, false);
        } else if !self.is_refused(key, Subject::Broadcast, &token) {
            self.install(key, token.clone(), None);
            self.adopted(token);
        }
    }

    pub(super) fn broadcast(&mut self, key: Org, token: T) {
        self.drop_near(key);
        match &self.cache.at(key).slot {
            Slot::Empty => {
                self.offered(key, Subject::Broadcast, &token, None);
                self.adopt(key, token);
            }
            Slot::Pending { fetch, .. } => {
                let fetch = *fetch;
                if let Some(fetch) = self.cache.fetches.iter_mut().find(|f| f.id == fetch) {
                    fetch.waiting.push(token.clone());
                }
                self.saw(Observation::Waits { fetch, token });
            }
            Slot::Resolved(entry) => {
                let cached = entry.token.clone();
                self.offered(key, Subject::Broadcast, &token, Some(&cached));
                if !self.rejects(&cached, &token) {
                    self.adopt(key, token);
                }
            }
        }
    }

    /// A token becomes the last active one of a session, unless the guard of [`Site::Seed`] keeps
    /// the one before. Says whether it did.
    pub(super) fn activate(&mut self, session: SessionId, token: T) -> bool {
        let last = self.last_of(session);
        let replaces = !self.keeps_last(Site::Seed, last, &token);
        if replaces && let Some(session) = self.cache.sessions.get_mut(session.index()) {
            session.last = Some(token);
        }
        replaces
    }

    pub(super) fn writer(&self) -> Writer {
        Writer {
            phase: self.cache.phase,
            focus: self.cache.focus,
            context: self.cache.context,
        }
    }

    pub(super) fn write_cookie(&mut self, token: T) {
        let writer = self.writer();
        self.effects.push(Effect::WriteCookie { token, writer });
    }

    pub(super) fn withhold_cookie(&mut self, token: T) {
        let writer = self.writer();
        self.effects.push(Effect::WithholdCookie { token, writer });
    }
}
