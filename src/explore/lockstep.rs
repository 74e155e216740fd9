//! Two models on the same events, until they differ.
//!
//! Breadth first over pairs of systems, so the first difference met is met in the fewest events.
//! Pairs are kept whole. What counts as a difference is the caller's to say.

use super::outcome::{Bound, Limits, Watch};
use crate::model::{Composed, Event, System};
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Instant;

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
    let began = Instant::now();
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
        let is_broken = || [models.0, models.1].iter().any(|m| m.rule().has_failed());
        let bound = match limits {
            _ if look && (watch.is_stopped() || is_broken()) => Some(Bound::Interrupted),
            Limits {
                max_states: Some(max),
                ..
            } if pairs > *max => Some(Bound::States(*max)),
            Limits {
                memory_limit: Some(max),
                ..
            } if pairs * PAIR_BYTES > *max => Some(Bound::Memory(*max)),
            Limits {
                time_limit: Some(max),
                ..
            } if look && began.elapsed() >= *max => Some(Bound::Time(*max)),
            _ => None,
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
