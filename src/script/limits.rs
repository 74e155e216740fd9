//! What a process that runs a script may use, as the operating system sees to it.
//!
//! Where it does not (Windows; address space on macOS), the engine's own limits on memory and stack
//! are left, and the program that ends the process when its time is over.

#[cfg(unix)]
use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};

/// The address space, in bytes: program, stacks, a script's text and what it is parsed to, and
/// [`super::MEMORY_BYTES`] for each context.
pub(super) const ADDRESS_SPACE_BYTES: u64 = 1 << 30;

/// Seconds of processor time from one request to the next: long after the program has given up, and
/// so only for a process whose program is not there any more.
#[cfg(unix)]
const ORPHAN_SECONDS: u64 = 10;

/// Sets what holds for good. A limit that cannot be set is not there.
#[cfg(unix)]
pub(super) fn begin() {
    let _ = setrlimit(
        Resource::RLIMIT_AS,
        ADDRESS_SPACE_BYTES,
        ADDRESS_SPACE_BYTES,
    );
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
}

/// Gives the next request its processor time.
#[cfg(unix)]
pub(super) fn renew() {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) else {
        return;
    };
    let used = usage.user_time().tv_sec() + usage.system_time().tv_sec();
    let most = u64::try_from(used).unwrap_or(0) + ORPHAN_SECONDS;
    let _ = setrlimit(
        Resource::RLIMIT_CPU,
        most,
        nix::sys::resource::RLIM_INFINITY,
    );
}

/// The most memory that this process has had resident so far, in bytes; 0 where nobody knows.
#[cfg(unix)]
pub(super) fn peak_bytes() -> u64 {
    // macOS counts bytes, everybody else KiB.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let usage = getrusage(UsageWho::RUSAGE_SELF);
    let peak = usage.map_or(0, |usage| usage.max_rss());
    u64::try_from(peak).unwrap_or(0).saturating_mul(unit)
}

#[cfg(not(unix))]
pub(super) fn peak_bytes() -> u64 {
    0
}

#[cfg(not(unix))]
pub(super) fn begin() {}

#[cfg(not(unix))]
pub(super) fn renew() {}
