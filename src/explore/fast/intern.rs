//! Dense ids for values.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use std::hash::Hash;

/// Gives each distinct value an id: 0, 1, 2 and so on, in the order of their first appearance.
///
/// Only new combinations get here, what is hot is looked up by id. So values may be large and
/// hashing them slow.
#[derive(Debug)]
pub(super) struct Interner<T>(IndexSet<T, FxBuildHasher>);

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner(IndexSet::default())
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// The value's id, and whether it is a new one.
    pub(super) fn intern(&mut self, value: T) -> (u32, bool) {
        let (id, is_new) = self.0.insert_full(value);
        (id as u32, is_new)
    }

    /// The value's id, if it has one.
    pub(super) fn find(&self, value: &T) -> Option<u32> {
        self.0.get_index_of(value).map(|id| id as u32)
    }

    /// The value with this id.
    pub(super) fn get(&self, id: u32) -> &T {
        &self.0[id as usize]
    }

    /// Number of distinct values.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Memory in bytes, with `each` for what a value owns on the heap, on average.
    pub(super) fn bytes(&self, each: usize) -> u64 {
        // Its hash, its place in the table, and that one's control byte.
        let overhead = 8 + 8 + 1;
        (self.0.capacity() * (size_of::<T>() + overhead) + self.len() * each) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_dense_and_stable() {
        let mut interner = Interner::default();
        assert_eq!(interner.intern("a"), (0, true));
        assert_eq!(interner.intern("b"), (1, true));
        assert_eq!(interner.intern("a"), (0, false));
        assert_eq!(interner.len(), 2);
        assert_eq!(*interner.get(1), "b");
        assert_eq!(interner.find(&"c"), None);
    }
}
