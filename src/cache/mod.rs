//! One tab's token cache, for one key, as a pure state machine.
//!
//! [`Cache::handle`] takes an [`Event`], changes the cache and returns the [`Effect`]s it asks for;
//! it does no I/O and reads no clock but the [`Clock`] it is given. Every design of `models/` runs
//! through this one implementation: they differ in their [`Policy`] alone. [`cookie_accepts`] is the
//! same for the cookie jar that all tabs share.
//!
//! The behaviour is that of the published `@clerk/clerk-js`: 6.10.0 (a guard by `iat`), 6.11.1
//! (pull request #8097) and 6.24.0 to 6.40.0 (#9030), measured there, and of two drafts of #8097
//! that were never released.
//!
//! Beside the effects that somebody has to carry out, the cache reports what it did as
//! [`Effect::Saw`]: evidence for the properties and for the story of a counterexample. Nothing in
//! the cache depends on it.

mod event;
mod guard;
mod measure;
mod policy;
mod turn;

pub use event::{Clock, Comparison, Effect, Event, FetchId, Observation, Subject};
pub use measure::{Measure, Measures};
pub use policy::{Answers, Guards, Policy, Posts, Requests, SeedFrom, Site};

use turn::Turn;

use crate::freshness::{Stamped, Winner};
use std::fmt;

/// What a tab holds for the key.
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
    /// The entry came from the tab's own fetch. Only kept with [`Site::Baseline`]; else false.
    pub own: bool,
    /// The entry has a proactive refresh timer.
    pub armed: bool,
}

/// A foreground fetch in flight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fetch<T> {
    /// Its name, unique among the tab's fetches in flight.
    pub id: FetchId,
    /// Broadcasts that arrived while the slot was pending with this fetch, oldest first.
    pub waiting: Vec<T>,
}

/// One tab's cache for one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cache<T> {
    /// The entry.
    pub slot: Slot<T>,
    /// The tab's last active token, which seeds its requests.
    pub last: Option<T>,
    /// A background refresh is under way.
    pub refreshing: bool,
    /// The slot has changed hands since that began; only with [`Answers::CompareAndSwap`].
    pub superseded: bool,
    /// The foreground fetches in flight, by id.
    pub fetches: Vec<Fetch<T>>,
    /// The freshest token the slot ever held; only with [`Site::HighWater`].
    pub mark: Option<T>,
}

impl<T: Stamped + Clone> Cache<T> {
    /// A tab that knows nothing.
    pub const fn empty() -> Cache<T> {
        Cache {
            slot: Slot::Empty,
            last: None,
            refreshing: false,
            superseded: false,
            fetches: Vec::new(),
            mark: None,
        }
    }

    /// A tab that fetched `token` a while ago and is otherwise idle.
    pub fn resolved(token: T, policy: &Policy) -> Cache<T> {
        Cache {
            slot: Slot::Resolved(Entry {
                token: token.clone(),
                own: policy.guards.has(Site::Baseline),
                armed: true,
            }),
            last: Some(token.clone()),
            mark: Some(token).filter(|_| policy.guards.has(Site::HighWater)),
            ..Cache::empty()
        }
    }

    /// A request of the tab is under way.
    pub fn is_asking(&self) -> bool {
        self.refreshing || !self.fetches.is_empty()
    }

    /// Whether this event would make the tab send a request, in any design.
    pub fn would_ask(&self, clock: &impl Clock<T>, event: &Event<T>) -> bool {
        match event {
            Event::RefreshTimer => self.token().is_some() && !self.refreshing,
            Event::SkipCache => true,
            Event::GetToken => match &self.slot {
                Slot::Empty => true,
                Slot::Pending { .. } => false,
                Slot::Resolved(entry) => clock.is_near(&entry.token),
            },
            Event::Answer { .. }
            | Event::Failure { .. }
            | Event::Broadcast(_)
            | Event::OutOfDate
            | Event::CleanupTimer
            | Event::Clear => false,
        }
    }

    /// The cached token, where the slot is resolved.
    pub fn token(&self) -> Option<&T> {
        match &self.slot {
            Slot::Resolved(entry) => Some(&entry.token),
            _ => None,
        }
    }

