//! From the model's instants, which are ordinals, to seconds.
//!
//! Only the order of instants means anything in a model. How far apart they are is invented, so it is
//! invented in several ways.

use super::protocol::Pair;
use super::token::LIFETIME_SECONDS;
use crate::freshness::{Expiry, TokenView};
use std::fmt;

/// Seconds from one instant to the next in first answers.
pub(super) const USUAL: u32 = 30;

/// Even distances that first answers are held against, in seconds and in ascending order, the usual
/// one among them: a second, minutes, days.
pub(super) const LADDER: [u32; 11] = [
    1, 2, 5, 10, USUAL, 60, 300, 3_600, 86_400, 604_800, 2_592_000,
];

/// Uneven ones: from the first instant of a question to the second, and so on.
pub(super) const UNEVEN: [[u32; 3]; 4] = [
    [1, 600, 86_400],
    [86_400, 600, 1],
    [600, 1, 3_600],
    [2, 86_400, 2],
];

/// The same for a script that is told the time: close enough for both tokens to be alive, and far enough for
/// one to have expired while the other is alive.
pub(super) const USUAL_IN_TIME: u32 = 10;

/// Uneven ones in which a script is asked that is told the time: lifetimes overlap in them.
pub(super) const WITHIN_LIFETIMES: [[u32; 3]; 5] =
    [[1, 20, 7], [8, 1, 40], [25, 9, 2], [2, 2, 45], [40, 8, 1]];

/// How far from the bounds of an expiry the time is, in seconds: whoever writes `<` and whoever writes `<=`
/// is right.
const MARGIN: u64 = 1;

/// Within so many seconds of its end a token is about to expire.
const NEAR_SECONDS: u64 = 5;

/// How instants become seconds, and the second in which the question is asked, from instant 0, of a script
/// that is told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) distance: Distance,
    pub(super) now: Option<u64>,
}

impl From<Distance> for At {
    fn from(distance: Distance) -> At {
        At {
            distance,
            now: None,
        }
    }
}

impl At {
    /// Where instants are so far apart, all the times worth asking at: the first and the last at which both
    /// tokens are as near to their expiry as they say, and one between. None where there is no such time.
    pub(super) fn times(pair: &Pair, distance: Distance) -> Vec<At> {
        let seconds = Seconds::new(pair, 0, distance);
        let mut first = instants(pair).last().map_or(0, |last| seconds.of(*last));
        let mut last = None;
        for token in [pair.0, pair.1] {
            let Some(iat) = token.iat else { continue };
            let end = seconds.of(iat) + LIFETIME_SECONDS;
            let near = end - NEAR_SECONDS;
            let (from, to) = match token.expiry {
                Expiry::Ahead => (0, Some(near - MARGIN)),
                Expiry::Near => (near + MARGIN, Some(end - MARGIN)),
                Expiry::Past => (end + MARGIN, None),
            };
            first = first.max(from);
            last = [last, to].into_iter().flatten().min();
        }
        let last = last.unwrap_or(first + LONG_AFTER);
        let mut times = match first <= last {
            true => vec![first, first + (last - first) / 2, last],
            false => Vec::new(),
        };
        times.dedup();
        let at = |now| At {
            distance,
            now: Some(now),
        };
        times.into_iter().map(at).collect()
    }

    /// All that a script may be asked in that is told the time.
    pub(super) fn all_times(pair: &Pair) -> Vec<At> {
        let even = LADDER.into_iter().map(Distance::Even);
        let uneven = [&UNEVEN[..], &WITHIN_LIFETIMES].concat();
        let uneven = uneven.into_iter().map(Distance::Uneven);
        let usual = Distance::Even(USUAL_IN_TIME);
        let rest = even.chain(uneven).filter(|distance| *distance != usual);
        let all = [usual].into_iter().chain(rest);
        all.flat_map(|distance| At::times(pair, distance)).collect()
    }
}

