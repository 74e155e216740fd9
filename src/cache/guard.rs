//! Where tokens are held against each other: the guards of a cache, and what it picks from.

use super::turn::Turn;
use super::{Clock, Comparison, Measure, Observation, SessionId, Site, Subject};
use crate::freshness::{Decision, Expiry, Org, Rule, Stamped, Winner};

/// What a rule makes of two tokens now.
pub(super) fn decide<T: Stamped>(
    rule: Rule,
    clock: &impl Clock<T>,
    existing: &T,
    incoming: &T,
) -> Decision {
    match rule.asks_for_time() {
        true => {
            let expiry = |token: &T| Expiry::of(clock.is_near(token), clock.is_dead(token));
            rule.decide_at(existing, incoming, [expiry(existing), expiry(incoming)])
        }
        false => rule.decide(existing, incoming),
    }
}

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
    /// Whether the existing token is strictly fresher; the comparison is reported.
    pub(super) fn keeps(
        &mut self,
        site: Site,
        subject: Subject,
        existing: &T,
        incoming: &T,
    ) -> bool {
        if self.takes(Measure::DeadYields)
            && site.is_about_the_slot()
            && self.clock.is_dead(existing)
            && !self.clock.is_dead(incoming)
        {
            return false;
        }
        let decision = decide(self.policy.rules.at(site), self.clock, existing, incoming);
        self.saw(Observation::Compared(Comparison {
            site,
            subject,
            existing: existing.clone(),
            incoming: incoming.clone(),
            decision,
        }));
        decision.winner == Winner::Existing
    }

    /// The fresher of a base, if there is one, and an incoming token.
    pub(super) fn pick(&mut self, subject: Subject, base: Option<T>, incoming: T) -> T {
        match base {
            Some(base) if self.keeps(Site::Baseline, subject, &base, &incoming) => base,
            Some(_) | None => incoming,
        }
    }

    /// The guards that remember longer than the slot does, where the design has one.
    pub(super) fn is_below_mark(&mut self, key: Org, subject: Subject, token: &T) -> bool {
        if let Some(mark) = self.cache.at(key).mark.clone()
            && self.keeps(Site::HighWater, subject, &mark, token)
        {
            return true;
        }
        let last = self.cache.last().filter(|last| last.org() == token.org());
        match last.cloned().filter(|_| self.has(Site::Last)) {
            Some(last) => self.keeps(Site::Last, subject, &last, token),
            None => false,
        }
    }

    /// The guards that what has no baseline to be held against has to pass.
    pub(super) fn is_refused(&mut self, key: Org, subject: Subject, token: &T) -> bool {
        self.slot_is_fresher(key, subject, token) || self.is_below_mark(key, subject, token)
    }

    /// The guard of [`Site::Install`], where the design has one.
    pub(super) fn slot_is_fresher(&mut self, key: Org, subject: Subject, incoming: &T) -> bool {
        if !self.has(Site::Install) {
            return false;
        }
        match self.cache.at(key).token().cloned() {
            Some(cached) => self.keeps(Site::Install, subject, &cached, incoming),
            None => false,
        }
    }

    /// The guard of [`Site::Broadcast`], where the design has one.
    pub(super) fn rejects(&mut self, existing: &T, broadcast: &T) -> bool {
        self.has(Site::Broadcast)
            && self.keeps(Site::Broadcast, Subject::Broadcast, existing, broadcast)
    }

    /// The guard of [`Site::Dispatch`], where the design has one: against the last active token of a
    /// session, whatever its organisation.
    pub(super) fn withholds(&mut self, last: Option<T>, token: &T) -> bool {
        match last.filter(|_| self.has(Site::Dispatch)) {
            Some(last) => self.keeps(Site::Dispatch, Subject::Update, &last, token),
            None => false,
        }
    }

    /// The guards of the last active token, [`Site::Seed`] for what the tab was given and
    /// [`Site::Client`] for what comes with a client: only among tokens of one organisation.
    pub(super) fn keeps_last(&mut self, site: Site, last: Option<T>, token: &T) -> bool {
        let last = last.filter(|last| self.has(site) && last.org() == token.org());
        match last {
            Some(last) => self.keeps(site, Subject::Update, &last, token),
            None => false,
        }
    }

    /// The last active token of a session.
    pub(super) fn last_of(&self, session: SessionId) -> Option<T> {
        let session = self.cache.sessions.get(session.index())?;
        session.last.clone()
    }
}
