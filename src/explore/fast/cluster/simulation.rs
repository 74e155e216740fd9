//! Several nodes in one thread, against one search: what they say to each other arrives late, and in any
//! order but that of one sender for one receiver. Everything follows from a seed.

use super::message::Message;
use super::{Node, Progress, Seat, Spread};
use crate::explore::fast::SymmetryUse;
use crate::explore::fast::cases::{CASES, model};
use crate::explore::fast::search::{Goal, Pace, Search};
use crate::explore::fast::settled::ALWAYS;
use crate::explore::{Bound, Error, Limits, Method, Outcome, Watch, caught};
use crate::property::Monitored;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Some nodes, and what is on its way between them.
struct Simulation<'m> {
    nodes: Vec<Node<'m>>,
    /// By receiver and sender.
    on_its_way: Vec<Vec<VecDeque<Vec<u8>>>>,
    has_ended: Vec<bool>,
    outcome: Option<Outcome>,
    random: fastrand::Rng,
    /// Rounds that arrived before their level was begun.
    early: u32,
}

/// How to simulate.
#[derive(Clone, Copy, Debug)]
struct Shell {
    nodes: usize,
    spread: Spread,
    slice: usize,
    threads: usize,
    seed: u64,
    takes_early: bool,
}

impl<'m> Simulation<'m> {
    fn new(model: &'m Monitored, method: &Method, limits: &Limits, shell: Shell) -> Self {
        let node = |number| {
            let seat = Seat {
                number,
                nodes: shell.nodes,
                spread: shell.spread,
            };
            let watch = Arc::new(Watch {
                idle: AtomicUsize::new(shell.threads - 1),
                ..Watch::default()
            });
            let mut node = Node::new(model, method, limits, &watch, seat);
            node.slice = shell.slice;
            // So small that threads meet in a small graph, too.
            node.search.pace = Pace {
                chunk: 16,
                slice: 200,
                least: 32,
            };
            node.search.settles = ALWAYS;
            node.takes_early = shell.takes_early;
            node
        };
        Simulation {
            nodes: (0..shell.nodes).map(node).collect(),
            on_its_way: vec![vec![VecDeque::new(); shell.nodes]; shell.nodes],
            has_ended: vec![false; shell.nodes],
            outcome: None,
            random: fastrand::Rng::with_seed(shell.seed),
            early: 0,
        }
    }

    /// Lets anybody act, or anything arrive, until all have ended.
    fn run(mut self) -> Result<(Outcome, u32), Error> {
        self.play()?;
        Ok((self.outcome.expect("an outcome of node 0"), self.early))
    }

    fn play(&mut self) -> Result<(), Error> {
        let count = self.nodes.len();
        while self.has_ended.contains(&false) {
            let pairs = (0..count).flat_map(|to| (0..count).map(move |from| (to, from)));
            let waits = |&(to, from): &(usize, usize)| !self.on_its_way[to][from].is_empty();
            let pairs: Vec<(usize, usize)> = pairs.filter(waits).collect();
            let arrives = !pairs.is_empty() && self.random.u8(..4) > 0;
            if arrives {
                let (to, from) = pairs[self.random.usize(..pairs.len())];
                let frame = self.on_its_way[to][from].pop_front().expect("a frame");
                let message = Message::decode(&frame).expect("a message");
                if let Message::Round(round) = &message {
                    self.early += u32::from(round.level > self.nodes[to].level());
                }
                self.nodes[to].deliver(from, message)?;
                continue;
            }
            // With nothing on its way somebody has to have something to do.
            let acting = match pairs.is_empty() {
                true => 0..count,
                false => {
                    let one = self.random.usize(..count);
                    one..one + 1
                }
            };
            let sent: usize = acting
                .map(|node| self.act(node))
                .sum::<Result<usize, Error>>()?;
            let is_stuck = pairs.is_empty() && sent == 0 && self.has_ended.contains(&false);
            assert!(!is_stuck, "everybody waits and nothing is on its way");
        }
        Ok(())
    }

    /// Returns how many messages it sent.
    fn act(&mut self, number: usize) -> Result<usize, Error> {
        if self.has_ended[number] {
            return Ok(0);
        }
        if let Progress::Ended(outcome) = self.nodes[number].advance()? {
            self.has_ended[number] = true;
            assert_eq!(outcome.is_some(), number == 0);
            self.outcome = self.outcome.take().or(outcome);
        }
        let sent = self.nodes[number].outbox();
        let count = sent.len();
        for (to, message) in sent {
            let frame = message.encode(Vec::new()).expect("a frame");
            self.on_its_way[to][number].push_back(frame);
        }
        Ok(count)
    }
}

