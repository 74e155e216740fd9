//! What is read of a header and of a claims set, borrowed from the decoded text.

use super::error::Reason;
use super::json::{Scanner, Value};
use super::members::{Stop, each_member};
use super::number::seconds;
use super::text::{has_lone_surrogate, unescaped};

/// The header's part of a token.
#[derive(Default)]
pub(super) struct Header {
    pub(super) oiat: Option<u64>,
}

impl Header {
    pub(super) fn read(decoded: &[u8]) -> Result<Header, Reason> {
        let mut header = Header::default();
        each_member(decoded, |name, scanner| {
            if name != b"oiat" {
                return Ok(scanner.skip()?);
            }
            header.oiat = stamp("oiat", scanner.value()?)?;
            Ok(())
        })?;
        Ok(header)
    }
}

/// The payload's part of a token. Strings are as they stand in the text, escapes included.
#[derive(Default)]
pub(super) struct Claims<'a> {
    pub(super) iat: Option<u64>,
    pub(super) exp: Option<u64>,
    pub(super) sid: Option<&'a [u8]>,
    org_id: Option<&'a [u8]>,
    o_id: Option<&'a [u8]>,
}

impl<'a> Claims<'a> {
    pub(super) fn read(decoded: &'a [u8]) -> Result<Claims<'a>, Reason> {
        let mut claims = Claims::default();
        each_member(decoded, |name, scanner| {
            // Only the members of `o` are looked into; all else is stepped over as a whole.
            if name == b"o" && scanner.take(b'{') {
                claims.o_id = organisation_id(scanner)?;
                return Ok(());
            }
            let value = scanner.value()?;
            match name {
                b"iat" => claims.iat = stamp("iat", value)?,
                b"exp" => claims.exp = stamp("exp", value)?,
                b"sid" => claims.sid = string("sid", value, scanner.escaped())?,
                b"org_id" => claims.org_id = string("org_id", value, scanner.escaped())?,
                b"o" if !matches!(value, Value::Null) => {
                    return Err(wrong_type("o", "an object", value.kind()).into());
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(claims)
    }

    /// The active organisation; the older claim first, as in the SDK.
    pub(super) fn organisation(&self) -> Option<&'a [u8]> {
        self.org_id.or(self.o_id)
    }
}

/// `id` of the object just entered.
#[inline(always)]
fn organisation_id<'a>(scanner: &mut Scanner<'a>) -> Result<Option<&'a [u8]>, Stop> {
    let mut id = None;
    let mut ids = 0;
    let mut first = true;
    while let Some(name) = scanner.name(first)? {
        first = false;
        let is_id = name == b"id" || (scanner.escaped() && unescaped(name) == "id");
        let value = scanner.value()?;
        if is_id {
            ids += 1;
            id = string("o.id", value, scanner.escaped())?;
        }
    }
    if ids > 1 {
        let key = "o.id".to_owned();
        return Err(Reason::DuplicateKey { key }.into());
    }
    Ok(id)
}

#[inline(always)]
fn stamp(claim: &'static str, value: Value<'_>) -> Result<Option<u64>, Reason> {
    match value {
        Value::Number(number) => seconds(claim, number).map(Some),
        Value::Null => Ok(None),
        other => Err(wrong_type(claim, "a number", other.kind())),
    }
}

#[inline(always)]
fn string<'a>(
    claim: &'static str,
    value: Value<'a>,
    escaped: bool,
) -> Result<Option<&'a [u8]>, Reason> {
    match value {
        Value::String(raw) if escaped && has_lone_surrogate(raw) => {
            Err(Reason::LoneSurrogate { claim })
        }
        Value::String(raw) => Ok(Some(raw).filter(|raw| !raw.is_empty())),
        Value::Null => Ok(None),
        other => Err(wrong_type(claim, "a string", other.kind())),
    }
}

#[cold]
fn wrong_type(claim: &'static str, expected: &'static str, found: &'static str) -> Reason {
    Reason::WrongType {
        claim,
        expected,
        found,
    }
}
