//! How to run many things, and being told how far they have got.

use crate::explore::{Limits, Method, Watch};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Whoever is told what begins and ends while many things are run. Several threads tell at once.
pub trait Progress: Sync {
    /// So many runs more are going to be made.
    fn expect(&self, runs: usize);

    /// A run begins; it is told by its name, for example `pr-9030 in own-refresh`.
    fn began(&self, run: &str);

    fn ended(&self, run: &str);
}

/// Nobody.
impl Progress for () {
    fn expect(&self, _runs: usize) {}

    fn began(&self, _run: &str) {}

    fn ended(&self, _run: &str) {}
}

/// How to run many things.
#[derive(Clone)]
pub struct Options<'a> {
    /// How each run explores.
    pub method: Method,
    /// The bounds of each run.
    pub limits: Limits,
    /// Threads: runs side by side, then several at one run; `None`: one for each processor.
    pub threads: Option<NonZeroUsize>,
    /// Counts states of all runs together, and ends all of them early if somebody stops it.
    pub watch: Arc<Watch>,
    /// Is told what begins and ends.
    pub progress: &'a dyn Progress,
}

/// The fast engine without bounds, a thread for each processor, and nobody to be told.
impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            method: Method::default(),
            limits: Limits::default(),
            threads: None,
            watch: Arc::default(),
            progress: &(),
        }
    }
}

impl Options<'_> {
    /// Does the work for each item side by side, and tells of each by its name. Results come in the
    /// order of the items.
    pub(crate) fn run_each<T: Sync, R: Send>(
        &self,
        items: &[T],
        name: impl Fn(&T) -> String + Sync,
        work: impl Fn(&T) -> R + Sync,
    ) -> Vec<R> {
        self.progress.expect(items.len());
        super::side_by_side(items, self.threads, &self.watch, |item| {
            let name = name(item);
            self.progress.began(&name);
            let result = work(item);
            self.progress.ended(&name);
            result
        })
    }
}
