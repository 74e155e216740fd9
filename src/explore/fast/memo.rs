//! A table from pairs of ids to small values.

/// What was computed once for a pair of ids, such as a local state and a message.
///
/// LTSmin's PINS interface calls this transition caching: where a step depends on a few columns of
/// the state only, its effect on them is looked up instead of computed (Blom, van de Pol, Weber,
/// "LTSmin: Distributed and Symbolic Reachability", CAV 2010). Open addressing with linear probing:
/// a hit is one multiplication and usually one cache line.
#[derive(Debug)]
pub(super) struct Memo<V> {
    /// A power of two of slots; vacant ones have the key [`VACANT`].
    slots: Box<[(u64, V)]>,
    len: usize,
    shift: u32,
}

/// No pair: ids are less than 2^31.
const VACANT: u64 = u64::MAX;

const FIRST_SLOTS_LOG2: u32 = 6;

impl<V: Copy + Default> Default for Memo<V> {
    fn default() -> Memo<V> {
        Memo::with_slots(FIRST_SLOTS_LOG2)
    }
}

impl<V: Copy + Default> Memo<V> {
    fn with_slots(log2: u32) -> Memo<V> {
        Memo {
            slots: vec![(VACANT, V::default()); 1 << log2].into_boxed_slice(),
            len: 0,
            shift: 64 - log2,
        }
    }

    /// What is known of a pair.
    #[inline]
    pub(super) fn get(&self, a: u32, b: u32) -> Option<V> {
        let key = key(a, b);
        let mut slot = self.home(key);
        loop {
            let (found, value) = self.slots[slot];
            if found == key {
                return Some(value);
            }
            if found == VACANT {
                return None;
            }
            slot = self.after(slot);
        }
    }

    /// Remembers something of a pair that nothing is known of yet.
    pub(super) fn insert(&mut self, a: u32, b: u32, value: V) {
        // Half full at most: misses are rare, but hits shall be short.
        if 2 * (self.len + 1) > self.slots.len() {
            let grown = Memo::with_slots(64 - self.shift + 1);
            let old = std::mem::replace(self, grown);
            for &(key, value) in old.slots.iter().filter(|(key, _)| *key != VACANT) {
                self.put(key, value);
            }
        }
        self.put(key(a, b), value);
    }

    fn put(&mut self, key: u64, value: V) {
        let mut slot = self.home(key);
        while self.slots[slot].0 != VACANT {
            slot = self.after(slot);
        }
        self.slots[slot] = (key, value);
        self.len += 1;
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        size_of_val(&*self.slots) as u64
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        // 2^64 divided by the golden ratio: consecutive keys end up far apart.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    #[inline]
    fn after(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

#[inline]
fn key(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_keeps_its_own_value_while_the_table_grows() {
        let mut memo = Memo::default();
        for a in 0..100 {
            for b in 0..100 {
                assert_eq!(memo.get(a, b), None);
                memo.insert(a, b, a * 1000 + b);
            }
        }
        for a in 0..100 {
            for b in 0..100 {
                assert_eq!(memo.get(a, b), Some(a * 1000 + b));
            }
        }
        assert!(memo.bytes() >= 16 * 20_000);
    }
}
