//! The participants under one type.
//!
//! Each is a [`stateright::actor::Actor`] of its own. They share messages and choices, so that one
//! [`ActorModel`](stateright::actor::ActorModel) can hold them all. None looks into another: what a
//! participant needs to know, it is told.

use super::channel::{Channel, ChannelState};
use super::clock::{Clock, ClockState};
use super::driver::Driver;
use super::event::Event;
use super::jar::{Jar, JarState};
use super::message::{Msg, Post};
use super::minted::Instants;
use super::mints::{Mints, MintsState};
use super::roster::Roster;
use super::tab::{Tab, TabState};
use crate::cache::Policy;
use crate::freshness::Rule;
use crate::scenario::{Budgets, Start};
use stateright::actor::{Actor, Command, Id, Out};
use std::borrow::Cow;

/// What an actor of this model is: the messages and choices are the same for all.
macro_rules! actor_types {
    ($state:ty) => {
        type Msg = Msg;
        type Timer = ();
        type State = $state;
        type Storage = ();
        type Random = $crate::model::Event;
    };
}
pub(super) use actor_types;

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
            Participant::Mints(Mints {
                roster,
                start,
                counts: policy.rule == Rule::Epoch,
            }),
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

/// What a participant reacts to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    /// It does this by itself.
    Choice(Event),
    /// A message from somebody.
    Message(Id, Msg),
}

impl Participant {
    /// What an input does: the next state, unless it is left alone, and what is sent to whom.
    pub(crate) fn react(
        &self,
        id: Id,
        state: &Local,
        input: Input,
    ) -> (Option<Local>, Vec<(Id, Msg)>) {
        let mut next = Cow::Borrowed(state);
        let mut out = Out::new();
        match input {
            Input::Choice(event) => self.on_random(id, &mut next, &event, &mut out),
            Input::Message(src, msg) => self.on_msg(id, &mut next, src, msg, &mut out),
        }
        let sent = out.into_iter().filter_map(|command| match command {
            Command::Send(dst, msg) => Some((dst, msg)),
            // Timers and choices are not set by anybody: the driver and the clock stand for them.
            _ => None,
        });
        let sent = sent.collect();
        let next = match next {
            Cow::Owned(next) => Some(next),
            Cow::Borrowed(_) => None,
        };
        (next, sent)
    }
}

impl Local {
    /// When the tokens held here were minted.
    pub(crate) fn held(&self) -> Instants {
        match self {
            Local::Tab(tab) => tab.cache.tokens().collect(),
            Local::Channel(queues) => {
                let posts = queues.iter().flat_map(|(_, posts)| posts);
                posts.filter_map(Post::token).collect()
            }
            Local::Jar(jar) => jar.cookie.iter().collect(),
            Local::Mints(_) | Local::Clock(_) | Local::Driver(_) => Instants::NONE,
        }
    }
}

/// Runs a handler of one kind of participant and puts its results into the common types.
fn within<A, F>(
    state: &A::State,
    wrap: fn(A::State) -> Local,
    handler: F,
) -> (Option<Local>, Out<A>)
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
        hand_on!(self, state, out, |actor, next, o| actor
            .on_msg(id, next, src, msg, o));
    }

    fn on_random(&self, id: Id, state: &mut Cow<Local>, event: &Event, out: &mut Out<Self>) {
        hand_on!(self, state, out, |actor, next, o| actor
            .on_random(id, next, event, o));
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
