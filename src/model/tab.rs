//! A browser tab.

use super::channel::ChannelMsg;
use super::evidence::Evidence;
use super::jar::JarMsg;
use super::message::{Post, Request, Response, Travelling};
use super::mints::MintsMsg;
use super::roster::{Outbox, Roster};
use crate::cache::{self, Cache, Call, Clock, Effect, Focus, Phase, Policy, Spoiled, TokenRequest};
use crate::freshness::Org;
use crate::vocabulary::{Age, Life, ModelToken, Start, TabAction, TabId};
use std::borrow::Cow;
use std::fmt;

/// What a tab is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TabMsg {
    /// By the driver: this happens in the tab.
    Act(TabAction),
    /// By the mint sources.
    Response(Response),
    /// By the driver: as [`TabMsg::Act`], of the entry of the organisation.
    ActOfOrg(TabAction),
    /// By the driver: the page calls for a token while somebody has the lock.
    Wait(Call),
    /// By the composition: the lock is free for a call that waits.
    Resume(Call),
    /// By the driver: a request for a token ended without one.
    Spoiled(Spoiled, TokenRequest),
    /// By the channel: a post of another tab arrives.
    Broadcast(Post),
    /// By the channel: another tab has signed out.
    SignedOut,
    /// By the clock: tokens have aged.
    Aged(Age),
}

impl TabMsg {
    /// What goes through the network, with a delay, instead of arriving at once.
    pub(super) const fn travelling(&self) -> Option<Travelling<'_>> {
        match self {
            TabMsg::Response(response) => Some(Travelling::Response(response)),
            TabMsg::Act(_)
            | TabMsg::ActOfOrg(_)
            | TabMsg::Wait(_)
            | TabMsg::Resume(_)
            | TabMsg::Spoiled(..)
            | TabMsg::Broadcast(_)
            | TabMsg::SignedOut
            | TabMsg::Aged(_) => None,
        }
    }
}

/// One browser tab: its cache, and what it knows of time.
#[derive(Clone, Debug)]
pub struct Tab {
    pub(super) id: TabId,
    pub(super) roster: Roster,
    pub(super) policy: Policy,
    pub(super) start: Start,
    pub(super) life: Life,
    /// It matters which calls joined a fetch.
    pub(super) tells_joiners: bool,
}

/// See [`Tab`]. The proof has a clock of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct TabState<C = Age> {
    pub cache: Cache<ModelToken>,
    /// As last told by the clock.
    pub age: C,
    /// The tab has crashed or is frozen: it does nothing any more, and nobody reads its cache.
    pub stopped: bool,
}

impl<C: Clock<ModelToken>> TabState<C> {
    /// What a reader of the cache would get for a key: a token that is near its expiry counts as
    /// absent.
    pub fn readable(&self, key: Org) -> Option<&ModelToken> {
        let token = self.cache.at(key).token().filter(|_| !self.stopped)?;
        (!self.age.is_near(token)).then_some(token)
    }
}

impl fmt::Display for TabState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cache = &self.cache;
        if cache.phase != Phase::Live {
            write!(f, "{}; ", cache.phase.name())?;
        }
        if cache.focus != Focus::Has && cache.phase.is_there() {
            write!(f, "no focus; ")?;
        }
        if cache.two_keys && cache.phase.is_there() {
            let org = cache.current().map_or(Org::PERSONAL, |session| session.org);
            let (context, session) = (cache.context.number(), org.number());
            let slot = &cache.at(Org::FIRST).slot;
            write!(
                f,
                "context org {context}, session in org {session}; org 1 {slot}; "
            )?;
        }
        let personal = cache.at(Org::PERSONAL);
        write!(f, "cache {}", personal.slot)?;
        match cache.last() {
            Some(seed) => write!(f, "; seed {seed}")?,
            None => write!(f, "; no seed")?,
        }
        if let Some(mark) = personal.mark {
            write!(f, "; mark {mark}")?;
        }
        if let Some(background) = personal.background {
            write!(f, "; background refresh under way")?;
            if background.superseded {
                write!(f, ", superseded")?;
            }
        }
        for fetch in &cache.fetches {
            write!(f, "; fetch {}", fetch.id)?;
            if fetch.invalidated {
                write!(f, ", superseded")?;
            }
            for token in &fetch.waiting {
                write!(f, ", {token} waits for it")?;
            }
        }
        for call in cache.waiting.iter() {
            write!(f, "; {} waits for the lock", call.name())?;
        }
        if self.stopped {
            write!(f, "; stopped")?;
        }
        Ok(())
    }
}

/// What an action is to the tab it happens in.
pub(crate) enum Meaning {
    Cache(cache::Event<ModelToken>),
    /// Its end.
    Stop,
}

