//! The invariants, each with its meaning and its witness.
//!
//! "Never decreases" speaks of two moments, a checker sees one state: [`History`] is the auxiliary
//! state in between. An *opportunity* is the witness of a property: a moment at which a design
//! without guards would have violated it. A property that never had one is vacuous, not passed.

mod monitor;
mod monitored;
mod set;
mod verdict;

pub use monitor::{After, History, Monitor, StepFindings, TabHistory, readable_oiat};
pub use monitored::{Monitored, MonitoredState, MonitoredStep, TellsFindings};
pub use set::PropertySet;
pub use verdict::Verdict;

use std::fmt;

/// An invariant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")] // As in `Property::name`.
#[repr(u8)]
pub enum Property {
    /// The headline.
    CachedOiatNeverDecreases,
    /// The same over the tab's life.
    TabOiatNeverDecreases,
    /// The headline, for the claims themselves.
    CachedClaimsNeverRegress,
    /// The same over the tab's life.
    TabClaimsNeverRegress,
    /// No fresher broadcast is lost to a guard.
    FresherBroadcastIsKept,
    /// No tie with newer contents is lost to a guard.
    TieIsAdopted,
    /// The cookie's `oiat`.
    CookieOiatNeverDecreases,
    /// The cookie gets the updates it needs.
    UpdateReachesCookie,
    /// Tabs agree in the end.
    TabsConverge,
    /// Requests are seeded with the best the tab had.
    SeedIsNotStale,
    /// No live token is lost to a dead one.
    LiveTokenIsKept,
}

impl Property {
    /// All properties, the headline first.
    pub const ALL: [Property; 11] = [
        Property::CachedOiatNeverDecreases,
        Property::TabOiatNeverDecreases,
        Property::CachedClaimsNeverRegress,
        Property::TabClaimsNeverRegress,
        Property::FresherBroadcastIsKept,
        Property::TieIsAdopted,
        Property::CookieOiatNeverDecreases,
        Property::UpdateReachesCookie,
        Property::TabsConverge,
        Property::SeedIsNotStale,
        Property::LiveTokenIsKept,
    ];

