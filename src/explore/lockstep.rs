//! Two models on the same events, until they differ.
//!
//! Breadth first over pairs of systems, so the first difference met is met in the fewest events.
//! Pairs are kept whole. What counts as a difference is the caller's to say.

use super::outcome::{Bound, Limits, Watch};
use crate::model::{Composed, Event, System};
use crate::time::Moment;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

/// About what a pair of systems takes, in bytes: they share most of their parts with others.
const PAIR_BYTES: u64 = 2048;

/// Pairs between two looks at the clock.
const PAIRS_BETWEEN_CHECKS: usize = 64;

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockstep {
    /// A shortest way to a difference, the last event being the one that makes it.
    pub apart: Option<Vec<Event>>,
    /// Pairs that were looked at.
    pub pairs: u64,
    /// The bound that ended the search before it found a difference or the end.
    pub bound: Option<Bound>,
}

/// A pair, and how it was reached.
struct Node {
    pair: Rc<(System, System)>,
    from: Option<(usize, Event)>,
}

/// Lets the same events happen in both models. An event that can happen in only one of them is not
/// followed.
pub fn lockstep(
    models: (&Composed, &Composed),
    differ: impl Fn(&System, &System) -> bool,
    limits: &Limits,
    watch: &Watch,
) -> Lockstep {
    let began = Moment::now();
    let start = Rc::new((models.0.start(), models.1.start()));
    let mut seen = HashSet::from([Rc::clone(&start)]);
    let mut nodes = vec![Node {
        pair: start,
        from: None,
    }];
    let mut next = 0;
    while next < nodes.len() {
        let pairs = nodes.len() as u64;
        let look = next.is_multiple_of(PAIRS_BETWEEN_CHECKS);
        let is_broken = || [models.0, models.1].iter().any(|m| m.has_failed());
        let is_over = look && (watch.is_stopped() || is_broken());
        let elapsed = look.then(|| began.elapsed());
        let bound = match is_over {
            true => Some(Bound::Interrupted),
            false => reached(limits, pairs, elapsed),
        };
        if bound.is_some() {
            return Lockstep {
                apart: None,
                pairs,
                bound,
            };
        }
        watch.found(1);
        let (one, other) = &*Rc::clone(&nodes[next].pair);
        let possible = models.1.enabled(other);
        for event in models.0.enabled(one) {
            if !possible.contains(&event) {
                continue;
            }
            let pair = (
                models.0.step(one, event).system,
                models.1.step(other, event).system,
            );
            if differ(&pair.0, &pair.1) {
                return Lockstep {
                    apart: Some(way(&nodes, next, event)),
                    pairs,
                    bound: None,
                };
            }
            let pair = Rc::new(pair);
            if seen.insert(Rc::clone(&pair)) {
                nodes.push(Node {
                    pair,
                    from: Some((next, event)),
                });
            }
        }
        next += 1;
    }
    Lockstep {
        apart: None,
        pairs: nodes.len() as u64,
        bound: None,
    }
}

/// The first limit that so many pairs, or so much time if anybody looked, has reached.
fn reached(limits: &Limits, pairs: u64, elapsed: Option<Duration>) -> Option<Bound> {
    let states = limits.max_states.filter(|max| pairs > *max);
    let bytes = pairs.saturating_mul(PAIR_BYTES);
    let memory = || limits.memory_limit.filter(|max| bytes > *max);
    let is_late = |max: &Duration| elapsed.is_some_and(|elapsed| elapsed >= *max);
    let time = || limits.time_limit.filter(is_late);
    (states.map(Bound::States))
        .or_else(|| memory().map(Bound::Memory))
        .or_else(|| time().map(Bound::Time))
}

/// The events that lead to a node, and one more.
fn way(nodes: &[Node], mut node: usize, last: Event) -> Vec<Event> {
    let mut events = vec![last];
    while let Some((before, event)) = nodes[node].from {
        events.push(event);
        node = before;
    }
    events.reverse();
    events
}
