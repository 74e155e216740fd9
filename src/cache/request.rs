//! What a tab asks for, and what a reader gets without asking.

use super::turn::{Asker, Turn};
use super::{
    Asks, Background, Clock, Effect, Entry, Fetch, FetchId, Measure, Observation, Own, RequestKind,
    SeedFrom, SessionId, Site, Slot, TokenRequest,
};
use crate::freshness::{Org, Stamped};

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
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
        let (two_keys, joiners) = (self.cache.two_keys, self.cache.joiners);
        if let Some(fetch) = self.cache.fetches.iter_mut().find(|f| f.id == fetch) {
            let joins = match joiners {
                true => &mut fetch.joined_by_call,
                false => &mut fetch.called,
            };
            *joins |= asker == Asker::Page;
            fetch.joined |= two_keys;
        }
    }

    /// A cache hit.
    pub(super) fn read(&mut self, key: Org, token: T) {
        self.saw(Observation::Read { key, token });
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
            joined_by_call: false,
            joined: false,
            invalidated: false,
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
