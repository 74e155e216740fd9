//! Runs that go on for ever: fair cycles of a graph.
//!
//! "Eventually" is refuted by a run that never gets there. In a finite graph such a run ends in a
//! cycle or in a state in which it stays. It only counts if it is fair: what can happen all the time
//! must happen at some time (weak fairness). So strongly connected components are found by Tarjan's
//! algorithm ("Depth-first search and linear graph algorithms", 1972), without recursion, and each
//! is asked whether a fair run can stay in it: for each fair label, either an edge of the component
//! has it, or in some state of the component it is not enabled (Lichtenstein and Pnueli, "Checking
//! that finite state concurrent programs satisfy their linear specification", 1985).

use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// A graph, or a part of one, as far as it is asked for.
pub(super) trait Graph {
    /// What edges are called.
    type Label: Copy + Eq;
    /// Why a state cannot be expanded.
    type Error;

    /// A state. Calling this twice for one state gives the same twice.
    fn node(&mut self, state: u32) -> Result<Node<Self::Label>, Self::Error>;
}

/// A state of a graph.
pub(super) struct Node<L> {
    /// The labels that are enabled here and must not be ignored for ever.
    pub(super) fair: Vec<L>,
    /// The edges to states of the part of the graph that is looked at.
    pub(super) edges: Vec<(L, u32)>,
}

/// Where a fair run can stay for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stay<L> {
    /// The state it gets to.
    pub(super) state: u32,
    /// The edges that lead from there around and back again; none if it stays where it is.
    pub(super) cycle: Vec<(L, u32)>,
}

/// What was found in a graph.
pub(super) struct Stays<L> {
    /// The one with the least state.
    pub(super) first: Option<Stay<L>>,
    /// Components with an edge in them.
    pub(super) cyclic_components: u64,
}

/// A state that Tarjan's algorithm has entered and not left yet.
struct Frame<L> {
    state: u32,
    node: Node<L>,
    next_edge: usize,
}

/// What Tarjan's algorithm knows.
struct Tarjan {
    /// Order of discovery, from 1.
    number: FxHashMap<u32, u32>,
    /// The least number that can be reached.
    low: FxHashMap<u32, u32>,
    stack: Vec<u32>,
    on_stack: FxHashSet<u32>,
}

/// Looks for fair runs that stay among these states.
pub(super) fn stays<G: Graph>(
    states: impl IntoIterator<Item = u32>,
    graph: &mut G,
) -> Result<Stays<G::Label>, G::Error> {
    let mut search = Tarjan {
        number: FxHashMap::default(),
        low: FxHashMap::default(),
        stack: Vec::new(),
        on_stack: FxHashSet::default(),
    };
    let mut least: Option<(u32, Vec<u32>)> = None;
    let mut cyclic_components = 0;
    for root in states {
        if search.number.contains_key(&root) {
            continue;
        }
        let mut frames = vec![search.enter(root, graph)?];
        while let Some(frame) = frames.last_mut() {
            if let Some(&(_, to)) = frame.node.edges.get(frame.next_edge) {
                frame.next_edge += 1;
                if !search.number.contains_key(&to) {
                    frames.push(search.enter(to, graph)?);
                } else if search.on_stack.contains(&to) {
                    search.lower(frame.state, search.number[&to]);
                }
                continue;
            }
            let state = frame.state;
            let stutters = frame.node.fair.is_empty();
            let loops = frame.node.edges.iter().any(|&(_, to)| to == state);
            frames.pop();
            if stutters && least.as_ref().is_none_or(|(least, _)| state < *least) {
                least = Some((state, Vec::new()));
            }
            if let Some(frame) = frames.last() {
                search.lower(frame.state, search.low[&state]);
            }
            if search.low[&state] != search.number[&state] {
                continue;
            }
            let component = search.leave(state);
            if component.len() == 1 && !loops {
                continue;
            }
            cyclic_components += 1;
            let first = component.iter().copied().min().unwrap_or(state);
            if least.as_ref().is_none_or(|(least, _)| first < *least) && is_fair(&component, graph)?
            {
                least = Some((first, component));
            }
        }
    }
    let first = match least {
        None => None,
        Some((state, component)) => Some(Stay {
            state,
            cycle: around(state, &component, graph)?,
        }),
    };
    Ok(Stays {
        first,
        cyclic_components,
    })
}

impl Tarjan {
    fn enter<G: Graph>(&mut self, state: u32, graph: &mut G) -> Result<Frame<G::Label>, G::Error> {
        let number = self.number.len() as u32 + 1;
        self.number.insert(state, number);
        self.low.insert(state, number);
        self.stack.push(state);
        self.on_stack.insert(state);
        Ok(Frame {
            state,
            node: graph.node(state)?,
            next_edge: 0,
        })
    }

