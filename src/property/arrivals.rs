//! Whether what was posted will ever arrive.
//!
//! As with calls (`waits`), no run goes around, so a post never arrives exactly where there is a state
//! that nothing inevitable leaves and in which some tab has yet to get it.

use super::findings::Findings;
use super::history::{History, TabHistory};
use super::judge::rank_number;
use super::{Cause, Property};
use crate::cache::Phase;
use crate::freshness::Rank;
use crate::model::TabState;
use crate::vocabulary::{ModelToken, TabId};
use std::num::NonZeroU32;

/// What of a tab decides whether posts have arrived, in it and elsewhere. Ranks are numbers in their
/// order, under each key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posts {
    /// The tab keeps running, and is signed in.
    listens: bool,
    /// The highest that the tab ever had readable.
    best: [Option<NonZeroU32>; 2],
    /// The highest that the tab posted and that is still readable.
    posted: [Option<NonZeroU32>; 2],
}

impl Posts {
    /// Of a tab, and of what is remembered of it: nothing without
    /// [`Monitor::undelivered`](super::Monitor::undelivered).
    pub fn of<C>(tab: &TabState<C>, history: &TabHistory) -> Posts {
        let number = |rank: Option<Rank>| rank.map(rank_number);
        Posts {
            listens: !tab.stopped && tab.cache.phase == Phase::Live,
            best: history.best().map(number),
            posted: history.best_posted().map(number),
        }
    }

    #[inline]
    fn lacks(&self, other: &Posts) -> bool {
        self.listens && (0..2).any(|key| other.posted[key] > self.best[key])
    }
}

/// A tab that has yet to get something, and the one that posted it.
#[inline]
pub(crate) fn missing_post(posts: impl Iterator<Item = Posts> + Clone) -> Option<(TabId, TabId)> {
    let tabs = || (0u8..).map(TabId).zip(posts.clone());
    tabs().find_map(|(tab, of)| {
        let mut others = tabs().filter(|(other, _)| *other != tab);
        others.find_map(|(other, from)| of.lacks(&from).then_some((tab, other)))
    })
}

impl History {
    /// What a tab has yet to get of what another one posted.
    pub(crate) fn undelivered(&self, (tab, from): (TabId, TabId)) -> Option<ModelToken> {
        let (tab, from) = (self.tabs.get(tab.index())?, self.tabs.get(from.index())?);
        tab.undelivered_from(from)
    }
}

/// Judges a state by what has yet to arrive, given whether nothing is left that has to happen.
#[inline]
pub(super) fn follow_posts(
    posts: impl Iterator<Item = Posts> + Clone,
    stuck: impl FnOnce() -> bool,
    token: impl FnOnce((TabId, TabId)) -> Option<ModelToken>,
    findings: &mut impl Findings,
) {
    if let Some((tab, from)) = missing_post(posts) {
        let arrives = Property::EveryPostArrives;
        findings.witness_if(true, arrives);
        findings.violate_if(stuck(), arrives, || Cause::PostMissing {
            tab,
            from,
            token: token((tab, from)),
        });
    }
}
