//! Processes of this machine, started by the first of them.

use super::super::failure::Failure;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// How long a process that has nothing left to do may take to end.
const GRACE: Duration = Duration::from_secs(3);

/// The longest line that processes tell each other before they are connected.
const MAX_LINE: u64 = 1 << 16;

/// What a process has to know to find the others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Meeting {
    /// Where each listens.
    pub hosts: Vec<String>,
    /// Who does not know it is a stranger.
    pub secret: String,
}

/// The processes that this one has started. They end with this.
#[derive(Default)]
pub(crate) struct Children {
    running: Vec<Child>,
}

/// Nothing is known of a run that has lost a process before it began.
pub(crate) fn too_early(number: usize) -> Failure {
    Failure::unknown(format!(
        "process {number} ended, or was stopped, before it was connected: nothing is known of this run"
    ))
    .help("see what it said, and start the run again")
}

/// A free port of this machine's own network.
pub(crate) fn listener() -> Result<(TcpListener, String), Failure> {
    let failed = |error: io::Error| Failure::new(format!("127.0.0.1: {error}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address.to_string()))
}

impl Children {
    /// Starts all processes but the first, which is this one and listens at an address, with the arguments of this one.
    pub(crate) fn start(
        processes: usize,
        own: String,
        timeout: Duration,
    ) -> Result<(Children, Meeting), Failure> {
        let failed = |error: io::Error| {
            Failure::new(format!(
                "no process of this program can be started: {error}"
            ))
        };
        let program = std::env::current_exe().map_err(failed)?;
        let mut children = Children::default();
        let mut hosts = vec![own];
        for number in 1..processes {
            let mut command = Command::new(&program);
            command
                .args(std::env::args_os().skip(1))
                .arg(format!("--local-number={number}"))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped());
            // Ctrl-C is this process's: it tells the others.
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
            let mut child = command.spawn().map_err(failed)?;
            let said = child.stdout.take();
            children.running.push(child);
            let address = said.and_then(|said| line(said, timeout).ok());
            let address = address.filter(|said| !said.is_empty());
            hosts.push(address.ok_or_else(|| too_early(number))?);
        }
        let meeting = Meeting {
            hosts,
            secret: secret(),
        };
        let text = serde_json::to_string(&meeting).map_err(io::Error::other);
        let text = text.map_err(failed)?;
        for (number, child) in (1..).zip(&mut children.running) {
            let told = match child.stdin.take() {
                Some(mut stdin) => writeln!(stdin, "{text}"),
                None => Ok(()),
            };
            told.map_err(|_| too_early(number))?;
        }
        Ok((children, meeting))
    }

    /// The number of one that has ended, if one has.
    pub(crate) fn ended(&mut self) -> Option<usize> {
        let ended = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
        let position = self.running.iter_mut().position(ended);
        position.map(|position| position + 1)
    }

    /// Lets them end by themselves, if they do.
    pub(crate) fn finish(mut self) {
        let until = Instant::now() + GRACE;
        let ended = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
        while !self.running.iter_mut().all(ended) && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.running {
            // Nothing can be done about one that does not end even so.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Tells who started this process where it listens, and is told where the others do.
pub(crate) fn meet(own: &str, timeout: Duration) -> Result<Meeting, Failure> {
    super::super::output::print(&format!("{own}\n"))?;
    let told = line(io::stdin(), timeout)
        .and_then(|line| serde_json::from_str(&line).map_err(io::Error::other));
    told.map_err(|_| Failure::new("--local-number is for processes that --local-processes starts"))
}

/// A line of a process that may be stopped before it says anything.
fn line(from: impl Read + Send + 'static, timeout: Duration) -> io::Result<String> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(from.take(MAX_LINE)).read_line(&mut line);
        // Nobody waits any more when it is too late.
        let _ = tell.send(read.map(|_| line.trim_end().to_owned()));
    });
    let told = told.recv_timeout(timeout);
    told.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
}

/// 128 bits that nobody can guess: the standard library's keys for hash tables come from the system.
fn secret() -> String {
    let random = || std::hash::RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", random(), random())
}
