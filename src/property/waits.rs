//! Whether a call that waits will ever end.
//!
//! "Eventually" is refuted by a run that never gets there. Every event spends a budget or brings
//! something that is under way nearer to its end, so no run goes around (the command `liveness` looks
//! for one all the same): a run that goes on for ever stays in one state. It is fair only if nothing
//! is left there that has to happen ([`Event::is_inevitable`](crate::model::Event::is_inevitable)).
//! So a call never ends exactly where there is such a state in which it waits.

use super::findings::Findings;
use super::{Cause, Property};
use crate::cache::Fetch;
use crate::model::TabState;
use crate::vocabulary::TabId;

/// What of a tab decides whether its page's calls end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Calls {
    /// A call waits for the lock, in a tab that keeps running.
    pub for_lock: bool,
    /// A call waits for the answer to a request, in a tab that keeps running.
    pub for_answer: bool,
    /// A request for a token is under way, in a tab that keeps running.
    pub asks: bool,
    /// A request for a token was under way when the tab stopped.
    pub has_stopped: bool,
}

impl Calls {
    /// Of a tab. Nobody waits in one that has stopped, or is closed.
    pub fn of<C>(tab: &TabState<C>) -> Calls {
        let (cache, runs) = (&tab.cache, !tab.stopped);
        Calls {
            for_lock: runs && !cache.waiting.is_empty(),
            for_answer: runs && cache.fetches.iter().any(Fetch::has_calls),
            asks: runs && cache.is_asking(),
            has_stopped: !runs && cache.is_asking(),
        }
    }

    /// Something is awaited: a lock or an answer.
    pub const fn is_some(self) -> bool {
        self.for_lock || self.for_answer
    }
}

/// A tab whose page's call waits, given whether the session has ended at the server; and who has the
/// lock that it waits for, where that tab has stopped.
///
/// A request that reaches the server after the session has ended is never answered in the model: what
/// the server says then is not known to it. Whoever waits for that, if only behind the lock, is not
/// counted.
pub(crate) fn waiting_call(
    calls: impl Iterator<Item = Calls> + Clone,
    ended: bool,
) -> Option<(TabId, Option<TabId>)> {
    let is_unanswerable = ended && calls.clone().any(|of| of.asks);
    let waits = |of: &Calls| of.for_lock && !is_unanswerable || of.for_answer && !ended;
    let tabs = || (0u8..).map(TabId).zip(calls.clone());
    let (tab, of) = tabs().find(|(_, of)| waits(of))?;
    let holder = tabs().find(|(_, of)| of.has_stopped).map(|(tab, _)| tab);
    Some((tab, holder.filter(|_| of.for_lock)))
}

/// Judges a state by what calls wait for in each tab, given whether the session has ended at the
/// server and whether nothing is left that has to happen.
pub(super) fn follow_calls(
    calls: impl Iterator<Item = Calls> + Clone,
    ended: bool,
    stuck: impl FnOnce() -> bool,
    findings: &mut impl Findings,
) {
    if let Some((tab, holder)) = waiting_call(calls, ended) {
        let ends = Property::EveryCallEnds;
        findings.witness_if(true, ends);
        findings.violate_if(stuck(), ends, || Cause::CallWaits { tab, holder });
    }
}

#[cfg(test)]
mod tests;
