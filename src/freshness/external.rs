//! Comparators that are not part of this program.

use super::{Expiry, Org, Stamped, Winner};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

/// What a comparator from elsewhere may see of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenView {
    /// See [`Stamped::oiat`].
    pub oiat: Option<u64>,
    /// See [`Stamped::iat`].
    pub iat: Option<u64>,
    /// See [`Stamped::format`].
    pub format: u8,
    /// See [`Stamped::org`].
    pub org: Org,
    /// How near its expiry it is, for a comparator that asks for the time; of any other, as if it were
    /// far from it.
    pub expiry: Expiry,
}

impl TokenView {
    /// What is visible of a token.
    pub fn of<T: Stamped>(token: &T) -> TokenView {
        TokenView {
            oiat: token.oiat(),
            iat: token.iat(),
            format: token.format(),
            org: token.org(),
            expiry: Expiry::Ahead,
        }
    }
}

impl Stamped for TokenView {
    fn oiat(&self) -> Option<u64> {
        self.oiat
    }

    fn iat(&self) -> Option<u64> {
        self.iat
    }

    fn format(&self) -> u8 {
        self.format
    }

    fn org(&self) -> Org {
        self.org
    }

    fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// As of [`Stamps`](super::Stamps): nobody counted.
    fn epoch(&self) -> u64 {
        self.oiat.unwrap_or(0)
    }
}

impl fmt::Display for TokenView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oiat {
            Some(oiat) => write!(f, "[oiat {oiat}")?,
            None => write!(f, "[no oiat")?,
        }
        match self.iat {
            Some(iat) => write!(f, ", iat {iat}")?,
            None => write!(f, ", no iat")?,
        }
        if self.format > 0 {
            write!(f, ", format {}", self.format)?;
        }
        if self.org != Org::PERSONAL {
            write!(f, ", org {}", self.org.number())?;
        }
        match self.expiry {
            Expiry::Ahead => write!(f, "]"),
            expiry => write!(f, ", {}]", expiry.name()),
        }
    }
}

/// A comparator that is not part of this program.
///
/// It may fail, and [`Decide::decide`] has no way to say so: whatever it answers from then on means
/// nothing. So whoever has asked it anything asks [`Decide::check`] before telling anybody what came
/// of it.
pub trait Decide: fmt::Debug + Send + Sync {
    /// Whether it may decide by how near tokens are to their expiry.
    fn asks_for_time(&self) -> bool;

    /// Who wins.
    fn decide(&self, existing: TokenView, incoming: TokenView) -> Winner;

    /// Whether it has failed already: there is no point in going on.
    fn has_failed(&self) -> bool;

    /// Whether every answer so far can be relied on.
    fn check(&self) -> Result<(), Unreliable>;

    /// The parts of it that no question so far reached: verdicts say nothing about them.
    fn unreached(&self) -> Vec<Unreached>;
}

/// A part of a comparator that did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// The comparator's file.
    pub path: PathBuf,
    /// Where it begins, from 1.
    pub line: usize,
    /// How it begins, on one line.
    pub text: String,
}

/// A comparator from elsewhere, of which there is one for the whole run of the program.
#[derive(Clone, Copy, Debug)]
pub struct External(pub &'static dyn Decide);

impl External {
    /// Its address, which tells it from others.
    fn address(self) -> *const () {
        std::ptr::from_ref(self.0).cast()
    }
}

impl PartialEq for External {
    fn eq(&self, other: &External) -> bool {
        self.address() == other.address()
    }
}

impl Eq for External {}

impl Hash for External {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

/// Why a comparator's answers mean nothing: all that a user has to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreliable {
    /// With the place, the call and the fix.
    pub message: String,
}

impl fmt::Display for Unreliable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreliable {}
