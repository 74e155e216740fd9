//! What enabledness may ask, of each participant and of the network.

use crate::cache::{Call, Clock, Focus, Phase, RequestKind, Slot};
use crate::freshness::Org;
use crate::model::tab::{Meaning, TabState};
use crate::model::{ChannelState, ClockState, JarState, Local, MintsState, System};
use crate::named::Set;
use crate::vocabulary::{Age, Budgets, Instants, ModelToken, Stimuli, TabAction, TabId, TabSet};

/// All that enabledness depends on.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Of each tab, and of what is on its way to and from it.
    pub(crate) tabs: Vec<(TabFacts, InboxFacts, NetworkFacts)>,
    /// Of the mint sources.
    pub(crate) mints: MintsFacts,
    /// Of the cookie jar.
    pub(crate) jar: JarFacts,
    /// Of the clock, but for ages.
    pub(crate) clock: ClockFacts,
    pub(crate) driver: DriverFacts,
    /// The next age at which a token held somewhere becomes near or dead; see [`next_age`].
    pub(crate) next_age: Option<Age>,
}

/// What enabledness can ask of a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TabFacts {
    /// What the tab's state permits.
    pub(super) possible: Set<TabAction>,
    /// What it permits of the entry under the key of the organisation.
    pub(super) possible_of_org: Set<TabAction>,
    /// What would make the tab send a request now.
    pub(super) requesting: Set<TabAction>,
    pub(super) requesting_of_org: Set<TabAction>,
    /// The calls of the page that wait for the lock.
    pub(super) waiting: Set<Call>,
    /// A request of the tab is under way, or was when the tab stopped.
    pub(super) is_asking: bool,
    /// The tab holds the poller's lock.
    pub(super) is_polling: bool,
}

/// What enabledness can ask of the posts that wait for one tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct InboxFacts {
    /// The tabs that have posts waiting there.
    pub(super) posters: TabSet,
    /// The tabs whose sign-outs wait there.
    pub(super) signed_out: TabSet,
}

/// What enabledness can ask of a tab's requests and responses on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NetworkFacts {
    /// The kinds of the requests on their way, each once, in order, and what they ask for.
    pub(super) requests: Vec<(RequestKind, Org)>,
    /// The kinds of the responses on their way, each once, in order.
    pub(super) responses: Vec<RequestKind>,
}

/// What enabledness can ask of the mint sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MintsFacts {
    /// The origin does not send `oiat` yet.
    pub(super) legacy: bool,
    pub(super) ended: bool,
    /// An answer may carry the token that was minted last, for each organisation.
    pub(super) carries: [bool; 2],
}

/// What enabledness can ask of the cookie jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct JarFacts {
    pub(super) has_cookie: bool,
}

/// What enabledness can ask of the clock, but for ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ClockFacts {
    /// A token was minted at this instant.
    pub(super) used: bool,
}

/// What enabledness can ask of the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DriverFacts {
    /// The stimuli that have a budget left.
    pub(super) budgets: Stimuli,
}

impl From<&TabState> for TabFacts {
    fn from(tab: &TabState) -> TabFacts {
        let requesting = |key: Org| {
            let would_request = |action: &TabAction| match Meaning::of(*action, key) {
                Meaning::Cache(event) => tab.cache.would_ask(&tab.age, &event),
                Meaning::Stop => false,
            };
            TabAction::ALL.into_iter().filter(would_request).collect()
        };
        TabFacts {
            possible: possible(tab),
            possible_of_org: possible_of_org(tab),
            requesting: requesting(Org::PERSONAL),
            requesting_of_org: requesting(Org::FIRST),
            waiting: match tab.stopped {
                true => Set::NONE,
                false => tab.cache.waiting.iter().collect(),
            },
            is_asking: tab.cache.is_asking(),
            is_polling: tab.cache.poll.is_some(),
        }
    }
}

/// Of queues to one receiver.
impl From<&ChannelState> for InboxFacts {
    fn from(channel: &ChannelState) -> InboxFacts {
        let signed_out = channel.sign_outs.iter().map(|&((_, from), _)| from);
        InboxFacts {
            posters: channel.posts.iter().map(|&((_, from), _)| from).collect(),
            signed_out: signed_out.collect(),
        }
    }
}

impl InboxFacts {
    /// The tabs of which something waits there.
    pub(crate) fn senders(self) -> TabSet {
        self.posters.or(self.signed_out)
    }
}

impl NetworkFacts {
    /// Of requests and responses, each in the order of their kinds.
    pub(crate) fn new(
        mut requests: Vec<(RequestKind, Org)>,
        mut responses: Vec<RequestKind>,
    ) -> NetworkFacts {
        // Of reloads there may be several, which are all alike.
        requests.dedup();
        responses.dedup();
        NetworkFacts {
            requests,
            responses,
        }
    }
}

