//! What the properties remember of the way to a state.

use super::{Property, PropertySet, Reading, meaning};
use crate::cache::Clock;
use crate::freshness::{Org, Rank, Stamps, rank};
use crate::vocabulary::ModelToken;
use std::hash::{Hash, Hasher};

/// What the properties need to remember, as little as possible. It is no part of the system: the
/// reachable graph is counted without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    pub tabs: Vec<TabHistory>,
    /// The properties that the last step violated.
    pub violated: PropertySet,
    /// The properties that the last step gave an opportunity to be violated. Kept only where a
    /// witness is looked for: else it would multiply the states.
    pub witnessed: PropertySet,
}

/// What was readable in one tab. For a tab that is not watched at most what posts are held against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct TabHistory {
    /// Under each key, whatever organisations' tokens meet there.
    pub(super) keys: [KeyHistory; 2],
}

/// What was readable under one key of a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct KeyHistory {
    /// The last readable token since the entry was last removed.
    pub(super) resident: Option<Readable>,
    /// The last readable token ever.
    pub(super) life: Option<Readable>,
    /// The last token that a call returned.
    pub(super) returned: Option<Readable>,
    /// The highest rank ever readable.
    pub(super) best: Option<Rank>,
    /// What the tab posted, as long as it is readable and nothing fresher and as long-lived was
    /// posted by the same tab. Kept only with [`super::Monitor::undelivered`].
    pub(super) posted: Vec<ModelToken>,
}

/// A readable token, of which the properties look at `oiat` and claims: what else it is is only for
/// telling, so two that agree in these are equal, and a state is not stored twice for it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Readable(pub(super) ModelToken);

impl Readable {
    const fn looked_at(&self) -> (Option<u8>, u8) {
        (self.0.oiat, self.0.claims)
    }
}

impl PartialEq for Readable {
    fn eq(&self, other: &Readable) -> bool {
        self.looked_at() == other.looked_at()
    }
}

impl Eq for Readable {}

impl Hash for Readable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.looked_at().hash(state);
    }
}

impl TabHistory {
    /// Of a key: `oiat` and claims of the token that was readable last, since its entry was removed
    /// last, and since the history began; none where nobody asks.
    pub(crate) fn readables(&self, key: Org) -> [Option<(Option<u8>, u8)>; 2] {
        let of = &self.keys[key.index()];
        [of.resident, of.life].map(|readable| readable.as_ref().map(Readable::looked_at))
    }

    /// The same history of one key, as if there were no other.
    pub(crate) fn only(self, key: Org) -> TabHistory {
        let mut only = TabHistory::default();
        let mut keys = Org::ALL.into_iter().zip(self.keys);
        if let Some((_, of)) = keys.find(|(of, _)| *of == key) {
            only.keys[key.index()] = of;
        }
        only
    }

    /// See [`KeyHistory::map`].
    pub(crate) fn map(
        &self,
        mut claims: impl FnMut(u8) -> u8,
        mut minted: impl FnMut(u8, u8) -> u8,
    ) -> TabHistory {
        let TabHistory { keys } = self;
        TabHistory {
            keys: keys.each_ref().map(|of| of.map(&mut claims, &mut minted)),
        }
    }

    /// The `oiat` and the claims of the readable tokens that are remembered.
    pub(crate) fn reads(&self) -> impl Iterator<Item = (Option<u8>, u8)> {
        self.keys.iter().flat_map(KeyHistory::reads)
    }

    /// Under each key the highest rank ever readable, as far as it is remembered.
    pub(super) fn best(&self) -> [Option<Rank>; 2] {
        self.keys.each_ref().map(|of| of.best)
    }

    /// Under each key the highest rank of what was posted and is remembered.
    pub(super) fn best_posted(&self) -> [Option<Rank>; 2] {
        let best = |of: &KeyHistory| of.posted.iter().map(rank).max();
        self.keys.each_ref().map(best)
    }

    /// A readable token that another tab posted under a key and that outranks everything this tab
    /// ever had readable there: it has yet to get it, or something as fresh.
    pub(super) fn undelivered_from(&self, other: &TabHistory) -> Option<ModelToken> {
        let mut keys = self.keys.iter().zip(&other.keys);
        keys.find_map(|(of, other)| of.undelivered_from(other))
    }
}

/// What is kept of a history, field by field: the less, the fewer states there are to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    resident: bool,
    life: bool,
    returned: bool,
    /// By a property. Posts need it of all tabs.
    best: bool,
    posts: bool,
}

impl Needed {
    /// By these properties, and for posts if those are followed.
    pub(super) fn by(wanted: PropertySet, posts: bool) -> Needed {
        let wants = |one, other| wanted.has(one) || wanted.has(other);
        Needed {
            resident: wants(
                Property::CachedOiatNeverDecreases,
                Property::CachedClaimsNeverRegress,
            ),
            life: wants(
                Property::TabOiatNeverDecreases,
                Property::TabClaimsNeverRegress,
            ),
            returned: wants(
                Property::ReturnedOiatNeverDecreases,
                Property::ReturnedClaimsNeverRegress,
            ),
            best: wanted.has(Property::SeedIsNotStale),
            posts,
        }
    }
}

impl TabHistory {
    /// What is left of it where no more is needed.
    pub(super) fn of_needed(&self, needed: Needed) -> TabHistory {
        TabHistory {
            keys: self.keys.each_ref().map(|of| of.of_needed(needed)),
        }
    }
}

