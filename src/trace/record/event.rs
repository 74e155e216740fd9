//! Events, as they are written to files.

use super::{is_default, present};
use crate::cache::{Call, FetchId, RequestKind, TokenRequest};
use crate::freshness::Org;
use crate::model::Event;
use crate::vocabulary::{Age, RequestFault, SharedFault, TabAction, TabId};
use serde::{Deserialize, Serialize};

/// An [`Event`] in a file: names as there, and in [`TabAction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EventRecord {
    Tick,
    Age,
    Refresh(TimerRecord),
    SkipCache { tab: u8 },
    GetToken { tab: u8 },
    Evict(TimerRecord),
    ClearCache { tab: u8 },
    Mint(AboutRequest),
    Respond(AboutRequest),
    Fail(AboutRequest),
    Deliver { to: u8, from: u8 },
    Lose { to: u8, from: u8 },
    CookieLoss,
    Rollout,
    OiatOn,
    Orphan { tab: u8 },
    Open { tab: u8 },
    Close { tab: u8 },
    Touch { tab: u8 },
    Switch { tab: u8 },
    SignOut { tab: u8 },
    Poll { tab: u8 },
    Focus { tab: u8 },
    Blur { tab: u8 },
    Drop { tab: u8 },
    DeliverSignOut { to: u8, from: u8 },
    Wait { tab: u8, call: CallWord },
    Resume { tab: u8, call: CallWord },
    LoseAnswer(AboutRequest),
    EmptyAnswer(AboutRequest),
    Unauthorized(AboutRequest),
}

/// A [`Call`] in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallWord {
    GetToken,
    SkipCache,
}

impl From<CallWord> for Call {
    fn from(word: CallWord) -> Call {
        match word {
            CallWord::GetToken => Call::GetToken,
            CallWord::SkipCache => Call::SkipCache,
        }
    }
}

impl From<Call> for CallWord {
    fn from(call: Call) -> CallWord {
        match call {
            Call::GetToken => CallWord::GetToken,
            Call::SkipCache => CallWord::SkipCache,
        }
    }
}

/// A timer of a tab's entry in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimerRecord {
    /// The number of the tab, from 0.
    pub tab: u8,
    /// The key of the entry, if it is not the personal one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: u8,
}

/// A request of a tab in a file: `fetch` says which request for a token it is, `request` which other
/// one; a recheck has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutRequest {
    /// The number of the tab, from 0.
    pub tab: u8,
    /// The foreground fetch; `null` for a background refresh.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub fetch: Option<Option<u8>>,
    /// The key of a background refresh, if it is not the personal one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: u8,
    /// No request for a token, but one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestWord>,
    /// Which touch or change of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// The answer carries the token that was minted last.
    #[serde(default, skip_serializing_if = "is_default")]
    pub carries_last: bool,
}

/// A request that is none for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestWord {
    /// See [`RequestKind::Touch`].
    Touch,
    /// See [`RequestKind::Switch`].
    Switch,
    /// See [`RequestKind::Load`].
    Load,
    /// See [`RequestKind::End`].
    End,
    /// See [`RequestKind::Reload`].
    Reload,
    /// See [`RequestKind::Recheck`]; `fetch` says because of which request.
    Recheck,
}

impl AboutRequest {
    pub(super) fn new(TabId(tab): TabId, kind: RequestKind) -> AboutRequest {
        let mut about = AboutRequest {
            tab,
            fetch: None,
            key: 0,
            request: None,
            number: None,
            carries_last: false,
        };
        match kind {
            RequestKind::Token(request) => about.is_of(request),
            RequestKind::Recheck(request) => {
                about.request = Some(RequestWord::Recheck);
                about.is_of(request);
            }
            RequestKind::Touch(number) => {
                about.request = Some(RequestWord::Touch);
                about.number = Some(number);
            }
            RequestKind::Switch(number) => {
                about.request = Some(RequestWord::Switch);
                about.number = Some(number);
            }
            RequestKind::Load => about.request = Some(RequestWord::Load),
            RequestKind::End => about.request = Some(RequestWord::End),
            RequestKind::Reload => about.request = Some(RequestWord::Reload),
        }
        about
    }

    fn is_of(&mut self, request: TokenRequest) {
        self.fetch = Some(request.fetch().map(|id| id.0));
        if let TokenRequest::Background(key) = request {
            self.key = key.number();
        }
    }
}

