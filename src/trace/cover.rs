//! Traces that together go through every transition of the reachable graph.

use super::record::TraceStep;
use crate::freshness::Unreliable;
use crate::model::{Composed, Event, System};
use std::collections::{HashMap, VecDeque};

#[derive(Clone, Copy, Debug)]
pub enum Plan {
    /// Few long ones that together go through every transition.
    Everything,
    /// For each transition one that ends with it and is as short as any; the shortest first.
    Shortest,
    /// Some at random.
    Sample(Sample),
}

/// A seeded sample instead of everything.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// How many transitions to cover at least.
    pub transitions: u64,
    /// Of the random numbers.
    pub seed: u64,
}

/// How much of a graph its traces cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Unique states of the graph.
    pub states: u64,
    /// Pairs of a state of it and an event enabled there.
    pub transitions: u64,
    /// Transitions that the traces go through.
    pub covered: u64,
    pub traces: u64,
    /// Steps of all traces together.
    pub steps: u64,
}

/// The reachable graph, with what has been covered of it.
struct Graph {
    nodes: Vec<Node>,
}

struct Node {
    edges: Vec<Edge>,
    /// Where edges to this node come from.
    sources: Vec<usize>,
    /// Events on the longest way from here; the graph has no cycles, since every event uses up
    /// something of a finite budget.
    height: u32,
    /// Every transition from here on is covered.
    exhausted: bool,
}

struct Edge {
    event: Event,
    to: usize,
    covered: bool,
}

/// Plans traces over the whole graph and hands each to `emit` when all of them are known, together
/// with what they cover.
///
/// # Errors
///
/// The comparator failed, or `emit` did. Nothing is handed over before the comparator was asked.
pub fn cover<E: From<Unreliable>>(
    model: &Composed,
    plan: Plan,
    mut emit: impl FnMut(&Coverage, Option<Vec<TraceStep>>) -> Result<(), E>,
) -> Result<Coverage, E> {
    let mut graph = Graph::explore(model);
    let mut coverage = Coverage {
        states: graph.nodes.len() as u64,
        transitions: graph.nodes.iter().map(|node| node.edges.len() as u64).sum(),
        covered: 0,
        traces: 0,
        steps: 0,
    };
    let plans = match plan {
        Plan::Everything => graph.plans(coverage.transitions, None),
        Plan::Sample(Sample { transitions, seed }) => {
            graph.plans(transitions, Some(fastrand::Rng::with_seed(seed)))
        }
        Plan::Shortest => graph.shortest(),
    };
    for plan in &plans {
        coverage.covered += plan.iter().filter(|(_, new)| *new).count() as u64;
        coverage.steps += plan.len() as u64;
        coverage.traces += 1;
    }
    model.rules().check()?;
    emit(&coverage, None)?;
    for plan in plans {
        emit(&coverage, Some(record(model, &plan)))?;
    }
    model.rules().check()?;
    Ok(coverage)
}

/// The events of a trace, each with whether its transition was in no trace before.
type Events = Vec<(Event, bool)>;

/// Lets a planned trace happen and records what is seen.
fn record(model: &Composed, plan: &[(Event, bool)]) -> Vec<TraceStep> {
    let mut system = model.start();
    let mut steps = Vec::with_capacity(plan.len());
    for &(event, new) in plan {
        let step = model.step(&system, event);
        steps.push(TraceStep::new(event, &step, model.roster(), new));
        system = step.system;
    }
    steps
}

impl Graph {
    fn explore(model: &Composed) -> Graph {
        let start = model.start();
        let mut ids: HashMap<System, usize> = HashMap::from([(start.clone(), 0)]);
        let mut pending = VecDeque::from([start]);
        let mut nodes: Vec<Node> = Vec::new();
        while let Some(system) = pending.pop_front() {
            let mut edges = Vec::new();
            for event in model.enabled(&system) {
                let next = model.step(&system, event).system;
                let fresh = ids.len();
                let to = *ids.entry(next).or_insert_with_key(|next| {
                    pending.push_back(next.clone());
                    fresh
                });
                edges.push(Edge {
                    event,
                    to,
                    covered: false,
                });
            }
            nodes.push(Node {
                edges,
                sources: Vec::new(),
                height: 0,
                exhausted: false,
            });
        }
        let mut graph = Graph { nodes };
        graph.link_sources();
        graph.measure();
        for node in 0..graph.nodes.len() {
            graph.settle(node);
        }
        graph
    }

