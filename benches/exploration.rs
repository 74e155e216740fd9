//! Exploring a middle-sized scenario, by either engine: `cargo bench --bench exploration`.

use criterion::{Criterion, criterion_group, criterion_main};
use freshest::catalog::Catalog;
use freshest::explore::{Engine, Limits, Method, explore};
use freshest::property::{Monitored, PropertySet};
use std::hint::black_box;
use std::sync::Arc;

fn exploration(criterion: &mut Criterion) {
    let catalog = Catalog::load("models".as_ref()).expect("the models of this repository");
    let design = catalog
        .design("pr-8097")
        .expect("a design of this repository");
    let scenario = catalog
        .scenario("two-forced")
        .expect("a scenario of this repository");
    let mut group = criterion.benchmark_group("pr-8097 in two-forced, 14307 states");
    group.sample_size(10);
    for engine in Engine::ALL {
        let method = Method {
            engine,
            ..Method::default()
        };
        group.bench_function(engine.name(), |bencher| {
            bencher.iter(|| {
                let model = Monitored::new(design.policy, &scenario.setup, PropertySet::ALL);
                let outcome = explore(model, &method, &Limits::default(), &Arc::default());
                black_box(outcome.map(|outcome| outcome.states))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, exploration);
criterion_main!(benches);
