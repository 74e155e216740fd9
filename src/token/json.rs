//! A scanner over JSON text that allocates nothing and takes no call stack for nesting.
//!
//! A library would do, and does in the tests, where this scanner is held against `serde_json`. It
//! is here because what is hot in practice is looking at six claims and stepping over the rest,
//! because a duplicate key must be found and a number be seen as it is written, and because it
//! takes somewhat less time, although it does more, than a `serde_json` visitor that skips.
//!
//! The cursor of a scanner is one long chain of dependent additions, and a chain through memory is
//! several times slower than one through a register. So what is hot is inlined whatever its size,
//! and what is not never gets hold of the scanner's address: it works on values, or on a copy.

use super::error::Reason;
use super::special::{BLOCK, special_bytes};
use super::text::escape_length;

/// How deep arrays and objects may nest. `JSON.parse` has no such bound; claims stay below ten.
pub const MAX_DEPTH: u32 = 128;

/// Why the text is no JSON. Of one byte, unlike a [`Reason`], because it travels with every result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    NoEnd,
    NoCommaOrBrace,
    NoCommaOrBracket,
    NoKey,
    NoColon,
    NoValue,
    NoQuote,
    ControlCharacter,
    NoEscape,
    NoDigit,
    TooDeep,
}

/// A position in a text.
///
/// It must be UTF-8, but is kept as bytes: a string slice checks its ends at every cut, and this
/// scanner cuts at quotation marks only.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the block begins whose special bytes are known.
    block: usize,
    special: u64,
    /// Whether the last string has escapes in it.
    escaped: bool,
}

