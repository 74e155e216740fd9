//! Runs that forget what only violated properties need to know, against runs that do not.

use super::SymmetryUse;
use super::cases::{CASES, model};
use super::search::{Goal, Search};
use super::sleep::Rule;
use super::threads::told;
use crate::explore::{Limits, Method, Outcome};
use crate::property::Monitored;
use std::sync::Arc;

/// After every level in which a property is violated for the first time.
pub(super) const ALWAYS: fn(u64, u64) -> bool = |_, _| true;

/// What was found, and how many vectors that took. Some of the vectors are audited.
fn found(model: &Monitored, symmetry: SymmetryUse, rule: Rule, settles: bool) -> (String, u64) {
    let method = Method {
        symmetry,
        audit_every: 29,
        ..Method::default()
    };
    let (limits, watch) = (Limits::default(), Arc::default());
    let mut search = Search::new(model, &method, &limits, &watch, Goal::Everything);
    search.store.asleep.rule = rule;
    search.settles = match settles {
        true => ALWAYS,
        false => |_, _| false,
    };
    let outcome = search.run().expect("an outcome");
    let explored = outcome.explored;
    (lengths(outcome), explored)
}

/// Everything but how many vectors were stored on how many levels, the last of which may have had new
/// histories only, and which of several shortest ways is shown.
fn lengths(mut outcome: Outcome) -> String {
    let ways = outcome.findings.iter_mut();
    let steps: Vec<_> = ways
        .map(|of| of.counterexample.take().map(|way| way.len()))
        .collect();
    (outcome.explored, outcome.depth) = (0, 0);
    format!("{} {steps:?}", told(&outcome))
}

#[test]
fn what_is_forgotten_makes_no_difference_to_what_is_found() {
    let mut saved = [0; 2];
    for (design, scenario) in CASES {
        let model = model(design, scenario);
        for symmetry in [SymmetryUse::WherePossible, SymmetryUse::Never] {
            let remembered = found(&model, symmetry, Rule::InOrder, false);
            for rule in [
                Rule::InOrder,
                Rule::Nothing,
                #[cfg(feature = "cluster")]
                Rule::ByLabel,
            ] {
                let forgotten = found(&model, symmetry, rule, true);
                let case = format!("{design} in {scenario}, {symmetry:?}, {rule:?}");
                assert_eq!(forgotten.0, remembered.0, "{case}");
                saved[0] += forgotten.1;
                saved[1] += remembered.1;
            }
        }
    }
    assert!(saved[0] < saved[1], "{} of {}", saved[0], saved[1]);
}
