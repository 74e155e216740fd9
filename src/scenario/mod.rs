//! A scenario: how many tabs there are, what they hold at the start, and which stimuli and faults
//! may happen how often.

mod file;
mod stimulus;

pub use stimulus::{Stimuli, Stimulus};

use crate::model::{Minted, TabId};
use crate::property::Property;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The most tabs a scenario may have.
pub const MAX_TABS: u8 = 8;

/// The most stimuli and faults a scenario may allow, all budgets together. Every instant of the
/// model belongs to a mint or an ageing, so this also bounds the ordinals.
pub const MAX_BUDGET: u8 = 100;

/// What everybody holds at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// All tabs and the cookie hold the same token, with `oiat`.
    Tokens,
    /// The same, without `oiat`; the origin does not send it yet.
    Legacy,
    /// Nobody holds anything.
    Empty,
}

impl Start {
    /// All starts.
    pub const ALL: [Start; 3] = [Start::Tokens, Start::Legacy, Start::Empty];

    /// The name in a scenario file.
    pub const fn name(self) -> &'static str {
        match self {
            Start::Tokens => "tokens",
            Start::Legacy => "legacy",
            Start::Empty => "empty",
        }
    }

    /// The inverse of [`Start::name`].
    pub fn from_name(name: &str) -> Option<Start> {
        Start::ALL.into_iter().find(|start| start.name() == name)
    }

    /// The token everybody holds.
    pub const fn token(self) -> Option<Minted> {
        match self {
            Start::Tokens => Some(Minted::first(false)),
            Start::Legacy => Some(Minted::first(true)),
            Start::Empty => None,
        }
    }
}

/// How often each stimulus may still happen, all tabs together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budgets([u8; Stimulus::ALL.len()]);

impl Budgets {
    /// What is left for this stimulus.
    pub const fn left(&self, stimulus: Stimulus) -> u8 {
        self.0[stimulus as usize]
    }

    /// Sets what is left for this stimulus.
    pub fn set(&mut self, stimulus: Stimulus, count: u8) {
        self.0[stimulus as usize] = count;
    }

    /// Uses one up. Nothing happens when there is none left.
    pub fn spend(&mut self, stimulus: Stimulus) {
        let left = &mut self.0[stimulus as usize];
        *left = left.saturating_sub(1);
    }

    /// The stimuli that have a budget, and how much.
    pub fn iter(&self) -> impl Iterator<Item = (Stimulus, u8)> {
        let left = self.0;
        Stimulus::ALL
            .into_iter()
            .map(move |stimulus| (stimulus, left[stimulus as usize]))
            .filter(|&(_, count)| count > 0)
    }

    /// The stimuli that have a budget.
    pub fn some(&self) -> Stimuli {
        self.iter().map(|(stimulus, _)| stimulus).collect()
    }

    /// All budgets together.
    pub fn total(&self) -> u32 {
        self.0.iter().map(|&count| u32::from(count)).sum()
    }
}

/// A set of tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TabSet(u8);

impl TabSet {
    /// Every tab.
    pub const ALL: TabSet = TabSet(u8::MAX);

    /// Whether a tab is in the set.
    pub const fn has(self, tab: TabId) -> bool {
        self.0 >> tab.0 & 1 == 1
    }
}

impl FromIterator<TabId> for TabSet {
    fn from_iter<I: IntoIterator<Item = TabId>>(tabs: I) -> TabSet {
        TabSet(tabs.into_iter().fold(0, |set, tab| set | 1 << tab.0))
    }
}

/// What a scenario file says.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file's name without its ending.
    pub name: String,
    /// Where it was read from.
    pub path: PathBuf,
    /// One line.
    pub title: String,
    /// Number of tabs, from 1 to [`MAX_TABS`].
    pub tabs: u8,
    /// What everybody holds at the start.
    pub start: Start,
    /// How often each stimulus may happen.
    pub budgets: Budgets,
    /// Stimuli limited to some tabs: the tab it happens in, whose request fails, or that would
    /// have received what is lost.
    pub by: BTreeMap<Stimulus, TabSet>,
    /// The tabs that the tab properties look at.
    pub watch: TabSet,
    /// Properties that nothing in this scenario can violate, and why, whatever the design.
    pub vacuous: BTreeMap<Property, Reason>,
}

/// Why something is so, and where the file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Why.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
}

impl Scenario {
    /// Whether a stimulus may happen to a tab.
    pub fn allows(&self, stimulus: Stimulus, tab: TabId) -> bool {
        self.by.get(&stimulus).is_none_or(|tabs| tabs.has(tab))
    }
}
