//! How many broadcasts have to be let wait for a fetch, so that it is as good as any number.
//!
//! A fetch ends with a row of broadcasts, each held against the answer, the accepted ones against
//! each other, and the winner against whatever the slot is to be protected from. Let "replaces" be a
//! weak order under the rule. Then whatever survives a row would have survived alone: rows of one
//! show all states. A violation takes a token that is kept and another that loses, which do so alone
//! as well: rows of two show all violations.
//!
//! Nothing is claimed, so the number is bounded and the output says so,
//! - if sites that decide about the slot have rules of their own: each may be an order, but not one
//!   order;
//! - if dead tokens yield to live ones, or a rule asks for the time: then what replaces what is no order;
//! - if every broadcast is adopted for itself, for want of a baseline, and moves the last active
//!   token, and only that one's own guard keeps it from going back, or one that keeps the slot from
//!   going behind it by another rule: slot and last active token may then come from two broadcasts.

use crate::cache::{Measure, Policy, Site};
use crate::freshness::{Rule, Stamps, Winner};

/// So many waiting broadcasts show all states.
pub(crate) const ENOUGH_FOR_STATES: usize = 1;

/// So many waiting broadcasts show all violations; `None` if no number is known to.
pub(crate) fn enough(policy: &Policy, legacy: bool) -> Option<usize> {
    let has = |site| policy.guards.has(site);
    let takes = |measure| policy.measures.has(measure);
    let moves_with_slot = {
        let rule = |site| policy.rules.at(site);
        has(Site::Last) && rule(Site::Last) == rule(Site::Seed)
    };
    let lags = takes(Measure::AdoptionSeeds) && has(Site::Seed) && !moves_with_slot;
    // Which of two is kept changes while they wait, as it does where dead tokens yield.
    let ages = policy.rules.all().into_iter().any(Rule::asks_for_time);
    let is_ordered = !ages && is_one_weak_order(policy, legacy) && !takes(Measure::DeadYields);
    (is_ordered && (has(Site::Baseline) || !lags)).then_some(2)
}

/// Whether one rule decides about the slot wherever it is asked, and "replaces" is a weak order under it.
fn is_one_weak_order(policy: &Policy, legacy: bool) -> bool {
    let rule = policy.rules.at(Site::Baseline);
    let mut sites = policy.guards.sites().filter(|s| s.decides_what_is_cached());
    sites.all(|site| policy.rules.at(site) == rule) && is_weak_order(rule, legacy)
}

/// The tokens of a grid on which a rule that goes by order alone decides three tokens as it decides
/// any three: they have six instants at most.
fn grid(legacy: bool) -> Vec<Stamps> {
    let first = u64::from(!legacy);
    let oiats = (first..=6).map(|oiat| Some(oiat).filter(|&oiat| oiat > 0));
    let stamps = |oiat| {
        (1..=6).map(move |iat| Stamps {
            oiat,
            iat: Some(iat),
        })
    };
    oiats.flat_map(stamps).collect()
}

/// Whether "replaces" is a weak order: what replaces what replaces a token replaces that token, and
/// what replaces a token replaces whatever does not replace that token.
pub(crate) fn is_weak_order(rule: Rule, legacy: bool) -> bool {
    let tokens = grid(legacy);
    let replaces = |new: &Stamps, old: &Stamps| rule.decide(old, new).winner == Winner::Incoming;
    tokens.iter().all(|old| {
        let newer = || tokens.iter().filter(|new| replaces(new, old));
        newer().all(|new| {
            let agrees = |other: &Stamps| match replaces(other, new) {
                true => replaces(other, old),
                false => replaces(other, old) || replaces(new, other),
            };
            tokens.iter().all(agrees)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{
        Answers, Guards, Measures, Platform, Posts, Requests, Rules, SeedFrom, Timers,
    };
    use crate::freshness::{Row, Table};

    #[test]
    fn the_rules_of_all_published_designs_are_weak_orders() {
        for legacy in [false, true] {
            assert!(is_weak_order(Rule::Table(Table::STANDARD), legacy));
            assert!(is_weak_order(Rule::IatOnly, legacy));
            assert!(is_weak_order(Rule::OiatElseIat, legacy));
        }
    }

    #[test]
    fn a_rule_that_goes_in_circles_is_none() {
        let lets_older_in = Table::STANDARD.with(Row::A1, Winner::Incoming);
        assert!(!is_weak_order(Rule::Table(lets_older_in), false));
    }

    #[test]
    fn a_slot_that_is_held_against_the_seed_by_another_rule_may_be_of_another_broadcast() {
        let policy = |rules| Policy {
            rules,
            guards: Guards::default().with(Site::Seed).with(Site::Last),
            seed_from: SeedFrom::LastActive,
            posts: Posts::Token,
            answers: Answers::Install,
            requests: Requests::Free,
            timers: Timers::Always,
            measures: Measures::default().with(Measure::AdoptionSeeds),
            platform: Platform::WEB,
        };
        let rules = Rules::everywhere(Rule::Table(Table::STANDARD));
        assert_eq!(enough(&policy(rules), true), Some(2));
        let other = rules.with(Site::Seed, Rule::IatOnly);
        assert_eq!(enough(&policy(other), true), None);
    }

    #[test]
    fn a_circle_among_tokens_without_oiat_counts_only_where_there_are_some() {
        let legacy_in = Table::STANDARD.with(Row::B1, Winner::Incoming);
        assert!(is_weak_order(Rule::Table(legacy_in), false));
        assert!(!is_weak_order(Rule::Table(legacy_in), true));
    }
}
