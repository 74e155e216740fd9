//! From the model's instants, which are ordinals, to seconds.
//!
//! Only the order of instants means anything in a model. How far apart they are is invented, so it is
//! invented in several ways.

use super::protocol::Pair;
use crate::freshness::TokenView;
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
