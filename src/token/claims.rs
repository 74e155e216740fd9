//! What is read of a header and of a claims set, borrowed from the decoded text.

use super::error::Reason;
use super::json::{Scanner, Value};
use super::members::each_member;
use super::number::seconds;
use super::text::has_lone_surrogate;

/// The header's part of a token.
#[derive(Default)]
pub(super) struct Header {
    pub(super) oiat: Option<u64>,
}

impl Header {
    pub(super) fn read(decoded: &[u8]) -> Result<Header, Reason> {
        let mut header = Header::default();
        each_member(decoded, |name, scanner| match name {
            "oiat" => stamp("oiat", scanner, &mut header.oiat),
            _ => scanner.skip(),
        })?;
        Ok(header)
    }
}

/// The payload's part of a token. Strings are as they stand in the text, escapes included.
#[derive(Default)]
pub(super) struct Claims<'a> {
    pub(super) iat: Option<u64>,
    pub(super) exp: Option<u64>,
    pub(super) sid: Option<&'a str>,
    org_id: Option<&'a str>,
    o_id: Option<&'a str>,
}

impl<'a> Claims<'a> {
    pub(super) fn read(decoded: &'a [u8]) -> Result<Claims<'a>, Reason> {
        let mut claims = Claims::default();
        each_member(decoded, |name, scanner| match name {
            "iat" => stamp("iat", scanner, &mut claims.iat),
            "exp" => stamp("exp", scanner, &mut claims.exp),
            "sid" => string("sid", scanner, &mut claims.sid),
            "org_id" => string("org_id", scanner, &mut claims.org_id),
            "o" => organisation(scanner, &mut claims.o_id),
            _ => scanner.skip(),
        })?;
        Ok(claims)
    }

    /// The active organisation; the older claim first, as in the SDK.
    pub(super) fn organisation(&self) -> Option<&'a str> {
        self.org_id.or(self.o_id)
    }
}

/// `o.id`.
#[inline]
fn organisation<'a>(scanner: &mut Scanner<'a>, id: &mut Option<&'a str>) -> Option<()> {
    if !scanner.take(b'{') {
        return match scanner.value()? {
            Value::Null => Some(()),
            other => wrong_type("o", "an object", scanner, other),
        };
    }
    let mut ids = 0;
    let mut first = true;
    while let Some(name) = scanner.name(first) {
        first = false;
        if name == "id" {
            ids += 1;
            string("o.id", scanner, id)?;
        } else {
            scanner.skip()?;
        }
    }
    match ids {
        _ if scanner.failed() => None,
        0 | 1 => Some(()),
        _ => scanner.fail(Reason::DuplicateKey {
            key: "o.id".to_owned(),
        }),
    }
}

#[inline]
fn stamp(claim: &'static str, scanner: &mut Scanner<'_>, stamp: &mut Option<u64>) -> Option<()> {
    match scanner.value()? {
        Value::Number(number) => match seconds(claim, number) {
            Ok(seconds) => *stamp = Some(seconds),
            Err(reason) => return scanner.fail(reason),
        },
        Value::Null => {}
        other => return wrong_type(claim, "a number", scanner, other),
    }
    Some(())
}

#[inline]
fn string<'a>(
    claim: &'static str,
    scanner: &mut Scanner<'a>,
    string: &mut Option<&'a str>,
) -> Option<()> {
    match scanner.value()? {
        Value::String(raw) if scanner.escaped() && has_lone_surrogate(raw) => {
            return scanner.fail(Reason::LoneSurrogate { claim });
        }
        Value::String(raw) if !raw.is_empty() => *string = Some(raw),
        Value::String(_) | Value::Null => {}
        other => return wrong_type(claim, "a string", scanner, other),
    }
    Some(())
}

#[cold]
fn wrong_type(
    claim: &'static str,
    expected: &'static str,
    scanner: &mut Scanner<'_>,
    value: Value<'_>,
) -> Option<()> {
    let found = value.kind();
    scanner.fail(Reason::WrongType {
        claim,
        expected,
        found,
    })
}
