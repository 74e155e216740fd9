//! The fewest properties that notice everything.

use crate::property::PropertySet;

/// The smallest sets of properties that meet each of the given sets; all of them that are equally
/// small. A given set that is empty can be met by none, and is left out of account.
///
/// There are 2048 sets of properties: they are all tried.
pub fn smallest_sets(given: &[PropertySet]) -> Vec<PropertySet> {
    let mut given: Vec<_> = given
        .iter()
        .copied()
        .filter(|set| !set.is_empty())
        .collect();
    given.sort();
    given.dedup();
    let meets_all = |set: &PropertySet| given.iter().all(|other| !set.and(*other).is_empty());
    let all = (0..=PropertySet::ALL.bits()).map(PropertySet::from_bits);
    let hitting: Vec<_> = all.filter(meets_all).collect();
    let size = |set: &PropertySet| set.iter().count();
    let smallest = hitting.iter().map(size).min();
    hitting
        .into_iter()
        .filter(|set| Some(size(set)) == smallest)
        .collect()
}
