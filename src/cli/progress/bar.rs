//! The line that shows how far runs have got.

use super::{Shared, lock};
use crate::explore::Shares;
use crate::report::words::{count, number};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What shows it.
pub(crate) struct Bar(JoinHandle<()>);

impl Bar {
    /// Shows what is shared until it is done; nothing where there is no terminal.
    pub(super) fn start(shared: &Arc<Shared>) -> Option<Bar> {
        let bar = ProgressBar::new_spinner();
        let shared = Arc::clone(shared);
        match bar.is_hidden() {
            true => None,
            false => Some(Bar(std::thread::spawn(move || show(&bar, &shared)))),
        }
    }

    /// Waits until nothing is shown any more.
    pub(super) fn end(self) {
        self.0.thread().unpark();
        // It only ends, it returns nothing.
        let _ = self.0.join();
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
    let shares = shared.watch.shares().map(in_words).unwrap_or_default();
    format!("{parts}; {states} states, {rate} a second, depth {depth}{shares}")
}

/// Who has most of them decides how much memory each machine needs.
fn in_words(shares: Shares) -> String {
    let [least, most] = shares.in_equal_shares();
    let processes = shares.processes;
    format!("; {processes} processes have {least:.2} to {most:.2} times an equal share of them")
}

#[cfg(test)]
mod tests {
    use super::super::Progress;
    use super::*;
    use crate::check::Progress as _;
    use crate::explore::Limits;

    fn progress(limits: &Limits) -> Progress {
        let shared = Arc::new(Shared::default());
        let bar = None;
        let progress = Progress { shared, bar };
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

    #[test]
    fn unequal_shares_of_several_processes_are_told() {
        let shares = Shares {
            processes: 4,
            least: 50,
            most: 140,
            all: 400,
        };
        assert_eq!(
            in_words(shares),
            "; 4 processes have 0.50 to 1.40 times an equal share of them"
        );
    }
}