    fn lower(&mut self, state: u32, number: u32) {
        if let Some(low) = self.low.get_mut(&state) {
            *low = number.min(*low);
        }
    }

    /// Takes the component that was entered by this state.
    fn leave(&mut self, state: u32) -> Vec<u32> {
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack.remove(&member);
            component.push(member);
            if member == state {
                break;
            }
        }
        component
    }
}

/// What a component's edges are.
struct Inside<L> {
    nodes: FxHashMap<u32, Node<L>>,
    /// Every fair label that is enabled somewhere.
    fair: Vec<L>,
}

fn inside<G: Graph>(component: &[u32], graph: &mut G) -> Result<Inside<G::Label>, G::Error> {
    let members: FxHashSet<u32> = component.iter().copied().collect();
    let mut nodes = FxHashMap::default();
    let mut fair = Vec::new();
    for &state in component {
        let mut node = graph.node(state)?;
        node.edges.retain(|(_, to)| members.contains(to));
        for &label in &node.fair {
            if !fair.contains(&label) {
                fair.push(label);
            }
        }
        nodes.insert(state, node);
    }
    Ok(Inside { nodes, fair })
}

impl<L: Copy + Eq> Inside<L> {
    /// Whether being at the one state, or taking the edge, does justice to a label.
    fn is_just(&self, label: L, at: u32, edge: Option<L>) -> bool {
        edge == Some(label)
            || self
                .nodes
                .get(&at)
                .is_some_and(|n| !n.fair.contains(&label))
    }

    /// A shortest way from a state over states and edges of the component to one that will do, at
    /// least one edge long.
    fn way(&self, from: u32, will_do: impl Fn(L, u32) -> bool) -> Option<Vec<(L, u32)>> {
        let mut came: FxHashMap<u32, (u32, L)> = FxHashMap::default();
        let mut queue = VecDeque::from([from]);
        while let Some(state) = queue.pop_front() {
            for &(label, to) in self.nodes.get(&state).map_or(&[][..], |node| &node.edges) {
                if will_do(label, to) {
                    let mut way = vec![(label, to)];
                    let mut at = state;
                    while at != from {
                        let (before, label) = *came.get(&at)?;
                        way.push((label, at));
                        at = before;
                    }
                    way.reverse();
                    return Some(way);
                }
                if to != from && !came.contains_key(&to) {
                    came.insert(to, (state, label));
                    queue.push_back(to);
                }
            }
        }
        None
    }
}

/// Whether a fair run can go around in a component for ever.
fn is_fair<G: Graph>(component: &[u32], graph: &mut G) -> Result<bool, G::Error> {
    let inside = inside(component, graph)?;
    Ok(inside.fair.iter().all(|&label| {
        inside.nodes.iter().any(|(&state, node)| {
            let mut edges = node.edges.iter();
            inside.is_just(label, state, None) || edges.any(|&(edge, _)| edge == label)
        })
    }))
}

