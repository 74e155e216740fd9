//! Which events can happen.
//!
//! Enabledness is a function of [`Facts`], which are put together from facts about single
//! participants, about the network, and of what the scenario permits ([`Permits`]). It can read
//! nothing else. So whoever remembers the facts of each participant, from the states themselves or
//! from a table, gets the same events in the same order.

use super::event::Event;
use super::roster::Roster;
use super::tab::{Meaning, TabState};
use super::{ChannelState, ClockState, JarState, Local, MintsState, System};
use crate::cache::{Clock, FetchId, Requests, Slot};
use crate::named::Set;
use crate::vocabulary::{
    Age, Budgets, Fault, Instants, ModelToken, Setup, Stimuli, TabAction, TabId, TabSet,
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
    /// Of the driver.
    pub(crate) driver: DriverFacts,
    /// The next age at which a token held somewhere becomes near or dead; see [`next_age`].
    pub(crate) next_age: Option<Age>,
}

/// What enabledness can ask of a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TabFacts {
    /// What the tab's state permits.
    possible: Set<TabAction>,
    /// What would make the tab send a request now.
    requesting: Set<TabAction>,
    /// A request of the tab is under way, or was when the tab stopped.
    is_asking: bool,
}

/// What enabledness can ask of the posts that wait for one tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct InboxFacts {
    /// The tabs that have posts waiting there.
    posters: TabSet,
}

/// What enabledness can ask of a tab's requests and responses on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NetworkFacts {
    /// The fetches whose request is on its way, the background refresh first.
    requests: Vec<Option<FetchId>>,
    /// The fetches whose response is on its way, the background refresh first.
    responses: Vec<Option<FetchId>>,
}

/// What enabledness can ask of the mint sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct MintsFacts {
    /// The origin does not send `oiat` yet.
    legacy: bool,
}

/// What enabledness can ask of the cookie jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct JarFacts {
    /// There is a cookie.
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
        let would_request = |action: &TabAction| match Meaning::from(*action) {
            Meaning::Cache(event) => tab.cache.would_ask(&tab.age, &event),
            Meaning::Stop => false,
        };
        TabFacts {
            possible: possible(tab),
            requesting: TabAction::ALL.into_iter().filter(would_request).collect(),
            is_asking: tab.cache.is_asking(),
        }
    }
}

/// Of queues to one receiver.
impl From<&ChannelState> for InboxFacts {
    fn from(queues: &ChannelState) -> InboxFacts {
        InboxFacts {
            posters: queues.iter().map(|&((_, from), _)| from).collect(),
        }
    }
}

impl InboxFacts {
    /// The tabs that have posts waiting there.
    pub(crate) fn posters(self) -> TabSet {
        self.posters
    }
}

impl NetworkFacts {
    /// Of requests and responses, each in the order of their fetches.
    pub(crate) fn new(
        requests: Vec<Option<FetchId>>,
        responses: Vec<Option<FetchId>>,
    ) -> NetworkFacts {
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
            let waiting = system.channel().iter().filter(|((to, _), _)| *to == tab);
            let requests = requests.iter().filter(|(of, _)| *of == tab);
            let responses = responses.iter().filter(|(of, ..)| *of == tab);
            (
                TabFacts::from(system.tab(tab)),
                InboxFacts::from(&waiting.cloned().collect::<ChannelState>()),
                NetworkFacts::new(
                    requests.map(|(_, request)| request.fetch).collect(),
                    responses.map(|&(_, fetch, _)| fetch).collect(),
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
    let slot = &tab.cache.slot;
    let is_possible = |action: &TabAction| match action {
        TabAction::Refresh => matches!(slot, Slot::Resolved(entry) if entry.armed),
        TabAction::Evict => matches!(slot, Slot::Resolved(e) if tab.age.is_dead(&e.token)),
        TabAction::ClearCache => !matches!(slot, Slot::Empty),
        TabAction::Orphan => tab.cache.is_asking(),
        TabAction::SkipCache | TabAction::GetToken => true,
    };
    TabAction::ALL.into_iter().filter(is_possible).collect()
}

/// What a scenario permits, whatever the state.
#[derive(Clone, Debug)]
pub(crate) struct Permits {
    /// The stimuli that may happen to each tab.
    allowed: Vec<Stimuli>,
    /// When requests may be made.
    requests: Requests,
}

impl Permits {
    /// Of a scenario.
    pub(crate) fn new(roster: Roster, setup: &Setup, requests: Requests) -> Permits {
        Permits {
            allowed: roster.tabs().map(|tab| setup.allowed(tab)).collect(),
            requests,
        }
    }

    /// The stimuli that may happen to a tab.
    pub(crate) fn allowed(&self, tab: TabId) -> Stimuli {
        self.allowed.get(tab.index()).copied().unwrap_or_default()
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
        for ((tab, (of_tab, ..)), allowed) in tabs() {
            let mut possible = of_tab.possible;
            if is_locked {
                possible = possible.minus(of_tab.requesting);
            }
            for action in budgets.actions.and(allowed.actions).and(possible).iter() {
                events.push(Event::InTab(action, tab));
            }
        }
        for ((tab, (.., network)), allowed) in tabs() {
            let may_fail = budgets.and(*allowed).faults.has(Fault::Fail);
            for &fetch in &network.requests {
                events.push(Event::Mint(tab, fetch));
                if may_fail {
                    events.push(Event::Fail(tab, fetch));
                }
            }
        }
        for ((tab, (.., network)), _) in tabs() {
            for &fetch in &network.responses {
                events.push(Event::Respond(tab, fetch));
            }
        }
        for ((to, (_, inbox, _)), allowed) in tabs() {
            let may_lose = budgets.and(*allowed).faults.has(Fault::Lose);
            for from in inbox.posters.iter() {
                events.push(Event::Deliver { to, from });
                if may_lose {
                    events.push(Event::Lose { to, from });
                }
            }
        }
        list_shared(facts, budgets.faults, events);
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

fn list_shared(facts: &Facts, budgets: Set<Fault>, events: &mut Vec<Event>) {
    if budgets.has(Fault::CookieLoss) && facts.jar.has_cookie {
        events.push(Event::LoseCookie);
    }
    if budgets.has(Fault::Rollout) {
        events.push(Event::Rollout);
    }
    if budgets.has(Fault::OiatOn) && facts.mints.legacy {
        events.push(Event::OiatOn);
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