    fn link_sources(&mut self) {
        for from in 0..self.nodes.len() {
            for edge in 0..self.nodes[from].edges.len() {
                let to = self.nodes[from].edges[edge].to;
                self.nodes[to].sources.push(from);
            }
        }
    }

    /// Finds out whether a node is exhausted, and if it is, the same for those before it.
    fn settle(&mut self, node: usize) {
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            let done = |edge: &Edge| edge.covered && self.nodes[edge.to].exhausted;
            let exhausted = self.nodes[node].edges.iter().all(done);
            if exhausted && !self.nodes[node].exhausted {
                self.nodes[node].exhausted = true;
                pending.extend(&self.nodes[node].sources);
            }
        }
    }

    /// Heights, by visiting every node after its successors.
    fn measure(&mut self) {
        let mut done = vec![false; self.nodes.len()];
        let mut stack = vec![(0, 0)];
        while let Some((node, next)) = stack.pop() {
            match self.nodes[node].edges.get(next).map(|edge| edge.to) {
                Some(to) => {
                    stack.push((node, next + 1));
                    if !done[to] {
                        done[to] = true;
                        stack.push((to, 0));
                    }
                }
                None => {
                    let below = self.nodes[node].edges.iter();
                    let height = below.map(|edge| self.nodes[edge.to].height + 1).max();
                    self.nodes[node].height = height.unwrap_or(0);
                }
            }
        }
    }

    /// Traces until this many transitions are covered.
    fn plans(&mut self, wanted: u64, mut random: Option<fastrand::Rng>) -> Vec<Events> {
        let mut plans = Vec::new();
        let mut covered = 0;
        while covered < wanted && !self.nodes[0].exhausted {
            let plan = self.plan(random.as_mut());
            covered += plan.iter().filter(|(_, new)| *new).count() as u64;
            plans.push(plan);
        }
        plans
    }

    /// Nodes were found breadth first: where a node was first led to, a shortest path ended.
    fn shortest(&self) -> Vec<Events> {
        let mut plans = Vec::new();
        let mut paths: Vec<Option<Vec<Event>>> = vec![None; self.nodes.len()];
        paths[0] = Some(Vec::new());
        for (from, node) in self.nodes.iter().enumerate() {
            // Nobody leads back to a node whose edges have been looked at.
            let path = paths[from].take().unwrap_or_default();
            for edge in &node.edges {
                let before = path.iter().map(|&event| (event, false));
                plans.push(before.chain([(edge.event, true)]).collect());
                if edge.to > from && paths[edge.to].is_none() {
                    paths[edge.to] = Some(path.iter().copied().chain([edge.event]).collect());
                }
            }
        }
        plans
    }

    /// One trace from the start: through transitions not covered yet where there are any, else
    /// towards some, and along the longest way: few long traces cost less than many short ones.
    fn plan(&mut self, mut random: Option<&mut fastrand::Rng>) -> Events {
        let mut plan = Vec::new();
        let mut path = Vec::new();
        let mut at = 0;
        while !self.nodes[at].exhausted {
            let choice = self.choose(at, random.as_deref_mut());
            let edge = &mut self.nodes[at].edges[choice];
            plan.push((edge.event, !edge.covered));
            edge.covered = true;
            path.push(at);
            at = edge.to;
        }
        for &node in path.iter().rev() {
            self.settle(node);
        }
        plan
    }

    /// Which edge to take. A node that is not exhausted has one that leads on.
    fn choose(&self, at: usize, random: Option<&mut fastrand::Rng>) -> usize {
        let edges = &self.nodes[at].edges;
        let leads_on = |edge: &Edge| !edge.covered || !self.nodes[edge.to].exhausted;
        let candidates = (0..edges.len()).filter(|&index| leads_on(&edges[index]));
        match random {
            Some(random) => {
                let candidates: Vec<_> = candidates.collect();
                random.choice(candidates).unwrap_or(0)
            }
            None => candidates
                .max_by_key(|&index| {
                    let to = &self.nodes[edges[index].to];
                    (!edges[index].covered, !to.exhausted, to.height)
                })
                .unwrap_or(0),
        }
    }
}
