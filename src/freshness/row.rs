//! The rows of the decision table.

use super::{Stamped, Stamps};
use std::fmt;

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
pub(super) fn by_iat<T: Stamped>(existing: &T, incoming: &T) -> Row {
    [Row::A4, Row::A5, Row::A3][order(or_zero(existing.iat()), or_zero(incoming.iat()))]
}

/// 0, 1 or 2 for less, equal or greater.
#[inline]
fn order(a: u64, b: u64) -> usize {
    1 + usize::from(a > b) - usize::from(a < b)
}
