//! What one tab holds.

use super::{Clock, Event, FetchId, Policy, SessionId, Site, Timers};
use crate::freshness::{Org, Stamped};
use crate::named::named;
use std::fmt;

named! {
    /// Where a tab is in its life.
    pub enum Phase {
        /// It has not been opened yet.
        Absent = "absent",
        /// It has been opened and waits for its first client payload.
        Loading = "loading",
        /// Signed in.
        Live = "live",
        /// Its sign-out is under way.
        Leaving = "leaving",
        /// Signed out.
        Out = "out",
        /// Closed, for good.
        Closed = "closed",
    }
}

impl Phase {
    /// The tab exists: it has been opened and not closed.
    pub const fn is_there(self) -> bool {
        match self {
            Phase::Loading | Phase::Live | Phase::Leaving | Phase::Out => true,
            Phase::Absent | Phase::Closed => false,
        }
    }

    /// What the tab writes is written in the organisation that it believes it is in.
    pub const fn is_in_context(self) -> bool {
        match self {
            Phase::Loading | Phase::Live => true,
            Phase::Absent | Phase::Leaving | Phase::Out | Phase::Closed => false,
        }
    }

    /// The tab signs out, or is signed out: its cookies are nobody's.
    pub const fn leaves(self) -> bool {
        match self {
            Phase::Leaving | Phase::Out => true,
            Phase::Absent | Phase::Loading | Phase::Live | Phase::Closed => false,
        }
    }

    /// Somebody is signed in there, or about to be, or not yet out: whose cache is a session's.
    pub const fn is_in(self) -> bool {
        match self {
            Phase::Loading | Phase::Live | Phase::Leaving => true,
            Phase::Absent | Phase::Out | Phase::Closed => false,
        }
    }
}

named! {
    /// Whether a tab has focus. It gets it once at most, and loses it for good.
    pub enum Focus {
        /// It never had it.
        Never = "never",
        /// It has it.
        Has = "has",
        /// It has lost it.
        Blurred = "blurred",
    }
}

/// What a tab holds for a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot<T> {
    /// No entry.
    Empty,
    /// A foreground fetch is under way and owns the entry.
    Pending {
        /// The fetch.
        fetch: FetchId,
        /// The freshest token known when the fetch began or since; only with [`Site::Baseline`].
        base: Option<T>,
    },
    /// A token.
    Resolved(Entry<T>),
}

impl<T: fmt::Display> fmt::Display for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slot::Empty => write!(f, "none"),
            Slot::Pending { fetch, base: None } => write!(f, "pending ({fetch})"),
            Slot::Pending {
                fetch,
                base: Some(base),
            } => write!(f, "pending ({fetch}, base {base})"),
            Slot::Resolved(entry) => entry.token.fmt(f),
        }
    }
}

/// A resolved cache entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry<T> {
    /// The cached token.
    pub token: T,
    /// The entry came from the tab itself. Kept with [`Site::Baseline`], else only while armed.
    pub own: Option<Own>,
}

impl<T> Entry<T> {
    /// The entry has a proactive refresh timer.
    pub fn is_armed(&self) -> bool {
        self.own.is_some_and(|own| own.armed)
    }
}

/// Whose an entry is that came from the tab itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Own {
    /// The session that refreshes it.
    pub session: SessionId,
    /// What its refresh asks for.
    pub asks: Asks,
    /// The proactive refresh timer is set.
    pub armed: bool,
}

/// Which organisation's token a refresh asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asks {
    /// That of the session when the timer fires. With one key there is only one, so it is this.
    Session,
    /// This one.
    Fixed(Org),
}

/// A session object of a page: each client payload makes a new one, the newest is the current one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Session<T> {
    /// Its last active token, which seeds requests.
    pub last: Option<T>,
    /// The organisation that it is in.
    pub org: Org,
}

/// A background refresh under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Background {
    /// The session that made the request.
    pub session: SessionId,
    /// The organisation that it asked for.
    pub org: Org,
    /// The slot has changed hands since; only with
    /// [`Answers::CompareAndSwap`](super::Answers::CompareAndSwap).
    pub superseded: bool,
}

/// A foreground fetch under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fetch<T> {
    /// Its name, unique among the tab's fetches under way.
    pub id: FetchId,
    /// The key, whose organisation it asks for.
    pub key: Org,
    /// The session that made the request.
    pub session: SessionId,
    /// What it installs will be the tab's own.
    pub own: bool,
    /// A call of the page waits for it, and not only the poller or the SDK itself.
    pub called: bool,
    /// Somebody joined it. Only kept with two keys.
    pub joined: bool,
    /// Broadcasts that arrived while the slot was pending with this fetch, oldest first.
    pub waiting: Vec<T>,
}

