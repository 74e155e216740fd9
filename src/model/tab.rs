//! A browser tab.

use super::evidence::Evidence;
use super::message::{ChannelMsg, JarMsg, MintsMsg, Post, Request, TabMsg};
use super::roster::{Outbox, Roster};
use crate::cache::{self, Cache, Clock, Effect, Policy};
use crate::vocabulary::{Age, ModelToken, Start, TabAction, TabId};
use std::borrow::Cow;
use std::fmt;

/// One browser tab: its cache, and what it knows of time.
#[derive(Clone, Debug)]
pub struct Tab {
    pub(super) id: TabId,
    pub(super) roster: Roster,
    pub(super) policy: Policy,
    pub(super) start: Start,
}

/// See [`Tab`]. The proof has a clock of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TabState<C = Age> {
    /// The token cache.
    pub cache: Cache<ModelToken>,
    /// As last told by the clock.
    pub age: C,
    /// The tab has crashed or is frozen: it does nothing any more, and nobody reads its cache.
    pub stopped: bool,
}

impl<C: Clock<ModelToken>> TabState<C> {
    /// What a reader of the cache would get: a token that is near its expiry counts as absent.
    pub fn readable(&self) -> Option<&ModelToken> {
        let token = self.cache.token().filter(|_| !self.stopped)?;
        (!self.age.is_near(token)).then_some(token)
    }
}

impl fmt::Display for TabState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cache = &self.cache;
        write!(f, "cache {}", cache.slot)?;
        match cache.last {
            Some(seed) => write!(f, "; seed {seed}")?,
            None => write!(f, "; no seed")?,
        }
        if let Some(mark) = cache.mark {
            write!(f, "; mark {mark}")?;
        }
        if cache.refreshing {
            write!(f, "; background refresh under way")?;
        }
        if cache.superseded {
            write!(f, ", superseded")?;
        }
        for fetch in &cache.fetches {
            write!(f, "; fetch {}", fetch.id)?;
            for token in &fetch.waiting {
                write!(f, ", {token} waits for it")?;
            }
        }
        if self.stopped {
            write!(f, "; stopped")?;
        }
        Ok(())
    }
}

/// What an action is to the tab it happens in.
pub(crate) enum Meaning {
    /// An event of its cache.
    Cache(cache::Event<ModelToken>),
    /// Its end.
    Stop,
}

impl From<TabAction> for Meaning {
    fn from(action: TabAction) -> Meaning {
        match action {
            TabAction::Refresh => Meaning::Cache(cache::Event::RefreshTimer),
            TabAction::SkipCache => Meaning::Cache(cache::Event::SkipCache),
            TabAction::GetToken => Meaning::Cache(cache::Event::GetToken),
            TabAction::Evict => Meaning::Cache(cache::Event::CleanupTimer),
            TabAction::ClearCache => Meaning::Cache(cache::Event::Clear),
            TabAction::Orphan => Meaning::Stop,
        }
    }
}

impl Tab {
    pub(super) fn start(&self) -> TabState {
        let cache = match self.start.token() {
            Some(token) => Cache::resolved(token, &self.policy),
            None => Cache::empty(),
        };
        let age = Age::default();
        TabState {
            cache,
            age,
            stopped: false,
        }
    }

    pub(super) fn on_msg(&self, state: &mut Cow<TabState>, msg: TabMsg, out: &mut Outbox<'_>) {
        if state.stopped {
            return;
        }
        let event = match msg {
            TabMsg::Aged(age) => {
                state.to_mut().age = age;
                return;
            }
            TabMsg::Act(action) => match Meaning::from(action) {
                Meaning::Cache(event) => event,
                Meaning::Stop => {
                    state.to_mut().stopped = true;
                    return;
                }
            },
            TabMsg::Response { fetch, token } => cache::Event::Answer { fetch, token },
            TabMsg::Failure(fetch) => cache::Event::Failure { fetch },
            TabMsg::Broadcast(Post::Token(token)) => cache::Event::Broadcast(token),
            TabMsg::Broadcast(Post::OutOfDate) => cache::Event::OutOfDate,
        };
        let age = state.age;
        for effect in state.to_mut().cache.handle(&self.policy, &age, event) {
            self.carry_out(effect, out);
        }
    }

    fn carry_out(&self, effect: Effect<ModelToken>, out: &mut Outbox<'_>) {
        if let Some(evidence) = Evidence::of(self.id, &effect) {
            out.saw(evidence);
        }
        match effect {
            Effect::Request {
                fetch,
                parent,
                forced,
            } => out.mints(MintsMsg::Request(Request {
                fetch,
                parent,
                forced,
            })),
            Effect::Post(token) => out.channel(ChannelMsg::Post(Post::Token(token))),
            Effect::Invalidate => out.channel(ChannelMsg::Post(Post::OutOfDate)),
            Effect::WriteCookie(token) => out.jar(JarMsg::Write(token)),
            Effect::WithholdCookie(token) => out.jar(JarMsg::Withhold(token)),
            Effect::Saw(_) => {}
        }
    }
}
