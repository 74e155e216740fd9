//! The one tab of the proof, up to the order of its instants.

use super::order::{Kinds, Lines, Order, spread_claims, spread_minted};
use crate::cache::{Cache, Fetch, FetchId, Policy, SessionId, Slot};
use crate::freshness::Org;
use crate::property::TabHistory;
use crate::vocabulary::ModelToken;

/// The fetch that owns a pending slot, whatever it was called.
pub(crate) const OWNER: FetchId = FetchId(0);

/// Any number of fetches that own nothing.
pub(crate) const OTHERS: FetchId = FetchId(1);

/// The tab. Two tabs of equal order have the same canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tab {
    /// Its cache. Between steps no broadcast waits in it: see the module's documentation.
    pub cache: Cache<ModelToken>,
    /// What the properties remember of it.
    pub history: TabHistory,
}

/// A fetch as the proof keeps it. Nothing is between its beginning and its end but what waits for it.
pub(crate) fn fetch(id: FetchId) -> Fetch<ModelToken> {
    // Every field by name: one that is added may tell fetches apart. There is one session and one
    // key, and a tab in the proof has focus.
    Fetch {
        id,
        key: Org::PERSONAL,
        session: SessionId(0),
        own: true,
        called: true,
        joined_by_call: false,
        joined: false,
        invalidated: false,
        waiting: Vec::new(),
    }
}

impl Tab {
    /// The tabs before anything happened: one that holds nothing, and one for each kind of token.
    pub(crate) fn starts(policy: &Policy, kinds: &Kinds) -> Vec<Tab> {
        let tokens = Order::default().arrivals(kinds).into_iter();
        let mut caches: Vec<_> = tokens.map(|token| Cache::resolved(token, policy)).collect();
        caches.push(Cache::empty());
        let tab = |cache| Tab {
            cache,
            history: TabHistory::default(),
        };
        caches.into_iter().map(tab).collect()
    }

    /// The instants it holds.
    pub(crate) fn order(&self, lines: Lines) -> Order {
        let mut order = Order::default();
        for token in self.cache.tokens() {
            order.add(lines, token);
        }
        let mut minted = Vec::new();
        self.history.map(
            |claims| claims,
            |oiat, iat| {
                minted.push((oiat, iat));
                iat
            },
        );
        for (oiat, iat) in minted {
            order.add_minted(lines.of(Some(oiat)), iat);
            order.add_read(Some(oiat), oiat);
        }
        for (oiat, claims) in self.history.reads() {
            order.add_read(oiat, claims);
        }
        order
    }

    /// The same tab with its instants renamed: those at which claims were read, and those at which
    /// tokens were minted, which are told by their `oiat`.
    #[must_use]
    pub(crate) fn rename(
        &self,
        claims: impl Fn(u8) -> u8,
        minted: impl Fn(Option<u8>, u8) -> u8,
    ) -> Tab {
        Tab {
            cache: self.cache.map(|token| ModelToken {
                oiat: token.oiat.map(&claims),
                iat: minted(token.oiat, token.iat),
                fmt: token.fmt,
                claims: claims(token.claims),
                epoch: token.epoch,
                org: token.org,
            }),
            history: self
                .history
                .map(&claims, |oiat, iat| minted(Some(oiat), iat)),
        }
    }

    /// Instants as dense numbers, fetches by their roles; `None` if it holds too many instants.
    pub(crate) fn canonical(&self, lines: Lines) -> Option<Tab> {
        let mut tab = self.clone();
        // First: what a broadcast that waits brought along is chosen later.
        tab.name_fetches();
        tab.numbered(lines)
    }

    /// Instants as dense numbers; `None` if it holds too many.
    pub(crate) fn numbered(&self, lines: Lines) -> Option<Tab> {
        let order = self.order(lines);
        let tab = self.rename(
            |claims| order.claims_rank(claims),
            |oiat, iat| order.minted_rank(lines.of(oiat), iat),
        );
        order.is_small().then_some(tab)
    }

    /// Makes room between the instants of a canonical tab.
    #[must_use]
    pub(crate) fn spread(&self) -> Tab {
        self.rename(spread_claims, |_, iat| spread_minted(iat))
    }

    /// The same tab, in which the one fetch was the last that owned nothing.
    #[must_use]
    pub(crate) fn without_others(&self) -> Tab {
        let mut tab = self.clone();
        tab.cache.fetches.retain(|fetch| fetch.id != OTHERS);
        tab
    }

    /// Whether a fetch that owns nothing is under way.
    pub(crate) fn has_others(&self) -> bool {
        self.cache.fetches.iter().any(|fetch| fetch.id == OTHERS)
    }

    /// Leaves one fetch for each role: the owner of a pending slot, and all others together.
    pub(crate) fn name_fetches(&mut self) {
        let owner = match &mut self.cache.keys[Org::PERSONAL.index()].slot {
            Slot::Pending { fetch, .. } => Some(std::mem::replace(fetch, OWNER)),
            Slot::Empty | Slot::Resolved(_) => None,
        };
        let fetches = &mut self.cache.fetches;
        let has_others = fetches.iter().any(|fetch| Some(fetch.id) != owner);
        fetches.clear();
        fetches.extend(owner.map(|_| fetch(OWNER)));
        fetches.extend(has_others.then(|| fetch(OTHERS)));
    }
}
