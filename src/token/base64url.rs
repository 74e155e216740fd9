//! The parts' outer layer: base64url without padding, into a buffer on the stack.
//!
//! Of the crates that decode it, the one taken is the quickest on a token as a whole: it can check a
//! signature without decoding it, and fills memory that nobody had to clear before.

use super::error::{Error, Part, Reason};
use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use std::mem::MaybeUninit;

/// What a token of 4096 bytes, the size of a cookie, decodes to.
const ON_STACK: usize = 3072;

/// The memory the decoded parts live in.
pub(super) struct Decoded {
    stack: [MaybeUninit<u8>; ON_STACK],
    heap: Vec<MaybeUninit<u8>>,
}

impl Default for Decoded {
    #[inline(always)]
    fn default() -> Decoded {
        Decoded {
            stack: [MaybeUninit::uninit(); ON_STACK],
            heap: Vec::new(),
        }
    }
}

/// The decoded parts that are read.
pub(super) struct Parts<'a> {
    pub(super) header: &'a [u8],
    pub(super) payload: &'a [u8],
}

impl Decoded {
    /// Decodes header and payload, and checks the encoding of the signature.
    pub(super) fn fill(
        &mut self,
        [header, payload, signature]: [&str; 3],
    ) -> Result<Parts<'_>, Error> {
        let length = decoded_bound(header) + decoded_bound(payload);
        let space = if length <= ON_STACK {
            &mut self.stack[..]
        } else {
            self.heap.resize(length, MaybeUninit::uninit());
            &mut self.heap[..]
        };
        let (first, second) = space.split_at_mut(decoded_bound(header));
        let header = decode(header, first).map_err(Part::Header.because())?;
        let payload = decode(payload, second).map_err(Part::Payload.because())?;
        if URL_SAFE_NO_PAD.check(signature.as_bytes()).is_err() {
            return Err(Part::Signature.because()(explain(signature)));
        }
        Ok(Parts { header, payload })
    }
}

/// At least as many bytes as the part decodes to.
fn decoded_bound(part: &str) -> usize {
    part.len().div_ceil(4) * 3
}

fn decode<'a>(part: &str, space: &'a mut [MaybeUninit<u8>]) -> Result<&'a [u8], Reason> {
    match URL_SAFE_NO_PAD.decode(part.as_bytes(), space.as_out()) {
        Ok(decoded) => Ok(decoded),
        Err(_) => Err(explain(part)),
    }
}

/// What is wrong with the part; the decoder only says that something is.
#[cold]
fn explain(part: &str) -> Reason {
    let stranger = part
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    if let Some((at, found)) = stranger {
        return Reason::NotBase64Url { at, found };
    }
    // No stranger, so it is the length or the last character.
    if part.len() % 4 == 1 {
        Reason::ImpossibleLength { length: part.len() }
    } else {
        Reason::StrayBits { at: part.len() - 1 }
    }
}
