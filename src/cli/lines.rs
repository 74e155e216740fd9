//! Lines of logs, from files and standard input: one after the other, however long the log is.

use super::failure::Failure;
use crate::monitor::MAX_LINE_BYTES;
use crate::source::open_regular;
use std::fs::Metadata;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// How much is read at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// What some programs begin a file with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What tells a file from another one that has its name later, where the system says it.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// A log that is read line by line.
pub(crate) struct Lines {
    /// How it is named in messages.
    pub name: String,
    path: Option<PathBuf>,
    identity: Option<(u64, u64)>,
    input: BufReader<Box<dyn Read>>,
    line: Vec<u8>,
    /// The line in `line` has ended.
    whole: bool,
    too_long: bool,
    /// The number of the line that was read last, from 1.
    pub number: u64,
    /// How many bytes were read.
    position: u64,
}

/// What reading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// A whole line, in [`Lines::bytes`].
    Line,
    /// A line that is longer than any that is read.
    TooLong,
    /// The end, for now. What stands behind the last line break is in [`Lines::bytes`].
    End,
}

impl Lines {
    /// A file, or standard input where it is called `-`.
    pub(crate) fn open(path: &Path) -> Result<Lines, Failure> {
        let (mut known, mut name) = (None, "standard input".to_owned());
        let is_file = path != Path::new("-");
        let input: Box<dyn Read> = match is_file {
            false => Box::new(io::stdin()),
            true => {
                let unread = |error: String| Failure::of_file(path, "cannot be read", &error);
                let file = open_regular(path).map_err(unread)?;
                known = identity(&file.metadata().map_err(|error| unread(error.to_string()))?);
                name = path.display().to_string();
                Box::new(file)
            }
        };
        Ok(Lines {
            name,
            path: is_file.then(|| path.to_owned()),
            identity: known,
            input: BufReader::with_capacity(CHUNK, input),
            line: Vec::new(),
            whole: true,
            too_long: false,
            number: 0,
            position: 0,
        })
    }

    /// The line that was read last, without its end.
    pub(crate) fn bytes(&self) -> &[u8] {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        match self.number <= 1 {
            true => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
            false => line,
        }
    }

    /// Reads a line, or goes on with one that had not ended.
    pub(crate) fn read(&mut self) -> Result<Got, Failure> {
        if std::mem::take(&mut self.whole) {
            self.line.clear();
            self.too_long = false;
        }
        loop {
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk.map_err(|error| Failure::new(format!("{}: {error}", self.name)))?,
            };
            if chunk.is_empty() {
                return Ok(Got::End);
            }
            let end = memchr::memchr(b'\n', chunk);
            let part = &chunk[..end.unwrap_or(chunk.len())];
            self.too_long |= self.line.len() + part.len() > MAX_LINE_BYTES;
            if !self.too_long {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            self.position += used as u64;
            if end.is_some() {
                self.number += 1;
                self.whole = true;
                return Ok(match self.too_long {
                    true => Got::TooLong,
                    false => Got::Line,
                });
            }
        }
    }

    /// Whether something stands behind the last line break.
    pub(crate) fn is_cut_off(&self) -> bool {
        !self.whole && (self.too_long || !self.line.is_empty())
    }

    /// Whether the line in [`Lines::bytes`] is only the beginning of one that is too long.
    pub(crate) fn is_too_long(&self) -> bool {
        self.too_long
    }

    /// Whether another file is in its place, or it has become shorter than what was read of it.
    pub(crate) fn is_replaced(&self) -> bool {
        let Some(path) = &self.path else {
            return false;
        };
        // A file that is gone for a moment may come back.
        std::fs::metadata(path).is_ok_and(|metadata| {
            metadata.len() < self.position || identity(&metadata) != self.identity
        })
    }

    /// Reads whatever file is in its place from the beginning.
    pub(crate) fn begin_anew(&mut self) -> Result<(), Failure> {
        if let Some(path) = self.path.clone() {
            *self = Lines::open(&path)?;
        }
        Ok(())
    }

    /// What stands behind the last line break has been taken for a line.
    pub(crate) fn take_last(&mut self) {
        self.line.clear();
        self.number += 1;
    }

    /// Whether it is no file.
    pub(crate) fn is_standard_input(&self) -> bool {
        self.path.is_none()
    }
}
