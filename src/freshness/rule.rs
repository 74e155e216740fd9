//! Rules: who wins in each row, or another way to decide.

use super::row::{Row, by_iat};
use super::{Decide, Expiry, External, Stamped, TokenView, Unreached, Unreliable};
use std::fmt;

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
    /// Of an expired token and one that is not, the one that is not stays; otherwise as
    /// [`Rule::TableThenIat`]. As in clerk-ios and clerk-android.
    LiveThenTable(Table),
    /// An expired existing token yields, whatever comes; otherwise by the table. As clerk-ios 534 was first
    /// written.
    ExpiredYields(Table),
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
            | Rule::Epoch
            | Rule::LiveThenTable(_)
            | Rule::ExpiredYields(_) => None,
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

    /// Whether it may decide by how near tokens are to their expiry.
    #[inline]
    pub fn asks_for_time(self) -> bool {
        match self {
            Rule::LiveThenTable(_) | Rule::ExpiredYields(_) => true,
            Rule::External(External(comparator)) => comparator.asks_for_time(),
            Rule::Table(_)
            | Rule::IatOnly
            | Rule::IatStrict
            | Rule::TableThenIat(_)
            | Rule::OiatElseIat
            | Rule::Epoch => false,
        }
    }

    /// Whether tokens without `oiat` can be ranked, too.
    pub(crate) const fn ranks_without_oiat(self) -> bool {
        matches!(self, Rule::Epoch)
    }

    /// Decides between an existing and an incoming token, which say themselves how near they are to their
    /// expiry.
    #[inline]
    pub fn decide<T: Stamped>(self, existing: &T, incoming: &T) -> Decision {
        self.decide_at(existing, incoming, [existing.expiry(), incoming.expiry()])
    }

    /// Decides between an existing and an incoming token that are so near their expiry.
    #[inline]
    pub(crate) fn decide_at<T: Stamped>(
        self,
        existing: &T,
        incoming: &T,
        at: [Expiry; 2],
    ) -> Decision {
        let row = Row::of(existing, incoming);
        let iat = |token: &T| token.iat().unwrap_or(0);
        let keeps = |keeps: bool| match keeps {
            true => Winner::Existing,
            false => Winner::Incoming,
        };
        let winner = match self {
            Rule::Table(table) => table.winner(row),
            Rule::TableThenIat(table) => then_iat(table, row, existing, incoming),
            Rule::LiveThenTable(table) => match at.map(|expiry| expiry == Expiry::Past) {
                [true, false] => Winner::Incoming,
                [false, true] => Winner::Existing,
                [true, true] | [false, false] => then_iat(table, row, existing, incoming),
            },
            Rule::ExpiredYields(_) if at[0] == Expiry::Past => Winner::Incoming,
            Rule::ExpiredYields(table) => table.winner(row),
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
                let (mut e, mut i) = (TokenView::of(existing), TokenView::of(incoming));
                if comparator.asks_for_time() {
                    [e.expiry, i.expiry] = at;
                }
                comparator.decide(e, i)
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

/// By the table, but where neither token has `oiat` by `iat`.
#[inline]
fn then_iat<T: Stamped>(table: Table, row: Row, existing: &T, incoming: &T) -> Winner {
    table.winner(match row {
        Row::B3 => by_iat(existing, incoming),
        row => row,
    })
}
