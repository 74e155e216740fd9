//! What one tab holds.

use super::{
    Asking, Asks, Clock, Entry, Event, FetchId, Focus, Keyed, Own, Phase, Policy, SessionId, Site,
    Slot, Timers, Waiting,
};
use crate::freshness::{Org, Stamped};

/// A session object of a page: each client payload makes a new one, the newest is the current one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Session<T> {
    /// Its last active token, which seeds requests.
    pub last: Option<T>,
    pub org: Org,
}

/// A foreground fetch under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Fetch<T> {
    /// Its name, unique among the tab's fetches under way.
    pub id: FetchId,
    /// The key, whose organisation it asks for.
    pub key: Org,
    pub session: SessionId,
    /// What it installs will be the tab's own.
    pub own: bool,
    /// A call of the page waits for it, and not only the poller or the SDK itself; where joiners are
    /// told apart, the call that began it.
    pub called: bool,
    /// A call of the page joined it. Only kept where joiners are told apart.
    pub joined_by_call: bool,
    /// Somebody joined it. Only kept with two keys.
    pub joined: bool,
    /// The cache has been invalidated since; only with [`Answers::Fence`](super::Answers::Fence).
    pub invalidated: bool,
    /// Broadcasts that arrived while the slot was pending with this fetch, oldest first.
    pub waiting: Vec<T>,
}

impl<T> Fetch<T> {
    /// Whether a call of the page waits for it.
    pub(crate) const fn has_calls(&self) -> bool {
        self.called || self.joined_by_call
    }
}

/// A touch or switch under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Update {
    /// The smallest number that no other update under way of the same kind carries.
    pub number: u8,
    pub session: SessionId,
    /// The organisation that it asked for.
    pub org: Org,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Cache<T> {
    /// Where it is in its life.
    pub phase: Phase,
    pub focus: Focus,
    /// The organisation it believes it is in.
    pub context: Org,
    /// The poller's lock, and the fetch that it waits for.
    pub poll: Option<FetchId>,
    /// Sessions are distinguished by key; else every organisation is [`Org::PERSONAL`].
    pub two_keys: bool,
    /// Calls that joined a fetch are told apart from the one that began it.
    pub joiners: bool,
    /// Its sessions, in order of age, the current one last. One that nothing refers to any more is
    /// forgotten at the end of each event.
    pub sessions: Vec<Session<T>>,
    /// What it holds for each key; see [`Cache::at`].
    pub keys: [Keyed<T>; 2],
    /// The foreground fetches under way, by id.
    pub fetches: Vec<Fetch<T>>,
    /// The touches under way, by number.
    pub touches: Vec<Update>,
    /// The switches under way, by number.
    pub switches: Vec<Update>,
    /// The calls of the page that wait for the lock.
    pub waiting: Waiting,
}

impl<T: Stamped + Clone> Cache<T> {
    /// A tab in its first session that knows nothing.
    pub fn empty() -> Cache<T> {
        let session = Session {
            last: None,
            org: Org::PERSONAL,
        };
        Cache {
            focus: Focus::Has,
            sessions: vec![session],
            ..Cache::nothing(Phase::Live)
        }
    }

    /// A tab that fetched `token` a while ago and is otherwise idle.
    pub fn resolved(token: T, policy: &Policy) -> Cache<T> {
        let own = Own {
            session: SessionId(0),
            asks: Asks::Session,
            armed: true,
        };
        let mut cache = Cache::empty();
        cache.keys[0] = Keyed {
            slot: Slot::Resolved(Entry {
                token: token.clone(),
                own: Some(own),
            }),
            background: None,
            mark: Some(token.clone()).filter(|_| policy.guards.has(Site::HighWater)),
        };
        cache.sessions[0].last = Some(token);
        cache
    }

    /// The same, in a tab that never had focus.
    #[must_use]
    pub fn without_focus(mut self, policy: &Policy) -> Cache<T> {
        self.focus = Focus::Never;
        if let (Timers::Focused, Slot::Resolved(entry)) = (policy.timers, &mut self.keys[0].slot) {
            entry.own = None;
        }
        self
    }

    /// The same tab before it is opened.
    #[must_use]
    pub fn absent(self) -> Cache<T> {
        Cache {
            focus: self.focus,
            two_keys: self.two_keys,
            joiners: self.joiners,
            ..Cache::nothing(Phase::Absent)
        }
    }

    /// The same tab, which keeps the tokens of organisations apart.
    #[must_use]
    pub fn with_two_keys(self) -> Cache<T> {
        Cache {
            two_keys: true,
            ..self
        }
    }

    /// The same tab, which tells the calls that join a fetch from the one that began it.
    #[must_use]
    pub(crate) fn with_joiners(self) -> Cache<T> {
        Cache {
            joiners: true,
            ..self
        }
    }

    /// A tab of which nothing is left but its phase.
    pub(super) const fn nothing(phase: Phase) -> Cache<T> {
        Cache {
            phase,
            focus: Focus::Never,
            context: Org::PERSONAL,
            poll: None,
            two_keys: false,
            joiners: false,
            sessions: Vec::new(),
            keys: [Keyed::EMPTY, Keyed::EMPTY],
            fetches: Vec::new(),
            touches: Vec::new(),
            switches: Vec::new(),
            waiting: Waiting::NONE,
        }
    }

