//! Which events can happen.
//!
//! Enabledness is a function of [`Facts`], which are put together from facts about single
//! participants, about the network, and of what the scenario permits ([`Permits`]). It can read
//! nothing else. So whoever remembers the facts of each participant, from the states themselves or
//! from a table, gets the same events in the same order.

use super::event::{Event, action_of, leg_of};
use super::message::Leg;
use super::roster::Roster;
use super::tab::{Meaning, TabState};
use super::{ChannelState, ClockState, JarState, Local, MintsState, System};
use crate::cache::{Call, Clock, Focus, Phase, RequestKind, Requests, Slot};
use crate::freshness::Org;
use crate::named::Set;
use crate::vocabulary::{
    Age, Budgets, Fault, Instants, ModelToken, RequestFault, Setup, SharedFault, Stimuli,
    TabAction, TabId, TabSet,
};

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
    possible: Set<TabAction>,
    /// What it permits of the entry under the key of the organisation.
    possible_of_org: Set<TabAction>,
    /// What would make the tab send a request now.
    requesting: Set<TabAction>,
    requesting_of_org: Set<TabAction>,
    /// The calls of the page that wait for the lock.
    waiting: Set<Call>,
    /// A request of the tab is under way, or was when the tab stopped.
    is_asking: bool,
    /// The tab holds the poller's lock.
    is_polling: bool,
}

/// What enabledness can ask of the posts that wait for one tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct InboxFacts {
    /// The tabs that have posts waiting there.
    posters: TabSet,
    /// The tabs whose sign-outs wait there.
    signed_out: TabSet,
}

/// What enabledness can ask of a tab's requests and responses on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NetworkFacts {
    /// The kinds of the requests on their way, each once, in order, and what they ask for.
    requests: Vec<(RequestKind, Org)>,
    /// The kinds of the responses on their way, each once, in order.
    responses: Vec<RequestKind>,
}

/// What enabledness can ask of the mint sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MintsFacts {
    /// The origin does not send `oiat` yet.
    legacy: bool,
    ended: bool,
    /// An answer may carry the token that was minted last, for each organisation.
    carries: [bool; 2],
}

/// What enabledness can ask of the cookie jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct JarFacts {
    has_cookie: bool,
}

/// What enabledness can ask of the clock, but for ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ClockFacts {
    /// A token was minted at this instant.
    used: bool,
}

