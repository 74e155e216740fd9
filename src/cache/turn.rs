//! What a cache does with one event, until everything synchronous is done.

use super::{
    Answers, Cache, Clock, Effect, Entry, Fetch, FetchId, Measure, Observation, Policy, Posts,
    SeedFrom, Site, Slot, Subject,
};
use crate::freshness::Stamped;

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

    fn offered(&mut self, subject: Subject, token: &T, against: Option<&T>) {
        self.saw(Observation::Offered {
            subject,
            token: token.clone(),
            against: against.cloned(),
        });
    }

    fn offered_answer(&mut self, token: &T) {
        let cached = self.cache.token().cloned();
        self.offered(Subject::Answer, token, cached.as_ref());
    }

    /// #9030's baseline: the slot's token, or the one its fetch carries.
    fn base(&self) -> Option<T> {
        match &self.cache.slot {
            Slot::Empty => None,
            Slot::Pending { base, .. } => base.clone(),
            Slot::Resolved(entry) => Some(entry.token.clone()),
        }
    }

    /// Gives the slot to somebody else.
    fn occupy(&mut self, slot: Slot<T>) {
        self.cache.slot = slot;
        self.cache.superseded |= self.swaps() && self.cache.refreshing;
    }

    fn swaps(&self) -> bool {
        self.policy.answers == Answers::CompareAndSwap
    }

    /// Removes the entry. Fetches, waiting broadcasts and the background mark survive.
    pub(super) fn vacate(&mut self) {
        if !matches!(self.cache.slot, Slot::Empty) {
            self.occupy(Slot::Empty);
            self.saw(Observation::Removed);
        }
    }

    /// A cache read treats a token that is about to expire as absent.
    fn drop_near(&mut self) {
        if self.cache.token().is_some_and(|t| self.clock.is_near(t)) {
            self.vacate();
        }
    }

    /// The cleanup timer removes an expired entry.
    pub(super) fn evict(&mut self) {
        if self.cache.token().is_some_and(|t| self.clock.is_dead(t)) {
            self.vacate();
        }
    }

    fn install(&mut self, token: T, own: bool, armed: bool) {
        if self.has(Site::HighWater) {
            self.cache.mark = Some(token.clone());
        }
        let own = own && self.has(Site::Baseline);
        self.occupy(Slot::Resolved(Entry { token, own, armed }));
    }

    /// #9030's way of installing: nothing dead, and a timer only on an own entry with time left.
    fn put(&mut self, subject: Subject, winner: T, own: bool, post: bool) {
        if self.is_below_mark(subject, &winner) {
            // What is refused is not lost to a dead entry: that goes, too.
            if self.takes(Measure::DeadYields) {
                self.evict();
            }
            return;
        }
        if self.clock.is_dead(&winner) {
            return self.vacate();
        }
        let armed = own && !self.clock.is_near(&winner);
        if post {
            self.post(&winner);
        }
        self.install(winner.clone(), own, armed);
        if subject == Subject::Broadcast {
            self.adopted(winner);
        }
    }

    /// A broadcast was let in.
    fn adopted(&mut self, token: T) {
        if self.takes(Measure::AdoptionSeeds) {
            self.activate(token);
        }
    }

    /// Broadcasts what the design broadcasts when this token has been installed.
    fn post(&mut self, token: &T) {
        self.effects.push(match self.policy.posts {
            Posts::Token => Effect::Post(token.clone()),
            Posts::Invalidation => Effect::Invalidate,
        });
    }

    /// Another tab says that what this one holds is out of date. With the entry goes the seed: the
    /// edge would copy its claims, and without a parent the origin answers. A fetch under way is
    /// taken for the one that renews.
    pub(super) fn out_of_date(&mut self) {
        if matches!(self.cache.slot, Slot::Resolved(_)) {
            self.vacate();
        }
        self.cache.last = None;
    }

    /// Takes over a broadcast that has passed the guard, or waited for a fetch that failed.
    fn adopt(&mut self, token: T) {
        if self.has(Site::Baseline) {
            let base = self.base();
            let winner = self.pick(Subject::Broadcast, base, token);
            self.put(Subject::Broadcast, winner, false, false);
        } else if !self.is_refused(Subject::Broadcast, &token) {
            self.install(token.clone(), false, false);
            self.adopted(token);
        }
    }

    pub(super) fn broadcast(&mut self, token: T) {
        self.drop_near();
        match &mut self.cache.slot {
            Slot::Empty => {
                self.offered(Subject::Broadcast, &token, None);
                self.adopt(token);
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
                self.offered(Subject::Broadcast, &token, Some(&cached));
                if !self.rejects(&cached, &token) {
                    self.adopt(token);
                }
            }
        }
    }

    /// The background refresh is over. Says whether the slot has changed hands since it began.
    pub(super) fn end_refresh(&mut self) -> bool {
        self.cache.refreshing = false;
        std::mem::take(&mut self.cache.superseded)
    }

    /// An answer that came too late for [`Answers::CompareAndSwap`].
    fn discard(&mut self, token: T) {
        self.saw(Observation::Discarded(token.clone()));
        self.effects.push(Effect::WithholdCookie(token));
    }

    pub(super) fn background_answer(&mut self, token: T) {
        let superseded = self.end_refresh();
        self.offered_answer(&token);
        if superseded {
            return self.discard(token);
        }
        if self.has(Site::Baseline) {
            let base = self.base();
            let winner = self.pick(Subject::Answer, base, token.clone());
            self.put(Subject::Answer, winner, true, true);
        } else if !self.is_refused(Subject::Answer, &token) {
            self.install(token.clone(), true, true);
            self.post(&token);
        }
        self.dispatch(token);
    }

    pub(super) fn foreground_answer(&mut self, fetch: FetchId, token: T) {
        let waiting = self.finish(fetch);
        self.offered_answer(&token);
        if self.swaps() && !self.owns_slot(fetch) {
            self.discard(token.clone());
        } else {
            self.settle(fetch, token.clone());
        }
        let mut accepted = Vec::new();
        for broadcast in &waiting {
            self.offered(Subject::Broadcast, broadcast, Some(&token));
            if !self.rejects(&token, broadcast) {
                accepted.push(broadcast.clone());
            }
        }
        self.adopt_waiting(accepted);
        self.waiting_ran(waiting);
        self.give_up(fetch);
    }

    /// What becomes of a foreground answer before its waiting broadcasts run.
    fn settle(&mut self, fetch: FetchId, token: T) {
        if self.has(Site::Baseline) {
            self.settle_with_baseline(fetch, token.clone());
        } else if self.owns_slot(fetch) && !self.is_below_mark(Subject::Answer, &token) {
            self.install(token.clone(), true, true);
            self.post(&token);
        }
        self.dispatch(token);
    }

    /// What #9030 does with a foreground answer.
    fn settle_with_baseline(&mut self, fetch: FetchId, token: T) {
        match self.cache.slot.clone() {
            Slot::Empty => {}
            Slot::Pending { fetch: owner, base } if owner == fetch => {
                let winner = self.pick(Subject::Answer, base, token);
                self.put(Subject::Answer, winner, true, true);
            }
            Slot::Pending { fetch: owner, base } => {
                let base = Some(self.carry(base, token));
                self.cache.slot = Slot::Pending { fetch: owner, base };
            }
            Slot::Resolved(entry) => {
                if !self.keeps(Site::Baseline, Subject::Answer, &entry.token, &token) {
                    self.put(Subject::Answer, token, entry.own, true);
                }
            }
        }
    }

    /// What the baseline of another fetch becomes by the answer of a superseded one.
    fn carry(&mut self, base: Option<T>, answer: T) -> T {
        let keeps_base = match &base {
            Some(base) => self.keeps(Site::Baseline, Subject::Answer, base, &answer),
            None => false,
        };
        match base {
            Some(base) if keeps_base => base,
            _ => {
                if self.takes(Measure::SupersededPosts) && !self.clock.is_dead(&answer) {
                    self.effects.push(Effect::Post(answer.clone()));
                }
                answer
            }
        }
    }

    /// Broadcasts that waited for a failed fetch are adopted without a comparison against it.
    pub(super) fn foreground_failure(&mut self, fetch: FetchId) {
        let waiting = self.finish(fetch);
        for broadcast in &waiting {
            self.offered(Subject::Broadcast, broadcast, None);
        }
        self.adopt_waiting(waiting.clone());
        self.waiting_ran(waiting);
        self.give_up(fetch);
    }

    /// A fetch that is over and has filled its slot with nothing leaves it empty.
    fn give_up(&mut self, fetch: FetchId) {
        if self.owns_slot(fetch) {
            self.vacate();
        }
    }

    /// Ends a fetch and returns the broadcasts that waited for it.
    fn finish(&mut self, fetch: FetchId) -> Vec<T> {
        match self.cache.fetches.iter().position(|f| f.id == fetch) {
            Some(index) => self.cache.fetches.remove(index).waiting,
            None => Vec::new(),
        }
    }

    fn owns_slot(&self, id: FetchId) -> bool {
        matches!(self.cache.slot, Slot::Pending { fetch, .. } if fetch == id)
    }

    fn adopt_waiting(&mut self, accepted: Vec<T>) {
        if !self.has(Site::Baseline) {
            return accepted.into_iter().for_each(|token| self.adopt(token));
        }
        let mut winner = None;
        for token in accepted {
            let base = winner.take().or_else(|| self.base());
            winner = Some(self.pick(Subject::Broadcast, base, token));
        }
        if let Some(winner) = winner {
            self.put(Subject::Broadcast, winner, false, false);
        }
    }

    fn waiting_ran(&mut self, waiting: Vec<T>) {
        if !waiting.is_empty() {
            self.saw(Observation::WaitingRan(waiting));
        }
    }

    /// A new token becomes the last active one, and the cookie follows.
    fn dispatch(&mut self, token: T) {
        if self.withholds(&token) {
            return self.effects.push(Effect::WithholdCookie(token));
        }
        self.effects.push(Effect::WriteCookie(token.clone()));
        self.activate(token);
    }

    /// A token becomes the last active one, unless the guard of [`Site::Seed`] keeps the one before.
    fn activate(&mut self, token: T) {
        let last = self.cache.last.clone();
        let keeps_last = match last.filter(|_| self.has(Site::Seed)) {
            Some(last) => self.keeps(Site::Seed, Subject::Update, &last, &token),
            None => false,
        };
        if !keeps_last {
            self.cache.last = Some(token);
        }
    }

    /// The token sent along with the next request.
    fn seed(&self) -> Option<T> {
        match (self.policy.seed_from, self.cache.token()) {
            (SeedFrom::Cache, Some(token)) => Some(token.clone()),
            _ => self.cache.last.clone(),
        }
    }

    pub(super) fn refresh(&mut self) {
        let Slot::Resolved(entry) = &mut self.cache.slot else {
            return;
        };
        entry.armed = false;
        if !self.cache.refreshing {
            self.cache.refreshing = true;
            self.request(None, false);
        }
    }

    pub(super) fn skip_cache(&mut self) {
        let base = self.base().filter(|_| self.has(Site::Baseline));
        self.fetch(true, base);
    }

    pub(super) fn get_token(&mut self) {
        self.drop_near();
        match &self.cache.slot {
            Slot::Empty => self.fetch(false, None),
            // The caller joins the fetch under way.
            Slot::Pending { .. } => {}
            Slot::Resolved(entry) => {
                let token = entry.token.clone();
                let effect = match self.withholds(&token) {
                    true => Effect::WithholdCookie(token),
                    false => Effect::WriteCookie(token),
                };
                self.effects.push(effect);
            }
        }
    }

    /// Starts a foreground fetch, which owns the slot from here on.
    fn fetch(&mut self, forced: bool, base: Option<T>) {
        let ids = self.cache.fetches.iter().map(|fetch| fetch.id);
        let index = (0..).zip(ids).take_while(|&(n, id)| n == id.0).count();
        let id = FetchId(index as u8);
        let waiting = Vec::new();
        self.cache.fetches.insert(index, Fetch { id, waiting });
        self.request(Some(id), forced);
        self.occupy(Slot::Pending { fetch: id, base });
    }

    /// Asks for a token, with the seed as it is now.
    fn request(&mut self, fetch: Option<FetchId>, forced: bool) {
        let parent = self.seed();
        let is_legacy = parent.as_ref().is_some_and(|seed| seed.oiat().is_none());
        self.effects.push(Effect::Request {
            fetch,
            parent,
            forced: forced || is_legacy && self.takes(Measure::LegacyToOrigin),
        });
    }
}
