//! A table from pairs of ids to small values.

use super::pages::Table;
use prefetch_index::prefetch_index;
use std::marker::PhantomData;

/// What was computed once for a pair of ids, such as a local state and a message.
///
/// LTSmin's PINS interface calls this transition caching: where a step depends on a few columns of
/// the state only, its effect on them is looked up instead of computed (Blom, van de Pol, Weber,
/// "LTSmin: Distributed and Symbolic Reachability", CAV 2010). Open addressing with linear probing:
/// a hit is one multiplication and usually one cache line.
pub(super) struct Memo<V> {
    /// A power of two of slots, two words each: the pair plus one, 0 if vacant; and the value.
    words: Table,
    len: usize,
    shift: u32,
    values: PhantomData<V>,
}

/// A value of 64 bits.
pub(super) trait Word: Copy {
    fn to_bits(self) -> u64;
    /// The inverse.
    fn from_bits(bits: u64) -> Self;
}

impl Word for u32 {
    #[inline]
    fn to_bits(self) -> u64 {
        self.into()
    }

    #[inline]
    fn from_bits(bits: u64) -> u32 {
        bits as u32
    }
}

/// Two ids.
impl Word for [u32; 2] {
    #[inline]
    fn to_bits(self) -> u64 {
        u64::from(self[0]) << 32 | u64::from(self[1])
    }

    #[inline]
    fn from_bits(bits: u64) -> [u32; 2] {
        [(bits >> 32) as u32, bits as u32]
    }
}

const FIRST_SLOTS_LOG2: u32 = 6;

impl<V: Word> Default for Memo<V> {
    fn default() -> Memo<V> {
        Memo::with_slots(FIRST_SLOTS_LOG2)
    }
}

impl<V: Word> Memo<V> {
    fn with_slots(log2: u32) -> Memo<V> {
        Memo {
            words: Table::zeroed(2 << log2),
            len: 0,
            shift: 64 - log2,
            values: PhantomData,
        }
    }

    #[inline]
    fn slots(&self) -> &[[u64; 2]] {
        self.words.as_chunks().0
    }

    /// What is known of a pair.
    #[inline]
    pub(super) fn get(&self, a: u32, b: u32) -> Option<V> {
        let key = key(a, b);
        let slots = self.slots();
        let mut slot = self.home(key);
        loop {
            let [found, value] = slots[slot & (slots.len() - 1)];
            if found == key {
                return Some(V::from_bits(value));
            }
            if found == VACANT {
                return None;
            }
            slot += 1;
        }
    }

    /// Loads what is known of a pair into the processor's cache.
    #[inline]
    pub(super) fn prefetch(&self, a: u32, b: u32) {
        prefetch_index(self.slots(), self.home(key(a, b)));
    }

    /// Remembers something of a pair that nothing is known of yet.
    pub(super) fn insert(&mut self, a: u32, b: u32, value: V) {
        // Five eighths full at most: misses are rare, but hits shall be short.
        if 8 * (self.len + 1) > 5 * self.slots().len() {
            let grown = Memo::with_slots(64 - self.shift + 1);
            let old = std::mem::replace(self, grown);
            for &[key, value] in old.slots().iter().filter(|[key, _]| *key != VACANT) {
                self.put(key, value);
            }
        }
        self.put(key(a, b), value.to_bits());
    }

    /// Forgets all pairs but those whose first id is one of these.
    pub(super) fn retain(&mut self, is_kept: impl Fn(u32) -> bool) {
        let empty = Memo::with_slots(64 - self.shift);
        let old = std::mem::replace(self, empty);
        for &[key, value] in old.slots().iter() {
            if key != VACANT && is_kept((key.wrapping_sub(1) >> 32) as u32) {
                self.put(key, value);
            }
        }
    }

    fn put(&mut self, key: u64, value: u64) {
        let mut slot = self.home(key);
        let (slots, _) = self.words.as_chunks_mut();
        let last = slots.len() - 1;
        while slots[slot][0] != VACANT {
            slot = (slot + 1) & last;
        }
        slots[slot] = [key, value];
        self.len += 1;
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.words.bytes()
    }

    #[inline]
    fn home(&self, key: u64) -> usize {
        // 2^64 divided by the golden ratio: consecutive keys end up far apart.
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }
}

/// No pair.
const VACANT: u64 = 0;

/// No pair is all ones, so that there is one more number.
#[inline]
fn key(a: u32, b: u32) -> u64 {
    (u64::from(a) << 32 | u64::from(b)) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_keeps_its_own_value_while_the_table_grows() {
        let mut memo: Memo<u32> = Memo::default();
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
        assert!(memo.bytes() >= 16 * 10_000);
        memo.retain(|a| a % 3 == 1);
        for a in 0..100 {
            let kept = (a % 3 == 1).then_some(a * 1000 + 7);
            assert_eq!(memo.get(a, 7), kept);
        }
    }
}
