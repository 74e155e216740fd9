//! The participants, each a [`stateright::actor::Actor`].
//!
//! They share messages and choices, so that one [`ActorModel`](stateright::actor::ActorModel) can
//! hold them all. None looks into another: what a participant needs to know, it is told.

use super::event::Event;
use super::message::{CookieFate, CookieUpdate, Evidence, Msg, Request, Source, TabId};
use super::minted::{Age, Minted};
use crate::cache::{self, Cache, Effect, Policy, cookie_accepts};
use crate::scenario::{Budgets, Start, Stimulus};
use stateright::actor::{Actor, Id, Out};
use std::borrow::Cow;

/// Who has which id: tabs first, then the shared participants, then the observer.
#[derive(Clone, Copy, Debug)]
pub struct Roster {
    /// Number of tabs.
    pub tabs: u8,
}

impl Roster {
    /// All tabs.
    pub fn tabs(self) -> impl Iterator<Item = TabId> {
        (0..self.tabs).map(TabId)
    }

    fn shared(self, offset: usize) -> Id {
        Id::from(usize::from(self.tabs) + offset)
    }

    /// A tab.
    pub fn tab(self, tab: TabId) -> Id {
        Id::from(tab.index())
    }

    /// The broadcast channel.
    pub fn channel(self) -> Id {
        self.shared(0)
    }

    /// The mint sources.
    pub fn mints(self) -> Id {
        self.shared(1)
    }

    /// The cookie jar.
    pub fn jar(self) -> Id {
        self.shared(2)
    }

    /// The clock.
    pub fn clock(self) -> Id {
        self.shared(3)
    }

    /// The driver.
    pub fn driver(self) -> Id {
        self.shared(4)
    }

    /// Where evidence goes: no participant, the composition picks it up.
    pub fn observer(self) -> Id {
        self.shared(5)
    }
}

/// What an actor of this model is: the messages and choices are the same for all.
macro_rules! actor_types {
    ($state:ty) => {
        type Msg = Msg;
        type Timer = ();
        type State = $state;
        type Storage = ();
        type Random = Event;
    };
}

/// One browser tab: its cache, and what it knows of time.
#[derive(Clone, Debug)]
pub struct Tab {
    id: TabId,
    roster: Roster,
    policy: Policy,
    start: Start,
}

/// See [`Tab`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TabState {
    /// The token cache.
    pub cache: Cache<Minted>,
    /// As last told by the clock.
    pub age: Age,
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

/// The broadcast channel: first in, first out for each pair of tabs, no order across pairs
/// (the HTML standard, section "Broadcasting to other browsing contexts").
#[derive(Clone, Debug)]
pub struct Channel {
    roster: Roster,
}

/// Posts on their way, oldest first, for each (receiver, poster) that has any, in that order.
pub type ChannelState = Vec<((TabId, TabId), Vec<Minted>)>;

impl Channel {
    fn take(state: &mut ChannelState, to: TabId, from: TabId) -> Option<Minted> {
        let index = state.iter().position(|(pair, _)| *pair == (to, from))?;
        let oldest = state[index].1.remove(0);
        if state[index].1.is_empty() {
            state.remove(index);
        }
        Some(oldest)
    }
}

