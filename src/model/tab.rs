//! A browser tab.

use super::message::{Evidence, Msg, Post, TabId};
use super::minted::{Age, Minted};
use super::participant::actor_types;
use super::roster::Roster;
use crate::cache::{self, Cache, Clock, Effect, Policy};
use crate::scenario::{Start, Stimulus};
use stateright::actor::{Actor, Id, Out};
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
    pub cache: Cache<Minted>,
    /// As last told by the clock.
    pub age: C,
    /// The tab has crashed or is frozen: it does nothing any more, and nobody reads its cache.
    pub stopped: bool,
}

impl<C: Clock<Minted>> TabState<C> {
    /// What a reader of the cache would get: a token that is near its expiry counts as absent.
    pub fn readable(&self) -> Option<&Minted> {
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

impl Tab {
    fn carry_out(&self, effect: Effect<Minted>, out: &mut Out<Self>) {
        let Some(evidence) = Evidence::of(self.id, &effect) else {
            return match effect {
                Effect::WriteCookie(token) => out.send(self.roster.jar(), Msg::WriteCookie(token)),
                Effect::WithholdCookie(token) => {
                    out.send(self.roster.jar(), Msg::WithholdCookie(token));
                }
                _ => {}
            };
        };
        let message = match &evidence {
            Evidence::Requested(_, request) => Some((self.roster.mints(), Msg::Request(*request))),
            Evidence::Posted(_, post) => Some((self.roster.channel(), Msg::Post(*post))),
            _ => None,
        };
        out.send(self.roster.observer(), Msg::Saw(evidence));
        if let Some((to, message)) = message {
            out.send(to, message);
        }
    }

    /// What a message means to the cache.
    pub(super) fn event(msg: Msg) -> Option<cache::Event<Minted>> {
        Some(match msg {
            Msg::Response { fetch, token } => cache::Event::Answer { fetch, token },
            Msg::Failure(fetch) => cache::Event::Failure { fetch },
            Msg::Broadcast(Post::Token(token)) => cache::Event::Broadcast(token),
            Msg::Broadcast(Post::OutOfDate) => cache::Event::OutOfDate,
            Msg::Stimulus(Stimulus::Refresh) => cache::Event::RefreshTimer,
            Msg::Stimulus(Stimulus::SkipCache) => cache::Event::SkipCache,
            Msg::Stimulus(Stimulus::GetToken) => cache::Event::GetToken,
            Msg::Stimulus(Stimulus::Evict) => cache::Event::CleanupTimer,
            Msg::Stimulus(Stimulus::ClearCache) => cache::Event::Clear,
            _ => return None,
        })
    }
}

impl Actor for Tab {
    actor_types!(TabState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> TabState {
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

    fn on_msg(&self, _: Id, state: &mut Cow<TabState>, _: Id, msg: Msg, out: &mut Out<Self>) {
        if state.stopped {
            return;
        }
        if let Msg::Aged(age) = msg {
            state.to_mut().age = age;
        } else if msg == Msg::Stimulus(Stimulus::Orphan) {
            state.to_mut().stopped = true;
        } else if let Some(event) = Tab::event(msg) {
            let age = state.age;
            for effect in state.to_mut().cache.handle(&self.policy, &age, event) {
                self.carry_out(effect, out);
            }
        }
    }
}
