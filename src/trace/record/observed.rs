//! What is seen from outside after a step, as it is written to files.

use super::event::AboutRequest;
use super::sent::{PostRecord, RequestRecord};
use super::{is_default, present};
use crate::cache::{Cache, Call, Focus, Phase, Slot};
use crate::freshness::Org;
use crate::model::{Evidence, Roster, System};
use crate::vocabulary::{ModelToken, TabId};
use serde::{Deserialize, Serialize};

/// What can be seen from outside after a step, and what the step sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Time.
    pub clock: ClockRecord,
    /// Every tab.
    pub tabs: Vec<TabRecord>,
    pub cookie: Option<ModelToken>,
    /// The context cookie: left out where it says that nobody is in an organisation, `null` where
    /// there is none any more.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub context_cookie: Option<Option<u8>>,
    /// Posted in this step.
    pub posts: Vec<PostRecord>,
    /// The tabs that said in this step that they have signed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_outs: Vec<u8>,
    /// Requested in this step.
    pub requests: Vec<RequestRecord>,
    /// How calls of `getToken` ended in this step; left out in files that do not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Vec<ReturnRecord>>,
    /// What has been sent, in this step or before, and has not arrived yet; left out in files that do
    /// not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_way: Option<UnderWayRecord>,
}

/// How the calls of `getToken` ended that waited for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnRecord {
    /// The tab whose page called.
    pub tab: u8,
    /// What they got, if they got something; without a token and not rejected they got `null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<ModelToken>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub rejected: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderWayRecord {
    /// Requests that no mint has answered, by tab and kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestRecord>,
    /// Answers, by tab and kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnswerRecord>,
    /// Broadcasts, by receiver and poster, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<DeliveryRecord>,
    /// Sign-out messages, by receiver and sender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_outs: Vec<SignOutRecord>,
}

/// An answer on its way to a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRecord {
    pub to: AboutRequest,
    /// The token, if it brings one.
    pub token: Option<ModelToken>,
}

/// A broadcast on its way to a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryRecord {
    /// The receiver.
    pub to: u8,
    /// The poster.
    pub from: u8,
    /// What was posted; `null` for "yours is out of date".
    pub token: Option<ModelToken>,
    /// The key, if it is not the personal one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: u8,
}

/// A sign-out message on its way to a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutRecord {
    /// The receiver.
    pub to: u8,
    /// The tab that signed out.
    pub from: u8,
}

impl UnderWayRecord {
    fn new(system: &System) -> UnderWayRecord {
        let requests = system.requests();
        let responses = system.responses();
        let channel = system.channel();
        let posts = channel.posts.iter().flat_map(|((to, from), posts)| {
            posts.iter().map(|post| DeliveryRecord {
                to: to.0,
                from: from.0,
                token: post.token().copied(),
                key: post.key().number(),
            })
        });
        let sign_outs = channel.sign_outs.iter().flat_map(|&((to, from), count)| {
            let message = SignOutRecord {
                to: to.0,
                from: from.0,
            };
            (0..count).map(move |_| message)
        });
        UnderWayRecord {
            requests: requests
                .iter()
                .map(|(tab, request)| RequestRecord::new(*tab, request))
                .collect(),
            answers: responses
                .iter()
                .map(|(tab, response)| AnswerRecord {
                    to: AboutRequest::new(*tab, response.kind()),
                    token: response.token().copied(),
                })
                .collect(),
            posts: posts.collect(),
            sign_outs: sign_outs.collect(),
        }
    }
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
    /// The last active token of its current session.
    pub seed: Option<ModelToken>,
    /// Where it is in its life, if it is not live.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "phase")]
    pub phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "focus")]
    pub focus: Option<Focus>,
    /// The organisation it believes it is in, if any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: u8,
    /// The organisation of its current session, if any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub session_org: u8,
    /// What it holds for the key of the organisation, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key1: Option<KeyRecord>,
    /// The calls of its page that wait for the lock, if any.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting: WaitingRecord,
}

/// How many calls of a page wait for the lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WaitingRecord {
    pub get_token: u8,
    /// For a token from the origin, past the cache.
    pub skip_cache: u8,
}

/// What a tab holds for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    pub slot: SlotRecord,
    /// The entry has a proactive refresh timer.
    pub armed: bool,
}

/// An optional word of an enum that has names.
macro_rules! optional_word {
    ($module:ident, $word:ident) => {
        mod $module {
            use super::$word;
            use serde::de::Error;
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            // serde hands over references.
            #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
            pub(super) fn serialize<S: Serializer>(
                word: &Option<$word>,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                word.map($word::name).serialize(to)
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Option<$word>, D::Error> {
                let name = String::deserialize(from)?;
                let word = $word::from_name(&name);
                word.map(Some).ok_or_else(|| {
                    let names = $word::ALL.map($word::name).join(", ");
                    D::Error::custom(format!("`{name}` is none of {names}"))
                })
            }
        }
    };
}

optional_word!(phase, Phase);
optional_word!(focus, Focus);

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
    None,
    /// A fetch is under way.
    Pending,
}

