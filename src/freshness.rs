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

mod external;

pub use external::{Decide, External, TokenView, Unreached, Unreliable};

use std::fmt;

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

    /// The organisation that the claims are about, which no rule looks at.
    fn org(&self) -> Org {
        Org::PERSONAL
    }
}

/// An organisation. The key under which a tab caches its tokens is named after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// The one that it is not.
    #[must_use]
    pub const fn other(self) -> Org {
        Org(!self.0)
    }
}

impl<T: Stamped + ?Sized> Stamped for &T {
    fn oiat(&self) -> Option<u64> {
        (**self).oiat()
    }

    fn iat(&self) -> Option<u64> {
        (**self).iat()
    }

    fn format(&self) -> u8 {
        (**self).format()
    }

    fn epoch(&self) -> u64 {
        (**self).epoch()
    }

    fn org(&self) -> Org {
        (**self).org()
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

/// A row of the decision table. The rows partition all pairs of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Row {
    /// Both have `oiat`, the existing one's is later.
    A1,
    /// Both have `oiat`, the incoming one's is later.
    A2,
    /// Equal `oiat`, the existing one was minted later.
    A3,
    /// Equal `oiat`, the incoming one was minted later.
    A4,
    /// Equal `oiat`, equal `iat`.
    A5,
    /// Only the existing one has `oiat`.
    B1,
    /// Only the incoming one has `oiat`.
    B2,
    /// Neither has `oiat`.
    B3,
}

impl Row {
    /// All rows, in the order of the table.
    pub const ALL: [Row; 8] = [
        Row::A1,
        Row::A2,
        Row::A3,
        Row::A4,
        Row::A5,
        Row::B1,
        Row::B2,
        Row::B3,
    ];

    /// The row in which this pair of tokens falls.
    ///
    /// Looked up, not branched for: in production the rows are mixed, and a mispredicted branch
    /// costs more than the whole comparison.
    #[inline]
    pub fn of<T: Stamped>(existing: &T, incoming: &T) -> Row {
        use Row::{A1, A2, A3, A4, A5, B1, B2, B3};
        // By presence of oiat (neither, incoming, existing, both), then by the order of the oiats
        // and the order of the iats (incoming later, equal, existing later). The rest is padding.
        #[rustfmt::skip]
        const ROWS: [Row; 64] = [
            B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3, B3,
            B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2, B2,
            B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1, B1,
            A2, A2, A2, A2, A4, A5, A3, A3, A1, A1, A1, A1, A1, A1, A1, A1,
        ];
        let (e, i) = (existing.oiat(), incoming.oiat());
        let presence = usize::from(e.is_some()) << 1 | usize::from(i.is_some());
        let by_oiat = order(or_zero(e), or_zero(i));
        let by_iat = order(or_zero(existing.iat()), or_zero(incoming.iat()));
        ROWS[presence << 4 | by_oiat << 2 | by_iat]
    }

    /// Position in the table, 0 for A1 to 7 for B3.
    #[inline]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The row's name, as in the pull request.
    pub const fn name(self) -> &'static str {
        ["A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3"][self.index()]
    }

    /// When a pair falls in this row, in words.
    pub const fn condition(self) -> &'static str {
        match self {
            Row::A1 => "existing oiat later",
            Row::A2 => "incoming oiat later",
            Row::A3 => "same oiat, existing iat later",
            Row::A4 => "same oiat, incoming iat later",
            Row::A5 => "same oiat, same iat",
            Row::B1 => "only existing has oiat",
            Row::B2 => "only incoming has oiat",
            Row::B3 => "neither has oiat",
        }
    }

    /// Why the standard table decides this row as it does.
    pub const fn reason(self) -> &'static str {
        match self {
            Row::A1 => "incoming claims are older",
            Row::A2 => "incoming claims are newer",
            Row::A3 => "same claims, minted later",
            Row::A4 => "same claims, minted later",
            Row::A5 => "only the strictly staler loses",
            Row::B1 | Row::B2 => "no oiat: older than the feature",
            Row::B3 => "no rank: the safe default",
        }
    }

    /// Two stamps that fall in this row: (existing, incoming).
    pub const fn example(self) -> (Stamps, Stamps) {
        const fn stamps(oiat: Option<u64>, iat: u64) -> Stamps {
            Stamps {
                oiat,
                iat: Some(iat),
            }
        }
        match self {
            Row::A1 => (stamps(Some(2), 2), stamps(Some(1), 3)),
            Row::A2 => (stamps(Some(1), 3), stamps(Some(2), 2)),
            Row::A3 => (stamps(Some(1), 3), stamps(Some(1), 2)),
            Row::A4 => (stamps(Some(1), 2), stamps(Some(1), 3)),
            Row::A5 => (stamps(Some(1), 2), stamps(Some(1), 2)),
            Row::B1 => (stamps(Some(1), 1), stamps(None, 2)),
            Row::B2 => (stamps(None, 2), stamps(Some(1), 1)),
            Row::B3 => (stamps(None, 2), stamps(None, 1)),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// As `unwrap_or(0)`, which the compiler would turn into a branch.
#[inline]
fn or_zero(stamp: Option<u64>) -> u64 {
    std::hint::select_unpredictable(stamp.is_some(), stamp.unwrap_or(0), 0)
}

/// The row of two tokens with the same `oiat`.
#[inline]
fn by_iat<T: Stamped>(existing: &T, incoming: &T) -> Row {
    [Row::A4, Row::A5, Row::A3][order(or_zero(existing.iat()), or_zero(incoming.iat()))]
}

/// 0, 1 or 2 for less, equal or greater.
#[inline]
fn order(a: u64, b: u64) -> usize {
    1 + usize::from(a > b) - usize::from(a < b)
}

/// Which of the two tokens stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Winner {
    /// The existing token is strictly fresher; a guard rejects the incoming one.
    Existing,
    /// The incoming token replaces the existing one.
    Incoming,
}

impl fmt::Display for Winner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Winner::Existing => "existing",
            Winner::Incoming => "incoming",
        })
    }
}

