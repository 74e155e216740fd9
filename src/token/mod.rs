//! Session tokens, decoded the way a browser SDK does it: **the signature is never verified**.
//!
//! A tab holds no key to verify with, and does not need one: it chooses between tokens that its own
//! backend handed out, and whoever could forge one could replace the whole page. Nothing in here may
//! be used to let somebody in.
//!
//! A token is a compact JWS, three base64url parts joined by dots. Of the header this module reads
//! `oiat`, of the payload `iat`, `exp`, `sid` and the organisation (`org_id`, or else `o.id`).
//! [`decode`] gives an owned [`Token`]; [`decode_stamps`] gives the two stamps the comparator asks
//! for, without allocating, and accepts exactly the same input. [`pick_freshest_jwt`] is the whole
//! decision from two raw tokens.
//!
//! ```
//! use freshest::token::decode;
//!
//! // {"alg":"none","oiat":1700000000}.{"iat":1700000030,"exp":1700000090,"sid":"sess_1"}
//! let token = decode(concat!(
//!     "eyJhbGciOiJub25lIiwib2lhdCI6MTcwMDAwMDAwMH0.",
//!     "eyJpYXQiOjE3MDAwMDAwMzAsImV4cCI6MTcwMDAwMDA5MCwic2lkIjoic2Vzc18xIn0.",
//!     "c2lnbmF0dXJl",
//! ))?;
//! assert_eq!(token.oiat, Some(1_700_000_000));
//! assert_eq!(token.iat, Some(1_700_000_030));
//! assert_eq!(token.sid.as_deref(), Some("sess_1"));
//! # Ok::<(), freshest::token::Error>(())
//! ```
//!
//! # What is accepted
//!
//! Where a published SDK has an answer, it is the answer here:
//!
//! - None of the three parts may be empty.
//! - A claim that is `null` is absent, and so is an organisation or `sid` that is the empty string.
//! - `JSON.parse` knows one kind of number, so `1700000000`, `1700000000.0` and `17e8` are the same
//!   stamp, and so is anything that rounds to it as a double.
//! - A decoded part must be UTF-8; a byte order mark is no JSON.
//!
//! Where the SDK would carry on with something meaningless, this module reports an error instead,
//! because a checker that guesses proves nothing:
//!
//! - A stamp must be a whole number from 0 to 2^53 - 1. From 2^53 on, a double is no longer one
//!   whole number (2^53 + 1 reads as 2^53), so an order among such stamps would be an accident.
//! - A claim this module reads must have its type: `"oiat": "1700000000"` is an error.
//! - base64url is taken strictly (RFC 7515, section 2): no `+`, `/`, `=` or white space, no stray
//!   bits at the end. `atob` forgives all of these.
//! - Names within a header and within a claims set are unique (RFC 7515, section 4; RFC 7519,
//!   section 4). `JSON.parse` keeps the last of two.
//! - Bounds: [`MAX_LENGTH`], [`MAX_MEMBERS`], [`MAX_DEPTH`].

mod base64url;
mod claims;
mod error;
mod json;
mod members;
mod number;
mod pick;
mod special;
mod text;

#[cfg(test)]
mod tests;

pub use error::{Error, Part, Reason};
pub use json::MAX_DEPTH;
pub use members::MAX_MEMBERS;
pub use pick::{PickError, Side, pick_freshest_jwt};

use crate::freshness::{Stamped, Stamps};
use base64url::Decoded;
use claims::{Claims, Header};

/// The longest token accepted, in bytes; checked before anything else is looked at.
///
/// A session cookie ends at 4 KiB, and common servers refuse request headers well below this.
pub const MAX_LENGTH: usize = 64 * 1024;

/// A decoded, **unverified** session token. Instants are seconds since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// When the claims were last read from the database (header).
    pub oiat: Option<u64>,
    /// When the token was minted.
    pub iat: Option<u64>,
    /// When it expires.
    pub exp: Option<u64>,
    pub sid: Option<String>,
    /// The active organisation: `org_id`, or else `o.id`.
    pub organisation: Option<String>,
}

impl Stamped for Token {
    #[inline]
    fn oiat(&self) -> Option<u64> {
        self.oiat
    }

    #[inline]
    fn iat(&self) -> Option<u64> {
        self.iat
    }
}

/// Decodes a compact JWS **without verifying it**.
///
/// # Errors
///
/// The first thing wrong with the token, layer by layer: its length, its parts, their encoding, then
/// the header and the payload. See [`Error`].
pub fn decode(jwt: &str) -> Result<Token, Error> {
    read(jwt, |header, claims| Token {
        oiat: header.oiat,
        iat: claims.iat,
        exp: claims.exp,
        sid: claims.sid.map(text::unescaped),
        organisation: claims.organisation().map(text::unescaped),
    })
}

/// The stamps of a compact JWS, **without verifying it**: [`decode`] for callers that only compare.
///
/// Does not allocate for a token that fits a cookie (4096 bytes), unless names in it are escaped.
///
/// # Errors
///
/// Exactly those of [`decode`].
pub fn decode_stamps(jwt: &str) -> Result<Stamps, Error> {
    read(jwt, |header, claims| Stamps {
        oiat: header.oiat,
        iat: claims.iat,
    })
}

/// The one reading both decoders share, so that they cannot disagree on what is a token.
fn read<T>(jwt: &str, finish: impl FnOnce(Header, Claims<'_>) -> T) -> Result<T, Error> {
    let parts = split(jwt)?;
    let mut decoded = Decoded::default();
    let decoded = decoded.fill(parts)?;
    let header = Header::read(decoded.header).map_err(Part::Header.because())?;
    let claims = Claims::read(decoded.payload).map_err(Part::Payload.because())?;
    Ok(finish(header, claims))
}

/// The three parts, none of them empty.
fn split(jwt: &str) -> Result<[&str; 3], Error> {
    if jwt.len() > MAX_LENGTH {
        return Err(Error::TooLong { length: jwt.len() });
    }
    let mut dots = memchr::memchr_iter(b'.', jwt.as_bytes());
    let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) else {
        let found = jwt.split('.').count();
        return Err(Error::NotThreeParts { found });
    };
    let (header, payload, signature) = (&jwt[..first], &jwt[first + 1..second], &jwt[second + 1..]);
    for (part, text) in [
        (Part::Header, header),
        (Part::Payload, payload),
        (Part::Signature, signature),
    ] {
        if text.is_empty() {
            return Err(part.because()(Reason::Empty));
        }
    }
    Ok([header, payload, signature])
}