impl From<Event> for EventRecord {
    fn from(event: Event) -> EventRecord {
        match event {
            Event::Tick => EventRecord::Tick,
            Event::Age(_) => EventRecord::Age,
            Event::InTab(action, tab) => EventRecord::in_tab(action, tab, Org::PERSONAL),
            Event::InTabOfOrg(action, tab) => EventRecord::in_tab(action, tab, Org::FIRST),
            Event::Mint(tab, kind) => EventRecord::Mint(AboutRequest::new(tab, kind)),
            Event::CarryLast(tab, kind) => EventRecord::Mint(AboutRequest {
                carries_last: true,
                ..AboutRequest::new(tab, kind)
            }),
            Event::Respond(tab, kind) => EventRecord::Respond(AboutRequest::new(tab, kind)),
            Event::Spoil(fault, tab, request) => {
                let of = AboutRequest::new(tab, RequestKind::Token(request));
                match fault {
                    RequestFault::Fail => EventRecord::Fail(of),
                    RequestFault::LoseAnswer => EventRecord::LoseAnswer(of),
                    RequestFault::EmptyAnswer => EventRecord::EmptyAnswer(of),
                    RequestFault::Unauthorized => EventRecord::Unauthorized(of),
                }
            }
            Event::Deliver { to, from } => EventRecord::Deliver {
                to: to.0,
                from: from.0,
            },
            Event::Lose { to, from } => EventRecord::Lose {
                to: to.0,
                from: from.0,
            },
            Event::Drop(TabId(tab)) => EventRecord::Drop { tab },
            Event::Wait(TabId(tab), call) => EventRecord::Wait {
                tab,
                call: call.into(),
            },
            Event::Resume(TabId(tab), call) => EventRecord::Resume {
                tab,
                call: call.into(),
            },
            Event::DeliverSignOut { to, from } => EventRecord::DeliverSignOut {
                to: to.0,
                from: from.0,
            },
            Event::Befall(fault) => match fault {
                SharedFault::CookieLoss => EventRecord::CookieLoss,
                SharedFault::Rollout => EventRecord::Rollout,
                SharedFault::OiatOn => EventRecord::OiatOn,
            },
        }
    }
}

impl EventRecord {
    fn in_tab(action: TabAction, TabId(tab): TabId, key: Org) -> EventRecord {
        let timer = TimerRecord {
            tab,
            key: key.number(),
        };
        match action {
            TabAction::Refresh => EventRecord::Refresh(timer),
            TabAction::SkipCache => EventRecord::SkipCache { tab },
            TabAction::GetToken => EventRecord::GetToken { tab },
            TabAction::Evict => EventRecord::Evict(timer),
            TabAction::ClearCache => EventRecord::ClearCache { tab },
            TabAction::Orphan => EventRecord::Orphan { tab },
            TabAction::Open => EventRecord::Open { tab },
            TabAction::Close => EventRecord::Close { tab },
            TabAction::Touch => EventRecord::Touch { tab },
            TabAction::Switch => EventRecord::Switch { tab },
            TabAction::SignOut => EventRecord::SignOut { tab },
            TabAction::Poll => EventRecord::Poll { tab },
            TabAction::Focus => EventRecord::Focus { tab },
            TabAction::Blur => EventRecord::Blur { tab },
        }
    }

    /// The event in words, also where the model has no such event.
    pub fn in_words(self) -> String {
        match self.event() {
            Some(event) => event.to_string(),
            // A plain struct of numbers and words; it always has a JSON form.
            None => serde_json::to_string(&self).unwrap_or_default(),
        }
    }

