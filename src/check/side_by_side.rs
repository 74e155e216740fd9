//! Doing something for many things, on several threads.

use crate::explore::Watch;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does the work for each item, on so many threads; `None`: one for each processor. Threads for which
/// no item is left may help those that still work, which learn of it from the watch. Results come in
/// the order of the items, whoever is done first.
#[allow(
    clippy::disallowed_methods,
    reason = "runs share the threads that there are"
)]
pub(crate) fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    threads: Option<NonZeroUsize>,
    watch: &Watch,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    // Whatever is asked for, WebAssembly has one.
    if cfg!(target_family = "wasm") {
        return items.iter().map(work).collect();
    }
    let processors = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let all = threads.unwrap_or_else(processors).get();
    let threads = all.min(items.len());
    watch.idle.fetch_add(all - threads, Ordering::Relaxed);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else {
                        break;
                    };
                    let result = work(item);
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((index, result));
                }
                watch.idle.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    watch.idle.fetch_sub(all, Ordering::Relaxed);
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the first items take longest")]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let slow_first = |&item: &u64| {
            std::thread::sleep(std::time::Duration::from_micros(100 - item));
            item * 2
        };
        let expected: Vec<u64> = items.iter().map(|item| item * 2).collect();
        for threads in [None, NonZeroUsize::new(1), NonZeroUsize::new(7)] {
            let watch = Watch::default();
            assert_eq!(side_by_side(&items, threads, &watch, slow_first), expected);
        }
        assert!(side_by_side(&[], None, &Watch::default(), slow_first).is_empty());
    }

    #[test]
    fn threads_without_an_item_may_help_until_the_last_is_done() {
        let watch = Watch::default();
        let idle = || watch.idle.load(Ordering::Relaxed);
        let seen = side_by_side(&[()], NonZeroUsize::new(3), &watch, |()| idle());
        assert_eq!(seen, [2]);
        assert_eq!(idle(), 0);
    }
}
