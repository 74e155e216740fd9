//! The mint sources.

use super::message::{Evidence, Msg, Request, Source, TabId};
use super::minted::Minted;
use super::participant::actor_types;
use super::roster::Roster;
use crate::scenario::Start;
use stateright::actor::{Actor, Id, Out};
use std::borrow::Cow;

/// The mint sources: the origin, which reads the database, and the edge, which copies claims.
#[derive(Clone, Debug)]
pub struct Mints {
    pub(super) roster: Roster,
    pub(super) start: Start,
    /// The server counts its reads of the database, from the beginning on.
    pub(super) counts: bool,
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
    /// How often the database was read, where the server counts; else 0.
    pub epoch: u8,
}

impl MintsState {
    /// Mints a token. A server that counts begins a new epoch with each read of the database.
    fn mint(&mut self, request: &Request, counts: bool) -> (Source, Minted) {
        if let Some(parent) = request.parent.filter(|_| !request.forced) {
            let iat = self.now;
            return (Source::Edge, Minted { iat, ..parent });
        }
        self.epoch += u8::from(counts);
        let token = Minted {
            oiat: (!self.legacy).then_some(self.now),
            iat: self.now,
            fmt: self.fmt,
            claims: self.now,
            epoch: self.epoch,
        };
        (Source::Origin, token)
    }
}

impl Actor for Mints {
    actor_types!(MintsState);

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> MintsState {
        MintsState {
            now: 1,
            fmt: 0,
            legacy: self.start == Start::Legacy,
            epoch: 0,
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<MintsState>, src: Id, msg: Msg, out: &mut Out<Self>) {
        match msg {
            Msg::Request(request) => {
                let (source, token) = state.to_mut().mint(&request, self.counts);
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