    /// The event, at an age of its own where tokens age; `None` if the record says too little.
    fn event(self) -> Option<Event> {
        let timer = |action, TimerRecord { tab, key }| match key {
            0 => Event::InTab(action, TabId(tab)),
            _ => Event::InTabOfOrg(action, TabId(tab)),
        };
        let in_tab = |action, tab| Event::InTab(action, TabId(tab));
        Some(match self {
            EventRecord::Tick => Event::Tick,
            EventRecord::Age => Event::Age(Age::default()),
            EventRecord::Refresh(of) => timer(TabAction::Refresh, of),
            EventRecord::Evict(of) => timer(TabAction::Evict, of),
            EventRecord::SkipCache { tab } => in_tab(TabAction::SkipCache, tab),
            EventRecord::GetToken { tab } => in_tab(TabAction::GetToken, tab),
            EventRecord::ClearCache { tab } => in_tab(TabAction::ClearCache, tab),
            EventRecord::Orphan { tab } => in_tab(TabAction::Orphan, tab),
            EventRecord::Open { tab } => in_tab(TabAction::Open, tab),
            EventRecord::Close { tab } => in_tab(TabAction::Close, tab),
            EventRecord::Touch { tab } => in_tab(TabAction::Touch, tab),
            EventRecord::Switch { tab } => in_tab(TabAction::Switch, tab),
            EventRecord::SignOut { tab } => in_tab(TabAction::SignOut, tab),
            EventRecord::Poll { tab } => in_tab(TabAction::Poll, tab),
            EventRecord::Focus { tab } => in_tab(TabAction::Focus, tab),
            EventRecord::Blur { tab } => in_tab(TabAction::Blur, tab),
            EventRecord::Mint(of) if of.carries_last => Event::CarryLast(TabId(of.tab), of.kind()?),
            EventRecord::Mint(of) => Event::Mint(TabId(of.tab), of.kind()?),
            EventRecord::Respond(of) => Event::Respond(TabId(of.tab), of.kind()?),
            EventRecord::Fail(of) => of.spoiled(RequestFault::Fail)?,
            EventRecord::LoseAnswer(of) => of.spoiled(RequestFault::LoseAnswer)?,
            EventRecord::EmptyAnswer(of) => of.spoiled(RequestFault::EmptyAnswer)?,
            EventRecord::Unauthorized(of) => of.spoiled(RequestFault::Unauthorized)?,
            EventRecord::Deliver { to, from } => Event::Deliver {
                to: TabId(to),
                from: TabId(from),
            },
            EventRecord::Lose { to, from } => Event::Lose {
                to: TabId(to),
                from: TabId(from),
            },
            EventRecord::Drop { tab } => Event::Drop(TabId(tab)),
            EventRecord::DeliverSignOut { to, from } => Event::DeliverSignOut {
                to: TabId(to),
                from: TabId(from),
            },
            EventRecord::Wait { tab, call } => Event::Wait(TabId(tab), call.into()),
            EventRecord::Resume { tab, call } => Event::Resume(TabId(tab), call.into()),
            EventRecord::CookieLoss => Event::Befall(SharedFault::CookieLoss),
            EventRecord::Rollout => Event::Befall(SharedFault::Rollout),
            EventRecord::OiatOn => Event::Befall(SharedFault::OiatOn),
        })
    }

    /// The enabled event that this record means, if there is one.
    pub fn among(self, enabled: &[Event]) -> Option<Event> {
        enabled
            .iter()
            .copied()
            .find(|&event| EventRecord::from(event) == self)
    }
}

impl AboutRequest {
    /// The request that is meant; `None` if the record says too little.
    pub(super) fn kind(self) -> Option<RequestKind> {
        let number = || self.number.unwrap_or_default();
        Some(match (self.request, self.fetch) {
            (Some(RequestWord::Touch), _) => RequestKind::Touch(number()),
            (Some(RequestWord::Switch), _) => RequestKind::Switch(number()),
            (Some(RequestWord::Load), _) => RequestKind::Load,
            (Some(RequestWord::End), _) => RequestKind::End,
            (Some(RequestWord::Reload), _) => RequestKind::Reload,
            (Some(RequestWord::Recheck), Some(fetch)) => RequestKind::Recheck(self.asks(fetch)?),
            (None, Some(fetch)) => RequestKind::Token(self.asks(fetch)?),
            (Some(RequestWord::Recheck) | None, None) => return None,
        })
    }

    /// A request for a token, by its fetch or, without one, of the background.
    fn asks(self, fetch: Option<u8>) -> Option<TokenRequest> {
        Some(match fetch {
            Some(id) => TokenRequest::Fetch(FetchId(id)),
            None => TokenRequest::Background(Org::from_number(self.key)?),
        })
    }

    /// What a fault makes of the request, if it is one for a token.
    fn spoiled(self, fault: RequestFault) -> Option<Event> {
        match self.kind()? {
            RequestKind::Token(request) => Some(Event::Spoil(fault, TabId(self.tab), request)),
            RequestKind::Touch(_)
            | RequestKind::Switch(_)
            | RequestKind::Load
            | RequestKind::End
            | RequestKind::Reload
            | RequestKind::Recheck(_) => None,
        }
    }
}
