//! What can be said of a property.

use std::fmt;

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything was explored, there was an opportunity, nothing was violated.
    Holds,
    /// There is a counterexample.
    Violated,
    /// Everything was explored and nothing could have violated it.
    Vacuous,
    /// The run hit a bound before it found a counterexample.
    Inconclusive,
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [
        Verdict::Holds,
        Verdict::Violated,
        Verdict::Vacuous,
        Verdict::Inconclusive,
    ];

    /// Whether it says anything about the design: that something could have gone wrong, and did or
    /// did not.
    pub const fn says_something(self) -> bool {
        match self {
            Verdict::Holds | Verdict::Violated => true,
            Verdict::Vacuous | Verdict::Inconclusive => false,
        }
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Violated => "violated",
            Verdict::Vacuous => "vacuous",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
