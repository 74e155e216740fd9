//! Progress on a terminal, and the one place where Ctrl-C is heard.

use super::failure::Failure;
use super::interrupt::stop_on_interrupt;
use crate::check::{self, Bounds};
use crate::explore::{Limits, Watch};
use crate::report::words::{self, count, number};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
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
    /// What ends a run early, in words.
    bounds: OnceLock<String>,
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

    /// Says what ends a run early. A command does this once.
    pub fn bounded_by(&self, limits: &Limits) {
        self.shared.bounds.get_or_init(|| in_words(limits));
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
        if let Some(display) = self.display.take() {
            display.thread().unpark();
            // It only ends, it returns nothing.
            let _ = display.join();
        }
    }
}

fn show(bar: &ProgressBar, shared: &Shared) {
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let began = Instant::now();
    while !shared.done.load(Ordering::Relaxed) {
        bar.set_message(message(shared, began.elapsed()));
        bar.tick();
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}

/// `pr-9030 in three-tabs, 12 of 448 runs, 0:07, each at most 8 GiB; 61,234 states, 8,123 a second, depth 14`:
/// what matters most comes first, because a narrow terminal shows no more.
fn message(shared: &Shared, elapsed: Duration) -> String {
    let (ended, total) = (&shared.ended, &shared.total);
    let (ended, total) = (ended.load(Ordering::Relaxed), total.load(Ordering::Relaxed));
    let states = shared.watch.states.load(Ordering::Relaxed);
    let rate = states as f64 / elapsed.as_secs_f64().max(0.001);
    let depth = shared.watch.depth.load(Ordering::Relaxed);
    let (minutes, seconds) = (elapsed.as_secs() / 60, elapsed.as_secs() % 60);
    // The one that began first is the one that everybody waits for.
    let mut parts: Vec<String> = lock(&shared.running).first().cloned().into_iter().collect();
    if total > 1 {
        parts.push(format!("{ended} of {}", count(total, "run")));
    }
    parts.push(format!("{minutes}:{seconds:02}"));
    parts.extend(shared.bounds.get().cloned());
    let (states, rate) = (number(states), number(rate as u64));
    let parts = parts.join(", ");
    format!("{parts}; {states} states, {rate} a second, depth {depth}")
}

/// `each at most 1,000,000 states, 8 GiB`; `no bound`
fn in_words(limits: &Limits) -> String {
    let bounds = Bounds::from(limits);
    match bounds == Bounds::default() {
        true => "no bound".to_owned(),
        false => format!("each {}", words::bounds(&bounds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Progress as _;

    fn progress(limits: &Limits) -> Progress {
        let shared = Arc::new(Shared::default());
        let display = None;
        let progress = Progress { shared, display };
        progress.bounded_by(limits);
        progress
    }

    #[test]
    fn the_run_the_time_and_the_bound_are_named() {
        let progress = progress(&Limits {
            max_states: Some(1_000_000),
            time_limit: Some(Duration::from_secs(60)),
            memory_limit: Some(8 << 30),
        });
        progress.expect(448);
        progress.began("pr-9030 in three-tabs");
        progress.began("pr-9030 in two-forced");
        progress.ended("pr-9030 in two-forced");
        progress.watch().found(61_234);
        assert_eq!(
            message(&progress.shared, Duration::from_secs(67)),
            "pr-9030 in three-tabs, 1 of 448 runs, 1:07, each at most 1,000,000 states, 60 s, \
             8 GiB; 61,234 states, 913 a second, depth 0"
        );
    }

    #[test]
    fn one_run_is_not_counted_and_no_bound_is_said() {
        let progress = progress(&Limits::default());
        progress.expect(1);
        progress.began("pr-9030 in s2");
        assert_eq!(
            message(&progress.shared, Duration::from_secs(2)),
            "pr-9030 in s2, 0:02, no bound; 0 states, 0 a second, depth 0"
        );
    }
}