impl Actor for Channel {
    actor_types!(ChannelState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> ChannelState {
        Vec::new()
    }

    fn on_msg(&self, _: Id, state: &mut Cow<ChannelState>, src: Id, msg: Msg, _: &mut Out<Self>) {
        match msg {
            Msg::Post(token) => {
                for to in self.roster.tabs().filter(|&to| self.roster.tab(to) != src) {
                    let pair = (to, TabId(usize::from(src) as u8));
                    let queues = state.to_mut();
                    match queues.binary_search_by_key(&pair, |(pair, _)| *pair) {
                        Ok(index) => queues[index].1.push(token),
                        Err(index) => queues.insert(index, (pair, vec![token])),
                    }
                }
            }
            Msg::Lose { to, from } => {
                Channel::take(state.to_mut(), to, from);
            }
            _ => {}
        }
    }

    fn on_random(&self, _: Id, state: &mut Cow<ChannelState>, event: &Event, out: &mut Out<Self>) {
        if let Event::Deliver { to, from } = *event
            && let Some(token) = Channel::take(state.to_mut(), to, from)
        {
            out.send(self.roster.tab(to), Msg::Broadcast(token));
        }
    }
}

/// The mint sources: the origin, which reads the database, and the edge, which copies claims.
#[derive(Clone, Debug)]
pub struct Mints {
    roster: Roster,
    start: Start,
}

/// See [`Mints`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MintsState {
    /// The instant, as last told by the clock.
    pub now: u8,
    /// The server's format of claims.
    pub fmt: u8,
    /// The origin does not send `oiat` yet.
    pub legacy: bool,
}

impl MintsState {
    fn mint(&self, request: &Request) -> (Source, Minted) {
        match request.parent {
            Some(parent) if !request.forced => {
                let iat = self.now;
                (Source::Edge, Minted { iat, ..parent })
            }
            _ => {
                let token = Minted {
                    oiat: (!self.legacy).then_some(self.now),
                    iat: self.now,
                    fmt: self.fmt,
                    claims: self.now,
                };
                (Source::Origin, token)
            }
        }
    }
}

