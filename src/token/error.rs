//! What can be wrong with a token: which part, and why.

use super::{MAX_DEPTH, MAX_LENGTH, MAX_MEMBERS};
use std::fmt;

/// Why a token could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than [`MAX_LENGTH`]; nothing of it was read.
    #[error("the token is {length} bytes long, and more than {MAX_LENGTH} are not read")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Not `header.payload.signature`.
    #[error("a token is header.payload.signature: three parts joined by dots, not {found}")]
    NotThreeParts {
        /// How many there are.
        found: usize,
    },
    /// One of the three parts is bad.
    #[error("the {part} {reason}")]
    Part {
        /// The part that is bad; one of them, if there are several.
        part: Part,
        /// What is wrong with it.
        reason: Reason,
    },
}

/// A part of a compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The JOSE header.
    Header,
    /// The claims.
    Payload,
    /// The signature, of which only the encoding is looked at.
    Signature,
}

impl Part {
    /// Locates a reason in this part.
    pub(super) fn because(self) -> impl Fn(Reason) -> Error {
        move |reason| Error::Part { part: self, reason }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Part::Header => "header",
            Part::Payload => "payload",
            Part::Signature => "signature",
        })
    }
}

/// What is wrong with a part. Each `at` counts bytes from 0: of the part as it stands in the token
/// for the first four, of the decoded part for the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing between the dots.
    #[error("is empty")]
    Empty,
    /// A character outside the alphabet.
    #[error("is not base64url without padding: {found:?} at byte {at}")]
    NotBase64Url {
        /// The first byte that is wrong, counted as [`Reason`] says.
        at: usize,
        /// The character.
        found: char,
    },
    /// A length no encoder produces: one character carries less than a byte.
    #[error("is not base64url: no encoding is {length} characters long")]
    ImpossibleLength {
        /// The part's length.
        length: usize,
    },
    /// The last character has bits set that belong to no byte.
    #[error("is not canonical base64url: stray bits in the last character, at byte {at}")]
    StrayBits {
        /// The first byte that is wrong, counted as [`Reason`] says.
        at: usize,
    },
    /// Not text.
    #[error("is not UTF-8 at byte {at} of its decoded form")]
    NotUtf8 {
        /// The first byte that is wrong, counted as [`Reason`] says.
        at: usize,
    },
    /// Text, but not JSON.
    #[error("is not JSON: expected {expected} at byte {at} of its decoded form")]
    NotJson {
        /// The first byte that is wrong, counted as [`Reason`] says.
        at: usize,
        /// What would have been right there.
        expected: &'static str,
    },
    /// JSON, but something else than an object.
    #[error("is not a JSON object but {found}")]
    NotAnObject {
        /// The kind of JSON value that is there, in words.
        found: &'static str,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nests arrays and objects deeper than {MAX_DEPTH} levels, at byte {at}")]
    TooDeep {
        /// The first byte that is wrong, counted as [`Reason`] says.
        at: usize,
    },
    /// More members than [`MAX_MEMBERS`].
    #[error("has more than {MAX_MEMBERS} members")]
    TooManyMembers,
    /// The same name twice.
    #[error("has the key {key:?} twice")]
    DuplicateKey { key: String },
    /// A claim this module reads is something else.
    #[error("has {found} as `{claim}`, which must be {expected}")]
    WrongType {
        /// The name of the claim, or of the member of the header.
        claim: &'static str,
        /// What it must be.
        expected: &'static str,
        /// The kind of JSON value that is there, in words.
        found: &'static str,
    },
    /// An instant before the epoch.
    #[error("has a negative `{claim}`")]
    Negative {
        /// The name of the claim, or of the member of the header.
        claim: &'static str,
    },
    /// An instant between two seconds.
    #[error("has a fractional `{claim}`, which must be whole seconds")]
    Fractional {
        /// The name of the claim, or of the member of the header.
        claim: &'static str,
    },
    /// An instant that a double cannot tell from its neighbour.
    #[error("has a `{claim}` of 2^53 or more, where doubles are no longer exact")]
    TooLarge {
        /// The name of the claim, or of the member of the header.
        claim: &'static str,
    },
    /// A string with half of a surrogate pair, which no UTF-8 can express.
    #[error("has half a surrogate pair in `{claim}`")]
    LoneSurrogate {
        /// The name of the claim, or of the member of the header.
        claim: &'static str,
    },
}
