//! Where a JSON string may end: 64 bytes at a glance.

use wide::{CmpEq as _, CmpGt as _, i8x16};

/// How many bytes one glance takes in.
pub(super) const BLOCK: usize = 64;

/// The special bytes of the block that begins here. What lies behind the text counts as such.
#[inline(never)]
pub(super) fn special_bytes(text: &[u8], begin: usize) -> u64 {
    let rest = text.get(begin..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(block) => special(block),
        None => {
            let mut last = [0; BLOCK];
            last[..rest.len()].copy_from_slice(rest);
            special(&last)
        }
    }
}

/// One bit per byte, the first byte lowest: a quotation mark, a backslash, or a control character.
///
/// What a scanner does with a string hangs on its length, which no branch predictor knows; finding
/// the end in a set of bits is one instruction whatever the length.
#[inline]
fn special(block: &[u8; BLOCK]) -> u64 {
    let (quarters, _) = block.as_chunks::<16>();
    quarters.iter().rev().fold(0, |bits, quarter| {
        let bytes = i8x16::from(quarter.map(u8::cast_signed));
        // Signed: the bytes of characters beyond ASCII are below zero.
        let control = i8x16::splat(0x20).cmp_gt(bytes) & bytes.cmp_gt(i8x16::splat(-1));
        let quote = bytes.cmp_eq(i8x16::splat(0x22));
        let backslash = bytes.cmp_eq(i8x16::splat(0x5c));
        let found = (control | quote | backslash).move_mask();
        bits << 16 | u64::from(found as u16)
    })
}