impl Actor for Mints {
    actor_types!(MintsState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> MintsState {
        MintsState {
            now: 1,
            fmt: 0,
            legacy: self.start == Start::Legacy,
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<MintsState>, src: Id, msg: Msg, out: &mut Out<Self>) {
        match msg {
            Msg::Request(request) => {
                let (source, token) = state.mint(&request);
                let tab = TabId(usize::from(src) as u8);
                let minted = Evidence::Minted(tab, source, token);
                out.send(self.roster.observer(), Msg::Saw(minted));
                out.send(self.roster.clock(), Msg::Used);
                let fetch = request.fetch;
                out.send(src, Msg::Response { fetch, token });
            }
            Msg::Now(now) => state.to_mut().now = now,
            Msg::Rollout => state.to_mut().fmt += 1,
            Msg::OiatOn => state.to_mut().legacy = false,
            _ => {}
        }
    }
}

/// The session cookie: one jar for all tabs, read and written at once.
#[derive(Clone, Debug)]
pub struct Jar {
    roster: Roster,
    policy: Policy,
    start: Start,
}

/// See [`Jar`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JarState {
    /// The session cookie's token.
    pub cookie: Option<Minted>,
    /// As last told by the clock.
    pub age: Age,
}

impl Actor for Jar {
    actor_types!(JarState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> JarState {
        JarState {
            cookie: self.start.token(),
            age: Age::default(),
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<JarState>, src: Id, msg: Msg, out: &mut Out<Self>) {
        let (token, withheld) = match msg {
            Msg::WriteCookie(token) => (token, false),
            Msg::WithholdCookie(token) => (token, true),
            Msg::LoseCookie => return state.to_mut().cookie = None,
            Msg::Aged(age) => return state.to_mut().age = age,
            _ => return,
        };
        let before = state.cookie.map(|c| (c, cache::Clock::is_dead(&state.age, &c)));
        let fate = if withheld {
            CookieFate::Withheld
        } else {
            match cookie_accepts(&self.policy, &state.age, state.cookie.as_ref(), &token) {
                (false, Some(comparison)) => CookieFate::Dropped(comparison),
                _ => CookieFate::Written,
            }
        };
        if fate == CookieFate::Written {
            state.to_mut().cookie = Some(token);
        }
        let update = CookieUpdate {
            tab: TabId(usize::from(src) as u8),
            before,
            token,
            fate,
        };
        out.send(self.roster.observer(), Msg::Saw(Evidence::Cookie(update)));
    }
}

/// Time: the instant at which tokens are minted, and how far their expiry has got.
#[derive(Clone, Debug)]
pub struct Clock {
    roster: Roster,
}

/// See [`Clock`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClockState {
    /// The instant, from 1.
    pub now: u8,
    /// A token was minted at this instant.
    pub used: bool,
    /// How far expiry has got.
    pub age: Age,
    /// Instants left by a tick while age was odd. Tokens of such an instant never age further: else
    /// there would be no real seconds in which the trace could happen.
    pub unaged: Vec<u8>,
}

impl ClockState {
    fn next_instant(&mut self) -> u8 {
        self.used = false;
        self.now += 1;
        self.now
    }
}

impl Actor for Clock {
    actor_types!(ClockState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> ClockState {
        ClockState {
            now: 1,
            used: true,
            age: Age::default(),
            unaged: Vec::new(),
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<ClockState>, _: Id, msg: Msg, out: &mut Out<Self>) {
        match msg {
            Msg::Used if !state.used => state.to_mut().used = true,
            Msg::Grow(age) => {
                let state = state.to_mut();
                state.age = age;
                let now = state.next_instant();
                out.send(self.roster.mints(), Msg::Now(now));
                out.send(self.roster.jar(), Msg::Aged(age));
                for tab in self.roster.tabs() {
                    out.send(self.roster.tab(tab), Msg::Aged(age));
                }
            }
            _ => {}
        }
    }

    fn on_random(&self, _: Id, state: &mut Cow<ClockState>, event: &Event, out: &mut Out<Self>) {
        if *event == Event::Tick {
            let state = state.to_mut();
            if state.age.0 % 2 == 1 {
                state.unaged.push(state.now);
            }
            let now = state.next_instant();
            out.send(self.roster.mints(), Msg::Now(now));
        }
    }
}

/// The driver: issues the stimuli and faults that a scenario allows, each from its budget.
#[derive(Clone, Debug)]
pub struct Driver {
    roster: Roster,
    budgets: Budgets,
}

impl Actor for Driver {
    // What is left of each budget.
    actor_types!(Budgets);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> Budgets {
        self.budgets
    }

    fn on_random(&self, _: Id, state: &mut Cow<Budgets>, event: &Event, out: &mut Out<Self>) {
        if let Some(stimulus) = event.stimulus() {
            state.to_mut().spend(stimulus);
        }
        let roster = self.roster;
        match *event {
            Event::InTab(stimulus, tab) => out.send(roster.tab(tab), Msg::Stimulus(stimulus)),
            Event::Fail(tab, fetch) => out.send(roster.tab(tab), Msg::Failure(fetch)),
            Event::Lose { to, from } => out.send(roster.channel(), Msg::Lose { to, from }),
            Event::Age(age) => out.send(roster.clock(), Msg::Grow(age)),
            Event::LoseCookie => out.send(roster.jar(), Msg::LoseCookie),
            Event::Rollout => out.send(roster.mints(), Msg::Rollout),
            Event::OiatOn => out.send(roster.mints(), Msg::OiatOn),
            Event::Tick | Event::Mint(..) | Event::Respond(..) | Event::Deliver { .. } => {}
        }
    }
}

/// Any participant, so that one model can hold them all.
#[derive(Clone, Debug)]
pub enum Participant {
    /// A tab.
    Tab(Tab),
    /// The broadcast channel.
    Channel(Channel),
    /// The mint sources.
    Mints(Mints),
    /// The cookie jar.
    Jar(Jar),
    /// The clock.
    Clock(Clock),
    /// The driver.
    Driver(Driver),
}

/// The state of a participant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Local {
    /// A tab's.
    Tab(TabState),
    /// The broadcast channel's.
    Channel(ChannelState),
    /// The mint sources'.
    Mints(MintsState),
    /// The cookie jar's.
    Jar(JarState),
    /// The clock's.
    Clock(ClockState),
    /// The driver's.
    Driver(Budgets),
}

impl Participant {
    /// Everyone, in the order of the [`Roster`].
    pub fn all(roster: Roster, policy: Policy, start: Start, budgets: Budgets) -> Vec<Participant> {
        let tab = |id| {
            Participant::Tab(Tab {
                id,
                roster,
                policy,
                start,
            })
        };
        let shared = [
            Participant::Channel(Channel { roster }),
            Participant::Mints(Mints { roster, start }),
            Participant::Jar(Jar {
                roster,
                policy,
                start,
            }),
            Participant::Clock(Clock { roster }),
            Participant::Driver(Driver { roster, budgets }),
        ];
        roster.tabs().map(tab).chain(shared).collect()
    }
}

/// Runs a handler of one kind of participant and puts its results into the common types.
fn within<A, F>(state: &A::State, wrap: fn(A::State) -> Local, handler: F) -> (Option<Local>, Out<A>)
where
    A: Actor,
    F: FnOnce(&mut Cow<A::State>, &mut Out<A>),
{
    let mut next = Cow::Borrowed(state);
    let mut out = Out::new();
    handler(&mut next, &mut out);
    let next = match next {
        Cow::Owned(next) => Some(wrap(next)),
        Cow::Borrowed(_) => None,
    };
    (next, out)
}

/// Hands a call on to the participant that the state belongs to.
macro_rules! hand_on {
    ($self:ident, $state:ident, $out:ident, |$actor:ident, $next:ident, $o:ident| $call:expr) => {
        hand_on!(@kinds $self, $state, $out, |$actor, $next, $o| $call;
            Tab, Channel, Mints, Jar, Clock, Driver)
    };
    (@kinds $self:ident, $state:ident, $out:ident, |$actor:ident, $next:ident, $o:ident| $call:expr;
        $($kind:ident),*) => {
        match ($self, &**$state) {
            $((Participant::$kind($actor), Local::$kind(local)) => {
                let (next, mut sent) = within::<$kind, _>(local, Local::$kind, |$next, $o| $call);
                $out.append(&mut sent);
                if let Some(next) = next {
                    *$state = Cow::Owned(next);
                }
            })*
            // States are made by `on_start` of the same participant, so they always match.
            _ => debug_assert!(false, "a participant was given another kind's state"),
        }
    };
}

impl Actor for Participant {
    actor_types!(Local);