impl From<&MintsState> for MintsFacts {
    fn from(mints: &MintsState) -> MintsFacts {
        MintsFacts {
            legacy: mints.legacy,
            ended: mints.ended,
            carries: Org::ALL.map(|org| mints.carried(org).is_some()),
        }
    }
}

impl From<&JarState> for JarFacts {
    fn from(jar: &JarState) -> JarFacts {
        JarFacts {
            has_cookie: jar.cookie.is_some(),
        }
    }
}

impl From<&ClockState> for ClockFacts {
    fn from(clock: &ClockState) -> ClockFacts {
        ClockFacts { used: clock.used }
    }
}

impl From<&Budgets> for DriverFacts {
    fn from(budgets: &Budgets) -> DriverFacts {
        DriverFacts {
            budgets: budgets.some(),
        }
    }
}

impl From<&System> for Facts {
    fn from(system: &System) -> Facts {
        let (requests, responses) = (system.requests(), system.responses());
        let of_tab = |tab: TabId| {
            let requests = requests.iter().filter(|(of, _)| *of == tab);
            let responses = responses.iter().filter(|(of, ..)| *of == tab);
            (
                TabFacts::from(system.tab(tab)),
                InboxFacts::from(&system.channel().inbox(tab)),
                NetworkFacts::new(
                    requests
                        .map(|(_, request)| (request.kind, request.org))
                        .collect(),
                    responses.map(|(_, response)| response.kind()).collect(),
                ),
            )
        };
        Facts {
            tabs: system.tabs().map(of_tab).collect(),
            mints: system.mints().into(),
            jar: system.jar().into(),
            clock: system.clock().into(),
            driver: system.budgets().into(),
            next_age: next_age(system.held(), system.clock()),
        }
    }
}

/// The next age at which a token held somewhere becomes near or dead. It is not skipped if that
/// token's instant can no longer age: then nothing ages.
pub(crate) fn next_age(held: Instants, clock: &ClockState) -> Option<Age> {
    let next = held.next_threshold(clock.age)?;
    (!clock.unaged.contains(&next.instant())).then_some(next)
}

/// What a tab's state permits.
pub(crate) fn possible<C: Clock<ModelToken>>(tab: &TabState<C>) -> Set<TabAction> {
    if tab.stopped {
        return Set::NONE;
    }
    let cache = &tab.cache;
    let is_live = cache.phase == Phase::Live;
    let is_possible = |action: &TabAction| match action {
        TabAction::Refresh => is_armed(tab, Org::PERSONAL),
        TabAction::Evict => is_expired(tab, Org::PERSONAL),
        TabAction::ClearCache => {
            let holds = |key| !matches!(cache.at(key).slot, Slot::Empty);
            is_live && cache.key_names().any(holds)
        }
        TabAction::Orphan => cache.is_asking(),
        TabAction::SkipCache
        | TabAction::GetToken
        | TabAction::Touch
        | TabAction::SignOut
        | TabAction::Poll => is_live,
        TabAction::Switch => is_live && cache.two_keys && cache.focus == Focus::Has,
        TabAction::Focus => is_live && cache.focus == Focus::Never,
        TabAction::Blur => is_live && cache.focus == Focus::Has,
        TabAction::Open => cache.phase == Phase::Absent,
        TabAction::Close => cache.phase.is_there(),
    };
    TabAction::ALL.into_iter().filter(is_possible).collect()
}

/// What a tab's state permits of the entry under the key of the organisation.
pub(super) fn possible_of_org(tab: &TabState) -> Set<TabAction> {
    let mut possible = Set::NONE;
    if !tab.stopped {
        possible.insert_if(is_armed(tab, Org::FIRST), TabAction::Refresh);
        possible.insert_if(is_expired(tab, Org::FIRST), TabAction::Evict);
    }
    possible
}

fn is_armed<C>(tab: &TabState<C>, key: Org) -> bool {
    matches!(&tab.cache.at(key).slot, Slot::Resolved(entry) if entry.is_armed())
}

fn is_expired<C: Clock<ModelToken>>(tab: &TabState<C>, key: Org) -> bool {
    matches!(&tab.cache.at(key).slot, Slot::Resolved(entry) if tab.age.is_dead(&entry.token))
}

impl System {
    /// When the tokens held anywhere were minted; parents of requests under way are not held.
    pub(crate) fn held(&self) -> Instants {
        let in_flight = self.envelopes().filter_map(|envelope| envelope.msg.held());
        let in_locals = self.locals().map(Local::held);
        in_locals.fold(in_flight.collect(), Instants::or)
    }
}
