//! Dense ids for values.

use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Gives each distinct value an id: 0, 1, 2 and so on, in the order of their first appearance.
///
/// Only new combinations get here, what is hot is looked up by id. So values may be large and
/// hashing them slow.
#[derive(Debug)]
pub(super) struct Interner<T> {
    ids: FxHashMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Interner<T> {
    fn default() -> Interner<T> {
        Interner {
            ids: FxHashMap::default(),
            values: Vec::new(),
        }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// The value's id, and whether it is a new one.
    pub(super) fn intern(&mut self, value: T) -> (u32, bool) {
        if let Some(id) = self.find(&value) {
            return (id, false);
        }
        let id = self.values.len() as u32;
        let value = Arc::new(value);
        self.values.push(Arc::clone(&value));
        self.ids.insert(value, id);
        (id, true)
    }

    /// The value's id, if it has one.
    pub(super) fn find(&self, value: &T) -> Option<u32> {
        self.ids.get(value).copied()
    }

    /// The value with this id.
    pub(super) fn get(&self, id: u32) -> &T {
        &self.values[id as usize]
    }

    /// Number of distinct values.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Memory in bytes, with `each` for what a value owns on the heap, on average.
    pub(super) fn bytes(&self, each: usize) -> u64 {
        // The map's entry with its control byte, two pointers, the counts and the value.
        let overhead = 17 + 8 + 16 + size_of::<T>();
        (self.ids.capacity() * 17 + self.len() * (overhead - 17 + each)) as u64
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
