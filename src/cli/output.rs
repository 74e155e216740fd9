//! Standard output, and standard error.

use super::failure::Failure;
use std::io::{self, ErrorKind, Write};

/// Prints to standard output. Whoever closed the other end has read enough: that is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(unwritten(&error)),
        _ => Ok(()),
    }
}

/// Standard output cannot be written.
pub(crate) fn unwritten(error: &io::Error) -> Failure {
    Failure::new(format!("standard output: {error}"))
}

/// Prints a value as JSON, one line break at the end.
pub(crate) fn print_json<T: serde::Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
    print(&(text + "\n"))
}

/// Tells something on standard error. If that is closed or full nobody is left to be told, and the
/// exit code is what it would have been.
pub(crate) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
