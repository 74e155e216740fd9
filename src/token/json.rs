//! A scanner over JSON text that allocates nothing and takes no call stack for nesting.
//!
//! A library would do, and does in the tests, where this scanner is held against `serde_json`. It
//! is here because what is hot in practice is looking at six claims and stepping over the rest,
//! for which it needs less time, and because the bounds and the exact text of a number are at hand.
//!
//! Its methods give `None` where they fail, and the reason stays in the scanner: that way results
//! fit in registers, and what fails is rare.

use super::error::Reason;
use super::special::{BLOCK, special};
use super::text::unescaped;
use std::borrow::Cow;

/// How deep arrays and objects may nest. `JSON.parse` has no such bound; claims stay below ten.
pub const MAX_DEPTH: u32 = 128;

/// A position in a text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Where the block begins whose special bytes are known.
    block: usize,
    special: u64,
    /// Whether the last string has escapes in it.
    escaped: bool,
    failure: Option<Reason>,
}

/// A value, as far as a claim needs it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Null,
    Number(Number<'a>),
    /// What stands between the quotation marks.
    String(&'a str),
    /// Anything else, by its kind.
    Other(&'static str),
}

/// A number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    /// As it stands in the text.
    pub(super) text: &'a str,
    /// Its value, if it is written in digits alone, and few enough for 64 bits.
    pub(super) digits: Option<u64>,
}

impl Value<'_> {
    /// For error messages.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Other(kind) => kind,
        }
    }
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner::starting_at(text, 0)
    }

    /// Another scanner of the same text, that starts earlier or later.
    #[cold]
    pub(super) fn again_from(&self, at: usize) -> Scanner<'a> {
        Scanner::starting_at(self.text, at)
    }

    #[inline]
    fn starting_at(text: &'a str, at: usize) -> Scanner<'a> {
        let mut scanner = Scanner {
            text,
            at,
            block: at - at % BLOCK,
            special: 0,
            escaped: false,
            failure: None,
        };
        scanner.look_at_block();
        scanner
    }

    /// Gives up, for this reason.
    #[cold]
    pub(super) fn fail<T>(&mut self, reason: Reason) -> Option<T> {
        self.failure = Some(reason);
        None
    }

    #[cold]
    fn expected<T>(&mut self, expected: &'static str) -> Option<T> {
        let at = self.at;
        self.fail(Reason::NotJson { at, expected })
    }

    /// Whether the last string has escapes in it.
    pub(super) const fn escaped(&self) -> bool {
        self.escaped
    }

    pub(super) const fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Why the scanner gave up, if it did.
    pub(super) fn finish(self) -> Result<(), Reason> {
        self.failure.map_or(Ok(()), Err)
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The next byte; 0, which no JSON token starts with, at the end.
    #[inline]
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Steps over the byte, if it comes next after white space.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Option<()> {
        self.skip_space();
        if self.at == self.text.len() {
            Some(())
        } else {
            self.expected("the end")
        }
    }

    /// The name of an object's next member, with the cursor before its value; `None` after the
    /// closing brace, too, so ask [`Scanner::failed`] then. `first` tells that no comma is due.
    #[inline]
    pub(super) fn name(&mut self, first: bool) -> Option<Cow<'a, str>> {
        let raw = self.raw_name(first)?;
        Some(if self.escaped {
            unescaped(raw)
        } else {
            Cow::Borrowed(raw)
        })
    }

    #[inline]
    fn raw_name(&mut self, first: bool) -> Option<&'a str> {
        self.skip_space();
        let mut next = self.peek();
        if next == b'}' {
            self.at += 1;
            return None;
        }
        if !first {
            if next != b',' {
                return self.expected("`,` or `}`");
            }
            self.at += 1;
            self.skip_space();
            next = self.peek();
        }
        if next != b'"' {
            return self.expected("a key");
        }
        let name = self.string()?;
        if self.take(b':') {
            Some(name)
        } else {
            self.expected("`:`")
        }
    }

    /// The next value. Of an array or object, only the kind is told.
    #[inline]
    pub(super) fn value(&mut self) -> Option<Value<'a>> {
        self.skip_space();
        Some(match self.peek() {
            b'"' => Value::String(self.string()?),
            b'-' | b'0'..=b'9' => Value::Number(self.number()?),
            first => {
                self.skip()?;
                match first {
                    b'{' => Value::Other("an object"),
                    b'[' => Value::Other("an array"),
                    b'n' => Value::Null,
                    _ => Value::Other("a boolean"),
                }
            }
        })
    }

    /// Steps over the next value.
    #[inline]
    pub(super) fn skip(&mut self) -> Option<()> {
        self.skip_space();
        match self.peek() {
            b'{' | b'[' => self.skip_nested(),
            _ => self.skip_scalar(),
        }
    }

    #[inline]
    fn skip_scalar(&mut self) -> Option<()> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'-' | b'0'..=b'9' => self.number().map(|_| ()),
            b'n' => self.skip_word("null"),
            b't' => self.skip_word("true"),
            b'f' => self.skip_word("false"),
            _ => self.expected("a value"),
        }
    }

    fn skip_word(&mut self, word: &'static str) -> Option<()> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Some(())
        } else {
            self.expected("a value")
        }
    }

    /// Steps over the array or object that starts here. Which of the two each level is, is one bit.
    fn skip_nested(&mut self) -> Option<()> {
        let mut objects: u128 = 0;
        let mut depth = 0;
        loop {
            let opens = matches!(self.peek(), b'{' | b'[');
            if opens {
                if depth == MAX_DEPTH {
                    return self.fail(Reason::TooDeep { at: self.at });
                }
                objects = objects << 1 | u128::from(self.peek() == b'{');
                depth += 1;
                self.at += 1;
            } else {
                self.skip_scalar()?;
            }
            let mut first = opens;
            while self.take(if objects & 1 == 1 { b'}' } else { b']' }) {
                objects >>= 1;
                depth -= 1;
                first = false;
                if depth == 0 {
                    return Some(());
                }
            }
            self.next_element(objects & 1 == 1, first)?;
        }
    }

    /// Steps to the value of the next element: over the comma, unless it is the first one, and over
    /// an object's key.
    #[inline]
    fn next_element(&mut self, object: bool, first: bool) -> Option<()> {
        if object {
            // The closing brace was looked for before, so there is a key or a failure.
            self.raw_name(first)?;
        } else if !first && !self.take(b',') {
            return self.expected("`,` or `]`");
        }
        self.skip_space();
        Some(())
    }

    /// What stands in the string whose opening quotation mark comes next.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        self.at = start;
        self.escaped = false;
        loop {
            self.skip_plain();
            match self.peek() {
                b'"' => {
                    let raw = &self.text[start..self.at];
                    self.at += 1;
                    return Some(raw);
                }
                b'\\' => self.skip_escape()?,
                _ if self.at >= self.text.len() => return self.expected("`\"`"),
                _ => return self.expected("no control character in a string"),
            }
        }
    }

    /// Steps over the bytes of a string that stand for themselves: to a quotation mark, a
    /// backslash, a control character or the end.
    #[inline]
    fn skip_plain(&mut self) {
        loop {
            let begin = self.at - self.at % BLOCK;
            if begin != self.block {
                self.block = begin;
                self.look_at_block();
            }
            let ahead = self.special >> (self.at % BLOCK);
            if ahead != 0 {
                self.at += ahead.trailing_zeros() as usize;
                return;
            }
            self.at = begin + BLOCK;
        }
    }

    /// Finds the block's special bytes. What lies behind the text counts as such.
    fn look_at_block(&mut self) {
        let rest = self.text.as_bytes().get(self.block..).unwrap_or(&[]);
        self.special = match rest.first_chunk() {
            Some(block) => special(block),
            None => {
                let mut last = [0; BLOCK];
                last[..rest.len()].copy_from_slice(rest);
                special(&last)
            }
        };
    }

    #[cold]
    fn skip_escape(&mut self) -> Option<()> {
        self.escaped = true;
        let rest = &self.text.as_bytes()[self.at + 1..];
        let length = match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|d| d.is_ascii_hexdigit()) => 6,
            _ => return self.expected("an escape sequence"),
        };
        self.at += length;
        Some(())
    }

    #[inline]
    fn number(&mut self) -> Option<Number<'a>> {
        /// So many digits always fit.
        const FIT: usize = u64::MAX.ilog10() as usize;
        let start = self.at;
        self.at += usize::from(self.peek() == b'-');
        let value = if self.peek() == b'0' {
            self.at += 1;
            0
        } else {
            self.digits()?
        };
        let mut plain = self.at - start <= FIT && self.text.as_bytes()[start] != b'-';
        if self.peek() == b'.' {
            self.at += 1;
            self.digits()?;
            plain = false;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            self.digits()?;
            plain = false;
        }
        Some(Number {
            text: &self.text[start..self.at],
            digits: plain.then_some(value),
        })
    }

    /// One digit or more, and their value as far as it fits.
    #[inline]
    fn digits(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value = 0_u64;
        loop {
            let digit = self.peek().wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
        if self.at == start {
            return self.expected("a digit");
        }
        Some(value)
    }
}
