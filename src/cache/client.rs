//! The life of a tab: opening and closing, focus, touches, changes of the organisation, sign-out,
//! and what the server says of the client.

use super::request::smallest_free;
use super::turn::{Asker, Turn};
use super::{
    Asks, Cache, Clock, Effect, Focus, Measure, Observation, Phase, RequestKind, Session,
    SessionId, Site, TokenRequest, Update,
};
use crate::freshness::{Org, Stamped};

impl<T: Stamped + Clone, C: Clock<T>> Turn<'_, T, C> {
    pub(super) fn open(&mut self) {
        self.cache.phase = Phase::Loading;
        self.ask(RequestKind::Load, Org::PERSONAL);
    }

    /// Everything is gone but that the tab is closed.
    pub(super) fn close(&mut self) {
        let (two_keys, joiners) = (self.cache.two_keys, self.cache.joiners);
        *self.cache = Cache {
            two_keys,
            joiners,
            ..Cache::nothing(Phase::Closed)
        };
    }

    /// The poller's lock is held until the fetch that it waits for is over.
    pub(super) fn poll(&mut self) {
        let (_, fetch) = self.look_up(Asker::Sdk);
        self.cache.poll = fetch;
    }

    /// The SDK refreshes the cookie, which it writes once more after a hit, and touches the session.
    pub(super) fn focus(&mut self) {
        self.cache.focus = Focus::Has;
        if let (Some(token), _) = self.look_up(Asker::Sdk) {
            self.write_cookie(token);
        }
        self.touch();
    }

    pub(super) fn blur(&mut self) {
        self.cache.focus = Focus::Blurred;
    }

    pub(super) fn touch(&mut self) {
        let Some(session) = self.current() else {
            return;
        };
        let org = self.org_of(session);
        let number = begin(&mut self.cache.touches, session, org);
        self.ask(RequestKind::Touch(number), org);
    }

    /// The session is in the other organisation at once; slots, cookie and context follow later.
    pub(super) fn switch(&mut self) {
        let Some(current) = self.current() else {
            return;
        };
        let org = self.org_of(current).other();
        if let Some(session) = self.cache.sessions.get_mut(current.index()) {
            session.org = org;
        }
        let number = begin(&mut self.cache.switches, current, org);
        self.ask(RequestKind::Switch(number), org);
    }

    pub(super) fn sign_out(&mut self) {
        self.cache.phase = Phase::Leaving;
        self.ask(RequestKind::End, Org::PERSONAL);
    }

    pub(super) fn signed_out_elsewhere(&mut self) {
        match self.cache.phase {
            Phase::Live => self.ask(RequestKind::Reload, Org::PERSONAL),
            Phase::Loading if self.takes(Measure::LoadVoid) => self.cache.phase = Phase::Out,
            Phase::Absent | Phase::Loading | Phase::Leaving | Phase::Out | Phase::Closed => {}
        }
    }

    pub(super) fn touched(&mut self, number: u8, token: T, payload: bool) {
        let update = take(&mut self.cache.touches, number);
        if self.is_deaf() {
            self.saw(Observation::Ignored(token));
        } else if let Some(update) = update {
            self.updated(update, token, payload);
        }
    }

    /// At the end of a change of the organisation the tab reads the new key's entry for the cookie.
    /// Where there is none the SDK fetches one: that is not modelled.
    pub(super) fn switched(&mut self, number: u8, token: T) {
        let update = take(&mut self.cache.switches, number);
        if self.is_deaf() {
            return self.saw(Observation::Ignored(token));
        }
        let Some(update) = update else {
            return;
        };
        self.updated(update, token, true);
        let Some(org) = self.cache.sessions.last().map(|session| session.org) else {
            return;
        };
        self.drop_near(org);
        if self.cache.phase == Phase::Live {
            self.cache.context = org;
            if let Some(token) = self.cache.at(org).token().cloned() {
                self.read(org, token.clone());
                self.write_cookie(token);
            }
        }
    }

    /// A touch or switch was answered.
    fn updated(&mut self, Update { session, org, .. }: Update, token: T, payload: bool) {
        if payload {
            self.payload(token.clone(), org);
        }
        let last = self.last_of(session);
        let keeps = self.keeps_last(Site::Client, last.clone(), &token);
        let last = if keeps { last } else { Some(token) };
        if let Some(session) = self.cache.sessions.get_mut(session.index()) {
            session.org = org;
            session.last.clone_from(&last);
        }
        if let Some(last) = last {
            self.write_cookie(last);
        }
    }

    /// The server says what the client is: a new session object, and a token for its cache.
    pub(super) fn payload(&mut self, token: T, org: Org) {
        let last = self.cache.last().cloned();
        let last = match self.keeps_last(Site::Client, last.clone(), &token) {
            true => last,
            false => Some(token.clone()),
        };
        // Of requests under way and entries, which are few, each keeps one session at most.
        let session = SessionId(u8::try_from(self.cache.sessions.len()).unwrap_or(u8::MAX));
        self.cache.sessions.push(Session {
            last: last.clone(),
            org,
        });
        if self.cache.phase.is_in_context() {
            self.cache.phase = Phase::Live;
            self.cache.context = org;
            if let Some(last) = last {
                self.write_cookie(last);
            }
        }
        self.offered_answer(org, &token);
        let own = self.own(session, Asks::Session, self.sets_timers());
        self.install_own(org, &token, own);
    }

    pub(super) fn ended(&mut self) {
        self.vacate_all();
        self.cache.phase = Phase::Out;
        self.reject_waiting();
        self.effects.push(Effect::RemoveCookies);
        self.effects.push(Effect::AnnounceSignOut);
    }

    /// A tab that is told that nobody is signed in. Its entries stay, armed ones armed.
    pub(super) fn reloaded(&mut self) {
        if self.cache.phase == Phase::Live {
            self.leave();
            let writer = self.writer();
            self.effects.push(Effect::RemoveCookiesOf(writer));
        }
    }

    /// The tab learns that nobody is signed in.
    fn leave(&mut self) {
        self.cache.phase = Phase::Out;
        self.reject_waiting();
        if self.takes(Measure::ReloadEmpties) {
            self.vacate_all();
        }
    }

    /// A 401 makes a tab that has a session ask for the client, and the request waits for that.
    pub(super) fn unauthorized(&mut self, request: TokenRequest) {
        match self.cache.phase {
            Phase::Live => self.ask(RequestKind::Recheck(request), Org::PERSONAL),
            Phase::Absent | Phase::Loading | Phase::Leaving | Phase::Out | Phase::Closed => {
                self.failure(request);
            }
        }
    }

    /// What the client is after a 401. A tab without a session signs out for all. Whatever came of it,
    /// the request has failed.
    pub(super) fn rechecked(&mut self, request: TokenRequest, token: Option<T>) {
        match token {
            Some(token) if self.is_deaf() => self.saw(Observation::Ignored(token)),
            Some(token) => self.payload(token, Org::PERSONAL),
            None => match self.cache.phase {
                Phase::Live | Phase::Leaving => self.leave(),
                Phase::Absent | Phase::Loading | Phase::Out | Phase::Closed => {}
            },
        }
        if self.cache.phase != Phase::Live {
            let writer = self.writer();
            self.effects.push(Effect::AnnounceSignOut);
            self.effects.push(Effect::RemoveCookiesOf(writer));
        }
        match self.is_deaf() {
            true => self.forget_request(request),
            false => self.failure(request),
        }
    }

    fn ask(&mut self, kind: RequestKind, org: Org) {
        self.effects.push(Effect::Request {
            kind,
            org,
            parent: None,
            forced: false,
        });
    }
}

/// Begins a touch or switch, and returns its number.
fn begin(under_way: &mut Vec<Update>, session: SessionId, org: Org) -> u8 {
    let number = smallest_free(under_way.iter().map(|update| update.number));
    let update = Update {
        number,
        session,
        org,
    };
    under_way.insert(usize::from(number), update);
    number
}

/// Ends a touch or switch.
fn take(under_way: &mut Vec<Update>, number: u8) -> Option<Update> {
    let index = under_way.iter().position(|of| of.number == number)?;
    Some(under_way.remove(index))
}
