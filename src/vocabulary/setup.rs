//! What a run is about: how many tabs there are, what they hold at the start, and which stimuli and
//! faults may happen how often.

use super::token::MAX_INSTANTS;
use super::{
    Fault, ModelToken, RequestFault, SharedFault, Stimuli, Stimulus, TabAction, TabId, TabSet,
};
use crate::named::named;
use std::collections::BTreeMap;

/// The most tabs a scenario may have.
pub const MAX_TABS: u8 = 8;

/// The most stimuli and faults a scenario may allow, all budgets together. Every instant of the
/// model belongs to a mint or an ageing, so this also bounds the ordinals.
pub const MAX_BUDGET: u8 = 100;

// The first instant, and one for each stimulus at most.
const _: () = assert!(1 + MAX_BUDGET < MAX_INSTANTS);

named! {
    /// What everybody holds at the start.
    pub enum Start {
        /// All tabs and the cookie hold the same token, with `oiat`.
        Tokens = "tokens",
        /// The same, without `oiat`; the origin does not send it yet.
        Legacy = "legacy",
        /// Nobody holds anything.
        Empty = "empty",
        /// The same; the origin does not send `oiat` yet.
        EmptyLegacy = "empty-legacy",
    }
}

named! {
    /// Which requests the edge answers, beside those that are forced to the origin.
    pub enum Edge {
        /// It mints from every parent.
        Any = "any",
        /// A parent without `oiat` is none to it: such a request goes to the origin.
        NeedsOiat = "needs-oiat",
    }
}

impl Edge {
    /// An edge that needs oiat answers nobody without.
    pub(crate) const fn mints_from(self, parent: &ModelToken) -> bool {
        match self {
            Edge::Any => true,
            Edge::NeedsOiat => parent.oiat.is_some(),
        }
    }
}

impl Start {
    /// The token everybody holds.
    pub const fn token(self) -> Option<ModelToken> {
        match self {
            Start::Tokens => Some(ModelToken::first(false)),
            Start::Legacy => Some(ModelToken::first(true)),
            Start::Empty | Start::EmptyLegacy => None,
        }
    }

    /// Whether the origin does not send `oiat` yet.
    pub const fn is_legacy(self) -> bool {
        match self {
            Start::Legacy | Start::EmptyLegacy => true,
            Start::Tokens | Start::Empty => false,
        }
    }
}

/// How often each stimulus may still happen, all tabs together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Budgets {
    actions: [u8; TabAction::ALL.len()],
    request_faults: [u8; RequestFault::ALL.len()],
    shared_faults: [u8; SharedFault::ALL.len()],
    faults: [u8; Fault::ALL.len()],
}

impl Budgets {
    pub fn left(&self, stimulus: impl Into<Stimulus>) -> u8 {
        match stimulus.into() {
            Stimulus::Tab(action) => self.actions[action as usize],
            Stimulus::Request(fault) => self.request_faults[fault as usize],
            Stimulus::Shared(fault) => self.shared_faults[fault as usize],
            Stimulus::Fault(fault) => self.faults[fault as usize],
        }
    }

    /// Sets what is left for this stimulus.
    pub fn set(&mut self, stimulus: impl Into<Stimulus>, count: u8) {
        match stimulus.into() {
            Stimulus::Tab(action) => self.actions[action as usize] = count,
            Stimulus::Request(fault) => self.request_faults[fault as usize] = count,
            Stimulus::Shared(fault) => self.shared_faults[fault as usize] = count,
            Stimulus::Fault(fault) => self.faults[fault as usize] = count,
        }
    }

    /// Uses one up. Nothing happens when there is none left.
    pub fn spend(&mut self, stimulus: Stimulus) {
        self.set(stimulus, self.left(stimulus).saturating_sub(1));
    }

    /// The stimuli that have a budget, and how much.
    pub fn iter(&self) -> impl Iterator<Item = (Stimulus, u8)> {
        let budgets = *self;
        Stimulus::all()
            .map(move |stimulus| (stimulus, budgets.left(stimulus)))
            .filter(|&(_, count)| count > 0)
    }

    /// Those with a budget above 0.
    pub fn some(&self) -> Stimuli {
        self.iter().map(|(stimulus, _)| stimulus).collect()
    }

    /// All budgets together.
    pub fn total(&self) -> u32 {
        self.iter().map(|(_, count)| u32::from(count)).sum()
    }
}

/// All that a model depends on beside the design.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Number of tabs, from 1 to [`MAX_TABS`].
    pub tabs: u8,
    /// What everybody holds at the start.
    pub start: Start,
    /// What is assumed of the edge.
    pub edge: Edge,
    /// How often each stimulus may happen.
    pub budgets: Budgets,
    /// Stimuli limited to some tabs: the tab it happens in, whose request fails, or that would
    /// have received what is lost.
    pub by: BTreeMap<Stimulus, TabSet>,
    /// The tabs that the tab properties look at.
    pub watch: TabSet,
    pub life: Life,
    /// How many requests of one tab may be under way at once: a property, which holds nobody back.
    /// `None`: any number.
    pub requests_per_tab: Option<u8>,
}

/// How tabs begin, and what is peculiar to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// There are two organisations, each with a key of its own; else only the personal one.
    pub two_keys: bool,
    /// The tabs that have not been opened yet.
    pub absent: TabSet,
    /// The tabs that never had focus.
    pub unfocused: TabSet,
    /// A client payload comes with the answer to a touch.
    pub piggyback: bool,
    /// A load may be answered with the token that was minted last.
    pub stale_load: bool,
}

impl Default for Life {
    /// One key; every tab is open and has focus.
    fn default() -> Life {
        Life {
            two_keys: false,
            absent: TabSet::NONE,
            unfocused: TabSet::NONE,
            piggyback: true,
            stale_load: false,
        }
    }
}

impl Setup {
    /// Whether tabs come and go here, or change their session, organisation or focus.
    pub fn is_about_life(&self) -> bool {
        let of_life = |(stimulus, _): (Stimulus, u8)| stimulus.is_about_life();
        self.life != Life::default() || self.budgets.iter().any(of_life)
    }

    /// Whether it matters which calls began a fetch and which joined it.
    pub(crate) fn tells_joiners(&self) -> bool {
        self.budgets.left(RequestFault::EmptyAnswer) > 0
    }

    /// Whether some answer may carry the token that was minted last, so that the server keeps it.
    pub(crate) fn carries_last(&self) -> bool {
        let asking = [TabAction::Touch, TabAction::Focus, TabAction::Switch];
        let asks = |action: &TabAction| self.budgets.left(*action) > 0;
        self.life.stale_load || asking.iter().any(asks)
    }

    /// Whether a stimulus may happen to a tab.
    pub fn allows(&self, stimulus: Stimulus, tab: TabId) -> bool {
        self.by.get(&stimulus).is_none_or(|tabs| tabs.has(tab))
    }

    /// The stimuli that may happen to a tab.
    pub fn allowed(&self, tab: TabId) -> Stimuli {
        let stimuli = Stimulus::all();
        stimuli
            .filter(|&stimulus| self.allows(stimulus, tab))
            .collect()
    }
}
