//! The whole decision from two raw tokens.

use super::{Error, decode_stamps};
use crate::freshness::{Decision, pick_freshest};
use std::fmt;

/// Which of the two raw tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Existing,
    /// The one that came.
    Incoming,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Side::Existing => "existing",
            Side::Incoming => "incoming",
        })
    }
}

/// One of two raw tokens could not be decoded, so they were not compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {side} token: {error}")]
pub struct PickError {
    /// The token that could not be decoded; the existing one if neither could.
    pub side: Side,
    /// What is wrong with it, and where.
    pub error: Error,
}

/// [`pick_freshest`] of two raw tokens, **neither of them verified**: pull request #8097's
/// `pickFreshestJwt`.
///
/// ```
/// use freshest::freshness::{Row, Winner};
/// use freshest::token::{Error, Side, pick_freshest_jwt};
///
/// // oiat 200, iat 200
/// let cached = "eyJvaWF0IjoyMDB9.eyJpYXQiOjIwMH0.c2ln";
/// // oiat 100, iat 230: minted later at the edge, from older claims
/// let late_edge = "eyJvaWF0IjoxMDB9.eyJpYXQiOjIzMH0.c2ln";
///
/// let decision = pick_freshest_jwt(Some(cached), late_edge)?;
/// assert_eq!(decision.row, Some(Row::A1));
/// assert_eq!(decision.winner, Winner::Existing);
///
/// let error = pick_freshest_jwt(Some(cached), "no.token").unwrap_err();
/// assert_eq!(error.side, Side::Incoming);
/// assert_eq!(error.error, Error::NotThreeParts { found: 2 });
/// # Ok::<(), freshest::token::PickError>(())
/// ```
///
/// # Errors
///
/// Either token cannot be decoded; the existing one is looked at first. There is no fallback: what
/// to keep then is the caller's to say.
pub fn pick_freshest_jwt(existing: Option<&str>, incoming: &str) -> Result<Decision, PickError> {
    let stamps = |side, jwt| decode_stamps(jwt).map_err(|error| PickError { side, error });
    let existing = existing
        .map(|jwt| stamps(Side::Existing, jwt))
        .transpose()?;
    let incoming = stamps(Side::Incoming, incoming)?;
    Ok(pick_freshest(existing.as_ref(), &incoming))
}
