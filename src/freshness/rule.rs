//! Rules: who wins in each row, or another way to decide.

use super::row::{Row, by_iat};
use super::{Decide, External, Stamped, TokenView, Unreached, Unreliable};
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
