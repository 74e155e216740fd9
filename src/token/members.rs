//! The members of a header or a claims set, whose names must be unique.

use super::error::Reason;
use super::json::Scanner;

/// How many members a header or a claims set may have.
pub const MAX_MEMBERS: usize = 128;

/// Calls `read` for each member of the object that is the whole of `decoded`, with the member's
/// name. `read` steps over the value, or has the scanner fail.
#[inline]
pub(super) fn each_member<'a>(
    decoded: &'a [u8],
    read: impl FnMut(&str, &mut Scanner<'a>) -> Option<()>,
) -> Result<(), Reason> {
    let text = std::str::from_utf8(decoded).map_err(|error| Reason::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut scanner = Scanner::new(text);
    walk(&mut scanner, read);
    scanner.finish()
}

#[inline]
fn walk<'a>(
    scanner: &mut Scanner<'a>,
    mut read: impl FnMut(&str, &mut Scanner<'a>) -> Option<()>,
) -> Option<()> {
    if !scanner.take(b'{') {
        return not_an_object(scanner);
    }
    let mut seen = Seen::of_object_at(scanner.position());
    while let Some(name) = scanner.name(seen.count == 0) {
        seen.add(&name, scanner)?;
        read(&name, scanner)?;
    }
    if scanner.failed() {
        return None;
    }
    scanner.end()
}

#[cold]
fn not_an_object(scanner: &mut Scanner<'_>) -> Option<()> {
    let found = scanner.value()?.kind();
    scanner.end()?;
    scanner.fail(Reason::NotAnObject { found })
}

/// The names so far. No name is kept: where a fingerprint occurs again, the object is read again.
struct Seen {
    /// Where its first member begins.
    object: usize,
    fingerprints: [u16; MAX_MEMBERS],
    count: usize,
    /// One bit for each fingerprint, to see at a glance that most are new.
    glance: u64,
}

impl Seen {
    #[inline]
    fn of_object_at(object: usize) -> Seen {
        Seen {
            object,
            fingerprints: [0; MAX_MEMBERS],
            count: 0,
            glance: 0,
        }
    }

    #[inline]
    fn add(&mut self, name: &str, scanner: &mut Scanner<'_>) -> Option<()> {
        let fingerprint = fingerprint(name);
        // The highest six bits of a product depend on all of its factor's bits.
        let bit = 1 << (fingerprint.wrapping_mul(0x9e37) >> 10);
        if self.glance & bit != 0 && self.fingerprints[..self.count].contains(&fingerprint) {
            self.check_unique(name, scanner)?;
        }
        let Some(free) = self.fingerprints.get_mut(self.count) else {
            return scanner.fail(Reason::TooManyMembers);
        };
        *free = fingerprint;
        self.count += 1;
        self.glance |= bit;
        Some(())
    }

    /// Fails if one of the names so far is this one.
    #[cold]
    fn check_unique(&self, name: &str, scanner: &mut Scanner<'_>) -> Option<()> {
        let mut again = scanner.again_from(self.object);
        for index in 0..self.count {
            if again.name(index == 0)? == name {
                let key = name.to_owned();
                return scanner.fail(Reason::DuplicateKey { key });
            }
            again.skip()?;
        }
        Some(())
    }
}

/// Cheap, and different for names that occur together in practice.
#[inline]
fn fingerprint(name: &str) -> u16 {
    let bytes = name.as_bytes();
    let byte = |index: usize| u16::from(bytes.get(index).copied().unwrap_or(0));
    let length = bytes.len();
    let ends = byte(0) << 8 | byte(length.wrapping_sub(1));
    ends ^ byte(length / 2) << 4 ^ (length as u16) << 13
}