    /// Every token held here, in any role; parents of requests under way are not.
    pub fn tokens(&self) -> impl Iterator<Item = &T> {
        let slot = match &self.slot {
            Slot::Empty => None,
            Slot::Pending { base, .. } => base.as_ref(),
            Slot::Resolved(entry) => Some(&entry.token),
        };
        let waiting = self.fetches.iter().flat_map(|fetch| &fetch.waiting);
        let known = self.last.iter().chain(&self.mark);
        slot.into_iter().chain(known).chain(waiting)
    }

    /// The same cache with other tokens.
    #[must_use]
    pub fn map<U>(&self, mut rename: impl FnMut(&T) -> U) -> Cache<U> {
        // Every field by name: one that is added has to be renamed as well.
        let Cache {
            slot,
            last,
            refreshing,
            superseded,
            fetches,
            mark,
        } = self;
        let fetch = |Fetch { id, waiting }: &Fetch<T>, rename: &mut dyn FnMut(&T) -> U| Fetch {
            id: *id,
            waiting: waiting.iter().map(rename).collect(),
        };
        Cache {
            slot: match slot {
                Slot::Empty => Slot::Empty,
                Slot::Pending { fetch, base } => Slot::Pending {
                    fetch: *fetch,
                    base: base.as_ref().map(&mut rename),
                },
                Slot::Resolved(Entry { token, own, armed }) => Slot::Resolved(Entry {
                    token: rename(token),
                    own: *own,
                    armed: *armed,
                }),
            },
            last: last.as_ref().map(&mut rename),
            refreshing: *refreshing,
            superseded: *superseded,
            fetches: fetches.iter().map(|of| fetch(of, &mut rename)).collect(),
            mark: mark.as_ref().map(&mut rename),
        }
    }

    /// Runs one event until everything synchronous in this tab is done.
    pub fn handle(
        &mut self,
        policy: &Policy,
        clock: &impl Clock<T>,
        event: Event<T>,
    ) -> Vec<Effect<T>> {
        let mut turn = Turn {
            cache: self,
            policy,
            clock,
            effects: Vec::new(),
        };
        match event {
            Event::RefreshTimer => turn.refresh(),
            Event::SkipCache => turn.skip_cache(),
            Event::GetToken => turn.get_token(),
            Event::Answer { fetch: None, token } => turn.background_answer(token),
            Event::Answer {
                fetch: Some(fetch),
                token,
            } => turn.foreground_answer(fetch, token),
            Event::Failure { fetch: None } => {
                turn.end_refresh();
            }
            Event::Failure { fetch: Some(fetch) } => turn.foreground_failure(fetch),
            Event::Broadcast(token) => turn.broadcast(token),
            Event::OutOfDate => turn.out_of_date(),
            Event::CleanupTimer => turn.evict(),
            Event::Clear => turn.vacate(),
        }
        turn.effects
    }
}

/// Whether a cookie write goes through, and the comparison that decided, if there was one.
///
/// With [`Site::Cookie`] a write is dropped only if both tokens have `oiat`, the cookie's token is
/// not dead, and it is strictly fresher. With [`Measure::LegacyCookie`], or a rule that can rank
/// tokens without `oiat`, they need not have it.
pub fn cookie_accepts<T: Stamped + Clone>(
    policy: &Policy,
    clock: &impl Clock<T>,
    cookie: Option<&T>,
    incoming: &T,
) -> (bool, Option<Comparison<T>>) {
    let Some(cookie) = cookie.filter(|_| policy.guards.has(Site::Cookie)) else {
        return (true, None);
    };
    let is_legacy = cookie.oiat().is_none() || incoming.oiat().is_none();
    let can_rank = policy.rule.ranks_without_oiat() || policy.measures.has(Measure::LegacyCookie);
    if is_legacy && !can_rank || clock.is_dead(cookie) {
        return (true, None);
    }
    let decision = policy.rule.decide(cookie, incoming);
    let comparison = Comparison {
        site: Site::Cookie,
        subject: Subject::Update,
        existing: cookie.clone(),
        incoming: incoming.clone(),
        decision,
    };
    (decision.winner == Winner::Incoming, Some(comparison))
}
