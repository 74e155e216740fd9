//! The comparator: which of two session tokens is the fresher one.
//!
//! A token minted at the edge copies its claims from the token the tab sent in, so a late `iat`
//! says nothing about how old the claims are; `oiat` does. The decision table has eight rows, and
//! every pair of tokens falls in exactly one of them ([`Row::of`]). What a *rule* may choose is the
//! winner of each row. The standard table is that of clerk/javascript pull request #8097.
//!
//! | Row | existing `oiat` | incoming `oiat` | when | standard winner |
//! |---|---|---|---|---|
//! | A1 | a | b | a > b | existing |
//! | A2 | a | b | a < b | incoming |
//! | A3 | a | a | existing `iat` later | existing |
//! | A4 | a | a | incoming `iat` later | incoming |
//! | A5 | a | a | same `iat` | incoming |
//! | B1 | a | - | | existing |
//! | B2 | - | b | | incoming |
//! | B3 | - | - | | incoming |
//!
//! This module knows nothing of tabs, caches or models.

mod expiry;
mod external;
mod row;
mod rule;

pub use expiry::Expiry;
pub use external::{Decide, External, TokenView, Unreached, Unreliable};
pub use row::Row;
pub use rule::{Decision, Rule, Table, Winner};

/// Anything that carries the two stamps the comparator looks at.
///
/// The unit does not matter as long as both tokens use the same one: seconds since the epoch for a
/// decoded JWT, ordinals for a token of the model.
pub trait Stamped {
    /// When the claims were last read from the database (JWT header `oiat`); `None` for a token of
    /// a server older than the feature.
    fn oiat(&self) -> Option<u64>;

    /// When the token was minted (JWT claim `iat`). A missing `iat` counts as 0.
    fn iat(&self) -> Option<u64>;

    /// The version of the claims' format, which no rule looks at but a comparator from elsewhere,
    /// which may look at any claim. 0 where it is not known.
    #[inline]
    fn format(&self) -> u8 {
        0
    }

    /// Which read of the database the claims come from, as a server counts them that does; 0 where
    /// none does.
    fn epoch(&self) -> u64 {
        0
    }

    /// The organisation that the claims are about, which no rule looks at but a comparator from
    /// elsewhere.
    fn org(&self) -> Org {
        Org::PERSONAL
    }

    /// How near its expiry it is, where it says so itself. What is held somewhere with a clock does not:
    /// see [`Rule::decide_at`].
    #[inline]
    fn expiry(&self) -> Expiry {
        Expiry::Ahead
    }
}

/// An organisation. The key under which a tab caches its tokens is named after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
pub struct Org(bool);

impl Org {
    /// No organisation: the personal account, 0 in files.
    pub const PERSONAL: Org = Org(false);
    /// The one organisation that there is, 1 in files.
    pub const FIRST: Org = Org(true);
    /// Both.
    pub const ALL: [Org; 2] = [Org::PERSONAL, Org::FIRST];

    /// 0 or 1, as in files.
    pub const fn number(self) -> u8 {
        self.0 as u8
    }

    /// The inverse of [`Org::number`].
    pub const fn from_number(number: u8) -> Option<Org> {
        match number {
            0 => Some(Org::PERSONAL),
            1 => Some(Org::FIRST),
            _ => None,
        }
    }

    /// Position among [`Org::ALL`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    #[must_use]
    pub const fn other(self) -> Org {
        Org(!self.0)
    }
}

/// The two stamps alone, for callers that have nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamps {
    /// See [`Stamped::oiat`].
    pub oiat: Option<u64>,
    /// See [`Stamped::iat`].
    pub iat: Option<u64>,
}

impl Stamped for Stamps {
    fn oiat(&self) -> Option<u64> {
        self.oiat
    }

    fn iat(&self) -> Option<u64> {
        self.iat
    }

    /// Nobody counted: as if there had been one read of the database at each instant.
    fn epoch(&self) -> u64 {
        self.oiat.unwrap_or(0)
    }
}

/// The comparator of #8097: the standard table.
///
/// ```
/// use freshest::freshness::{Row, Stamps, Winner, pick_freshest};
///
/// let cached = Stamps { oiat: Some(200), iat: Some(200) };
/// // ModelToken later at the edge, from claims that were read earlier.
/// let late_edge = Stamps { oiat: Some(100), iat: Some(230) };
///
/// let decision = pick_freshest(Some(&cached), &late_edge);
/// assert_eq!(decision.row, Some(Row::A1));
/// assert_eq!(decision.winner, Winner::Existing);
/// ```
#[inline]
pub fn pick_freshest<T: Stamped>(existing: Option<&T>, incoming: &T) -> Decision {
    Rule::Table(Table::STANDARD).pick(existing, incoming)
}

/// How fresh a token is: (`oiat`, `iat`), where all tokens without `oiat` share the lowest rank.
///
/// ```
/// use freshest::freshness::{Stamps, rank};
///
/// let legacy = |iat| Stamps { oiat: None, iat: Some(iat) };
/// assert_eq!(rank(&legacy(1)), rank(&legacy(2)));
/// assert!(rank(&legacy(9)) < rank(&Stamps { oiat: Some(0), iat: None }));
/// ```
#[inline]
pub fn rank<T: Stamped>(token: &T) -> Rank {
    Rank(token.oiat().map(|oiat| (oiat, token.iat().unwrap_or(0))))
}

/// See [`rank`]. Ordered: greater is fresher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cluster", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "cluster",
    serde(from = "[OptionalStamps; 1]", into = "[OptionalStamps; 1]")
)]
pub struct Rank(Option<(u64, u64)>);

#[cfg(feature = "cluster")]
type OptionalStamps = Option<(u64, u64)>;

/// In brackets, so that a rank without stamps is not taken for no rank.
#[cfg(feature = "cluster")]
impl From<Rank> for [OptionalStamps; 1] {
    fn from(rank: Rank) -> [OptionalStamps; 1] {
        [rank.0]
    }
}

#[cfg(feature = "cluster")]
impl From<[OptionalStamps; 1]> for Rank {
    fn from([stamps]: [OptionalStamps; 1]) -> Rank {
        Rank(stamps)
    }
}

impl Rank {
    /// `oiat` and `iat`, where there is an `oiat`.
    pub const fn stamps(self) -> Option<(u64, u64)> {
        self.0
    }
}