/// When everything has expired: a month later, in seconds.
const LONG_AFTER: u64 = 30 * 86_400;

/// How far apart instants are, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distance {
    /// So much from each instant of the model to the next.
    Even(u32),
    /// So much from each instant of a question to its next.
    Uneven([u32; 3]),
}

/// The instants of one question, and their seconds.
#[derive(Clone, Debug)]
pub(super) struct Seconds {
    epoch: u64,
    distance: Distance,
    /// In ascending order, each once.
    instants: Vec<u64>,
}

/// Up to here even distances are between the model's instants; from here on, between those of the
/// question, so that all seconds stay exact numbers in JavaScript.
const EXACT: u64 = 1 << 20;

impl Seconds {
    /// For these two tokens.
    pub(super) fn new(pair: &Pair, epoch: u64, distance: Distance) -> Seconds {
        Seconds {
            epoch,
            distance,
            instants: instants(pair),
        }
    }

    /// The second of an instant, since the epoch.
    pub(super) fn of(&self, instant: u64) -> u64 {
        let rank = self.instants.partition_point(|known| *known < instant);
        self.epoch
            + match self.distance {
                Distance::Even(seconds) if instant < EXACT => u64::from(seconds) * instant,
                Distance::Even(seconds) => u64::from(seconds) * (EXACT + rank as u64),
                Distance::Uneven(seconds) => {
                    let before = seconds.iter().take(rank);
                    before.map(|&seconds| u64::from(seconds)).sum()
                }
            }
    }
}

/// The instants that two tokens have, in ascending order, each once.
pub(super) fn instants(pair: &Pair) -> Vec<u64> {
    let of = |token: &TokenView| [token.oiat, token.iat];
    let all = of(&pair.0).into_iter().chain(of(&pair.1));
    let mut instants: Vec<u64> = all.flatten().collect();
    instants.sort_unstable();
    instants.dedup();
    instants
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.now {
            Some(now) => write!(
                f,
                "{}, asked {now} s after the first instant:",
                self.distance
            ),
            None => self.distance.fmt(f),
        }
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |seconds: u32| match seconds {
            86_400 => "1 day".to_owned(),
            days if days % 86_400 == 0 => format!("{} days", days / 86_400),
            hours if hours % 3_600 == 0 => format!("{} h", hours / 3_600),
            minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
            seconds => format!("{seconds} s"),
        };
        match *self {
            Distance::Even(seconds) => f.write_str(&one(seconds)),
            Distance::Uneven([a, b, c]) => write!(f, "{}, {}, {}", one(a), one(b), one(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freshness::Org;

    #[test]
    fn whatever_two_tokens_can_be_at_once_there_is_a_time_for_at_usual_distances() {
        let stamps = [None, Some(0), Some(1), Some(2), Some(3)];
        let token = |oiat, iat, expiry| TokenView {
            oiat,
            iat,
            format: 0,
            org: Org::PERSONAL,
            expiry,
        };
        let mut asked = 0;
        for (e, i) in (0..16).map(|n| (n / 4, n % 4)) {
            for (of_e, of_i) in (0..25).map(|n| (stamps[n / 5], stamps[n % 5])) {
                for (one, other) in (0..9).map(|n| (Expiry::ALL[n / 3], Expiry::ALL[n % 3])) {
                    let pair = (token(of_e, Some(e), one), token(of_i, Some(i), other));
                    let times = At::times(&pair, Distance::Even(USUAL_IN_TIME));
                    let can_be = one.can_be(Some(e), other, Some(i));
                    // Two that are about to expire at once were minted within four seconds.
                    let overlap = (one, other) == (Expiry::Near, Expiry::Near) && e != i;
                    assert_eq!(
                        !times.is_empty(),
                        can_be && !overlap,
                        "{} {}",
                        pair.0,
                        pair.1
                    );
                    asked += times.len();
                }
            }
        }
        assert!(asked > 1_000);
    }
}
