//! Tokens and time as the model has them: ordinals, because only order matters.

use crate::cache::Clock;
use crate::freshness::{Org, Stamped};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A token of the model. Stamps are instants (ordinals from 1), not seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelToken {
    /// When the claims were last read from the database, as the token reports it.
    pub oiat: Option<u8>,
    /// When the token was minted.
    pub iat: u8,
    /// Version of the claims' format; of rules, only scripts may look at it.
    pub fmt: u8,
    /// When the claims were really read. Ghost data: no rule may look at it.
    pub claims: u8,
    /// Which read of the database the claims come from, where the server counts; else 0. The claims
    /// that everybody starts with are those of read 0.
    pub epoch: u8,
    /// The organisation that the claims are about.
    pub org: Org,
}

/// All of a token, in the order of its fields.
type Numbers = (Option<u8>, u8, u8, u8, u8, u8);

/// `[oiat, iat, fmt, claims]`, the form of a token in files, and after it the epoch if it is not 0, and the
/// organisation if it is not the personal one.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum TokenArray {
    Plain(Option<u8>, u8, u8, u8),
    WithEpoch(Option<u8>, u8, u8, u8, u8),
    WithOrg(Option<u8>, u8, u8, u8, u8, u8),
}

/// In files as a [`TokenArray`]; where nobody reads it, with all its numbers.
impl Serialize for ModelToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (oiat, iat, fmt, claims) = (self.oiat, self.iat, self.fmt, self.claims);
        let (epoch, org) = (self.epoch, self.org.number());
        let numbers: Numbers = (oiat, iat, fmt, claims, epoch, org);
        if !serializer.is_human_readable() {
            return numbers.serialize(serializer);
        }
        let array = match (epoch, org) {
            (0, 0) => TokenArray::Plain(oiat, iat, fmt, claims),
            (epoch, 0) => TokenArray::WithEpoch(oiat, iat, fmt, claims, epoch),
            (epoch, org) => TokenArray::WithOrg(oiat, iat, fmt, claims, epoch, org),
        };
        array.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ModelToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ModelToken, D::Error> {
        let numbers = match deserializer.is_human_readable() {
            true => TokenArray::deserialize(deserializer)?.numbers(),
            false => Numbers::deserialize(deserializer)?,
        };
        let (oiat, iat, fmt, claims, epoch, org) = numbers;
        let unknown = || D::Error::custom(format!("there is no organisation {org}, only 0 and 1"));
        Ok(ModelToken {
            oiat,
            iat,
            fmt,
            claims,
            epoch,
            org: Org::from_number(org).ok_or_else(unknown)?,
        })
    }
}

impl TokenArray {
    fn numbers(self) -> Numbers {
        match self {
            TokenArray::Plain(oiat, iat, fmt, claims) => (oiat, iat, fmt, claims, 0, 0),
            TokenArray::WithEpoch(oiat, iat, fmt, claims, epoch) => {
                (oiat, iat, fmt, claims, epoch, 0)
            }
            TokenArray::WithOrg(oiat, iat, fmt, claims, epoch, org) => {
                (oiat, iat, fmt, claims, epoch, org)
            }
        }
    }
}

impl ModelToken {
    /// A personal token of the first format whose claims were read at `oiat`, which it tells, minted at `iat`.
    pub const fn read_at(oiat: u8, iat: u8) -> ModelToken {
        ModelToken {
            oiat: Some(oiat),
            iat,
            fmt: 0,
            claims: oiat,
            epoch: 0,
            org: Org::PERSONAL,
        }
    }

    /// The token that everybody holds at the start.
    pub const fn first(legacy: bool) -> ModelToken {
        let first = ModelToken::read_at(1, 1);
        ModelToken {
            oiat: if legacy { None } else { first.oiat },
            ..first
        }
    }
}

impl Stamped for ModelToken {
    #[inline]
    fn oiat(&self) -> Option<u64> {
        self.oiat.map(u64::from)
    }