/// What enabledness can ask of the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DriverFacts {
    /// The stimuli that have a budget left.
    budgets: Stimuli,
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
fn possible_of_org(tab: &TabState) -> Set<TabAction> {
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

/// What a scenario permits, whatever the state.
#[derive(Clone, Debug)]
pub(crate) struct Permits {
    /// The stimuli that may happen to each tab.
    allowed: Vec<Stimuli>,
    /// When requests may be made.
    requests: Requests,
    /// A load may be answered with the token that was minted last.
    stale_load: bool,
}

impl Permits {
    pub(crate) fn new(roster: Roster, setup: &Setup, requests: Requests) -> Permits {
        Permits {
            allowed: roster.tabs().map(|tab| setup.allowed(tab)).collect(),
            requests,
            stale_load: setup.life.stale_load,
        }
    }

    /// The stimuli that may happen to a tab.
    pub(crate) fn allowed(&self, tab: TabId) -> Stimuli {
        self.allowed.get(tab.index()).copied().unwrap_or_default()
    }

    /// Whether something may still happen in each tab that makes tabs ask the server, whatever lock may
    /// keep it waiting.
    pub(crate) fn may_ask(&self, facts: &Facts) -> impl Iterator<Item = bool> {
        let budgets = facts.driver.budgets.actions;
        let tabs = facts.tabs.iter().zip(&self.allowed);
        tabs.map(move |((tab, ..), allowed)| {
            let possible = tab.possible.or(tab.possible_of_org);
            let next = budgets.and(allowed.actions).and(possible);
            next.iter().any(TabAction::may_ask)
        })
    }

    /// Lists the enabled events, in a fixed order.
    pub(crate) fn list_enabled(&self, facts: &Facts, events: &mut Vec<Event>) {
        let budgets = facts.driver.budgets;
        let tabs = || (0u8..).map(TabId).zip(&facts.tabs).zip(&self.allowed);
        let mut of_tabs = facts.tabs.iter();
        if facts.clock.used && of_tabs.any(|(.., network)| !network.requests.is_empty()) {
            events.push(Event::Tick);
        }
        if budgets.faults.has(Fault::Age) {
            events.extend(facts.next_age.map(Event::Age));
        }
        let is_locked = self.is_locked(facts);
        let mut of_tabs = facts.tabs.iter();
        let is_polled = of_tabs.any(|(of_tab, ..)| of_tab.is_polling);
        for ((tab, (of_tab, ..)), allowed) in tabs() {
            let (mut possible, mut of_org) = (of_tab.possible, of_tab.possible_of_org);
            let permitted = budgets.actions.and(allowed.actions);
            if is_locked {
                let waits = permitted.and(possible).and(of_tab.requesting);
                let calls = Call::ALL.into_iter();
                let calls = calls.filter(|&call| waits.has(action_of(call)));
                events.extend(calls.map(|call| Event::Wait(tab, call)));
                possible = possible.minus(of_tab.requesting);
                of_org = of_org.minus(of_tab.requesting_of_org);
            } else {
                let calls = of_tab.waiting.iter();
                events.extend(calls.map(|call| Event::Resume(tab, call)));
            }
            if is_polled {
                possible = possible.without(TabAction::Poll);
            }
            for action in permitted.and(possible).iter() {
                events.push(Event::InTab(action, tab));
            }
            for action in permitted.and(of_org).iter() {
                events.push(Event::InTabOfOrg(action, tab));
            }
        }
        for ((tab, (.., network)), allowed) in tabs() {
            let faults = budgets.and(*allowed).request_faults;
            for &(kind, org) in &network.requests {
                self.list_answers(&facts.mints, (tab, kind, org), events);
                list_spoiled((tab, kind), Leg::Request, faults, events);
            }
        }
        for ((tab, (.., network)), allowed) in tabs() {
            let faults = budgets.and(*allowed).request_faults;
            for &kind in &network.responses {
                events.push(Event::Respond(tab, kind));
                list_spoiled((tab, kind), Leg::Response, faults, events);
            }
        }
        for ((to, (_, inbox, _)), allowed) in tabs() {
            let lost = budgets.and(*allowed).faults;
            for from in inbox.posters.iter() {
                events.push(Event::Deliver { to, from });
                events.extend(lost.iter().filter_map(|fault| match fault {
                    Fault::Lose => Some(Event::Lose { to, from }),
                    // Listed with all posts on their way to the tab, and with what ages.
                    Fault::Drop | Fault::Age => None,
                }));
            }
            if lost.has(Fault::Drop) && !inbox.posters.is_empty() {
                events.push(Event::Drop(to));
            }
            let signed_out = inbox.signed_out.iter();
            events.extend(signed_out.map(|from| Event::DeliverSignOut { to, from }));
        }
        let shared = budgets.shared_faults.iter();
        let possible = shared.filter(|&fault| can_befall(fault, facts));
        events.extend(possible.map(Event::Befall));
    }

    /// How the server may answer a request. Once the session has ended it mints nothing.
    fn list_answers(
        &self,
        mints: &MintsFacts,
        (tab, kind, org): (TabId, RequestKind, Org),
        events: &mut Vec<Event>,
    ) {
        let (mints_token, may_carry) = match kind {
            RequestKind::End | RequestKind::Reload | RequestKind::Recheck(_) => (false, false),
            RequestKind::Token(_) => (true, false),
            RequestKind::Touch(_) | RequestKind::Switch(_) => (true, true),
            RequestKind::Load => (true, self.stale_load),
        };
        if mints_token && mints.ended {
            return;
        }
        events.push(Event::Mint(tab, kind));
        if may_carry && mints.carries[org.index()] {
            events.push(Event::CarryLast(tab, kind));
        }
    }

    /// Whoever has a request under way holds the lock, where the design has one.
    fn is_locked(&self, facts: &Facts) -> bool {
        let mut tabs = facts.tabs.iter();
        match self.requests {
            Requests::Free => false,
            Requests::Locked => tabs.any(|(tab, ..)| tab.is_asking),
        }
    }
}

/// What may befall a request for a token on this leg of its way.
fn list_spoiled(
    (tab, kind): (TabId, RequestKind),
    leg: Leg,
    faults: Set<RequestFault>,
    events: &mut Vec<Event>,
) {
    let RequestKind::Token(request) = kind else {
        return;
    };
    let here = faults.iter().filter(|fault| leg_of(*fault) == leg);
    events.extend(here.map(|fault| Event::Spoil(fault, tab, request)));
}

/// Whether there is something that it would change.
fn can_befall(fault: SharedFault, facts: &Facts) -> bool {
    match fault {
        SharedFault::CookieLoss => facts.jar.has_cookie,
        SharedFault::Rollout => true,
        SharedFault::OiatOn => facts.mints.legacy,
    }
}

impl System {
    /// When the tokens held anywhere were minted; parents of requests under way are not held.
    pub(crate) fn held(&self) -> Instants {
        let in_flight = self.envelopes().filter_map(|envelope| envelope.msg.held());
        let in_locals = self.locals().map(Local::held);
        in_locals.fold(in_flight.collect(), Instants::or)
    }
}
