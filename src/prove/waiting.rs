//! How many broadcasts have to be let wait for a fetch, so that it is as good as any number.

use crate::freshness::{Rule, Stamps, Winner};

/// Whether "replaces" is a weak order: what replaces what replaces a token replaces that token, and
/// what replaces a token replaces whatever does not replace that token.
///
/// A rule that goes by order alone decides three tokens as it decides three of this grid: they have
/// six instants at most.
pub fn is_weak_order(rule: Rule, legacy: bool) -> bool {
    let first = u64::from(!legacy);
    let oiats = (first..=6).map(|oiat| Some(oiat).filter(|&oiat| oiat > 0));
    let stamps = |oiat| {
        (1..=6).map(move |iat| Stamps {
            oiat,
            iat: Some(iat),
        })
    };
    let tokens: Vec<Stamps> = oiats.flat_map(stamps).collect();
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
    fn a_circle_among_tokens_without_oiat_counts_only_where_there_are_some() {
        let legacy_in = Table::STANDARD.with(Row::B1, Winner::Incoming);
        assert!(is_weak_order(Rule::Table(legacy_in), false));
        assert!(!is_weak_order(Rule::Table(legacy_in), true));
    }
}
