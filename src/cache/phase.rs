//! Where a tab is in its life, and whether it has focus.

use crate::named::named;

named! {
    /// Where a tab is in its life.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum Phase {
        /// It has not been opened yet.
        Absent = "absent",
        /// It has been opened and waits for its first client payload.
        Loading = "loading",
        /// Signed in.
        Live = "live",
        /// Its sign-out is under way.
        Leaving = "leaving",
        /// Signed out.
        Out = "out",
        /// Closed, for good.
        Closed = "closed",
    }
}

impl Phase {
    /// The tab exists: it has been opened and not closed.
    pub const fn is_there(self) -> bool {
        match self {
            Phase::Loading | Phase::Live | Phase::Leaving | Phase::Out => true,
            Phase::Absent | Phase::Closed => false,
        }
    }

    /// What the tab writes is written in the organisation that it believes it is in.
    pub(crate) const fn is_in_context(self) -> bool {
        match self {
            Phase::Loading | Phase::Live => true,
            Phase::Absent | Phase::Leaving | Phase::Out | Phase::Closed => false,
        }
    }

    /// The tab signs out, or is signed out: its cookies are nobody's.
    pub const fn leaves(self) -> bool {
        match self {
            Phase::Leaving | Phase::Out => true,
            Phase::Absent | Phase::Loading | Phase::Live | Phase::Closed => false,
        }
    }

    /// Somebody is signed in there, or about to be, or not yet out: whose cache is a session's.
    pub const fn is_in(self) -> bool {
        match self {
            Phase::Loading | Phase::Live | Phase::Leaving => true,
            Phase::Absent | Phase::Out | Phase::Closed => false,
        }
    }
}

named! {
    /// Whether a tab has focus. It gets it once at most, and loses it for good.
    #[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
    pub enum Focus {
        /// It never had it.
        Never = "never",
        Has = "has",
        /// It has lost it.
        Blurred = "blurred",
    }
}
