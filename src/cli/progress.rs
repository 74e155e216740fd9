//! Progress on a terminal, and Ctrl-C.

use super::failure::Failure;
use crate::explore::Watch;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Shows how far runs have got, on a terminal only, until it is dropped.
pub struct Progress {
    done: Arc<AtomicBool>,
    runs: Arc<AtomicUsize>,
    display: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to show the progress of so many runs.
    pub fn start(watch: &Arc<Watch>, total: usize) -> Progress {
        let done = Arc::new(AtomicBool::new(false));
        let runs = Arc::new(AtomicUsize::new(0));
        let bar = ProgressBar::new_spinner();
        let display = (!bar.is_hidden()).then(|| {
            let (watch, done, runs) = (Arc::clone(watch), Arc::clone(&done), Arc::clone(&runs));
            std::thread::spawn(move || show(&bar, &watch, &done, &runs, total))
        });
        Progress {
            done,
            runs,
            display,
        }
    }

    /// One more run has ended.
    pub fn ended(&self) {
        self.runs.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(display) = self.display.take() {
            display.thread().unpark();
            // It only ends, it returns nothing.
            let _ = display.join();
        }
    }
}

fn show(bar: &ProgressBar, watch: &Watch, done: &AtomicBool, runs: &AtomicUsize, total: usize) {
    bar.set_style(ProgressStyle::default_spinner());
    let began = Instant::now();
    while !done.load(Ordering::Relaxed) {
        let states = watch.states.load(Ordering::Relaxed);
        let rate = states as f64 / began.elapsed().as_secs_f64().max(0.001);
        let depth = watch.depth.load(Ordering::Relaxed);
        let run = runs.load(Ordering::Relaxed);
        bar.set_message(format!(
            "run {run} of {total}: {states} states, {rate:.0} a second, depth {depth}"
        ));
        bar.tick();
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}

/// Lets Ctrl-C end the runs early: what was found so far is still printed, as inconclusive. A second
/// Ctrl-C ends the program.
pub fn stop_on_interrupt(watch: &Arc<Watch>) -> Result<(), Failure> {
    let watch = Arc::clone(watch);
    ctrlc::set_handler(move || {
        if watch.stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("interrupted: ending the runs (again to quit at once)");
    })
    .map_err(|error| Failure::new(format!("Ctrl-C cannot be handled: {error}")))
}
