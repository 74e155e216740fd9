//! Progress on a terminal, and the one place where Ctrl-C is heard.

use super::failure::Failure;
use super::interrupt::stop_on_interrupt;
use crate::check;
use crate::explore::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Whether Ctrl-C ends the program at once, whatever runs.
static ENDS_AT_ONCE: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the program at once.
pub fn end_at_once() {
    ENDS_AT_ONCE.store(true, Ordering::Relaxed);
}

/// Whether nothing is to be shown.
static HIDDEN: AtomicBool = AtomicBool::new(false);

/// From now on no progress is shown.
pub fn hide() {
    HIDDEN.store(true, Ordering::Relaxed);
}

/// Shows how far runs have got, on a terminal only, until it is dropped; lets Ctrl-C end them.
pub struct Progress {
    shared: Arc<Shared>,
    display: Option<JoinHandle<()>>,
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
}

impl Progress {
    /// Starts to show progress. A command does this once.
    pub fn start() -> Result<Progress, Failure> {
        let shared = Arc::new(Shared::default());
        if !ENDS_AT_ONCE.load(Ordering::Relaxed) {
            stop_on_interrupt(&shared.watch)?;
        }
        let bar = ProgressBar::new_spinner();
        let is_shown = !bar.is_hidden() && !HIDDEN.load(Ordering::Relaxed);
        let display = is_shown.then(|| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || show(&bar, &shared))
        });
        Ok(Progress { shared, display })
    }

    /// What runs count their states in.
    pub fn watch(&self) -> &Arc<Watch> {
        &self.shared.watch
    }
}

impl check::Progress for Progress {
    fn expect(&self, runs: usize) {
        self.shared.total.fetch_add(runs, Ordering::Relaxed);
    }

    fn began(&self, run: &str) {
        let mut running = lock(&self.shared);
        running.push(run.to_owned());
    }

    fn ended(&self, run: &str) {
        self.shared.ended.fetch_add(1, Ordering::Relaxed);
        let mut running = lock(&self.shared);
        if let Some(position) = running.iter().position(|name| name == run) {
            running.remove(position);
        }
    }
}

fn lock(shared: &Shared) -> std::sync::MutexGuard<'_, Vec<String>> {
    let running = shared.running.lock();
    running.unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.done.store(true, Ordering::Relaxed);
        if let Some(display) = self.display.take() {
            display.thread().unpark();
            // It only ends, it returns nothing.
            let _ = display.join();
        }
    }
}

fn show(bar: &ProgressBar, shared: &Shared) {
    bar.set_style(ProgressStyle::default_spinner());
    let began = Instant::now();
    while !shared.done.load(Ordering::Relaxed) {
        bar.set_message(message(shared, began.elapsed()));
        bar.tick();
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}

/// `12 of 448 runs, 0:07: 61234 states, 8123 a second, depth 14; pr-9030 in three-tabs`
fn message(shared: &Shared, elapsed: Duration) -> String {
    let (ended, total) = (&shared.ended, &shared.total);
    let (ended, total) = (ended.load(Ordering::Relaxed), total.load(Ordering::Relaxed));
    let states = shared.watch.states.load(Ordering::Relaxed);
    let rate = states as f64 / elapsed.as_secs_f64().max(0.001);
    let depth = shared.watch.depth.load(Ordering::Relaxed);
    let (minutes, seconds) = (elapsed.as_secs() / 60, elapsed.as_secs() % 60);
    let mut text = format!(
        "{ended} of {total} runs, {minutes}:{seconds:02}: {states} states, {rate:.0} a second, \
         depth {depth}"
    );
    // The one that began first is the one that everybody waits for.
    if let Some(run) = lock(shared).first() {
        text += &format!("; {run}");
    }
    text
}
