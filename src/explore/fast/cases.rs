//! Designs in scenarios that tests explore in several ways: with ties, failures, sign-out, interchangeable
//! tabs, tokens that age and lack `oiat`, and requests that are not answered as they should be.

use crate::catalog::Catalog;
use crate::property::{Monitored, PropertySet};

pub(crate) const CASES: [(&str, &str); 10] = [
    ("pr-9030", "r1s1"),
    ("pr-8097", "two-forced"),
    ("pr-8097", "legacy-s2"),
    ("pr-8097", "failures"),
    ("iat-guard", "rollout-format"),
    ("pr-8097", "t3-r1s1"),
    ("cache-seed", "t3-s2"),
    ("pr-9284", "expiry"),
    ("pr-9284", "null-r1s1g1"),
    ("pr-9284", "unauth-o1s1"),
];

pub fn model(design: &str, scenario: &str) -> Monitored {
    let catalog = Catalog::load("models".as_ref()).expect("the models");
    let design = catalog.design(design).expect("a design");
    let scenario = catalog.scenario(scenario).expect("a scenario");
    Monitored::new(design.policy, &scenario.setup, PropertySet::ALL)
}
