//! What was computed of late.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Of all keys whose hashes have the same last bits the value of the one that came last: a cache with one
/// place for each, which never grows.
pub(super) struct Recent<K, V> {
    places: Box<[Option<(K, V)>]>,
}

impl<K: Hash + Eq, V> Recent<K, V> {
    /// Nothing, and so many places: a power of two.
    pub(super) fn new(places: usize) -> Recent<K, V> {
        assert!(places.is_power_of_two(), "bug: {places} is no power of two");
        let places = (0..places).map(|_| None);
        Recent {
            places: places.collect(),
        }
    }

    /// Takes a value out, if it is there.
    pub(super) fn take(&mut self, key: &K) -> Option<V> {
        let found = self.place(key).take_if(|(found, _)| found == key);
        found.map(|(_, value)| value)
    }

    /// Puts a value where another one may be.
    pub(super) fn put(&mut self, key: K, value: V) {
        let place = self.place(&key);
        *place = Some((key, value));
    }

    /// Memory in bytes, without what values own.
    pub(super) fn bytes(&self) -> u64 {
        size_of_val(&*self.places) as u64
    }

    fn place(&mut self, key: &K) -> &mut Option<(K, V)> {
        let mut hasher = FxHasher::default();
        key.hash(&mut hasher);
        &mut self.places[hasher.finish() as usize & (self.places.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_under_its_key_until_another_takes_its_place() {
        let mut recent = Recent::new(64);
        let mut found = 0;
        for key in 0..1000u32 {
            assert_eq!(recent.take(&key), None);
            recent.put(key, key * 7);
            let before = key.saturating_sub(20);
            if let Some(value) = recent.take(&before) {
                assert_eq!(value, before * 7);
                assert_eq!(recent.take(&before), None, "it has been taken");
                found += 1;
            }
        }
        assert!((300..1000).contains(&found), "{found}");
        let left = (0..1000).filter(|key| recent.take(key).is_some()).count();
        assert!((1..=64).contains(&left), "{left}");
    }
}
