//! Progress on a terminal, and the one place where Ctrl-C is heard.

#[cfg(not(target_family = "wasm"))]
mod bar;
#[cfg(target_family = "wasm")]
#[path = "progress/none.rs"]
mod bar;

use super::failure::Failure;
use super::interrupt::stop_on_interrupt;
use crate::check::{self, Bounds};
use crate::explore::{Limits, Watch};
use crate::report::words;
use bar::Bar;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Whether Ctrl-C ends the program at once, whatever runs.
static ENDS_AT_ONCE: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the program at once.
pub(crate) fn end_at_once() {
    ENDS_AT_ONCE.store(true, Ordering::Relaxed);
}

/// Whether nothing is to be shown.
static HIDDEN: AtomicBool = AtomicBool::new(false);

/// From now on no progress is shown.
pub(crate) fn hide() {
    HIDDEN.store(true, Ordering::Relaxed);
}

/// Shows how far runs have got, on a terminal only, until it is dropped; lets Ctrl-C end them.
pub(crate) struct Progress {
    shared: Arc<Shared>,
    bar: Option<Bar>,
}

/// What the display reads while runs go on.
#[derive(Default)]
struct Shared {
    watch: Arc<Watch>,
    done: AtomicBool,
    total: AtomicUsize,
    ended: AtomicUsize,
    /// What runs now, by name, in the order in which it began.
    running: Mutex<Vec<String>>,
    /// What ends a run early, in words.
    bounds: OnceLock<String>,
}

impl Progress {
    /// Starts to show progress. A command does this once.
    pub(crate) fn start() -> Result<Progress, Failure> {
        let shared = Arc::new(Shared::default());
        if !ENDS_AT_ONCE.load(Ordering::Relaxed) {
            stop_on_interrupt(&shared.watch)?;
        }
        let bar = match HIDDEN.load(Ordering::Relaxed) {
            true => None,
            false => Bar::start(&shared),
        };
        Ok(Progress { shared, bar })
    }

    /// Says what ends a run early. A command does this once.
    pub(crate) fn bounded_by(&self, limits: &Limits) {
        self.shared.bounds.get_or_init(|| in_words(limits));
    }

    /// What runs count their states in.
    pub(crate) fn watch(&self) -> &Arc<Watch> {
        &self.shared.watch
    }
}

impl check::Progress for Progress {
    fn expect(&self, runs: usize) {
        self.shared.total.fetch_add(runs, Ordering::Relaxed);
    }

    fn began(&self, run: &str) {
        let mut running = lock(&self.shared.running);
        running.push(run.to_owned());
    }

    fn ended(&self, run: &str) {
        self.shared.ended.fetch_add(1, Ordering::Relaxed);
        let mut running = lock(&self.shared.running);
        if let Some(position) = running.iter().position(|name| name == run) {
            running.remove(position);
        }
    }
}

fn lock(running: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.done.store(true, Ordering::Relaxed);
        if let Some(bar) = self.bar.take() {
            bar.end();
        }
    }
}

/// `each at most 1,000,000 states, 8 GiB`; `no bound`
fn in_words(limits: &Limits) -> String {
    let bounds = Bounds::from(limits);
    match bounds == Bounds::default() {
        true => "no bound".to_owned(),
        false => format!("each {}", words::bounds(&bounds)),
    }
}