/// What has to be the same: everything but time, memory and which of several shortest ways is shown.
fn told(outcome: &Outcome) -> String {
    let findings: Vec<_> = outcome
        .findings
        .iter()
        .map(|of| {
            let steps = of.counterexample.as_ref().map(Vec::len);
            (of.property, of.verdict, steps)
        })
        .collect();
    let outcome = Outcome {
        elapsed: Duration::ZERO,
        memory: None,
        findings: Vec::new(),
        ..outcome.clone()
    };
    format!("{outcome:?} {findings:?}")
}

fn one(model: &Monitored, method: &Method) -> Outcome {
    let (limits, watch) = (Limits::default(), Arc::default());
    let mut search = Search::new(model, method, &limits, &watch, Goal::Everything);
    search.settles = ALWAYS;
    search.run().expect("one search")
}

fn shells() -> impl Iterator<Item = Shell> {
    let nodes = [(1, 5, 1), (2, 1 << 15, 3), (2, 7, 1), (3, 64, 1), (5, 3, 1)];
    let spreads = Spread::ALL.into_iter();
    let shells = spreads.flat_map(move |spread| nodes.map(|node| (node, spread)));
    (0..)
        .zip(shells)
        .map(|(seed, ((nodes, slice, threads), spread))| Shell {
            nodes,
            spread,
            slice,
            threads,
            seed,
            takes_early: false,
        })
}

#[test]
fn however_many_nodes_find_what_one_search_finds() {
    let mut early = 0;
    for (design, scenario) in CASES {
        let model = model(design, scenario);
        for symmetry in [SymmetryUse::WherePossible, SymmetryUse::Never] {
            let method = Method {
                symmetry,
                audit_every: 997,
                ..Method::default()
            };
            let one = told(&one(&model, &method));
            for shell in shells() {
                let limits = Limits::default();
                let many = Simulation::new(&model, &method, &limits, shell).run();
                let (many, before) = many.expect("an outcome");
                assert_eq!(told(&many), one, "{design} in {scenario}, {shell:?}");
                early += before;
            }
        }
    }
    assert!(early > 100, "nothing arrives early: {early}");
}

/// What holding back is for: else rows join the level before theirs.
#[test]
fn nodes_that_take_at_once_what_arrives_early_find_other_depths() {
    let model = model("pr-8097", "two-forced");
    let method = Method::default();
    let one = one(&model, &method);
    let mut differ = 0;
    for seed in 0..10 {
        let shell = Shell {
            nodes: 3,
            spread: Spread::Even,
            slice: 7,
            threads: 1,
            seed,
            takes_early: true,
        };
        let early = Simulation::new(&model, &method, &Limits::default(), shell).run();
        // A step more than the model takes is noticed, too.
        differ += u32::from(early.map_or(true, |(early, _)| told(&early) != told(&one)));
    }
    assert!(differ > 0, "nobody would notice");
}

#[test]
fn a_run_of_so_many_nodes_is_the_same_whatever_arrives_first_and_by_how_many_threads() {
    let model = model("pr-8097", "two-forced");
    let shown = |seed, threads| {
        let shell = Shell {
            nodes: 3,
            spread: Spread::Local,
            slice: 64,
            threads,
            seed,
            takes_early: false,
        };
        let run = Simulation::new(&model, &Method::default(), &Limits::default(), shell).run();
        run.expect("an outcome").0.findings
    };
    assert_eq!(shown(1, 1), shown(2, 1));
    assert_eq!(shown(1, 1), shown(3, 2));
}

#[test]
fn some_steps_are_left_out_the_same_by_several_threads_and_nearly_the_same_by_several_nodes() {
    let model = model("pr-8097", "two-forced");
    let slept = |nodes, threads| {
        let shell = Shell {
            nodes,
            spread: Spread::Even,
            slice: 1 << 15,
            threads,
            seed: 1,
            takes_early: false,
        };
        let (method, limits) = (Method::default(), Limits::default());
        let mut simulation = Simulation::new(&model, &method, &limits, shell);
        simulation.play().expect("an outcome");
        let of_nodes = simulation.nodes.iter();
        of_nodes
            .map(|node| node.search.store.asleep.slept)
            .sum::<u32>()
    };
    let by_one = slept(1, 1);
    assert!(by_one > 0, "nothing sleeps");
    assert_eq!(by_one, slept(1, 3));
    // Each node sees for itself what events do.
    let by_three = slept(3, 1);
    assert!(
        by_three.abs_diff(by_one) < by_one / 20,
        "{by_three} instead of {by_one}"
    );
    assert_eq!(by_three, slept(3, 2));
}

