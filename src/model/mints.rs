//! The mint sources.

use super::evidence::{Evidence, Source};
use super::message::{ClockMsg, MintsMsg, Request, TabMsg};
use super::roster::{Outbox, Roster};
use crate::vocabulary::{ModelToken, Start};
use stateright::actor::Id;
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
    fn mint(&mut self, request: &Request, counts: bool) -> (Source, ModelToken) {
        if let Some(parent) = request.parent.filter(|_| !request.forced) {
            let iat = self.now;
            return (Source::Edge, ModelToken { iat, ..parent });
        }
        self.epoch += u8::from(counts);
        let token = ModelToken {
            oiat: (!self.legacy).then_some(self.now),
            iat: self.now,
            fmt: self.fmt,
            claims: self.now,
            epoch: self.epoch,
        };
        (Source::Origin, token)
    }
}

impl Mints {
    pub(super) fn start(&self) -> MintsState {
        MintsState {
            now: 1,
            fmt: 0,
            legacy: self.start == Start::Legacy,
            epoch: 0,
        }
    }

    pub(super) fn on_msg(
        &self,
        state: &mut Cow<MintsState>,
        src: Id,
        msg: MintsMsg,
        out: &mut Outbox<'_>,
    ) {
        match msg {
            MintsMsg::Request(request) => {
                let tab = self.roster.tab_of(src);
                let (source, token) = state.to_mut().mint(&request, self.counts);
                out.saw(Evidence::Minted(tab, source, token));
                out.clock(ClockMsg::Used);
                let fetch = request.fetch;
                out.tab(tab, TabMsg::Response { fetch, token });
            }
            MintsMsg::Now(now) => state.to_mut().now = now,
            MintsMsg::Rollout => state.to_mut().fmt += 1,
            MintsMsg::OiatOn => state.to_mut().legacy = false,
        }
    }
}
