//! The process that runs a script: reads requests from its standard input until that ends, and writes
//! a reply to each to its standard output.

use super::limits;
use super::protocol::{Reply, Request};
use super::session::Session;
use std::io::{self, BufRead, BufReader, Write};
use std::thread;

/// The stack that a script's text is parsed on and the script runs on, in bytes. What is nested deeper
/// ends the process.
pub(super) const STACK_BYTES: usize = 8 << 20;

/// Serves whoever started this process.
pub(super) fn serve() -> io::Result<()> {
    limits::begin();
    let session = thread::Builder::new().stack_size(STACK_BYTES).spawn(run)?;
    match session.join() {
        Ok(ended) => ended,
        Err(_) => Err(io::Error::other("the session panicked")),
    }
}

fn run() -> io::Result<()> {
    let (mut input, mut output) = (BufReader::new(io::stdin()), io::stdout());
    let mut session = Session::default();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        limits::renew();
        let request: Request = serde_json::from_str(&line)?;
        let mut reply = serde_json::to_vec::<Reply>(&session.answer(request))?;
        reply.push(b'\n');
        output.write_all(&reply)?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}