impl KeyHistory {
    fn of_needed(&self, needed: Needed) -> KeyHistory {
        KeyHistory {
            resident: self.resident.filter(|_| needed.resident),
            life: self.life.filter(|_| needed.life),
            returned: self.returned.filter(|_| needed.returned),
            best: self.best.filter(|_| needed.best || needed.posts),
            posted: match needed.posts {
                true => self.posted.clone(),
                false => Vec::new(),
            },
        }
    }

    /// The same history with its instants renamed: `claims` renames instants at which claims were
    /// read, `minted` the `iat` that stands beside an `oiat`.
    fn map(
        &self,
        mut claims: impl FnMut(u8) -> u8,
        mut minted: impl FnMut(u8, u8) -> u8,
    ) -> KeyHistory {
        // Every field by name: one that is added has to be renamed as well.
        let KeyHistory {
            resident,
            life,
            returned,
            best,
            posted,
        } = self;
        let mut readable = |Readable(token): &Readable| {
            Readable(ModelToken {
                oiat: token.oiat.map(&mut claims),
                claims: claims(token.claims),
                ..*token
            })
        };
        let (resident, life, returned) = (
            resident.as_ref().map(&mut readable),
            life.as_ref().map(&mut readable),
            returned.as_ref().map(readable),
        );
        // Stamps of the model are bytes.
        let best = best.map(|best| match best.stamps() {
            Some((oiat, iat)) => rank(&Stamps {
                oiat: Some(u64::from(claims(oiat as u8))),
                iat: Some(u64::from(minted(oiat as u8, iat as u8))),
            }),
            None => best,
        });
        KeyHistory {
            resident,
            life,
            returned,
            best,
            // Proofs do not remember posts: there is nothing to rename.
            posted: posted.clone(),
        }
    }

    /// The `oiat` and the claims of the readable tokens that are remembered.
    fn reads(&self) -> impl Iterator<Item = (Option<u8>, u8)> {
        let readable = self.resident.iter().chain(&self.life);
        let readable = readable.chain(&self.returned);
        readable.map(Readable::looked_at)
    }

    /// A readable token that another tab posted and that outranks everything this tab ever had
    /// readable: it has yet to get it, or something as fresh.
    fn undelivered_from(&self, other: &KeyHistory) -> Option<ModelToken> {
        let mut posted = other.posted.iter().copied();
        posted.find(|token| self.best.is_none_or(|best| rank(token) > best))
    }

    /// Remembers the best that was readable.
    pub(super) fn observe_best(&mut self, readable: Option<&ModelToken>) {
        self.best = self.best.max(readable.map(rank));
    }

    /// Forgets what was posted and is not readable any more.
    pub(super) fn let_go(&mut self, age: &impl Clock<ModelToken>) {
        self.posted.retain(|token| !age.is_near(token));
    }

    /// Remembers what was posted.
    pub(super) fn post(&mut self, token: &ModelToken) {
        let outlives =
            |one: &ModelToken, other: &ModelToken| rank(one) >= rank(other) && one.iat >= other.iat;
        if !self.posted.iter().any(|posted| outlives(posted, token)) {
            self.posted.retain(|posted| !outlives(token, posted));
            self.posted.push(*token);
            self.posted.sort_unstable();
        }
    }

    /// The properties that this token violates if it becomes readable, each with the token that was
    /// readable before and in what this one is older.
    pub(super) fn falls(
        &self,
        token: &ModelToken,
    ) -> impl Iterator<Item = (Property, Reading, ModelToken)> {
        let resident = falls_from(
            self.resident,
            *token,
            Property::CachedOiatNeverDecreases,
            Property::CachedClaimsNeverRegress,
        );
        let life = falls_from(
            self.life,
            *token,
            Property::TabOiatNeverDecreases,
            Property::TabClaimsNeverRegress,
        );
        resident.chain(life)
    }

    /// The same if a call returns it, with the token that was returned before.
    pub(super) fn falls_in_calls(
        &self,
        token: &ModelToken,
    ) -> impl Iterator<Item = (Property, Reading, ModelToken)> + use<> {
        falls_from(
            self.returned,
            *token,
            Property::ReturnedOiatNeverDecreases,
            Property::ReturnedClaimsNeverRegress,
        )
    }

    /// Remembers what a call returned, as far as these properties need it.
    pub(super) fn observe_returned(&mut self, token: ModelToken, wanted: PropertySet) {
        if Needed::by(wanted, false).returned {
            self.returned = Some(Readable(token));
        }
    }

    /// Remembers what is readable now, as far as these properties need it.
    pub(super) fn observe(&mut self, token: &ModelToken, wanted: PropertySet) {
        let now = Some(Readable(*token));
        let needed = Needed::by(wanted, false);
        if needed.resident {
            self.resident = now;
        }
        if needed.life {
            self.life = now;
        }
        if needed.best {
            self.observe_best(Some(token));
        }
    }
}

/// The properties that are violated where this token follows the one that is remembered, and in what
/// it is older.
fn falls_from(
    held: Option<Readable>,
    now: ModelToken,
    oiat: Property,
    claims: Property,
) -> impl Iterator<Item = (Property, Reading, ModelToken)> {
    let falls = move |Readable(held)| {
        let lower = meaning::oiat_decreases(held.oiat, now.oiat);
        let oiat = lower.then_some((oiat, Reading::Oiat, held));
        let claims = (now.claims < held.claims).then_some((claims, Reading::Claims, held));
        oiat.into_iter().chain(claims)
    };
    held.into_iter().flat_map(falls)
}

#[cfg(test)]
mod tests;
