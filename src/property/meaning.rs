//! What the properties say of tokens, whatever kind of tokens they are: of the model, or real ones.
//!
//! The checker judges steps of the model with these, and the monitor lines of a log: what a property
//! means is said once.

use crate::freshness::{Rank, Stamped};

/// From one readable token to the next, `oiat` goes down; absent is lowest. The same is asked of a
/// tab's cache, of its whole life, and of the cookie.
pub(crate) fn oiat_decreases<O: Ord>(before: Option<O>, now: Option<O>) -> bool {
    now < before
}

/// A write of the cookie could lower its `oiat`: it meets a cookie that is not dead, of the same
/// organisation. Given the cookie before, and whether it is dead.
pub(crate) fn cookie_decreases<T: Stamped>(
    before: Option<(&T, bool)>,
    same_organisation: impl FnOnce(&T) -> bool,
    written: &T,
) -> bool {
    match before {
        Some((cookie, false)) => {
            same_organisation(cookie) && oiat_decreases(cookie.oiat(), written.oiat())
        }
        Some((_, true)) | None => false,
    }
}

/// A request's parent ranks lower than the best the tab ever had: asked of unforced requests that have
/// a parent.
pub(crate) fn seed_is_stale(best: Rank, parent: Rank) -> bool {
    best > parent
}

/// A call gets a token although its key's slot holds a better one.
pub(crate) fn is_outranked(returned: Rank, held: Rank) -> bool {
    held > returned
}

/// A token is of another organisation than the key that it is under, or the tab that writes it.
pub(crate) fn is_astray<O: PartialEq>(token: O, place: O) -> bool {
    token != place
}

/// The readable tokens of several tabs differ, given each one's `oiat`.
pub(crate) fn are_apart<O: PartialEq>(mut readable: impl Iterator<Item = O>) -> bool {
    let first = readable.next();
    first.is_some_and(|first| readable.any(|oiat| oiat != first))
}
