//! What becomes of the answers to requests for a token.

use super::turn::Turn;
use super::{
    Asks, Background, Clock, Effect, Fetch, FetchId, Measure, Observation, Own, Phase, SessionId,
    Site, Slot, Subject, TokenRequest,
};
use crate::freshness::{Org, Stamped};

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
    pub(super) fn answer(&mut self, request: TokenRequest, token: T) {
        if self.is_deaf() {
            self.saw(Observation::Ignored(token));
            return self.forget_request(request);
        }
        match request {
            TokenRequest::Background(key) => self.background_answer(key, token),
            TokenRequest::Fetch(fetch) => self.foreground_answer(fetch, token),
        }
    }

    pub(super) fn failure(&mut self, request: TokenRequest) {
        match request {
            TokenRequest::Background(key) => self.cache.keys[key.index()].background = None,
            TokenRequest::Fetch(fetch) => {
                self.without_answer(fetch);
            }
        }
    }

    /// An answer without a token is a failure, but for calls that joined the fetch.
    pub(super) fn empty_answer(&mut self, request: TokenRequest) {
        let Some(id) = request.fetch() else {
            return self.failure(request);
        };
        let fetch = self.cache.fetches.iter_mut().find(|fetch| fetch.id == id);
        let joined = fetch.is_some_and(|fetch| std::mem::take(&mut fetch.joined_by_call));
        let key = self.without_answer(id);
        if let Some(key) = key.filter(|_| joined) {
            self.end_calls(key, None, Effect::ReturnNull { key });
        }
    }

    /// Whether answers mean nothing to the tab any more.
    pub(super) fn is_deaf(&self) -> bool {
        self.cache.phase == Phase::Out && self.takes(Measure::OutIgnores)
    }

    /// The request is over, and that is all.
    pub(super) fn forget_request(&mut self, request: TokenRequest) {
        match request {
            TokenRequest::Background(key) => self.cache.keys[key.index()].background = None,
            TokenRequest::Fetch(id) => {
                if let Some(fetch) = self.finish(id) {
                    self.give_up(fetch.key, id);
                    self.end_calls_of(&fetch, None);
                }
            }
        }
    }

    /// An answer that came too late for [`Answers`](super::Answers) other than those that are installed.
    fn discard(&mut self, token: T) {
        self.saw(Observation::Discarded(token.clone()));
        self.withhold_cookie(token);
    }

    fn background_answer(&mut self, key: Org, token: T) {
        let Some(Background {
            session,
            org,
            superseded,
        }) = self.cache.keys[key.index()].background.take()
        else {
            return;
        };
        self.offered_answer(key, &token);
        if superseded {
            return self.discard(token);
        }
        let own = self.own(session, Asks::Fixed(org), self.sets_timers());
        self.install_own(key, &token, own);
        self.dispatch(session, token);
    }

    fn foreground_answer(&mut self, id: FetchId, token: T) {
        let Some(mut fetch) = self.finish(id) else {
            return;
        };
        let key = fetch.key;
        self.offered_answer(key, &token);
        if fetch.invalidated || self.swaps() && !self.owns_slot(key, id) {
            self.discard(token.clone());
        } else {
            self.settle(&fetch, token.clone());
        }
        let mut accepted = Vec::new();
        let waiting = std::mem::take(&mut fetch.waiting);
        for broadcast in &waiting {
            self.offered(key, Subject::Broadcast, broadcast, Some(&token));
            if !self.rejects(&token, broadcast) {
                accepted.push(broadcast.clone());
            }
        }
        self.adopt_waiting(key, accepted);
        self.waiting_ran(key, waiting);
        self.give_up(key, id);
        self.end_calls_of(&fetch, Some(token));
    }

    fn end_calls_of(&mut self, fetch: &Fetch<T>, answer: Option<T>) {
        if fetch.has_calls() {
            let key = fetch.key;
            self.end_calls(key, answer, Effect::Reject { key });
        }
    }

    /// Whoever waited for a fetch gets its answer as it is, whatever the cache has made of it; with
    /// [`Measure::CallsReadCache`] rather what the cache has. Where there is nothing it ends otherwise.
    fn end_calls(&mut self, key: Org, answer: Option<T>, otherwise: Effect<T>) {
        let token = answer.clone();
        self.saw(Observation::CallMet { key, token });
        let token = match self.takes(Measure::CallsReadCache) && !self.is_deaf() {
            true => self.cached_or(key, answer),
            false => answer,
        };
        self.effects.push(match token {
            Some(token) => Effect::Return { key, token },
            None => otherwise,
        });
    }

    /// What the slot has, unless that has expired; else the answer, unless that has expired or ranks
    /// below what the tab remembers.
    fn cached_or(&mut self, key: Org, answer: Option<T>) -> Option<T> {
        let cached = self.cache.at(key).token();
        if let Some(cached) = cached.filter(|token| !self.clock.is_dead(token)) {
            return Some(cached.clone());
        }
        let answer = answer.filter(|token| !self.clock.is_dead(token))?;
        let is_below = self.is_below_mark(key, Subject::Update, &answer);
        (!is_below).then_some(answer)
    }

    /// What becomes of a foreground answer before its waiting broadcasts run.
    fn settle(&mut self, fetch: &Fetch<T>, token: T) {
        let Fetch { key, session, .. } = *fetch;
        let own = self.own(session, Asks::Fixed(key), fetch.own);
        if self.has(Site::Baseline) {
            self.settle_with_baseline(fetch, token.clone(), own);
        } else if self.owns_slot(key, fetch.id) && !self.is_below_mark(key, Subject::Answer, &token)
        {
            self.install(key, token.clone(), own);
            self.post(key, &token);
        }
        self.dispatch(session, token.clone());
        if fetch.joined {
            self.write_cookie(token);
        }
    }

    /// What #9030 does with a foreground answer.
    fn settle_with_baseline(&mut self, fetch: &Fetch<T>, token: T, own: Option<Own>) {
        let key = fetch.key;
        match self.cache.at(key).slot.clone() {
            Slot::Empty => {}
            Slot::Pending { fetch: owner, base } if owner == fetch.id => {
                let winner = self.pick(Subject::Answer, base, token);
                self.put(key, Subject::Answer, winner, own, true);
            }
            Slot::Pending { fetch: owner, base } => {
                let base = Some(self.carry(key, base, token));
                self.cache.keys[key.index()].slot = Slot::Pending { fetch: owner, base };
            }
            Slot::Resolved(entry) => {
                if !self.keeps(Site::Baseline, Subject::Answer, &entry.token, &token) {
                    self.put(key, Subject::Answer, token, entry.own, true);
                }
            }
        }
    }

    /// What the baseline of another fetch becomes by the answer of a superseded one.
    fn carry(&mut self, key: Org, base: Option<T>, answer: T) -> T {
        let keeps_base = match &base {
            Some(base) => self.keeps(Site::Baseline, Subject::Answer, base, &answer),
            None => false,
        };
        match base {
            Some(base) if keeps_base => base,
            Some(_) | None => {
                if self.takes(Measure::SupersededPosts) && !self.clock.is_dead(&answer) {
                    let token = answer.clone();
                    self.effects.push(Effect::Post { key, token });
                }
                answer
            }
        }
    }

    /// Broadcasts that waited for a failed fetch are adopted without a comparison against it. Says
    /// whose entry it was for.
    fn without_answer(&mut self, id: FetchId) -> Option<Org> {
        let mut fetch = self.finish(id)?;
        let key = fetch.key;
        let waiting = std::mem::take(&mut fetch.waiting);
        for broadcast in &waiting {
            self.offered(key, Subject::Broadcast, broadcast, None);
        }
        self.adopt_waiting(key, waiting.clone());
        self.waiting_ran(key, waiting);
        self.give_up(key, id);
        self.end_calls_of(&fetch, None);
        Some(key)
    }

    /// A fetch that is over and has filled its slot with nothing leaves it empty.
    fn give_up(&mut self, key: Org, fetch: FetchId) {
        if self.owns_slot(key, fetch) {
            self.vacate(key);
        }
    }

    /// Ends a fetch. Who waits for it holds the poller's lock no longer.
    fn finish(&mut self, fetch: FetchId) -> Option<Fetch<T>> {
        if self.cache.poll == Some(fetch) {
            self.cache.poll = None;
        }
        let index = self.cache.fetches.iter().position(|f| f.id == fetch)?;
        Some(self.cache.fetches.remove(index))
    }

    fn owns_slot(&self, key: Org, id: FetchId) -> bool {
        matches!(self.cache.at(key).slot, Slot::Pending { fetch, .. } if fetch == id)
    }

    fn adopt_waiting(&mut self, key: Org, accepted: Vec<T>) {
        if !self.has(Site::Baseline) {
            return accepted
                .into_iter()
                .for_each(|token| self.adopt(key, token));
        }
        let mut winner = None;
        for token in accepted {
            let base = winner.take().or_else(|| self.base(key));
            winner = Some(self.pick(Subject::Broadcast, base, token));
        }
        if let Some(winner) = winner {
            self.put(key, Subject::Broadcast, winner, None, false);
        }
    }

    fn waiting_ran(&mut self, key: Org, waiting: Vec<T>) {
        if !waiting.is_empty() {
            self.saw(Observation::WaitingRan { key, waiting });
        }
    }

    /// A new token becomes the last active one of its session, and the cookie follows. The page
    /// hears of the change and takes over the organisation of the current session.
    fn dispatch(&mut self, session: SessionId, token: T) {
        if self.withholds(self.last_of(session), &token) {
            return self.withhold_cookie(token);
        }
        self.write_cookie(token.clone());
        if self.activate(session, token)
            && self.cache.phase == Phase::Live
            && let Some(current) = self.current()
        {
            self.cache.context = self.org_of(current);
        }
    }
}
