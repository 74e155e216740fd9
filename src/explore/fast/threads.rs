//! Several threads against one.

use super::cases::{CASES, model};
use super::search::{Goal, Pace, Search};
use super::settled::ALWAYS;
use super::{Disagreement, SymmetryUse};
use crate::explore::{Bound, Error, Limits, Method, Outcome, Watch, caught};
use crate::property::Monitored;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// So small that threads meet in every level of a small graph.
const PACES: [Pace; 3] = [
    Pace {
        chunk: 1,
        slice: 7,
        least: 2,
    },
    Pace {
        chunk: 5,
        slice: 64,
        least: 2,
    },
    Pace {
        chunk: 16,
        slice: 1 << 10,
        least: 8,
    },
];

fn watch(idle: usize) -> Arc<Watch> {
    Arc::new(Watch {
        idle: AtomicUsize::new(idle),
        ..Watch::default()
    })
}

fn run(
    model: &Monitored,
    method: &Method,
    limits: &Limits,
    threads: usize,
    pace: Pace,
) -> Result<Outcome, Disagreement> {
    let watch = watch(threads - 1);
    let mut search = Search::new(model, method, limits, &watch, Goal::Everything);
    search.pace = pace;
    search.settles = ALWAYS;
    search.run()
}

/// Everything but what a machine has to do with.
pub(super) fn told(outcome: &Outcome) -> String {
    let outcome = Outcome {
        elapsed: Duration::ZERO,
        memory: None,
        ..outcome.clone()
    };
    format!("{outcome:?}")
}

#[test]
fn however_many_threads_find_the_same_in_the_same_order() {
    for (design, scenario) in CASES {
        let model = model(design, scenario);
        for symmetry in [SymmetryUse::WherePossible, SymmetryUse::Never] {
            let method = Method {
                symmetry,
                audit_every: 97,
                ..Method::default()
            };
            let limits = Limits::default();
            let one = run(&model, &method, &limits, 1, PACES[0]).expect("one thread");
            for (threads, pace) in [(2, PACES[0]), (3, PACES[1]), (2, PACES[2])] {
                let many = run(&model, &method, &limits, threads, pace).expect("many threads");
                assert_eq!(told(&many), told(&one), "{design} in {scenario}, {pace:?}");
            }
        }
    }
}

#[test]
fn a_bound_of_states_ends_however_many_threads_at_the_same_state() {
    let model = model("pr-8097", "t3-r1s1");
    let method = Method::default();
    for max in (1..40).chain((40..3000).step_by(91)) {
        let limits = Limits {
            max_states: Some(max),
            ..Limits::default()
        };
        let one = run(&model, &method, &limits, 1, PACES[0]).expect("one thread");
        for pace in PACES {
            let many = run(&model, &method, &limits, 3, pace).expect("many threads");
            assert_eq!(told(&many), told(&one), "{max} states, {pace:?}");
        }
    }
}

#[test]
fn bounds_of_time_and_memory_end_several_threads_too() {
    let model = model("pr-8097", "two-forced");
    let limits = [
        Limits {
            time_limit: Some(Duration::from_nanos(1)),
            ..Limits::default()
        },
        Limits {
            memory_limit: Some(300_000),
            ..Limits::default()
        },
    ];
    for limits in limits {
        let outcome = run(&model, &Method::default(), &limits, 3, PACES[1]).expect("an outcome");
        let expected =
            (limits.time_limit.map(Bound::Time)).or(limits.memory_limit.map(Bound::Memory));
        assert_eq!(outcome.bound, expected);
        assert!(outcome.states < 14_307);
    }
}

#[test]
fn a_run_that_is_stopped_ends_with_several_threads_too() {
    let model = model("pr-8097", "two-forced");
    let watch = watch(2);
    watch.stop.store(true, Ordering::Relaxed);
    let (method, limits) = (Method::default(), Limits::default());
    let search = Search::new(&model, &method, &limits, &watch, Goal::Everything);
    let outcome = search.run().expect("an outcome");
    assert_eq!(outcome.bound, Some(Bound::Interrupted));
}

#[test]
fn shortest_opportunities_are_the_same_with_several_threads() {
    let model = model("pr-8097", "two-forced");
    let (method, limits) = (Method::default(), Limits::default());
    for property in model.properties().iter() {
        let find = |threads: usize, pace| {
            let watch = watch(threads - 1);
            let goal = Goal::Witness(property);
            let mut search = Search::new(&model, &method, &limits, &watch, goal);
            search.pace = pace;
            search.run_to_witness().expect("a witness or none")
        };
        let one = find(1, PACES[0]);
        for pace in PACES {
            assert_eq!(find(3, pace), one, "{property}");
        }
    }
}

#[test]
fn a_panic_of_a_thread_leaves_no_outcome() {
    let model = model("pr-8097", "two-forced");
    let (method, limits) = (Method::default(), Limits::default());
    let watch = watch(2);
    let outcome = caught(|| {
        let mut search = Search::new(&model, &method, &limits, &watch, Goal::Everything);
        search.begin();
        // Vectors of ids that nothing has.
        let words = vec![u64::MAX; search.store.arena.layout().words()];
        for _ in 0..20 {
            search.store.arena.push(&words, 0, true);
        }
        search.pace = PACES[0];
        search.search()
    });
    assert!(matches!(outcome, Err(Error::Panicked(_))), "{outcome:?}");
    assert_eq!(
        watch.idle.load(Ordering::Relaxed),
        2,
        "helpers are given back"
    );
}