/// A touch or switch under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Update {
    /// The smallest number that no other update under way of the same kind carries.
    pub number: u8,
    /// The session that made the request.
    pub session: SessionId,
    /// The organisation that it asked for.
    pub org: Org,
}

/// What a tab holds for one key. A broadcast that waits belongs to a [`Fetch`], which has a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keyed<T> {
    /// The entry.
    pub slot: Slot<T>,
    /// The background refresh under way, if there is one.
    pub background: Option<Background>,
    /// The freshest token the slot ever held; only with [`Site::HighWater`].
    pub mark: Option<T>,
}

impl<T> Keyed<T> {
    const EMPTY: Keyed<T> = Keyed {
        slot: Slot::Empty,
        background: None,
        mark: None,
    };

    /// The cached token, where the slot is resolved.
    pub fn token(&self) -> Option<&T> {
        match &self.slot {
            Slot::Resolved(entry) => Some(&entry.token),
            Slot::Empty | Slot::Pending { .. } => None,
        }
    }

    fn tokens(&self) -> impl Iterator<Item = &T> {
        let slot = match &self.slot {
            Slot::Empty => None,
            Slot::Pending { base, .. } => base.as_ref(),
            Slot::Resolved(entry) => Some(&entry.token),
        };
        slot.into_iter().chain(&self.mark)
    }

    fn map<U>(&self, rename: &mut dyn FnMut(&T) -> U) -> Keyed<U> {
        let Keyed {
            slot,
            background,
            mark,
        } = self;
        Keyed {
            slot: match slot {
                Slot::Empty => Slot::Empty,
                Slot::Pending { fetch, base } => Slot::Pending {
                    fetch: *fetch,
                    base: base.as_ref().map(&mut *rename),
                },
                Slot::Resolved(Entry { token, own }) => Slot::Resolved(Entry {
                    token: rename(token),
                    own: *own,
                }),
            },
            background: *background,
            mark: mark.as_ref().map(rename),
        }
    }
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cache<T> {
    /// Where it is in its life.
    pub phase: Phase,
    /// Whether it has focus.
    pub focus: Focus,
    /// The organisation it believes it is in.
    pub context: Org,
    /// The poller's lock, and the fetch that it waits for.
    pub poll: Option<FetchId>,
    /// Sessions are distinguished by key; else every organisation is [`Org::PERSONAL`].
    pub two_keys: bool,
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
}

impl<T: Stamped + Clone> Cache<T> {
    /// A tab in its first session that knows nothing.
    pub fn empty() -> Cache<T> {
        let session = Session {
            last: None,
            org: Org::PERSONAL,
        };
        Cache {
            phase: Phase::Live,
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

    /// A tab of which nothing is left but its phase.
    pub(super) const fn nothing(phase: Phase) -> Cache<T> {
        Cache {
            phase,
            focus: Focus::Never,
            context: Org::PERSONAL,
            poll: None,
            two_keys: false,
            sessions: Vec::new(),
            keys: [Keyed::EMPTY, Keyed::EMPTY],
            fetches: Vec::new(),
            touches: Vec::new(),
            switches: Vec::new(),
        }
    }

    /// The keys there are.
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
        match event {
            Event::RefreshTimer { key } => {
                let at = self.at(*key);
                let has_timer = matches!(&at.slot, Slot::Resolved(Entry { own: Some(_), .. }));
                has_timer && at.background.is_none()
            }
            Event::SkipCache => true,
            Event::GetToken | Event::Poll | Event::Focus => {
                let org = self.current().map_or(Org::PERSONAL, |session| session.org);
                match &self.at(org).slot {
                    Slot::Empty => true,
                    Slot::Pending { .. } => false,
                    Slot::Resolved(entry) => clock.is_near(&entry.token),
                }
            }
            Event::Open
            | Event::Close
            | Event::Blur
            | Event::Touch
            | Event::Switch
            | Event::SignOut
            | Event::Answer { .. }
            | Event::Failure { .. }
            | Event::Loaded(_)
            | Event::Touched { .. }
            | Event::Switched { .. }
            | Event::Ended
            | Event::Reloaded
            | Event::SignedOutElsewhere
            | Event::Broadcast { .. }
            | Event::OutOfDate { .. }
            | Event::CleanupTimer { .. }
            | Event::Clear => false,
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
            sessions,
            keys: [personal, other],
            fetches,
            touches,
            switches,
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
            joined: of.joined,
            waiting: of.waiting.iter().map(rename).collect(),
        };
        Cache {
            phase: *phase,
            focus: *focus,
            context: *context,
            poll: *poll,
            two_keys: *two_keys,
            keys: [personal.map(&mut rename), other.map(&mut rename)],
            sessions: sessions.iter().map(|of| session(of, &mut rename)).collect(),
            fetches: fetches.iter().map(|of| fetch(of, &mut rename)).collect(),
            touches: touches.clone(),
            switches: switches.clone(),
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
