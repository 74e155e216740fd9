//! What tabs really did, judged: logs of events, line by line, against the properties that can be
//! seen from outside.
//!
//! [`parse`] reads a line. [`Monitor`] takes lines as they come, puts them in the order of time within
//! a window, and judges them with the library's own meanings ([`crate::property::meaning`]) and
//! comparator. Nothing in here reads files or knows how long a log is: what is remembered is bounded
//! ([`MAX_TABS`], [`MAX_KEYS`], [`MAX_APART`], [`MAX_WAITING`], [`MAX_TOLD`]), and what a bound made impossible is
//! counted and told.

mod entry;
mod judge;
mod line;
mod order;
mod record;
mod tabs;

pub use entry::{Entry, Kind, OrgSeen, Place, RealToken};
pub use judge::Monitor;
pub use line::{MAX_LINE_BYTES, MAX_NAME_BYTES, Names, parse};
pub use order::MAX_WAITING;
pub use record::{
    Finding, FindingEvent, PropertyFound, Record, RowCount, Settings, Skipped, Told, VERSION,
};
pub use tabs::{MAX_APART, MAX_KEYS, MAX_TABS};

use crate::property::{Property, PropertySet};

/// The most findings of one property that are told in full, and skipped lines that are located.
pub const MAX_TOLD: usize = 20;

/// The most entries before a violation that are remembered for its story.
pub const MAX_BEFORE: usize = 24;

/// Seconds before its expiry from which on a token is not readable: the SDK asks for another.
pub const LEEWAY_SECONDS: u64 = 5;

/// The properties that can be judged from outside.
pub fn judged() -> PropertySet {
    let all = Property::ALL.into_iter();
    all.filter(|property| is_judged(*property)).collect()
}

/// Whether a property speaks of what a log can tell. The others ask what a guard compared and did not
/// let through, when claims were really read, or whether nothing is under way; and a log that ends says
/// of no call and no post that it never would.
pub const fn is_judged(property: Property) -> bool {
    match property {
        Property::CachedOiatNeverDecreases
        | Property::TabOiatNeverDecreases
        | Property::CookieOiatNeverDecreases
        | Property::TabsConverge
        | Property::SeedIsNotStale
        | Property::KeyHoldsOwnContext
        | Property::CookieContext
        | Property::ReadReturnsOwnContext
        | Property::NoCookieAfterSignout
        | Property::ReturnedTokenIsNotDead
        | Property::ReturnedOiatNeverDecreases
        | Property::ReturnedIsNotOutranked
        | Property::ReturnedIsOwnContext
        | Property::RejectedOnlyWithoutToken => true,
        Property::CachedClaimsNeverRegress
        | Property::TabClaimsNeverRegress
        | Property::FresherBroadcastIsKept
        | Property::TieIsAdopted
        | Property::UpdateReachesCookie
        | Property::LiveTokenIsKept
        | Property::ContextAtRest
        | Property::SignedOutAtRest
        | Property::ReturnedClaimsNeverRegress
        | Property::EveryCallEnds
        | Property::EveryPostArrives
        | Property::TabsConvergeInRank
        | Property::RequestsWithinLimit => false,
    }
}
