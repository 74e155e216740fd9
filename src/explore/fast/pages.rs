//! Memory in large pages.

#[cfg(target_os = "linux")]
use memmap2::Advice;
use memmap2::{MmapMut, MmapOptions};
use self_cell::{MutBorrow, self_cell};
use std::ops::{Deref, DerefMut, Range};

/// A table of fixed length that begins as zeros.
///
/// Large ones ask the system for large pages: what is read at random waits about half as long then,
/// because where a page is can be remembered for more of the memory. Where there are no such pages
/// they are ordinary ones.
///
/// All but small ones ask for all of their pages at once: they are touched all over soon. A page that is
/// read before it is written is given twice otherwise, and the second time every other thread is
/// interrupted to hear of it.
pub(super) struct Table(Members);

type Slots<'a> = &'a mut [u64];

self_cell! {
    struct Members {
        owner: MutBorrow<Memory>,

        #[covariant]
        dependent: Slots,
    }
}

enum Memory {
    Small(Vec<u64>),
    /// The bytes from one to the other place.
    Mapped(MmapMut, Range<usize>),
}

/// Of a large page.
const LARGE_BYTES: usize = 2 << 20;

/// Below that a table comes from where all other memory does.
const MAPPED_BYTES: usize = 1 << 16;

impl Table {
    /// So many zeros.
    pub(super) fn zeroed(len: usize) -> Table {
        let bytes = len * size_of::<u64>();
        let mapped = (bytes >= MAPPED_BYTES).then(|| mapped(bytes)).flatten();
        let memory = match mapped {
            Some((map, bytes)) => Memory::Mapped(map, bytes),
            // If there is no memory, this says so.
            None => Memory::Small(vec![0; len]),
        };
        Table(Members::new(
            MutBorrow::new(memory),
            |memory| match memory.borrow_mut() {
                Memory::Small(members) => members,
                Memory::Mapped(map, bytes) => bytemuck::cast_slice_mut(&mut map[bytes.clone()]),
            },
        ))
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        size_of_val::<[u64]>(self) as u64
    }
}

impl Default for Table {
    fn default() -> Table {
        Table::zeroed(0)
    }
}

impl Deref for Table {
    type Target = [u64];

    #[inline]
    fn deref(&self) -> &[u64] {
        self.0.borrow_dependent()
    }
}

impl DerefMut for Table {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u64] {
        self.0.with_dependent_mut(|_, slots| &mut **slots)
    }
}

/// So many zero bytes, and where in the memory they are; `None` if the system has none.
fn mapped(bytes: usize) -> Option<(MmapMut, Range<usize>)> {
    if bytes < LARGE_BYTES {
        let map = MmapOptions::new().len(bytes).populate().map_anon().ok()?;
        return Some((map, 0..bytes));
    }
    let map = MmapMut::map_anon(bytes + LARGE_BYTES).ok()?;
    // Only whole large pages count, so the table begins where one does. What is left over is never
    // touched, so it takes no memory.
    let begin = map.as_ptr().align_offset(LARGE_BYTES).min(LARGE_BYTES);
    // These only ask. What becomes of it makes a difference to time alone.
    #[cfg(target_os = "linux")]
    {
        let _ = map.advise(Advice::HugePage);
        let _ = map.advise_range(Advice::PopulateWrite, begin, bytes);
    }
    Some((map, begin..begin + bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_tables_begin_as_zeros_and_keep_what_is_written() {
        for len in [
            0,
            1,
            1000,
            MAPPED_BYTES / 8,
            LARGE_BYTES / 8,
            LARGE_BYTES / 8 + 1,
        ] {
            let mut table = Table::zeroed(len);
            assert_eq!(table.len(), len);
            assert!(table.iter().all(|&member| member == 0));
            for (member, number) in table.iter_mut().zip(1..) {
                *member = number;
            }
            assert!(table.iter().copied().eq(1..=len as u64));
            assert_eq!(table.bytes(), 8 * len as u64);
        }
    }
}