    #[inline]
    fn iat(&self) -> Option<u64> {
        Some(u64::from(self.iat))
    }

    #[inline]
    fn format(&self) -> u8 {
        self.fmt
    }

    #[inline]
    fn epoch(&self) -> u64 {
        u64::from(self.epoch)
    }

    fn org(&self) -> Org {
        self.org
    }
}

impl fmt::Display for ModelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oiat {
            Some(oiat) => write!(f, "[oiat {oiat}, iat {}", self.iat)?,
            None => write!(f, "[no oiat, iat {}, claims of {}", self.iat, self.claims)?,
        }
        if self.epoch > 0 {
            write!(f, ", epoch {}", self.epoch)?;
        }
        if self.org != Org::PERSONAL {
            write!(f, ", org {}", self.org.number())?;
        }
        match self.fmt {
            0 => write!(f, "]"),
            fmt => write!(f, ", format {fmt}]"),
        }
    }
}

/// How far expiry has got: tokens expire in the order of their `iat`, first near, then dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Age(pub u8);

impl Age {
    /// The instant whose tokens became near or dead at this age, which is not 0.
    pub(crate) const fn instant(self) -> u8 {
        self.0.div_ceil(2)
    }
}

/// Instants are less than this: ages count twice as fast and are bytes.
pub(super) const MAX_INSTANTS: u8 = 128;

/// When the tokens that are held somewhere were minted: all that ageing depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instants(u128);

impl Instants {
    pub(crate) const NONE: Instants = Instants(0);

    /// What is in either set.
    pub(crate) const fn or(self, other: Instants) -> Instants {
        Instants(self.0 | other.0)
    }

    /// The next age at which one of the tokens becomes near or dead.
    pub(crate) const fn next_threshold(self, age: Age) -> Option<Age> {
        // An instant's tokens become near at twice the instant less one and dead at twice, so
        // those of half the age and earlier have nothing ahead of them.
        let ahead = (self.0 >> (age.0 / 2)) >> 1;
        if ahead == 0 {
            return None;
        }
        let iat = age.0 / 2 + 1 + ahead.trailing_zeros() as u8;
        let near = 2 * iat - 1;
        Some(Age(if near > age.0 { near } else { near + 1 }))
    }
}

impl From<&ModelToken> for Instants {
    fn from(token: &ModelToken) -> Instants {
        assert!(
            token.iat < MAX_INSTANTS,
            "there is no instant {}",
            token.iat
        );
        Instants(1 << token.iat)
    }
}

impl<'a> FromIterator<&'a ModelToken> for Instants {
    fn from_iter<I: IntoIterator<Item = &'a ModelToken>>(tokens: I) -> Instants {
        let tokens = tokens.into_iter().map(Instants::from);
        tokens.fold(Instants::NONE, Instants::or)
    }
}

impl Clock<ModelToken> for Age {
    #[inline]
    fn is_near(&self, token: &ModelToken) -> bool {
        token.iat <= self.0.div_ceil(2)
    }

    #[inline]
    fn is_dead(&self, token: &ModelToken) -> bool {
        token.iat <= self.0 / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_threshold_is_the_smallest_one_above_the_age() {
        let minted = |iat| ModelToken {
            iat,
            ..ModelToken::first(false)
        };
        for instants in [
            vec![],
            vec![1],
            vec![1, 2],
            vec![3],
            vec![2, 5],
            vec![1, 100, 127],
        ] {
            let tokens: Vec<ModelToken> = instants.iter().copied().map(minted).collect();
            let held: Instants = tokens.iter().collect();
            for age in 0..=253 {
                let thresholds = instants.iter().flat_map(|iat| [2 * iat - 1, 2 * iat]);
                let next = thresholds.filter(|&threshold| threshold > age).min();
                assert_eq!(
                    held.next_threshold(Age(age)),
                    next.map(Age),
                    "{instants:?} {age}"
                );
            }
        }
    }
}
