//! The mint sources.

use super::clock::ClockMsg;
use super::evidence::{Evidence, Source};
use super::message::{Request, Response, Travelling};
use super::roster::{Outbox, Roster};
use super::tab::TabMsg;
use crate::cache::RequestKind;
use crate::freshness::Org;
use crate::vocabulary::{Edge, ModelToken, Start, TabId};
use stateright::actor::Id;
use std::borrow::Cow;

/// What the mint sources are told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MintsMsg {
    /// By a tab: a token, please.
    Request(Request),
    /// By the composition: a request of this tab is answered with the token that was minted last.
    CarryLast(TabId, RequestKind),
    /// By the driver: the claims' format changes.
    Rollout,
    /// By the driver: the origin starts to send `oiat`.
    OiatOn,
    /// By the clock: a new instant.
    Now(u8),
}

impl MintsMsg {
    /// What goes through the network, with a delay, instead of arriving at once.
    pub(super) const fn travelling(&self) -> Option<Travelling<'_>> {
        match self {
            MintsMsg::Request(request) => Some(Travelling::Request(request)),
            MintsMsg::CarryLast(..) | MintsMsg::Rollout | MintsMsg::OiatOn | MintsMsg::Now(_) => {
                None
            }
        }
    }
}

/// The mint sources: the origin, which reads the database, and the edge, which copies claims.
#[derive(Clone, Debug)]
pub struct Mints {
    pub(super) roster: Roster,
    pub(super) start: Start,
    /// From which parents the edge mints.
    pub(super) edge: Edge,
    /// The server counts its reads of the database, from the beginning on.
    pub(super) counts: bool,
    /// Some answer may carry the token that was minted last.
    pub(super) keeps_last: bool,
}

/// See [`Mints`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct MintsState {
    /// The instant, as last told by the clock.
    pub now: u8,
    /// The server's format of claims.
    pub fmt: u8,
    /// The origin does not send `oiat` yet.
    pub legacy: bool,
    /// How often the database was read, where the server counts; else 0.
    pub epoch: u8,
    /// The session has ended: nothing is minted any more.
    pub ended: bool,
    /// The token that was minted last, where some answer may carry it.
    pub last: Option<ModelToken>,
}

impl MintsState {
    /// The token that the origin would give for an organisation. A server that counts begins a new
    /// epoch with each read of the database.
    fn of_origin(&self, org: Org, counts: bool) -> ModelToken {
        ModelToken {
            oiat: (!self.legacy).then_some(self.now),
            iat: self.now,
            fmt: self.fmt,
            claims: self.now,
            epoch: self.epoch + u8::from(counts),
            org,
        }
    }

    /// Mints a token. The edge only copies for the organisation that the parent is of.
    fn mint(&mut self, request: &Request, mints: &Mints) -> (Source, ModelToken) {
        let parent = request.parent.filter(|_| !request.forced);
        let is_copied =
            |parent: &ModelToken| parent.org == request.org && mints.edge.mints_from(parent);
        let (source, token) = match parent.filter(is_copied) {
            Some(parent) => {
                let iat = self.now;
                (Source::Edge, ModelToken { iat, ..parent })
            }
            None => (Source::Origin, self.of_origin(request.org, mints.counts)),
        };
        self.epoch = self.epoch.max(token.epoch);
        if self.last.is_some() {
            self.last = Some(token);
        }
        (source, token)
    }

    /// The token that was minted last, if an answer for an organisation may carry it: it would be
    /// the same as a new one if it is the very token that the origin would give.
    pub(super) fn carried(&self, org: Org) -> Option<ModelToken> {
        let last = self.last.filter(|last| last.org == org)?;
        (last != self.of_origin(org, self.epoch > 0)).then_some(last)
    }
}

impl Mints {
    pub(super) fn start(&self) -> MintsState {
        MintsState {
            now: 1,
            fmt: 0,
            legacy: self.start.is_legacy(),
            epoch: 0,
            ended: false,
            last: self.start.token().filter(|_| self.keeps_last),
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
                self.answer(state, tab, &request, out);
            }
            MintsMsg::CarryLast(tab, kind) => {
                let carried = state.last.and_then(|last| with_token(kind, last));
                if let (Some(response), Some(last)) = (carried, state.last) {
                    out.saw(Evidence::Carried(tab, last));
                    out.tab(tab, TabMsg::Response(response));
                }
            }
            MintsMsg::Now(now) => state.to_mut().now = now,
            MintsMsg::Rollout => state.to_mut().fmt += 1,
            MintsMsg::OiatOn => state.to_mut().legacy = false,
        }
    }

    fn answer(
        &self,
        state: &mut Cow<MintsState>,
        tab: TabId,
        request: &Request,
        out: &mut Outbox<'_>,
    ) {
        let response = match request.kind {
            RequestKind::End => {
                if !state.ended {
                    state.to_mut().ended = true;
                }
                out.saw(Evidence::Ended(tab));
                Response::End
            }
            RequestKind::Reload => Response::Reload,
            RequestKind::Recheck(of) if state.ended => Response::Recheck(of, None),
            RequestKind::Token(_)
            | RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::Recheck(_) => {
                let (source, token) = state.to_mut().mint(request, self);
                out.saw(Evidence::Minted(tab, source, token));
                out.clock(ClockMsg::Used);
                match with_token(request.kind, token) {
                    Some(response) => response,
                    None => return,
                }
            }
        };
        out.tab(tab, TabMsg::Response(response));
    }
}

/// The answer to a request that is answered with a token.
fn with_token(kind: RequestKind, token: ModelToken) -> Option<Response> {
    match kind {
        RequestKind::Token(request) => Some(Response::Token(request, token)),
        RequestKind::Touch(number) => Some(Response::Touch(number, token)),
        RequestKind::Switch(number) => Some(Response::Switch(number, token)),
        RequestKind::Load => Some(Response::Load(token)),
        RequestKind::Recheck(request) => Some(Response::Recheck(request, Some(token))),
        RequestKind::End | RequestKind::Reload => None,
    }
}
