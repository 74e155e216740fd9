//! One line of a log, understood.

use super::LEEWAY_SECONDS;
use crate::freshness::{Expiry, Stamped, Stamps};
use crate::named::named;
use serde::Serialize;
use std::rc::Rc;

named! {
    /// What a tab did, or what became of it.
    pub enum Kind {
        /// It was opened, or the recording began in it.
        Opened = "opened",
        Closed = "closed",
        /// Its cache holds this token from now on.
        Cached = "cached",
        /// Its cache holds nothing any more.
        Removed = "removed",
        /// Its cache has nothing to read until an answer comes; the entry was not removed.
        Pending = "pending",
        /// It posted a token to the other tabs.
        Posted = "posted",
        /// A token that another tab posted has reached it.
        Received = "received",
        /// It wrote the session cookie.
        Cookie = "cookie",
        CookieRemoved = "cookie-removed",
        /// Its cache was read, whoever asked.
        Read = "read",
        /// A call of `getToken` got a token.
        Returned = "returned",
        /// A call of `getToken` failed.
        Rejected = "rejected",
        /// It asked the server for a token.
        Requested = "requested",
        /// The server gave it a token.
        Answered = "answered",
        /// Its sign-out began.
        SigningOut = "signing-out",
        /// Somebody signed in.
        SignedIn = "signed-in",
        SignedOut = "signed-out",
        /// It believes to be in another organisation.
        Switched = "switched",
        /// It was there: a sign of life that moves the time on.
        Seen = "seen",
        /// The recorder forgot lines.
        Lost = "lost",
    }
}

impl Kind {
    /// Whether such a line has to say which token it is about.
    pub(crate) const fn needs_token(self) -> bool {
        match self {
            Kind::Cached
            | Kind::Posted
            | Kind::Received
            | Kind::Cookie
            | Kind::Read
            | Kind::Returned
            | Kind::Answered => true,
            Kind::Opened
            | Kind::Closed
            | Kind::Removed
            | Kind::Pending
            | Kind::CookieRemoved
            | Kind::Rejected
            | Kind::Requested
            | Kind::SigningOut
            | Kind::SignedIn
            | Kind::SignedOut
            | Kind::Switched
            | Kind::Seen
            | Kind::Lost => false,
        }
    }
}

/// An organisation, as far as a line tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OrgSeen {
    /// The line does not say.
    #[default]
    Unknown,
    /// The personal account.
    Personal,
    Named(Rc<str>),
}

impl OrgSeen {
    /// Both are known and differ, or are the same.
    pub(crate) fn differs_from(&self, other: &OrgSeen) -> Option<bool> {
        match (self, other) {
            (OrgSeen::Unknown, _) | (_, OrgSeen::Unknown) => None,
            (one, other) => Some(crate::property::meaning::is_astray(one, other)),
        }
    }
}

/// What a log says of a token. Instants are seconds since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealToken {
    /// See [`Stamped::oiat`].
    pub oiat: Option<u64>,
    /// See [`Stamped::iat`].
    pub iat: Option<u64>,
    /// When it expires, if that is known.
    pub exp: Option<u64>,
    pub org: OrgSeen,
    /// A name for it that tells it from others with the same stamps.
    pub hash: Option<Rc<str>>,
}

impl Stamped for RealToken {
    fn oiat(&self) -> Option<u64> {
        self.oiat
    }

    fn iat(&self) -> Option<u64> {
        self.iat
    }

    /// As of [`Stamps`]: nobody counted.
    fn epoch(&self) -> u64 {
        self.oiat.unwrap_or(0)
    }
}

impl RealToken {
    /// How near its expiry it is at an instant in milliseconds.
    pub(crate) fn expiry_at(&self, milliseconds: u64) -> Expiry {
        let is_near = self.ends_within(LEEWAY_SECONDS, milliseconds);
        Expiry::of(is_near, self.ends_within(0, milliseconds))
    }

    /// Whether it has less than so many seconds left at an instant in milliseconds.
    pub(crate) fn ends_within(&self, seconds: u64, milliseconds: u64) -> bool {
        let end = |exp: u64| exp.saturating_mul(1000);
        let at = milliseconds.saturating_add(seconds * 1000);
        self.exp.is_some_and(|exp| end(exp) <= at)
    }
}

impl std::fmt::Display for RealToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.oiat {
            Some(oiat) => write!(f, "[oiat {oiat}")?,
            None => write!(f, "[no oiat")?,
        }
        match self.iat {
            Some(iat) => write!(f, ", iat {iat}]"),
            None => write!(f, ", no iat]"),
        }
    }
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Position of the log among those that are read, from 0.
    pub log: usize,
    /// The line in its log, from 1.
    pub line: u64,
}

/// A line of a log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// By the tab's clock, in milliseconds since the epoch.
    pub at: u64,
    /// Its place in the order of time of all tabs, in milliseconds.
    pub time: u64,
    /// Counts the tab's lines, where the recorder does.
    pub seq: Option<u64>,
    /// The tab, as its lines name it.
    pub tab: Rc<str>,
    pub kind: Kind,
    /// The token it is about.
    pub token: Option<RealToken>,
    /// The name of the cache's entry.
    pub key: Option<Rc<str>>,
    /// The organisation that the cache's entry belongs to, or that the tab is in.
    pub place_org: OrgSeen,
    /// A request's parent.
    pub parent: Option<Stamps>,
    /// A request that must not be answered from the edge's copy.
    pub forced: bool,
    /// A call that got what was cached.
    pub hit: bool,
    /// How many lines were lost.
    pub count: u64,
}