    pub fn key_names(&self) -> impl Iterator<Item = Org> + use<T> {
        Org::ALL.into_iter().take(1 + usize::from(self.two_keys))
    }

    /// What it holds for a key.
    pub fn at(&self, key: Org) -> &Keyed<T> {
        &self.keys[key.index()]
    }

    /// The session that the page has: none where it is signed out or not yet signed in.
    pub fn current(&self) -> Option<&Session<T>> {
        self.sessions.last().filter(|_| self.phase != Phase::Out)
    }

    /// The last active token of the current session.
    pub fn last(&self) -> Option<&T> {
        self.current()?.last.as_ref()
    }

    /// A request for a token is under way.
    pub fn is_asking(&self) -> bool {
        self.keys.iter().any(|key| key.background.is_some()) || !self.fetches.is_empty()
    }

    /// Whether this event would make the tab send a request for a token, in any design.
    pub fn would_ask(&self, clock: &impl Clock<T>, event: &Event<T>) -> bool {
        match event.asking() {
            Asking::Never => false,
            Asking::Always => true,
            Asking::Refreshes(key) => {
                let at = self.at(key);
                let has_timer = matches!(&at.slot, Slot::Resolved(Entry { own: Some(_), .. }));
                has_timer && at.background.is_none()
            }
            Asking::Reads => {
                let org = self.current().map_or(Org::PERSONAL, |session| session.org);
                match &self.at(org).slot {
                    Slot::Empty => true,
                    Slot::Pending { .. } => false,
                    Slot::Resolved(entry) => clock.is_near(&entry.token),
                }
            }
        }
    }

    /// Every token held here, in any role; parents of requests under way are not.
    pub fn tokens(&self) -> impl Iterator<Item = &T> {
        let waiting = self.fetches.iter().flat_map(|fetch| &fetch.waiting);
        let last = self.sessions.iter().filter_map(|of| of.last.as_ref());
        let cached = self.keys.iter().flat_map(Keyed::tokens);
        cached.chain(last).chain(waiting)
    }

    /// The same cache with other tokens.
    #[must_use]
    pub fn map<U>(&self, mut rename: impl FnMut(&T) -> U) -> Cache<U> {
        // Every field by name: one that is added has to be renamed as well.
        let Cache {
            phase,
            focus,
            context,
            poll,
            two_keys,
            joiners,
            sessions,
            keys: [personal, other],
            fetches,
            touches,
            switches,
            waiting,
        } = self;
        let session =
            |Session { last, org }: &Session<T>, rename: &mut dyn FnMut(&T) -> U| Session {
                last: last.as_ref().map(rename),
                org: *org,
            };
        let fetch = |of: &Fetch<T>, rename: &mut dyn FnMut(&T) -> U| Fetch {
            id: of.id,
            key: of.key,
            session: of.session,
            own: of.own,
            called: of.called,
            joined_by_call: of.joined_by_call,
            joined: of.joined,
            invalidated: of.invalidated,
            waiting: of.waiting.iter().map(rename).collect(),
        };
        Cache {
            phase: *phase,
            focus: *focus,
            context: *context,
            poll: *poll,
            two_keys: *two_keys,
            joiners: *joiners,
            keys: [personal.map(&mut rename), other.map(&mut rename)],
            sessions: sessions.iter().map(|of| session(of, &mut rename)).collect(),
            fetches: fetches.iter().map(|of| fetch(of, &mut rename)).collect(),
            touches: touches.clone(),
            switches: switches.clone(),
            waiting: *waiting,
        }
    }
}

impl<T> Cache<T> {
    /// Forgets the sessions that nothing refers to any more. Those that stay are known by their
    /// order.
    pub(super) fn forget_sessions(&mut self) {
        let count = self.sessions.len();
        let current = count.checked_sub(1).filter(|_| self.phase != Phase::Out);
        if count == usize::from(current.is_some()) {
            return;
        }
        let mut kept = vec![false; count];
        if let Some(current) = current {
            kept[current] = true;
        }
        self.each_session(|session| kept[session.index()] = true);
        let mut names = Vec::with_capacity(count);
        let mut next = 0;
        for &is_kept in &kept {
            names.push(SessionId(next));
            next += u8::from(is_kept);
        }
        self.each_session(|session| *session = names[session.index()]);
        let mut is_kept = kept.into_iter();
        self.sessions.retain(|_| is_kept.next().unwrap_or(false));
    }

    /// Shows every name of a session.
    fn each_session(&mut self, mut show: impl FnMut(&mut SessionId)) {
        for key in &mut self.keys {
            if let Slot::Resolved(Entry { own: Some(own), .. }) = &mut key.slot {
                show(&mut own.session);
            }
            if let Some(background) = &mut key.background {
                show(&mut background.session);
            }
        }
        for fetch in &mut self.fetches {
            show(&mut fetch.session);
        }
        for update in self.touches.iter_mut().chain(&mut self.switches) {
            show(&mut update.session);
        }
    }
}
