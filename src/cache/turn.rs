//! What a cache does with one event, until everything synchronous is done: reads, requests, and
//! what is installed.

use super::{
    Answers, Asks, Background, Cache, Clock, Effect, Entry, Fetch, FetchId, Focus, Measure,
    Observation, Own, Policy, Posts, RequestKind, SeedFrom, SessionId, Site, Slot, Subject, Timers,
    TokenRequest, Writer,
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

    /// Removes the entries of all keys.
    pub(super) fn vacate_all(&mut self) {
        for key in self.cache.key_names() {
            self.vacate(key);
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

    /// The session that the page has.
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

    /// The token sent along with a session's next request under a key.
    fn seed(&self, key: Org, session: SessionId) -> Option<T> {
        match (self.policy.seed_from, self.cache.at(key).token()) {
            (SeedFrom::Cache, Some(token)) => Some(token.clone()),
            (SeedFrom::Cache, None) | (SeedFrom::LastActive, _) => self.last_of(session),
        }
    }

    pub(super) fn refresh(&mut self, key: Org) {
        let keeps_own = self.has(Site::Baseline);
        let at = &mut self.cache.keys[key.index()];
        let Slot::Resolved(Entry { own, .. }) = &mut at.slot else {
            return;
        };
        let Some(Own { session, asks, .. }) = *own else {
            return;
        };
        *own = own.filter(|_| keeps_own).map(|own| Own {
            armed: false,
            ..own
        });
        if at.background.is_some() {
            return;
        }
        let org = match asks {
            _ if self.takes(Measure::KeyAsks) => key,
            Asks::Session => self.org_of(session),
            Asks::Fixed(org) => org,
        };
        self.cache.keys[key.index()].background = Some(Background {
            session,
            org,
            superseded: false,
        });
        let parent = self.seed(key, session);
        self.request(TokenRequest::Background(key), org, parent, false);
    }

    pub(super) fn skip_cache(&mut self) {
        let Some(session) = self.current() else {
            return;
        };
        let key = self.org_of(session);
        let base = self.base(key).filter(|_| self.has(Site::Baseline));
        self.fetch(Asker::Page, session, key, true, base);
    }

    /// The page asks for a token.
    pub(super) fn get_token(&mut self) {
        let cached = self.current().map(|session| self.org_of(session));
        if let Some(key) = cached
            && let Some(token) = self.cache.at(key).token().cloned()
        {
            let token = Some(token);
            self.saw(Observation::CallMet { key, token });
        }
        if let (Some(token), _) = self.look_up(Asker::Page)
            && let Some(key) = cached
        {
            self.effects.push(Effect::Return { key, token });
        }
    }

    /// Reads the cache. Gives a hit, else the fetch that will bring the token.
    pub(super) fn look_up(&mut self, asker: Asker) -> (Option<T>, Option<FetchId>) {
        let Some(session) = self.current() else {
            return (None, None);
        };
        let key = self.org_of(session);
        self.drop_near(key);
        match &self.cache.at(key).slot {
            Slot::Empty => (None, Some(self.fetch(asker, session, key, false, None))),
            Slot::Pending { fetch, .. } => {
                let fetch = *fetch;
                self.join(asker, fetch);
                (None, Some(fetch))
            }
            Slot::Resolved(entry) => {
                let token = entry.token.clone();
                self.read(key, token.clone());
                match self.withholds(self.last_of(session), &token) {
                    true => self.withhold_cookie(token.clone()),
                    false => self.write_cookie(token.clone()),
                }
                (Some(token), None)
            }
        }
    }

    /// Waits for a fetch under way. It is remembered only where it makes a difference.
    fn join(&mut self, asker: Asker, fetch: FetchId) {
        let two_keys = self.cache.two_keys;
        if let Some(fetch) = self.cache.fetches.iter_mut().find(|f| f.id == fetch) {
            fetch.called |= asker == Asker::Page;
            fetch.joined |= two_keys;
        }
    }

    /// A cache hit.
    pub(super) fn read(&mut self, key: Org, token: T) {
        self.saw(Observation::Read { key, token });
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

    /// Starts a foreground fetch, which owns the slot from here on.
    fn fetch(
        &mut self,
        asker: Asker,
        session: SessionId,
        key: Org,
        forced: bool,
        base: Option<T>,
    ) -> FetchId {
        let number = smallest_free(self.cache.fetches.iter().map(|fetch| fetch.id.0));
        let id = FetchId(number);
        let fetch = Fetch {
            id,
            key,
            session,
            own: self.sets_timers(),
            called: asker == Asker::Page,
            joined: false,
            waiting: Vec::new(),
        };
        self.cache.fetches.insert(usize::from(number), fetch);
        let parent = self.seed(key, session);
        self.request(TokenRequest::Fetch(id), key, parent, forced);
        self.occupy(key, Slot::Pending { fetch: id, base });
        id
    }

    /// Asks for a token, with the seed as it is now.
    fn request(&mut self, request: TokenRequest, org: Org, parent: Option<T>, forced: bool) {
        let is_legacy = parent.as_ref().is_some_and(|seed| seed.oiat().is_none());
        self.effects.push(Effect::Request {
            kind: RequestKind::Token(request),
            org,
            parent,
            forced: forced || is_legacy && self.takes(Measure::LegacyToOrigin),
        });
    }
}

/// The smallest number that is not among these, which are in order.
pub(super) fn smallest_free(taken: impl Iterator<Item = u8>) -> u8 {
    let mut free = 0;
    for number in taken {
        if number == free {
            free += 1;
        }
    }
    free
}
