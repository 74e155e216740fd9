//! The fewest properties that notice everything.

use crate::property::PropertySet;
use std::collections::BTreeSet;

/// The smallest sets of properties that meet each of the given sets; all of them that are equally
/// small. A given set that is empty can be met by none, and is left out of account.
pub fn smallest_sets(given: &[PropertySet]) -> Vec<PropertySet> {
    let given = given.iter().copied().filter(|set| !set.is_empty());
    let given: BTreeSet<_> = given.collect();
    let unmet = |set: &PropertySet| given.iter().find(|other| set.and(**other).is_empty());
    // Whatever meets all meets the first one that is not met yet, by one of its members.
    let mut sets = BTreeSet::from([PropertySet::NONE]);
    loop {
        let hitting = sets.iter().copied().filter(|set| unmet(set).is_none());
        let hitting: Vec<_> = hitting.collect();
        if !hitting.is_empty() {
            return hitting;
        }
        let longer = sets.iter().flat_map(|set| {
            let members = unmet(set).into_iter().flat_map(|other| other.iter());
            members.map(|property| set.with(property))
        });
        sets = longer.collect();
    }
}
