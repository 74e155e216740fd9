//! A browser tab.

use super::message::{Evidence, Msg, Request, TabId};
use super::minted::{Age, Minted};
use super::participant::actor_types;
use super::roster::Roster;
use crate::cache::{self, Cache, Effect, Policy};
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

/// See [`Tab`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TabState {
    /// The token cache.
    pub cache: Cache<Minted>,
    /// As last told by the clock.
    pub age: Age,
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
        for fetch in &cache.fetches {
            write!(f, "; fetch {}", fetch.id)?;
            for token in &fetch.waiting {
                write!(f, ", {token} waits for it")?;
            }
        }
        Ok(())
    }
}

impl Tab {
    fn carry_out(&self, effect: Effect<Minted>, out: &mut Out<Self>) {
        let observer = self.roster.observer();
        match effect {
            Effect::Request {
                fetch,
                parent,
                forced,
            } => {
                let request = Request {
                    fetch,
                    parent,
                    forced,
                };
                out.send(observer, Msg::Saw(Evidence::Requested(self.id, request)));
                out.send(self.roster.mints(), Msg::Request(request));
            }
            Effect::Post(token) => {
                out.send(observer, Msg::Saw(Evidence::Posted(self.id, token)));
                out.send(self.roster.channel(), Msg::Post(token));
            }
            Effect::WriteCookie(token) => out.send(self.roster.jar(), Msg::WriteCookie(token)),
            Effect::WithholdCookie(token) => {
                out.send(self.roster.jar(), Msg::WithholdCookie(token));
            }
            Effect::Saw(saw) => out.send(observer, Msg::Saw(Evidence::Cache(self.id, saw))),
        }
    }

    /// What a message means to the cache.
    fn event(msg: Msg) -> Option<cache::Event<Minted>> {
        Some(match msg {
            Msg::Response { fetch, token } => cache::Event::Answer { fetch, token },
            Msg::Failure(fetch) => cache::Event::Failure { fetch },
            Msg::Broadcast(token) => cache::Event::Broadcast(token),
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
        TabState { cache, age }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<TabState>, _: Id, msg: Msg, out: &mut Out<Self>) {
        if let Msg::Aged(age) = msg {
            state.to_mut().age = age;
        } else if let Some(event) = Tab::event(msg) {
            let age = state.age;
            for effect in state.to_mut().cache.handle(&self.policy, &age, event) {
                self.carry_out(effect, out);
            }
        }
    }
}