impl Meaning {
    /// Of an action, and of the entry under a key where it is about one.
    pub(crate) fn of(action: TabAction, key: Org) -> Meaning {
        Meaning::Cache(match action {
            TabAction::Refresh => cache::Event::RefreshTimer { key },
            TabAction::SkipCache => cache::Event::SkipCache,
            TabAction::GetToken => cache::Event::GetToken,
            TabAction::Evict => cache::Event::CleanupTimer { key },
            TabAction::ClearCache => cache::Event::Clear,
            TabAction::Open => cache::Event::Open,
            TabAction::Close => cache::Event::Close,
            TabAction::Touch => cache::Event::Touch,
            TabAction::Switch => cache::Event::Switch,
            TabAction::SignOut => cache::Event::SignOut,
            TabAction::Poll => cache::Event::Poll,
            TabAction::Focus => cache::Event::Focus,
            TabAction::Blur => cache::Event::Blur,
            TabAction::Orphan => return Meaning::Stop,
        })
    }
}

impl Tab {
    pub(super) fn start(&self) -> TabState {
        let mut cache = match self.start.token() {
            Some(token) => Cache::resolved(token, &self.policy),
            None => Cache::empty(),
        };
        if self.life.two_keys {
            cache = cache.with_two_keys();
        }
        if self.tells_joiners {
            cache = cache.with_joiners();
        }
        if self.life.unfocused.has(self.id) {
            cache = cache.without_focus(&self.policy);
        }
        if self.life.absent.has(self.id) {
            cache = cache.absent();
        }
        TabState {
            cache,
            age: Age::default(),
            stopped: false,
        }
    }

    pub(super) fn on_msg(&self, state: &mut Cow<TabState>, msg: TabMsg, out: &mut Outbox<'_>) {
        if state.stopped {
            return;
        }
        let meaning = match msg {
            TabMsg::Aged(age) => {
                state.to_mut().age = age;
                return;
            }
            TabMsg::Act(action) => {
                match action {
                    TabAction::Open => out.channel(ChannelMsg::Opened),
                    TabAction::Close => out.channel(ChannelMsg::Closed),
                    TabAction::Refresh
                    | TabAction::SkipCache
                    | TabAction::GetToken
                    | TabAction::Evict
                    | TabAction::ClearCache
                    | TabAction::Orphan
                    | TabAction::Touch
                    | TabAction::Switch
                    | TabAction::SignOut
                    | TabAction::Poll
                    | TabAction::Focus
                    | TabAction::Blur => {}
                }
                Meaning::of(action, Org::PERSONAL)
            }
            TabMsg::ActOfOrg(action) => Meaning::of(action, Org::FIRST),
            TabMsg::Wait(call) => Meaning::Cache(cache::Event::Wait(call)),
            TabMsg::Resume(call) => Meaning::Cache(cache::Event::Resume(call)),
            TabMsg::Response(response) => Meaning::Cache(self.answer(response)),
            TabMsg::Spoiled(how, request) => Meaning::Cache(cache::Event::Spoiled { how, request }),
            TabMsg::Broadcast(Post::Token(key, token)) => {
                Meaning::Cache(cache::Event::Broadcast { key, token })
            }
            TabMsg::Broadcast(Post::OutOfDate(key)) => {
                Meaning::Cache(cache::Event::OutOfDate { key })
            }
            TabMsg::SignedOut => Meaning::Cache(cache::Event::SignedOutElsewhere),
        };
        match meaning {
            Meaning::Stop => state.to_mut().stopped = true,
            Meaning::Cache(event) => {
                let age = state.age;
                for effect in state.to_mut().cache.handle(&self.policy, &age, event) {
                    self.carry_out(effect, out);
                }
            }
        }
    }

    fn answer(&self, response: Response) -> cache::Event<ModelToken> {
        match response {
            Response::Token(request, token) => cache::Event::Answer { request, token },
            Response::Touch(number, token) => cache::Event::Touched {
                number,
                token,
                payload: self.life.piggyback,
            },
            Response::Switch(number, token) => cache::Event::Switched { number, token },
            Response::Load(token) => cache::Event::Loaded(token),
            Response::End => cache::Event::Ended,
            Response::Reload => cache::Event::Reloaded,
            Response::Recheck(request, token) => cache::Event::Rechecked { request, token },
        }
    }

    fn carry_out(&self, effect: Effect<ModelToken>, out: &mut Outbox<'_>) {
        if let Some(evidence) = Evidence::of(self.id, &effect) {
            out.saw(evidence);
        }
        match effect {
            Effect::Request {
                kind,
                org,
                parent,
                forced,
            } => out.mints(MintsMsg::Request(Request {
                kind,
                org,
                parent,
                forced,
            })),
            Effect::Post { key, token } => out.channel(ChannelMsg::Post(Post::Token(key, token))),
            Effect::Invalidate { key } => out.channel(ChannelMsg::Post(Post::OutOfDate(key))),
            Effect::WriteCookie { token, writer } => out.jar(JarMsg::Write(token, writer)),
            Effect::WithholdCookie { token, writer } => out.jar(JarMsg::Withhold(token, writer)),
            Effect::RemoveCookies => out.jar(JarMsg::Remove),
            Effect::RemoveCookiesOf(writer) => out.jar(JarMsg::RemoveOf(writer)),
            Effect::AnnounceSignOut => out.channel(ChannelMsg::SignOut),
            // What the page does with it is the next call's business.
            Effect::Return { .. }
            | Effect::Reject { .. }
            | Effect::ReturnNull { .. }
            | Effect::Saw(_) => {}
        }
    }
}
