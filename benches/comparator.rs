//! How long the comparator takes: on decoded stamps, and from two raw tokens.
//!
//! In every group the eight rows of the table occur equally often and in random order, because a
//! branch predictor that has learnt the input measures something else.

mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use freshest::freshness::{Row, Stamps, pick_freshest};
use freshest::token::{decode, decode_stamps, pick_freshest_jwt};
use std::hint::black_box;
use support::{Random, pairs, session_jwt};

/// 256 KiB of pairs: random enough for a branch predictor, and near enough to the processor that
/// the comparison is measured, not the memory.
const DECODED_PAIRS: usize = 1 << 12;

/// About 1 MiB of tokens.
const RAW_PAIRS: usize = 512;

/// One iteration is [`DECODED_PAIRS`] comparisons; `thrpt` counts single ones.
fn decoded(c: &mut Criterion) {
    let pairs = pairs(DECODED_PAIRS, &mut Random(1));
    let mut group = c.benchmark_group("decoded");
    group.throughput(Throughput::Elements(DECODED_PAIRS as u64));
    group.bench_function("pick_freshest, eight rows mixed", |b| {
        b.iter(|| {
            // Both halves of each decision enter the sum, so that neither can be left out.
            let code = |(existing, incoming): &(Stamps, Stamps)| {
                let decision = pick_freshest(Some(existing), incoming);
                decision.row.map_or(8, Row::index) << 1 | decision.winner as usize
            };
            black_box(&pairs).iter().map(code).sum::<usize>()
        });
    });
    group.finish();
}

/// One iteration is one token or one decision; the tokens are taken in turn.
fn raw(c: &mut Criterion) {
    let mut random = Random(2);
    let jwts: Vec<(String, String)> = pairs(RAW_PAIRS, &mut random)
        .into_iter()
        .map(|(existing, incoming)| {
            (
                session_jwt(existing, &mut random),
                session_jwt(incoming, &mut random),
            )
        })
        .collect();
    let mut group = c.benchmark_group("raw");
    let mut turn = jwts.iter().cycle();
    let mut next = || turn.next().expect("there are tokens");
    group.bench_function("pick_freshest_jwt, two tokens of 1 KB", |b| {
        b.iter(|| {
            let (existing, incoming) = next();
            pick_freshest_jwt(Some(black_box(existing)), black_box(incoming))
        });
    });
    group.bench_function("decode_stamps, one token of 1 KB", |b| {
        b.iter(|| decode_stamps(black_box(&next().0)));
    });
    group.bench_function("decode, one token of 1 KB", |b| {
        b.iter(|| decode(black_box(&next().0)));
    });
    group.finish();
}

criterion_group!(benches, decoded, raw);
criterion_main!(benches);