impl KeyRecord {
    /// Nothing.
    pub(crate) const EMPTY: KeyRecord = KeyRecord {
        slot: SlotRecord::Word(SlotWord::None),
        armed: false,
    };

    fn new(slot: &Slot<ModelToken>) -> KeyRecord {
        KeyRecord {
            slot: match slot {
                Slot::Empty => SlotRecord::Word(SlotWord::None),
                Slot::Pending { .. } => SlotRecord::Word(SlotWord::Pending),
                Slot::Resolved(entry) => SlotRecord::Token(entry.token),
            },
            armed: matches!(slot, Slot::Resolved(entry) if entry.is_armed()),
        }
    }
}

impl TabRecord {
    fn new(cache: &Cache<ModelToken>) -> TabRecord {
        let KeyRecord { slot, armed } = KeyRecord::new(&cache.at(Org::PERSONAL).slot);
        let of_org = &cache.at(Org::FIRST).slot;
        let is_usual = cache.focus == Focus::Has || !cache.phase.is_there();
        TabRecord {
            slot,
            armed,
            seed: cache.last().copied(),
            phase: Some(cache.phase).filter(|&phase| phase != Phase::Live),
            focus: Some(cache.focus).filter(|_| !is_usual),
            context: cache.context.number(),
            session_org: cache.current().map_or(0, |session| session.org.number()),
            key1: (*of_org != Slot::Empty).then(|| KeyRecord::new(of_org)),
            waiting: WaitingRecord {
                get_token: cache.waiting.count(Call::GetToken),
                skip_cache: cache.waiting.count(Call::SkipCache),
            },
        }
    }
}

impl Observed {
    /// What is seen after a step that left this evidence.
    pub fn new(system: &System, roster: Roster, evidence: &[Evidence]) -> Observed {
        let clock = system.clock();
        let jar = system.jar();
        let tabs = || roster.tabs().map(|tab| &system.tab(tab).cache);
        let has_left = tabs().any(|tab| match tab.phase {
            Phase::Leaving | Phase::Out | Phase::Closed => true,
            Phase::Absent | Phase::Loading | Phase::Live => false,
        });
        let mut observed = Observed {
            clock: ClockRecord {
                now: clock.now,
                age: clock.age.0,
            },
            tabs: tabs().map(TabRecord::new).collect(),
            cookie: jar.cookie,
            context_cookie: match jar.context {
                Some(Org::PERSONAL) => None,
                Some(org) => Some(Some(org.number())),
                // At an empty start nobody has written one.
                None => has_left.then_some(None),
            },
            posts: Vec::new(),
            sign_outs: Vec::new(),
            requests: Vec::new(),
            returned: Some(Vec::new()),
            under_way: Some(UnderWayRecord::new(system)),
        };
        for item in evidence {
            match *item {
                Evidence::Posted(TabId(tab), post) => observed.posts.push(PostRecord {
                    tab,
                    token: post.token().copied(),
                    key: post.key().number(),
                }),
                Evidence::Requested(tab, request) => {
                    observed.requests.push(RequestRecord::new(tab, &request));
                }
                Evidence::SignedOut(TabId(tab)) => observed.sign_outs.push(tab),
                Evidence::Returned(TabId(tab), _, token) => observed.ended(ReturnRecord {
                    tab,
                    token: Some(token),
                    rejected: false,
                }),
                Evidence::Rejected(TabId(tab), _) => observed.ended(ReturnRecord {
                    tab,
                    token: None,
                    rejected: true,
                }),
                Evidence::ReturnedNull(TabId(tab), _) => observed.ended(ReturnRecord {
                    tab,
                    token: None,
                    rejected: false,
                }),
                Evidence::Cache(..)
                | Evidence::Minted(..)
                | Evidence::Carried(..)
                | Evidence::Ended(_)
                | Evidence::Cookie(_)
                | Evidence::CookieRemoved(..) => {}
            }
        }
        observed
    }

    fn ended(&mut self, call: ReturnRecord) {
        self.returned.get_or_insert_default().push(call);
    }

    /// The same without what a record does not say.
    #[must_use]
    pub(crate) fn said_by(mut self, recorded: &Observed) -> Observed {
        if recorded.returned.is_none() {
            self.returned = None;
        }
        if recorded.under_way.is_none() {
            self.under_way = None;
        }
        self
    }
}
