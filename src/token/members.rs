//! The members of a header or a claims set, whose names must be unique.

use super::error::Reason;
use super::json::{Fault, Scanner};
use super::text::unescaped;

/// How many members a header or a claims set may have.
pub const MAX_MEMBERS: usize = 128;

/// What ends the walk over an object early.
pub(super) enum Stop {
    /// The text is no JSON.
    Fault(Fault),
    /// The text says something that is not wanted. Boxed, to keep small what travels with results.
    Reason(Box<Reason>),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

impl From<Reason> for Stop {
    #[cold]
    fn from(reason: Reason) -> Stop {
        Stop::Reason(Box::new(reason))
    }
}

/// Calls `read` for each member of the object that is the whole of `decoded`, with the member's
/// name; `read` must step over the value.
#[inline(always)]
pub(super) fn each_member<'a>(
    decoded: &'a [u8],
    read: impl FnMut(&[u8], &mut Scanner<'a>) -> Result<(), Stop>,
) -> Result<(), Reason> {
    let text = std::str::from_utf8(decoded).map_err(|error| Reason::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut scanner = Scanner::new(text);
    walk(&mut scanner, read).map_err(|stop| match stop {
        Stop::Fault(fault) => scanner.clone().explain(fault),
        Stop::Reason(reason) => *reason,
    })
}

#[inline(always)]
fn walk<'a>(
    scanner: &mut Scanner<'a>,
    mut read: impl FnMut(&[u8], &mut Scanner<'a>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if !scanner.take(b'{') {
        let found = scanner.value()?.kind();
        scanner.end()?;
        return Err(Reason::NotAnObject { found }.into());
    }
    let object = scanner.position();
    let mut seen = Seen::default();
    while let Some(written) = scanner.name(seen.count == 0)? {
        let meant;
        let name = if scanner.escaped() {
            meant = unescaped(written);
            meant.as_bytes()
        } else {
            written
        };
        if seen.might_hold(name) {
            seen.check(name, scanner.again_from(object))?;
        }
        seen.add(name)?;
        read(name, scanner)?;
    }
    Ok(scanner.end()?)
}

/// The names so far. No name is kept: where a fingerprint occurs again, the object is read again.
struct Seen {
    fingerprints: [u16; MAX_MEMBERS],
    count: usize,
    /// One bit for each fingerprint, to see at a glance that most are new.
    glance: u64,
}

impl Default for Seen {
    #[inline(always)]
    fn default() -> Seen {
        Seen {
            fingerprints: [0; MAX_MEMBERS],
            count: 0,
            glance: 0,
        }
    }
}

impl Seen {
    #[inline(always)]
    fn might_hold(&self, name: &[u8]) -> bool {
        let fingerprint = fingerprint(name);
        self.glance & glance(fingerprint) != 0
            && self.fingerprints[..self.count].contains(&fingerprint)
    }

    /// Fails if one of the names so far, read again from `object`, is this one.
    #[cold]
    fn check(&self, name: &[u8], mut object: Scanner<'_>) -> Result<(), Stop> {
        for index in 0..self.count {
            let earlier = object.name(index == 0)?.map(unescaped).unwrap_or_default();
            if earlier.as_bytes() == name {
                return Err(Reason::DuplicateKey { key: earlier }.into());
            }
            object.skip()?;
        }
        Ok(())
    }

    #[inline(always)]
    fn add(&mut self, name: &[u8]) -> Result<(), Stop> {
        let fingerprint = fingerprint(name);
        match self.fingerprints.get_mut(self.count) {
            Some(free) => *free = fingerprint,
            None => return Err(Reason::TooManyMembers.into()),
        }
        self.count += 1;
        self.glance |= glance(fingerprint);
        Ok(())
    }
}

/// One of 64 bits. The highest six bits of a product depend on all of its factor's bits.
#[inline]
fn glance(fingerprint: u16) -> u64 {
    1 << (fingerprint.wrapping_mul(0x9e37) >> 10)
}

/// Cheap, and different for names that occur together in practice.
#[inline]
fn fingerprint(name: &[u8]) -> u16 {
    let byte = |index: usize| u16::from(name.get(index).copied().unwrap_or(0));
    let length = name.len();
    let ends = byte(0) << 8 | byte(length.wrapping_sub(1));
    ends ^ byte(length / 2) << 4 ^ (length as u16) << 13
}