    /// The name in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Property::CachedOiatNeverDecreases => "cached-oiat-never-decreases",
            Property::TabOiatNeverDecreases => "tab-oiat-never-decreases",
            Property::CachedClaimsNeverRegress => "cached-claims-never-regress",
            Property::TabClaimsNeverRegress => "tab-claims-never-regress",
            Property::FresherBroadcastIsKept => "fresher-broadcast-is-kept",
            Property::TieIsAdopted => "tie-is-adopted",
            Property::CookieOiatNeverDecreases => "cookie-oiat-never-decreases",
            Property::UpdateReachesCookie => "update-reaches-cookie",
            Property::TabsConverge => "tabs-converge",
            Property::SeedIsNotStale => "seed-is-not-stale",
            Property::LiveTokenIsKept => "live-token-is-kept",
        }
    }

    /// The name of its witness, for stateright.
    pub const fn witness_name(self) -> &'static str {
        match self {
            Property::CachedOiatNeverDecreases => "witness of cached-oiat-never-decreases",
            Property::TabOiatNeverDecreases => "witness of tab-oiat-never-decreases",
            Property::CachedClaimsNeverRegress => "witness of cached-claims-never-regress",
            Property::TabClaimsNeverRegress => "witness of tab-claims-never-regress",
            Property::FresherBroadcastIsKept => "witness of fresher-broadcast-is-kept",
            Property::TieIsAdopted => "witness of tie-is-adopted",
            Property::CookieOiatNeverDecreases => "witness of cookie-oiat-never-decreases",
            Property::UpdateReachesCookie => "witness of update-reaches-cookie",
            Property::TabsConverge => "witness of tabs-converge",
            Property::SeedIsNotStale => "witness of seed-is-not-stale",
            Property::LiveTokenIsKept => "witness of live-token-is-kept",
        }
    }

    /// The inverse of [`Property::name`].
    pub fn from_name(name: &str) -> Option<Property> {
        Property::ALL.into_iter().find(|p| p.name() == name)
    }

    /// A short heading for a table.
    pub const fn heading(self) -> &'static str {
        match self {
            Property::CachedOiatNeverDecreases => "slot oiat",
            Property::TabOiatNeverDecreases => "tab oiat",
            Property::CachedClaimsNeverRegress => "slot clms",
            Property::TabClaimsNeverRegress => "tab clms",
            Property::FresherBroadcastIsKept => "new kept",
            Property::TieIsAdopted => "tie kept",
            Property::CookieOiatNeverDecreases => "jar oiat",
            Property::UpdateReachesCookie => "jar gets",
            Property::TabsConverge => "tabs same",
            Property::SeedIsNotStale => "seed",
            Property::LiveTokenIsKept => "live kept",
        }
    }

    /// What the property says, in one sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Property::CachedOiatNeverDecreases => {
                "In one tab, from one readable cached token to the next, oiat does not go down \
                 (absent is lowest), as long as the entry was not removed in between."
            }
            Property::TabOiatNeverDecreases => {
                "In one tab, over its whole life, from one readable cached token to the next, \
                 oiat does not go down."
            }
            Property::CachedClaimsNeverRegress => {
                "In one tab, from one readable cached token to the next, the claims do not get \
                 older, as long as the entry was not removed in between."
            }
            Property::TabClaimsNeverRegress => {
                "In one tab, over its whole life, from one readable cached token to the next, the \
                 claims do not get older."
            }
            Property::FresherBroadcastIsKept => {
                "No guard rejects a broadcast that outranks the token it was compared with, and \
                 after waiting broadcasts have run a resolved slot ranks no lower than any of them \
                 that is not dead."
            }
            Property::TieIsAdopted => {
                "No guard rejects a broadcast of equal rank whose format or claims are newer."
            }
            Property::CookieOiatNeverDecreases => {
                "No write replaces a cookie that is not dead by a token of lower oiat (absent is \
                 lowest)."
            }
            Property::UpdateReachesCookie => {
                "No token update is withheld from the cookie while the cookie is missing, ranks \
                 lower, or has equal rank and an older format."
            }
            Property::TabsConverge => {
                "With no request, response or broadcast under way, all readable cached tokens have \
                 the same oiat."
            }
            Property::SeedIsNotStale => {
                "An unforced request's parent, if it has one, ranks no lower than any token the \
                 tab ever had readable."
            }
            Property::LiveTokenIsKept => {
                "In a tab's cache, no comparison keeps a dead token against a live one."
            }
        }
    }

    /// What it takes for the property to have had a chance of being violated.
    pub const fn witness(self) -> &'static str {
        match self {
            Property::CachedOiatNeverDecreases => {
                "a readable token of lower oiat is offered to a cache whose entry was not removed \
                 since it last held a higher one"
            }
            Property::TabOiatNeverDecreases => {
                "a readable token of lower oiat than the tab last had is offered to its cache"
            }
            Property::CachedClaimsNeverRegress => {
                "a readable token of older claims is offered to a cache whose entry was not removed \
                 since it last held newer ones"
            }
            Property::TabClaimsNeverRegress => {
                "a readable token of older claims than the tab last had is offered to its cache"
            }
            Property::FresherBroadcastIsKept => {
                "a broadcast outranks the token it is compared with, or waited for a fetch"
            }
            Property::TieIsAdopted => {
                "a broadcast has the same rank as the token it meets and a newer format or newer \
                 claims"
            }
            Property::CookieOiatNeverDecreases => {
                "an update of lower oiat meets a cookie that is not dead"
            }
            Property::UpdateReachesCookie => {
                "an update meets a cookie that is missing, ranks lower, or has equal rank and an \
                 older format"
            }
            Property::TabsConverge => "two tabs hold readable tokens of different oiat for a while",
            Property::SeedIsNotStale => {
                "a tab sends an unforced request with a parent after it had a fresher token \
                 readable than the first"
            }
            Property::LiveTokenIsKept => {
                "a live token meets a dead one that outranks it, in the slot or its baseline"
            }
        }
    }

    /// Whether the property is about single tabs, so that a scenario's `watch` limits it.
    pub const fn is_about_a_tab(self) -> bool {
        !matches!(
            self,
            Property::CookieOiatNeverDecreases
                | Property::UpdateReachesCookie
                | Property::TabsConverge
        )
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
