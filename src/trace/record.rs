//! Events and what is seen after them, as they are written to files.

use super::Walked;
use crate::cache::{FetchId, Slot};
use crate::model::{Event, Evidence, Roster, Step, System};
use crate::vocabulary::{ModelToken, TabAction, TabId};
use serde::{Deserialize, Serialize};

/// An [`Event`] in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)] // The names are those of `Event` and `TabAction`, where they are explained.
pub enum EventRecord {
    Tick,
    Age,
    Refresh { tab: u8 },
    SkipCache { tab: u8 },
    GetToken { tab: u8 },
    Evict { tab: u8 },
    ClearCache { tab: u8 },
    Mint { tab: u8, fetch: Option<u8> },
    Respond { tab: u8, fetch: Option<u8> },
    Fail { tab: u8, fetch: Option<u8> },
    Deliver { to: u8, from: u8 },
    Lose { to: u8, from: u8 },
    CookieLoss,
    Rollout,
    OiatOn,
    Orphan { tab: u8 },
}

impl From<Event> for EventRecord {
    fn from(event: Event) -> EventRecord {
        let number = |fetch: Option<FetchId>| fetch.map(|id| id.0);
        match event {
            Event::Tick => EventRecord::Tick,
            Event::Age(_) => EventRecord::Age,
            Event::InTab(action, TabId(tab)) => match action {
                TabAction::Refresh => EventRecord::Refresh { tab },
                TabAction::SkipCache => EventRecord::SkipCache { tab },
                TabAction::GetToken => EventRecord::GetToken { tab },
                TabAction::Evict => EventRecord::Evict { tab },
                TabAction::ClearCache => EventRecord::ClearCache { tab },
                TabAction::Orphan => EventRecord::Orphan { tab },
            },
            Event::Mint(TabId(tab), fetch) => EventRecord::Mint {
                tab,
                fetch: number(fetch),
            },
            Event::Respond(TabId(tab), fetch) => EventRecord::Respond {
                tab,
                fetch: number(fetch),
            },
            Event::Fail(TabId(tab), fetch) => EventRecord::Fail {
                tab,
                fetch: number(fetch),
            },
            Event::Deliver { to, from } => EventRecord::Deliver {
                to: to.0,
                from: from.0,
            },
            Event::Lose { to, from } => EventRecord::Lose {
                to: to.0,
                from: from.0,
            },
            Event::LoseCookie => EventRecord::CookieLoss,
            Event::Rollout => EventRecord::Rollout,
            Event::OiatOn => EventRecord::OiatOn,
        }
    }
}

impl EventRecord {
    /// The enabled event that this record means, if there is one.
    pub fn among(self, enabled: &[Event]) -> Option<Event> {
        enabled
            .iter()
            .copied()
            .find(|&event| EventRecord::from(event) == self)
    }
}

/// What can be seen from outside after a step, and what the step sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Time.
    pub clock: ClockRecord,
    /// Every tab.
    pub tabs: Vec<TabRecord>,
    /// The session cookie.
    pub cookie: Option<ModelToken>,
    /// Posted in this step.
    pub posts: Vec<PostRecord>,
    /// Requested in this step.
    pub requests: Vec<RequestRecord>,
}

/// Time, as ordinals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRecord {
    /// The instant.
    pub now: u8,
    /// How far expiry has got.
    pub age: u8,
}

/// A tab from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabRecord {
    /// What it holds for the key.
    pub slot: SlotRecord,
    /// The entry has a proactive refresh timer.
    pub armed: bool,
    /// Its last active token.
    pub seed: Option<ModelToken>,
}

/// A slot from outside: a token, or one of two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SlotRecord {
    /// `"none"` or `"pending"`.
    Word(SlotWord),
    /// Resolved.
    Token(ModelToken),
}

/// A slot without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotWord {
    /// No entry.
    None,
    /// A fetch is under way.
    Pending,
}

/// A post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostRecord {
    /// The poster.
    pub tab: u8,
    /// What it posted; `null` for "yours is out of date".
    pub token: Option<ModelToken>,
}

/// A mint request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRecord {
    /// The requesting tab.
    pub tab: u8,
    /// The foreground fetch; `null` for the background refresh.
    pub fetch: Option<u8>,
    /// The origin has to answer.
    pub forced: bool,
    /// The seed.
    pub parent: Option<ModelToken>,
}

impl Observed {
    /// What is seen after a step that left this evidence.
    pub fn new(system: &System, roster: Roster, evidence: &[Evidence]) -> Observed {
        let clock = system.clock();
        let tab = |tab: TabId| {
            let cache = &system.tab(tab).cache;
            TabRecord {
                slot: match &cache.slot {
                    Slot::Empty => SlotRecord::Word(SlotWord::None),
                    Slot::Pending { .. } => SlotRecord::Word(SlotWord::Pending),
                    Slot::Resolved(entry) => SlotRecord::Token(entry.token),
                },
                armed: matches!(&cache.slot, Slot::Resolved(entry) if entry.armed),
                seed: cache.last,
            }
        };
        let mut observed = Observed {
            clock: ClockRecord {
                now: clock.now,
                age: clock.age.0,
            },
            tabs: roster.tabs().map(tab).collect(),
            cookie: system.jar().cookie,
            posts: Vec::new(),
            requests: Vec::new(),
        };
        for item in evidence {
            match *item {
                Evidence::Posted(TabId(tab), post) => {
                    let token = post.token().copied();
                    observed.posts.push(PostRecord { tab, token });
                }
                Evidence::Requested(TabId(tab), request) => observed.requests.push(RequestRecord {
                    tab,
                    fetch: request.fetch.map(|id| id.0),
                    forced: request.forced,
                    parent: request.parent,
                }),
                Evidence::Cache(..) | Evidence::Minted(..) | Evidence::Cookie(_) => {}
            }
        }
        observed
    }
}

/// One step of a trace in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceStep {
    /// What happened.
    pub event: EventRecord,
    /// No earlier step of the file covers this transition.
    #[serde(default)]
    pub new: bool,
    /// What is seen afterwards.
    pub after: Observed,
}

impl TraceStep {
    /// The record of a step that was walked, as the first that covers its transition.
    pub fn of_walk(walked: &Walked, roster: Roster) -> TraceStep {
        TraceStep {
            event: walked.event.into(),
            new: true,
            after: Observed::new(&walked.after, roster, &walked.evidence),
        }
    }

    /// The record of a step of the model.
    pub fn new(event: Event, step: &Step, roster: Roster, new: bool) -> TraceStep {
        TraceStep {
            event: event.into(),
            new,
            after: Observed::new(&step.system, roster, &step.evidence),
        }
    }
}
