//! Several threads at the same work.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Things to do, from which each thread takes the next one.
pub(super) struct Queue<I>(Mutex<I>);

impl<I: Iterator> Queue<I> {
    pub(super) fn new(items: I) -> Queue<I> {
        Queue(Mutex::new(items))
    }

    /// The next one, if there is one left.
    pub(super) fn next(&self) -> Option<I::Item> {
        locked(&self.0).next()
    }
}

/// Whoever had it before, a panic ends the run.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does the work on so many threads, this one being one of them; on fewer if the system does not
/// give more. This one does something else first, and returns what comes of that. Panics with a
/// thread's panic if one panics.
#[allow(
    clippy::disallowed_methods,
    reason = "where none can be started, this one does it all"
)]
pub(super) fn together<R>(
    threads: NonZeroUsize,
    first: impl FnOnce() -> R,
    work: impl Fn() + Sync,
) -> R {
    let work = &work;
    thread::scope(|scope| {
        let start = || thread::Builder::new().spawn_scoped(scope, work);
        let others: Vec<_> = (1..threads.get()).map_while(|_| start().ok()).collect();
        let result = first();
        work();
        for other in others {
            if let Err(panic) = other.join() {
                resume_unwind(panic);
            }
        }
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const THREE: NonZeroUsize = NonZeroUsize::new(3).unwrap();

    #[test]
    fn everything_is_done_once() {
        let (queue, sum) = (Queue::new(1..=1000), AtomicUsize::new(0));
        together(
            THREE,
            || {},
            || {
                while let Some(number) = queue.next() {
                    sum.fetch_add(number, Ordering::Relaxed);
                }
            },
        );
        assert_eq!(sum.into_inner(), 500_500);
    }

    #[test]
    fn a_panic_of_any_thread_is_everybodys() {
        for unlucky in [1, 2, 3, 500] {
            let queue = Queue::new(1..=500);
            let result = std::panic::catch_unwind(|| {
                together(
                    THREE,
                    || {},
                    || {
                        while let Some(number) = queue.next() {
                            assert_ne!(number, unlucky, "out of luck");
                        }
                    },
                );
            });
            assert!(result.is_err(), "{unlucky}");
        }
    }
}
