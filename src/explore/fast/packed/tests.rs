//! What is told of a model in numbers.

use super::*;
use crate::explore::fast::cases::model;

#[test]
fn a_vector_stands_for_as_many_states_as_there_are_ways_to_permute_its_tabs() {
    let largest = |scenario, symmetry| {
        let model = model("pr-8097", scenario);
        PackedModel::new(&model, symmetry).largest_orbit()
    };
    assert_eq!(largest("own-refresh", SymmetryUse::Never), 1);
    assert_eq!(largest("own-refresh", SymmetryUse::WherePossible), 2);
    assert_eq!(largest("t3-s2", SymmetryUse::WherePossible), 6);
}

#[test]
fn memory_is_counted_with_what_is_projected_from_tabs() {
    let model = model("pr-8097", "own-refresh");
    let mut packed = PackedModel::new(&model, SymmetryUse::Never);
    let (bytes, capacity) = (packed.bytes(), packed.summaries.capacity());
    packed.summaries.reserve(1000);
    let added = packed.summaries.capacity() - capacity;
    assert_eq!(
        packed.bytes() - bytes,
        (added * size_of::<TabSummary>()) as u64
    );
}
