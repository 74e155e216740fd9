//! How near a token is to its expiry.

use crate::named::named;

named! {
    /// What can be told apart of a token's age. A token lives for 60 s.
    pub enum Expiry {
        /// More than 5 s are left.
        Ahead = "live",
        /// Less than 5 s are left: a cache reads it as absent.
        Near = "about to expire",
        /// None are left.
        Past = "expired",
    }
}

impl Default for Expiry {
    /// That of a token nobody looks at.
    fn default() -> Expiry {
        Expiry::Ahead
    }
}

impl Expiry {
    /// Of a token that is so near its expiry, and of one that is dead.
    #[inline]
    pub const fn of(is_near: bool, is_dead: bool) -> Expiry {
        match (is_near, is_dead) {
            (_, true) => Expiry::Past,
            (true, false) => Expiry::Near,
            (false, false) => Expiry::Ahead,
        }
    }

    /// Whether two tokens can be so at once that live equally long, one minted at `iat` and another at
    /// `other_iat`: what was minted earlier is not further from its expiry.
    pub fn can_be(self, iat: Option<u64>, other: Expiry, other_iat: Option<u64>) -> bool {
        match iat.cmp(&other_iat) {
            std::cmp::Ordering::Less => self >= other,
            std::cmp::Ordering::Equal => self == other,
            std::cmp::Ordering::Greater => self <= other,
        }
    }
}