    fn on_start(&self, id: Id, storage: &Option<()>, _: &mut Out<Self>) -> Local {
        // Nobody sends anything at the start.
        match self {
            Participant::Tab(a) => Local::Tab(a.on_start(id, storage, &mut Out::new())),
            Participant::Channel(a) => Local::Channel(a.on_start(id, storage, &mut Out::new())),
            Participant::Mints(a) => Local::Mints(a.on_start(id, storage, &mut Out::new())),
            Participant::Jar(a) => Local::Jar(a.on_start(id, storage, &mut Out::new())),
            Participant::Clock(a) => Local::Clock(a.on_start(id, storage, &mut Out::new())),
            Participant::Driver(a) => Local::Driver(a.on_start(id, storage, &mut Out::new())),
        }
    }

    fn on_msg(&self, id: Id, state: &mut Cow<Local>, src: Id, msg: Msg, out: &mut Out<Self>) {
        hand_on!(self, state, out, |actor, next, o| actor.on_msg(id, next, src, msg, o));
    }

    fn on_random(&self, id: Id, state: &mut Cow<Local>, event: &Event, out: &mut Out<Self>) {
        hand_on!(self, state, out, |actor, next, o| actor.on_random(id, next, event, o));
    }

    fn name(&self) -> String {
        match self {
            Participant::Tab(tab) => tab.id.to_string(),
            Participant::Channel(_) => "channel".to_owned(),
            Participant::Mints(_) => "mints".to_owned(),
            Participant::Jar(_) => "cookie".to_owned(),
            Participant::Clock(_) => "clock".to_owned(),
            Participant::Driver(_) => "driver".to_owned(),
        }
    }
}
