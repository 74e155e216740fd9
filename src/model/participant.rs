//! The participants under one type.
//!
//! [`Participant`] is a [`stateright::actor::Actor`] that is one of them, so that one
//! [`ActorModel`](stateright::actor::ActorModel) can hold them all. Each has messages of its own,
//! and none looks into another: what a participant needs to know, it is told.

use super::channel::{Channel, ChannelState};
use super::clock::{Clock, ClockState};
use super::driver::Driver;
use super::jar::{Jar, JarState};
use super::message::{Msg, Post};
use super::mints::{Mints, MintsState};
use super::roster::{Outbox, Roster};
use super::system::System;
use super::tab::{Tab, TabState};
use crate::cache::Policy;
use crate::freshness::Rule;
use crate::named::named;
use crate::vocabulary::{Budgets, Instants, Setup};
use stateright::actor::{Actor, Command, Id, Out};
use std::borrow::Cow;

/// The table of the shared participants: type, name, type of the state, and what [`System`] calls
/// it. Ids, columns and roles follow from the order.
macro_rules! shared_participants {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $state:ty, $get:ident;)*) => {
        named! {
            /// The participants that are no tabs.
            pub enum Shared {
                $($(#[$doc])* $kind = $name,)*
            }
        }

        /// Any participant, so that one model can hold them all.
        #[derive(Clone, Debug)]
        pub enum Participant {
            Tab(Tab),
            $($(#[$doc])* $kind($kind),)*
        }

        /// The state of a participant.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
        pub enum Local {
            /// A tab's.
            Tab(TabState),
            $($(#[$doc])* $kind($state),)*
        }

        impl Actor for Participant {
            type Msg = Msg;
            type Timer = ();
            type State = Local;
            type Storage = ();
            type Random = ();

            fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> Local {
                // Nobody sends anything at the start.
                match self {
                    Participant::Tab(tab) => Local::Tab(tab.start()),
                    $(Participant::$kind(actor) => Local::$kind(actor.start()),)*
                }
            }

            fn on_msg(&self, _: Id, state: &mut Cow<Local>, src: Id, msg: Msg, out: &mut Out<Self>) {
                let mut next = None;
                match (self, &**state, msg) {
                    (Participant::Tab(actor), Local::Tab(local), Msg::Tab(msg)) => {
                        let mut local = Cow::Borrowed(local);
                        actor.on_msg(&mut local, msg, &mut Outbox { roster: actor.roster, out });
                        if let Cow::Owned(local) = local {
                            next = Some(Local::Tab(local));
                        }
                    }
                    $((Participant::$kind(actor), Local::$kind(local), Msg::$kind(msg)) => {
                        let mut local = Cow::Borrowed(local);
                        actor.on_msg(&mut local, src, msg, &mut Outbox { roster: actor.roster, out });
                        if let Cow::Owned(local) = local {
                            next = Some(Local::$kind(local));
                        }
                    })*
                    // Who a message is for is part of its type: see `Outbox`.
                    (participant, _, msg) => panic!("bug: {} was sent {msg:?}", participant.name()),
                }
                if let Some(next) = next {
                    *state = Cow::Owned(next);
                }
            }

            fn name(&self) -> String {
                match self {
                    Participant::Tab(tab) => tab.id.to_string(),
                    $(Participant::$kind(_) => Shared::$kind.name().to_owned(),)*
                }
            }
        }

        impl System {
            $($(#[$doc])*
            pub fn $get(&self) -> &$state {
                match self.shared(Shared::$kind) {
                    Local::$kind(state) => state,
                    // States are made by the participants in the order of the table.
                    other => unreachable!("{} has {other:?}", Shared::$kind.name()),
                }
            })*
        }
    };
}

shared_participants! {
    /// The broadcast channel: the posts on their way.
    Channel = "channel", ChannelState, channel;
    /// The mint sources.
    Mints = "mints", MintsState, mints;
    Jar = "cookie", JarState, jar;
    Clock = "clock", ClockState, clock;
    /// The driver: what is left of each budget.
    Driver = "driver", Budgets, budgets;
}

impl Participant {
    /// Everyone, in the order of the [`Roster`].
    pub fn all(roster: Roster, policy: Policy, setup: &Setup) -> Vec<Participant> {
        let (start, edge, budgets, life) = (setup.start, setup.edge, setup.budgets, setup.life);
        let tells_joiners = setup.tells_joiners();
        let tab = |id| {
            Participant::Tab(Tab {
                id,
                roster,
                policy,
                start,
                life,
                tells_joiners,
            })
        };
        let shared = |shared| match shared {
            Shared::Channel => Participant::Channel(Channel { roster, life }),
            Shared::Mints => Participant::Mints(Mints {
                roster,
                start,
                edge,
                counts: policy.rules.all().contains(&Rule::Epoch),
                keeps_last: setup.carries_last(),
            }),
            Shared::Jar => Participant::Jar(Jar {
                roster,
                policy,
                start,
            }),
            Shared::Clock => Participant::Clock(Clock { roster }),
            Shared::Driver => Participant::Driver(Driver { roster, budgets }),
        };
        let tabs = roster.tabs().map(tab);
        tabs.chain(Shared::ALL.into_iter().map(shared)).collect()
    }

    /// What a message does: the next state, unless it is left alone, and what is sent to whom.
    pub(crate) fn react<'a>(
        &'a self,
        id: Id,
        state: &Local,
        src: Id,
        msg: Msg,
    ) -> (Option<Local>, impl Iterator<Item = (Id, Msg)> + use<'a>) {
        let mut next = Cow::Borrowed(state);
        let mut out = Out::new();
        self.on_msg(id, &mut next, src, msg, &mut out);
        let sent = out.into_iter().map(|command| match command {
            Command::Send(dst, msg) => (dst, msg),
            other => panic!("bug: {} asks for {other:?}", self.name()),
        });
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
            Local::Channel(channel) => {
                let posts = channel.posts.iter().flat_map(|(_, posts)| posts);
                posts.filter_map(Post::token).collect()
            }
            Local::Jar(jar) => jar.cookie.iter().collect(),
            Local::Mints(_) | Local::Clock(_) | Local::Driver(_) => Instants::NONE,
        }
    }
}
