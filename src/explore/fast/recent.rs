//! What was computed of late.

use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Of all keys whose hashes have the same last bits the value of the one that came last: a cache with one
/// place for each.
pub(super) struct Recent<K, V> {
    places: Box<[Option<(K, V)>]>,
    /// Values that had to make way since there were more places.
    evicted: usize,
}

const FIRST_PLACES: usize = 1 << 4;

const MOST_PLACES: usize = 1 << 12;

impl<K, V> Default for Recent<K, V> {
    fn default() -> Recent<K, V> {
        Recent::with_places(FIRST_PLACES)
    }
}

impl<K, V> Recent<K, V> {
    fn with_places(places: usize) -> Recent<K, V> {
        Recent {
            places: (0..places).map(|_| None).collect(),
            evicted: 0,
        }
    }
}

impl<K: Hash + Eq, V> Recent<K, V> {
    /// Takes a value out, if it is there.
    pub(super) fn take(&mut self, key: &K) -> Option<V> {
        let found = self.place(key).take_if(|(found, _)| found == key);
        found.map(|(_, value)| value)
    }

    /// Puts a value where another one may be. There are more places after as many had to make way as there
    /// are, up to some number.
    pub(super) fn put(&mut self, key: K, value: V) {
        if self.evicted >= self.places.len() && self.places.len() < MOST_PLACES {
            let more = Recent::with_places(2 * self.places.len());
            let old = std::mem::replace(self, more);
            for (key, value) in old.places.into_iter().flatten() {
                self.put(key, value);
            }
        }
        let place = self.place(&key);
        let evicts = place.replace((key, value)).is_some();
        self.evicted += usize::from(evicts);
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
        let mut recent = Recent::default();
        let mut found = 0;
        for key in 0..20_000u32 {
            assert_eq!(recent.take(&key), None);
            recent.put(key, key * 7);
            let before = key.saturating_sub(1_000);
            if let Some(value) = recent.take(&before) {
                assert_eq!(value, before * 7);
                assert_eq!(recent.take(&before), None, "it has been taken");
                found += 1;
            }
        }
        assert!((1_000..20_000).contains(&found), "{found}");
        assert_eq!(recent.places.len(), MOST_PLACES);
        let keys = 0..20_000;
        let left = keys.filter(|key| recent.take(key).is_some()).count();
        assert!((1..=MOST_PLACES).contains(&left), "{left}");
    }

    #[test]
    fn there_are_as_many_places_as_are_needed() {
        let mut recent = Recent::default();
        (0..4).for_each(|key: u32| recent.put(key, ()));
        assert_eq!(recent.places.len(), FIRST_PLACES);
        let few = recent.bytes();
        (0..400).for_each(|key| recent.put(key, ()));
        assert!((32..=512).contains(&recent.places.len()));
        assert!(recent.bytes() > few);
    }
}
