//! Tokens and time as the model has them: ordinals, because only order matters.

use crate::cache::Clock;
use crate::freshness::Stamped;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A token of the model. Stamps are instants (ordinals from 1), not seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "TokenArray", into = "TokenArray")]
pub struct Minted {
    /// When the claims were last read from the database, as the token reports it.
    pub oiat: Option<u8>,
    /// When the token was minted.
    pub iat: u8,
    /// Version of the claims' format; only the wish to have the newest one depends on it.
    pub fmt: u8,
    /// When the claims were really read. Ghost data: no rule may look at it.
    pub claims: u8,
}

/// `[oiat, iat, fmt, claims]`, the form of a token in files.
type TokenArray = (Option<u8>, u8, u8, u8);

impl From<TokenArray> for Minted {
    fn from((oiat, iat, fmt, claims): TokenArray) -> Minted {
        Minted {
            oiat,
            iat,
            fmt,
            claims,
        }
    }
}

impl From<Minted> for TokenArray {
    fn from(token: Minted) -> TokenArray {
        (token.oiat, token.iat, token.fmt, token.claims)
    }
}

impl Minted {
    /// The token that everybody holds at the start.
    pub const fn first(legacy: bool) -> Minted {
        Minted {
            oiat: if legacy { None } else { Some(1) },
            iat: 1,
            fmt: 0,
            claims: 1,
        }
    }

    /// The ages at which this token becomes near and dead.
    pub const fn thresholds(&self) -> [u8; 2] {
        [2 * self.iat - 1, 2 * self.iat]
    }
}

impl Stamped for Minted {
    #[inline]
    fn oiat(&self) -> Option<u64> {
        self.oiat.map(u64::from)
    }

    #[inline]
    fn iat(&self) -> Option<u64> {
        Some(u64::from(self.iat))
    }
}

impl fmt::Display for Minted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oiat {
            Some(oiat) => write!(f, "[oiat {oiat}, iat {}", self.iat)?,
            None => write!(f, "[no oiat, iat {}, claims of {}", self.iat, self.claims)?,
        }
        match self.fmt {
            0 => write!(f, "]"),
            fmt => write!(f, ", format {fmt}]"),
        }
    }
}

/// How far expiry has got: tokens expire in the order of their `iat`, first near, then dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age(pub u8);

impl Clock<Minted> for Age {
    #[inline]
    fn is_near(&self, token: &Minted) -> bool {
        token.iat <= self.0.div_ceil(2)
    }

    #[inline]
    fn is_dead(&self, token: &Minted) -> bool {
        token.iat <= self.0 / 2
    }
}
