//! The parts' outer layer: base64url without padding, into a buffer on the stack.

use super::error::{Error, Part, Reason};
use base64::engine::general_purpose::NO_PAD;
use base64::{DecodeSliceError, Engine as _};
use std::sync::LazyLock;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Engine = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Engine = base64::engine::GeneralPurpose;

/// Made once: the SIMD engine asks the processor what it can do.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    return Engine::url_safe(NO_PAD);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    return Engine::new(&base64::alphabet::URL_SAFE, NO_PAD);
});

/// What a token of 4096 bytes, the size of a cookie, decodes to.
const ON_STACK: usize = 3072;

/// The memory the decoded parts live in.
pub(super) struct Decoded {
    stack: [u8; ON_STACK],
    heap: Vec<u8>,
}

impl Default for Decoded {
    fn default() -> Decoded {
        Decoded {
            stack: [0; ON_STACK],
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
    /// Decodes all three parts. The signature's bytes are dropped: nobody looks at them.
    pub(super) fn fill(&mut self, [header, payload, signature]: [&str; 3]) -> Result<Parts<'_>, Error> {
        let length = header.len() + payload.len() + signature.len();
        let space = if length / 4 * 3 + 9 <= ON_STACK {
            &mut self.stack[..]
        } else {
            self.heap.resize(length, 0);
            &mut self.heap[..]
        };
        let (header, space) = decode(header, space).map_err(Part::Header.because())?;
        let (payload, space) = decode(payload, space).map_err(Part::Payload.because())?;
        decode(signature, space).map_err(Part::Signature.because())?;
        Ok(Parts { header, payload })
    }
}

/// Decodes one part to the front of the space, and gives it and the rest of the space.
fn decode<'a>(part: &str, space: &'a mut [u8]) -> Result<(&'a [u8], &'a mut [u8]), Reason> {
    match ENGINE.decode_slice(part, space) {
        Ok(length) => {
            let (decoded, rest) = space.split_at_mut(length);
            Ok((decoded, rest))
        }
        Err(error) => Err(explain(part, &error)),
    }
}

/// The engines name a position, but not all of them the first one.
#[cold]
fn explain(part: &str, error: &DecodeSliceError) -> Reason {
    let stranger = part
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    if let Some((at, found)) = stranger {
        return Reason::NotBase64Url { at, found };
    }
    match error {
        DecodeSliceError::DecodeError(base64::DecodeError::InvalidLastSymbol { .. }) => {
            Reason::StrayBits { at: part.len() - 1 }
        }
        _ => Reason::ImpossibleLength { length: part.len() },
    }
}