/// A value, as far as a claim needs it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Null,
    Number(Number<'a>),
    /// What stands between the quotation marks.
    String(&'a [u8]),
    /// Anything else, by its kind.
    Other(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    /// As it stands in the text.
    pub(super) text: &'a [u8],
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
        Scanner::starting_at(text.as_bytes(), 0)
    }

    /// Another scanner of the same text, that starts earlier or later.
    #[cold]
    pub(super) fn again_from(&self, at: usize) -> Scanner<'a> {
        Scanner::starting_at(self.text, at)
    }

    #[inline(always)]
    fn starting_at(text: &'a [u8], at: usize) -> Scanner<'a> {
        let block = at - at % BLOCK;
        Scanner {
            text,
            at,
            block,
            special: special_bytes(text, block),
            escaped: false,
        }
    }

    /// A fault, which is always one at the cursor, as a reason.
    #[cold]
    pub(super) fn explain(self, fault: Fault) -> Reason {
        let at = self.at;
        let expected = match fault {
            Fault::TooDeep => return Reason::TooDeep { at },
            Fault::NoEnd => "the end",
            Fault::NoCommaOrBrace => "`,` or `}`",
            Fault::NoCommaOrBracket => "`,` or `]`",
            Fault::NoKey => "a key",
            Fault::NoColon => "`:`",
            Fault::NoValue => "a value",
            Fault::NoQuote => "`\"`",
            Fault::ControlCharacter => "no control character in a string",
            Fault::NoEscape => "an escape sequence",
            Fault::NoDigit => "a digit",
        };
        Reason::NotJson { at, expected }
    }

    /// Whether the last string has escapes in it.
    pub(super) const fn escaped(&self) -> bool {
        self.escaped
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The next byte; 0, which no JSON token starts with, at the end.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// Steps over the byte, if it comes next after white space.
    #[inline(always)]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.skip_space();
        if self.at == self.text.len() {
            Ok(())
        } else {
            Err(Fault::NoEnd)
        }
    }

    /// The name of an object's next member as it is written, with the cursor before its value;
    /// `None` after the closing brace. `first` tells that no comma is due.
    #[inline(always)]
    pub(super) fn name(&mut self, first: bool) -> Result<Option<&'a [u8]>, Fault> {
        self.skip_space();
        let mut next = self.peek();
        if next == b'}' {
            self.at += 1;
            return Ok(None);
        }
        if !first {
            if next != b',' {
                return Err(Fault::NoCommaOrBrace);
            }
            self.at += 1;
            self.skip_space();
            next = self.peek();
        }
        if next != b'"' {
            return Err(Fault::NoKey);
        }
        let name = self.string()?;
        if self.take(b':') {
            Ok(Some(name))
        } else {
            Err(Fault::NoColon)
        }
    }

    /// The next value. Of an array or object, only the kind is told.
    #[inline(always)]
    pub(super) fn value(&mut self) -> Result<Value<'a>, Fault> {
        self.skip_space();
        Ok(match self.peek() {
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
    #[inline(always)]
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        self.skip_space();
        match self.peek() {
            b'{' | b'[' => {
                let mut copy = self.clone();
                let skipped = copy.skip_nested();
                *self = copy;
                skipped
            }
            _ => self.skip_scalar(),
        }
    }

    #[inline(always)]
    fn skip_scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'-' | b'0'..=b'9' => self.number().map(|_| ()),
            b'n' => self.skip_word("null"),
            b't' => self.skip_word("true"),
            b'f' => self.skip_word("false"),
            _ => Err(Fault::NoValue),
        }
    }

    fn skip_word(&mut self, word: &'static str) -> Result<(), Fault> {
        if self.text[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Fault::NoValue)
        }
    }

    /// Steps over the array or object that starts here. Which of the two each level is, is one bit.
    #[inline(never)]
    fn skip_nested(&mut self) -> Result<(), Fault> {
        let mut objects: u128 = 0;
        let mut depth = 0;
        loop {
            let opens = matches!(self.peek(), b'{' | b'[');
            if opens {
                if depth == MAX_DEPTH {
                    return Err(Fault::TooDeep);
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
                    return Ok(());
                }
            }
            self.next_element(objects & 1 == 1, first)?;
        }
    }

    /// Steps to the value of the next element: over the comma, unless it is the first one, and over
    /// an object's key.
    #[inline(always)]
    fn next_element(&mut self, object: bool, first: bool) -> Result<(), Fault> {
        if object {
            // The closing brace was looked for before, so there is a key or a failure.
            self.name(first)?;
        } else if !first && !self.take(b',') {
            return Err(Fault::NoCommaOrBracket);
        }
        self.skip_space();
        Ok(())
    }

    /// What stands in the string whose opening quotation mark comes next.
    #[inline(always)]
    fn string(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.at + 1;
        self.at = start;
        self.escaped = false;
        loop {
            self.skip_plain();
            match self.peek() {
                b'"' => {
                    let raw = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(raw);
                }
                b'\\' => {
                    self.escaped = true;
                    self.at += escape_length(&self.text[self.at..])?;
                }
                _ if self.at >= self.text.len() => return Err(Fault::NoQuote),
                _ => return Err(Fault::ControlCharacter),
            }
        }
    }

    /// Steps over the bytes of a string that stand for themselves: to a quotation mark, a
    /// backslash, a control character or the end.
    #[inline(always)]
    fn skip_plain(&mut self) {
        loop {
            let begin = self.at - self.at % BLOCK;
            if begin != self.block {
                self.block = begin;
                self.special = special_bytes(self.text, begin);
            }
            let ahead = self.special >> (self.at % BLOCK);
            if ahead != 0 {
                self.at += ahead.trailing_zeros() as usize;
                return;
            }
            self.at = begin + BLOCK;
        }
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Number<'a>, Fault> {
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
        let mut plain = self.at - start <= FIT && self.text[start] != b'-';
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
        Ok(Number {
            text: &self.text[start..self.at],
            digits: plain.then_some(value),
        })
    }

    /// One digit or more, and their value as far as it fits.
    #[inline(always)]
    fn digits(&mut self) -> Result<u64, Fault> {
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
            return Err(Fault::NoDigit);
        }
        Ok(value)
    }
}