/// What the comparator decided, and by which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decision {
    /// The row the pair fell in; `None` when there was no existing token.
    pub row: Option<Row>,
    /// The token that stays.
    pub winner: Winner,
}

/// The winner of each of the eight rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    existing_wins: u8,
}

impl Table {
    /// The table of pull request #8097: existing wins in A1, A3 and B1.
    pub const STANDARD: Table = Table { existing_wins: 0 }
        .with(Row::A1, Winner::Existing)
        .with(Row::A3, Winner::Existing)
        .with(Row::B1, Winner::Existing);

    /// The table as a set of bits: bit [`Row::index`] is set where the existing token wins.
    pub const fn from_bits(existing_wins: u8) -> Table {
        Table { existing_wins }
    }

    /// The inverse of [`Table::from_bits`].
    pub const fn bits(self) -> u8 {
        self.existing_wins
    }

    /// This table with one row replaced.
    pub const fn with(self, row: Row, winner: Winner) -> Table {
        let bit = 1 << row.index();
        Table {
            existing_wins: match winner {
                Winner::Existing => self.existing_wins | bit,
                Winner::Incoming => self.existing_wins & !bit,
            },
        }
    }

    /// Who wins in this row.
    #[inline]
    pub const fn winner(self, row: Row) -> Winner {
        if self.existing_wins >> row.index() & 1 == 1 {
            Winner::Existing
        } else {
            Winner::Incoming
        }
    }
}

/// How a design decides between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A winner for each of the eight rows.
    Table(Table),
    /// Before #8097: the existing token stays unless the incoming one was minted later.
    IatOnly,
    /// The existing token stays only if it was minted later.
    IatStrict,
    /// The same, but where neither token has `oiat` their `iat` decides, by rows A3 to A5 as if
    /// both had the same `oiat`.
    TableThenIat(Table),
    /// A draft of #8097: compare `oiat`, or `iat` where there is none; then `iat`; a tie keeps the
    /// existing token.
    OiatElseIat,
    /// The server counts its reads of the database: compare the counts, then `iat`; a tie goes to
    /// the incoming token.
    Epoch,
    /// A comparator from elsewhere: the one that ships, as a script.
    External(External),
}

impl Rule {
    /// The comparator from elsewhere, if it is one.
    const fn external(self) -> Option<&'static dyn Decide> {
        match self {
            Rule::External(External(comparator)) => Some(comparator),
            Rule::Table(_)
            | Rule::IatOnly
            | Rule::IatStrict
            | Rule::TableThenIat(_)
            | Rule::OiatElseIat
            | Rule::Epoch => None,
        }
    }

    /// Whether every decision so far can be relied on; only a comparator from elsewhere can fail.
    pub fn check(self) -> Result<(), Unreliable> {
        match self.external() {
            Some(comparator) => comparator.check(),
            None => Ok(()),
        }
    }

    /// Whether it has failed, so that there is no point in going on.
    #[inline]
    pub fn has_failed(self) -> bool {
        match self.external() {
            Some(comparator) => comparator.has_failed(),
            None => false,
        }
    }

    /// The parts of a comparator from elsewhere that no question so far reached.
    pub fn unreached(self) -> Vec<Unreached> {
        match self.external() {
            Some(comparator) => comparator.unreached(),
            None => Vec::new(),
        }
    }

    /// Whether tokens without `oiat` can be ranked, too.
    pub const fn ranks_without_oiat(self) -> bool {
        matches!(self, Rule::Epoch)
    }

    /// Decides between an existing and an incoming token.
    #[inline]
    pub fn decide<T: Stamped>(self, existing: &T, incoming: &T) -> Decision {
        let row = Row::of(existing, incoming);
        let iat = |token: &T| token.iat().unwrap_or(0);
        let keeps = |keeps: bool| match keeps {
            true => Winner::Existing,
            false => Winner::Incoming,
        };
        let winner = match self {
            Rule::Table(table) => table.winner(row),
            Rule::TableThenIat(table) => table.winner(match row {
                Row::B3 => by_iat(existing, incoming),
                row => row,
            }),
            Rule::IatOnly => keeps(iat(existing) >= iat(incoming)),
            Rule::IatStrict => keeps(iat(existing) > iat(incoming)),
            Rule::Epoch => {
                let key = |token: &T| (token.epoch(), iat(token));
                keeps(key(existing) > key(incoming))
            }
            Rule::OiatElseIat => {
                let key = |token: &T| (token.oiat().unwrap_or(iat(token)), iat(token));
                keeps(key(existing) >= key(incoming))
            }
            Rule::External(External(comparator)) => {
                comparator.decide(TokenView::of(existing), TokenView::of(incoming))
            }
        };
        Decision {
            row: Some(row),
            winner,
        }
    }

    /// As [`Rule::decide`], where there may be no existing token: then the incoming one wins.
    #[inline]
    pub fn pick<T: Stamped>(self, existing: Option<&T>, incoming: &T) -> Decision {
        match existing {
            Some(existing) => self.decide(existing, incoming),
            None => Decision {
                row: None,
                winner: Winner::Incoming,
            },
        }
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
pub struct Rank(Option<(u64, u64)>);

impl Rank {
    /// `oiat` and `iat`, where there is an `oiat`.
    pub const fn stamps(self) -> Option<(u64, u64)> {
        self.0
    }
}