/// A fair way around in a fair component, from a state back to it; nothing in an empty component.
fn around<G: Graph>(
    start: u32,
    component: &[u32],
    graph: &mut G,
) -> Result<Vec<(G::Label, u32)>, G::Error> {
    let inside = inside(component, graph)?;
    let mut cycle: Vec<(G::Label, u32)> = Vec::new();
    let end = |cycle: &[(G::Label, u32)]| cycle.last().map_or(start, |&(_, at)| at);
    for &label in &inside.fair {
        let served = |&(edge, at): &(G::Label, u32)| inside.is_just(label, at, Some(edge));
        if inside.is_just(label, start, None) || cycle.iter().any(served) {
            continue;
        }
        let to = inside.way(end(&cycle), |edge, at| {
            inside.is_just(label, at, Some(edge))
        });
        cycle.extend(to.unwrap_or_default());
    }
    if !component.is_empty() && (cycle.is_empty() || end(&cycle) != start) {
        let back = inside.way(end(&cycle), |_, at| at == start);
        cycle.extend(back.unwrap_or_default());
    }
    Ok(cycle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    /// States with the fair labels enabled there, and labelled edges.
    #[derive(Clone, Debug)]
    struct Small {
        fair: Vec<Vec<u8>>,
        edges: Vec<(u32, u8, u32)>,
    }

    impl Graph for Small {
        type Label = u8;
        type Error = Infallible;

        fn node(&mut self, state: u32) -> Result<Node<u8>, Infallible> {
            let edges = self.edges.iter().filter(|edge| edge.0 == state);
            Ok(Node {
                fair: self.fair[state as usize].clone(),
                edges: edges.map(|&(_, label, to)| (label, to)).collect(),
            })
        }
    }

    fn first(graph: &Small) -> Option<Stay<u8>> {
        let states = 0..graph.fair.len() as u32;
        match stays(states, &mut graph.clone()) {
            Ok(stays) => stays.first,
            Err(never) => match never {},
        }
    }

    /// The least state of a set of states in which a fair run can stay, found the slow way: every
    /// set of states is asked whether it is strongly connected and fair.
    fn least_by_brute_force(graph: &Small) -> Option<u32> {
        let states = graph.fair.len() as u32;
        let mut least = (0..states).find(|&state| graph.fair[state as usize].is_empty());
        for set in 1u32..1 << states {
            let has = |state: u32| set >> state & 1 == 1;
            let edges: Vec<_> = graph
                .edges
                .iter()
                .filter(|e| has(e.0) && has(e.2))
                .collect();
            let reach = |from: u32| {
                let mut seen = 0u32;
                loop {
                    let step = |edge: &&&(u32, u8, u32)| edge.0 == from || seen >> edge.0 & 1 == 1;
                    let next = edges.iter().filter(step).fold(seen, |s, e| s | 1 << e.2);
                    if next == seen {
                        return seen;
                    }
                    seen = next;
                }
            };
            let is_connected = (0..states)
                .filter(|&s| has(s))
                .all(|s| reach(s) & set == set);
            let is_fair = (0..8u8).all(|label| {
                edges.iter().any(|edge| edge.1 == label)
                    || (0..states).any(|s| has(s) && !graph.fair[s as usize].contains(&label))
            });
            if is_connected && is_fair {
                let first = set.trailing_zeros();
                least = Some(least.map_or(first, |least| least.min(first)));
            }
        }
        least
    }

    #[test]
    fn a_state_that_nothing_fair_leaves_is_stayed_in() {
        let graph = Small {
            fair: vec![vec![1], vec![]],
            edges: vec![(0, 1, 1)],
        };
        let cycle = Vec::new();
        assert_eq!(first(&graph), Some(Stay { state: 1, cycle }));
    }

    #[test]
    fn a_cycle_that_ignores_a_fair_label_for_ever_does_not_count() {
        let mut graph = Small {
            fair: vec![vec![1], vec![1]],
            edges: vec![(0, 0, 1), (1, 0, 0)],
        };
        assert_eq!(first(&graph), None);
        // Not enabled in one of the states: then it is not ignored.
        graph.fair[1].clear();
        graph.fair[1].push(2);
        assert!(first(&graph).is_none_or(|stay| stay.state == 0));
    }

    #[test]
    fn joins_do_not_hide_a_cycle() {
        // Two ways lead to 3, which stateright's `eventually` looks at once only.
        let graph = Small {
            fair: vec![vec![1, 2], vec![3], vec![3], vec![4], vec![4]],
            edges: vec![
                (0, 1, 1),
                (0, 2, 2),
                (1, 3, 3),
                (2, 3, 3),
                (3, 4, 4),
                (4, 4, 3),
            ],
        };
        let stay = first(&graph).expect("a cycle");
        assert_eq!((stay.state, stay.cycle), (3, vec![(4, 4), (4, 3)]));
    }

    #[test]
    fn fair_stays_are_those_of_brute_force_in_random_graphs() {
        let mut random = fastrand::Rng::with_seed(8097);
        let (mut found, mut none) = (0, 0);
        for _ in 0..3000 {
            let states = random.u32(1..6);
            let label = |random: &mut fastrand::Rng| random.u8(0..3);
            let fair = (0..states).map(|_| {
                let mut fair: Vec<u8> = (0..3).filter(|_| random.u8(0..3) > 0).collect();
                fair.dedup();
                fair
            });
            let fair: Vec<_> = fair.collect();
            let edges = (0..random.u32(0..8)).map(|_| {
                (
                    random.u32(0..states),
                    label(&mut random),
                    random.u32(0..states),
                )
            });
            let graph = Small {
                edges: edges.collect(),
                fair,
            };
            let stay = first(&graph);
            let least = least_by_brute_force(&graph);
            assert_eq!(stay.as_ref().map(|stay| stay.state), least, "{graph:?}");
            match stay {
                Some(stay) => check(&graph, &stay),
                None => none += 1,
            }
            found += u32::from(least.is_some());
        }
        assert!(found > 300 && none > 300, "{found} {none}");
    }

    /// A stay is a way through the graph, back to where it began, and fair.
    fn check(graph: &Small, stay: &Stay<u8>) {
        let mut at = stay.state;
        let mut visited = vec![at];
        for &(label, to) in &stay.cycle {
            assert!(graph.edges.contains(&(at, label, to)), "{graph:?} {stay:?}");
            at = to;
            visited.push(at);
        }
        assert_eq!(at, stay.state, "{graph:?}");
        for label in &graph.fair[stay.state as usize] {
            let taken = stay.cycle.iter().any(|(taken, _)| taken == label);
            let paused = visited
                .iter()
                .any(|&s| !graph.fair[s as usize].contains(label));
            assert!(taken || paused, "{label} is ignored: {graph:?} {stay:?}");
        }
    }
}
