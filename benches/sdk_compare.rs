//! The Rust half of `sdk_compare.mjs`, which says what is measured and how.
//!
//! Reads pairs of raw tokens from standard input, one `existing incoming` per line, decides them
//! all round after round, and prints the median nanoseconds per decision and the winners. Without
//! `--pairs-from-stdin`, as in a plain `cargo bench`, it does nothing.

#![allow(clippy::disallowed_methods, reason = "it measures")]

use freshest::freshness::Winner;
use freshest::token::{PickError, pick_freshest_jwt};
use std::error::Error;
use std::hint::black_box;
use std::io::Read as _;
use std::time::Instant;

/// Rounds to warm up, and rounds to take the median of. A round is less than a millisecond.
const ROUNDS: (usize, usize) = (50, 301);

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--pairs-from-stdin") {
        println!("run `node benches/sdk_compare.mjs`, which feeds this bench");
        return Ok(());
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let pairs: Vec<(&str, &str)> = input
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS.0 + ROUNDS.1 {
        let start = Instant::now();
        for (existing, incoming) in black_box(&pairs) {
            black_box(pick_freshest_jwt(Some(existing), incoming))?;
        }
        rounds.push(start.elapsed().as_nanos() as f64 / pairs.len() as f64);
    }
    let measured = &mut rounds[ROUNDS.0..];
    measured.sort_by(f64::total_cmp);
    let winners = pairs
        .iter()
        .map(|(existing, incoming)| {
            let decision = pick_freshest_jwt(Some(existing), incoming)?;
            Ok(match decision.winner {
                Winner::Existing => 'e',
                Winner::Incoming => 'i',
            })
        })
        .collect::<Result<String, PickError>>()?;
    println!("{:.1} {winners}", measured[ROUNDS.1 / 2]);
    Ok(())
}
