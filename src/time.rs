//! How much time has passed, for bounds and for how long a run took.
//!
//! Everywhere but in a bare WebAssembly module that is the standard library's clock. There the
//! standard library has none and panics, so whoever embeds the module sets one.

use std::sync::OnceLock;
use std::time::Duration;

static CLOCK: OnceLock<fn() -> Duration> = OnceLock::new();

/// Sets what tells the time that has passed since some moment. It must never go back. To be called
/// before anything is run; `false` if there is a clock already, which stays.
pub fn set_clock(clock: fn() -> Duration) -> bool {
    CLOCK.set(clock).is_ok()
}

/// A moment, by the clock of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Duration);

impl Moment {
    pub fn now() -> Moment {
        Moment(CLOCK.get_or_init(|| usual_clock)())
    }

    /// What has passed since.
    pub fn elapsed(self) -> Duration {
        Moment::now().0.saturating_sub(self.0)
    }
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
#[allow(
    clippy::disallowed_methods,
    reason = "this is the clock for all others"
)]
fn usual_clock() -> Duration {
    use std::time::Instant;
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// No time passes until somebody sets a clock: a time limit is then never reached.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn usual_clock() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_go_back_and_the_first_clock_stays() {
        let before = Moment::now();
        assert!(!set_clock(|| Duration::MAX), "the usual clock is in use");
        assert!(before <= Moment::now());
        assert!(before.elapsed() < Duration::MAX);
    }
}
