//! The worst formats that what is about may have: no step remembers any.

use crate::vocabulary::ModelToken;

/// What one instant has room for: the format of what is there, and those of broadcasts that wait.
const PER_INSTANT: u8 = 8;

/// Formats for the tokens of one step.
///
/// The format of a broadcast counts as newer than that of whatever it meets. Where tokens without
/// `oiat` are dated it counts as newer only than those that were not minted after it: the server's
/// format never goes back.
pub(crate) struct Formats {
    /// When the tokens without `oiat` were minted, in order, if that dates them.
    dates: Option<Vec<u8>>,
}

impl Formats {
    /// For a step with these tokens.
    pub(crate) fn of<'a>(dated: bool, tokens: impl Iterator<Item = &'a ModelToken>) -> Formats {
        let sorted = || {
            let without = tokens.filter(|token| token.oiat.is_none());
            let mut dates: Vec<_> = without.map(|token| token.iat).collect();
            dates.sort_unstable();
            dates.dedup();
            dates
        };
        Formats {
            dates: dated.then(sorted),
        }
    }

    /// Whether what is there has to be given formats at all.
    pub(crate) const fn are_dated(&self) -> bool {
        self.dates.is_some()
    }

    /// A token in its format: `newer` is 0 for what is there, and counts broadcasts.
    pub(crate) fn give(&self, token: &ModelToken, newer: u8) -> ModelToken {
        let date = match (&self.dates, token.oiat) {
            (Some(dates), None) => dates.partition_point(|&date| date < token.iat) as u8,
            _ => 0,
        };
        ModelToken {
            fmt: date * PER_INSTANT + newer,
            ..*token
        }
    }
}