#[test]
fn node_0_tells_how_unequal_the_nodes_shares_are() {
    let model = model("pr-8097", "two-forced");
    let shell = Shell {
        nodes: 3,
        spread: Spread::Local,
        slice: 64,
        threads: 1,
        seed: 1,
        takes_early: false,
    };
    let simulation = Simulation::new(&model, &Method::default(), &Limits::default(), shell);
    let watches = [0, 1].map(|node: usize| Arc::clone(&simulation.nodes[node].search.watch));
    let (outcome, _) = simulation.run().expect("an outcome");
    let shares = watches[0].shares().expect("shares");
    assert_eq!((shares.processes, shares.all), (3, outcome.explored));
    assert!(shares.least < shares.all / 3 && shares.all / 3 < shares.most);
    assert_eq!(watches[1].shares(), None, "nobody looks at it there");
}

#[test]
fn a_bound_of_states_ends_all_nodes_near_it_and_only_a_run_that_goes_further() {
    let model = model("pr-8097", "two-forced");
    let method = Method::default();
    let all = one(&model, &method).states;
    for (max, seed) in [1, 2, 100, 5000, all - 1, all, all + 1]
        .into_iter()
        .zip(0..)
    {
        let limits = Limits {
            max_states: Some(max),
            ..Limits::default()
        };
        let shell = Shell {
            nodes: 3,
            spread: Spread::Local,
            slice: 16,
            threads: 1 + seed as usize % 2,
            seed,
            takes_early: false,
        };
        let run = Simulation::new(&model, &method, &limits, shell).run();
        let (outcome, _) = run.expect("an outcome");
        let expected = (max < all).then_some(Bound::States(max));
        assert_eq!(outcome.bound, expected, "{max} of {all}");
        assert!(outcome.states.min(all) >= max.min(all), "{max} of {all}");
        assert!(outcome.states < max + 600, "{} for {max}", outcome.states);
    }
}

#[test]
fn bounds_of_memory_and_time_and_an_interruption_end_all_nodes() {
    let model = model("pr-8097", "two-forced");
    let bounds = [(Some(Duration::from_nanos(1)), None), (None, Some(200_000))];
    for (time_limit, memory_limit) in bounds {
        let limits = Limits {
            time_limit,
            memory_limit,
            ..Limits::default()
        };
        let shell = Shell {
            nodes: 3,
            spread: Spread::Even,
            slice: 8,
            threads: 2,
            seed: 1,
            takes_early: false,
        };
        let run = Simulation::new(&model, &Method::default(), &limits, shell).run();
        let (outcome, _) = run.expect("an outcome");
        let expected = time_limit
            .map(Bound::Time)
            .or(memory_limit.map(Bound::Memory));
        assert_eq!(outcome.bound, expected);
        assert!(outcome.states < 14_307);
    }
}

#[test]
fn a_message_out_of_turn_ends_the_run() {
    let model = model("pr-9030", "r1s1");
    let seat = Seat {
        number: 1,
        nodes: 3,
        spread: Spread::Local,
    };
    let (method, limits) = (Method::default(), Limits::default());
    let node = || Node::new(&model, &method, &limits, &Arc::default(), seat);
    for (from, message) in [
        (0, Message::Done),
        (0, Message::Ask(1 << 20)),
        (2, Message::Ask(0)),
        (2, Message::Done),
        (2, Message::Failed("out of luck".to_owned())),
    ] {
        let told = format!("{message:?}");
        let refused = node().deliver(from, message);
        assert!(
            matches!(refused, Err(Error::Peer(_))),
            "{told}: {refused:?}"
        );
    }
    let mut twice = node();
    twice.advance().expect("its first rounds");
    let sent = || {
        let mut other = Node::new(
            &model,
            &method,
            &limits,
            &Arc::default(),
            Seat { number: 2, ..seat },
        );
        other.advance().expect("its first rounds");
        let mut to_one = other.outbox().into_iter().filter(|(to, _)| *to == 1);
        to_one.next().expect("a round").1
    };
    twice.deliver(2, sent()).expect("the first round");
    let again = twice.deliver(2, sent());
    assert!(matches!(again, Err(Error::Peer(_))), "{again:?}");
}

#[test]
fn a_panic_of_a_node_s_thread_leaves_no_outcome() {
    let model = model("pr-8097", "two-forced");
    let watch = Arc::new(Watch {
        idle: AtomicUsize::new(2),
        ..Watch::default()
    });
    let (method, limits) = (Method::default(), Limits::default());
    let outcome = caught(|| {
        let seat = Seat {
            number: 0,
            nodes: 1,
            spread: Spread::Local,
        };
        let mut node = Node::new(&model, &method, &limits, &watch, seat);
        // Vectors of ids that nothing has.
        let words = vec![u64::MAX; node.search.store.arena.layout().words()];
        for _ in 0..node.search.pace.least {
            node.search.store.arena.push(&words, 0, true);
        }
        node.end = node.search.store.arena.len();
        node.advance().map(|_| ())
    });
    assert!(matches!(outcome, Err(Error::Panicked(_))), "{outcome:?}");
    let idle = watch.idle.load(Ordering::Relaxed);
    assert_eq!(idle, 2, "helpers are given back");
}
