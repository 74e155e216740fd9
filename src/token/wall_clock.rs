//! Real seconds for a cache that runs on decoded tokens. The one place of this room that knows of
//! the cache: its port is served here.

use super::Token;
use crate::cache::Clock;

/// At most this much life left: a cache read treats the token as absent.
const NEAR_SECONDS: u64 = 5;

/// A moment, in whole seconds since the epoch.
///
/// A token without `exp` counts as expired: the SDK keeps no cache entry for it either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixNow {
    /// Seconds since the epoch.
    pub seconds: u64,
}

impl UnixNow {
    fn seconds_left(self, token: &Token) -> u64 {
        token.exp.unwrap_or(0).saturating_sub(self.seconds)
    }
}

impl Clock<Token> for UnixNow {
    fn is_near(&self, token: &Token) -> bool {
        self.seconds_left(token) <= NEAR_SECONDS
    }

    fn is_dead(&self, token: &Token) -> bool {
        self.seconds_left(token) == 0
    }
}
