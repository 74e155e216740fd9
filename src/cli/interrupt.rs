//! Ctrl-C: what was found so far is still printed, then the program ends as one that the signal
//! ended, so that a loop of a shell around it ends, too.

use super::failure::Failure;
use crate::explore::Watch;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Ctrl-C was pressed since [`stop_on_interrupt`].
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C end the runs early. A second Ctrl-C ends the program at once.
#[cfg(unix)]
pub(crate) fn stop_on_interrupt(watch: &Arc<Watch>) -> Result<(), Failure> {
    use signal_hook::consts::SIGINT;
    use signal_hook::iterator::Signals;
    let mut signals = Signals::new([SIGINT])
        .map_err(|error| Failure::new(format!("Ctrl-C cannot be handled: {error}")))?;
    let watch = Arc::clone(watch);
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                end();
            }
            watch.stop.store(true, Ordering::Relaxed);
            super::output::tell("interrupted: ending the runs (again to quit at once)\n");
        }
    });
    Ok(())
}

/// Elsewhere Ctrl-C ends the program at once.
#[cfg(not(unix))]
pub fn stop_on_interrupt(_: &Arc<Watch>) -> Result<(), Failure> {
    Ok(())
}

/// A file that grows beyond what the system allows (`ulimit -f`) is an error like a full disk. Without a
/// handler the signal would end the program, and leave a partial file.
pub(crate) fn let_large_files_fail() {
    #[cfg(unix)]
    // Where it cannot be handled, the program ends as it would have.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
}

/// Whether what was found is not everything because somebody pressed Ctrl-C.
pub(crate) fn was_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Ends the program if Ctrl-C was pressed, when everything has been printed.
pub(crate) fn end_if_interrupted() {
    if was_interrupted() {
        end();
    }
}

/// Ends the program by SIGINT, which a shell shows as 130.
fn end() {
    // Whatever runs scripts for this program ends with it.
    #[cfg(feature = "script")]
    crate::script::end();
    #[cfg(unix)]
    // If it could not be raised, the exit code says the same.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
    std::process::exit(130);
}
