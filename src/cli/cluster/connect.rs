//! From addresses to connections.

use super::super::failure::Failure;
use super::hello::Hello;
use super::hosts::resolve;
use super::local;
use super::mesh::Connection;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing is tried after nobody answered.
const PAUSE: Duration = Duration::from_millis(20);

/// How long somebody who has connected may take to greet.
const GREETING: Duration = Duration::from_secs(5);

/// Connects a process to all others: to those before it, which wait for it, and then waits for those after it, unless one
/// is known to be gone.
pub(crate) fn connect(
    hello: &Hello,
    hosts: &[String],
    listener: &TcpListener,
    timeout: Duration,
    mut gone: impl FnMut() -> Option<usize>,
) -> Result<Vec<Connection>, Failure> {
    let until = Instant::now() + timeout;
    let mut connections = Vec::new();
    for (number, address) in hosts.iter().enumerate().take(hello.process) {
        let stream = reach(hello, number, address, until)
            .map_err(|why| nobody(number, address, timeout, &why))??;
        connections.push(Connection {
            number,
            address: address.clone(),
            stream,
        });
    }
    let failed = |error| Failure::new(format!("{}: {error}", hosts[hello.process]));
    listener.set_nonblocking(true).map_err(failed)?;
    while let Some(missing) = (0..hosts.len())
        .find(|&n| n != hello.process && connections.iter().all(|known| known.number != n))
    {
        match listener.accept() {
            Ok((stream, from)) => {
                let accepted = accept(hello, hosts, stream, &from.to_string())?;
                connections.extend(
                    accepted
                        .filter(|new| connections.iter().all(|known| known.number != new.number)),
                );
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if let Some(number) = gone() {
                    return Err(local::too_early(number));
                }
                if Instant::now() >= until {
                    let why = "it has not connected";
                    return Err(nobody(missing, &hosts[missing], timeout, why));
                }
                thread::sleep(PAUSE);
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(connections)
}

fn nobody(number: usize, address: &str, timeout: Duration, why: &str) -> Failure {
    Failure::unknown(format!(
        "process {number} at {address} was not there within {} seconds: {why}",
        timeout.as_secs()
    ))
    .help("start all processes, and let them wait longer with --connect-timeout")
}

/// Connects to a process, which may not be there yet. The outer error: it is not there in time.
fn reach(
    hello: &Hello,
    number: usize,
    address: &str,
    until: Instant,
) -> Result<Result<TcpStream, Failure>, String> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let connected = resolve(address).and_then(|at| {
            let limit = left.clamp(Duration::from_millis(1), Duration::from_secs(5));
            TcpStream::connect_timeout(&at, limit).map_err(|error| error.to_string())
        });
        let tried = connected.and_then(|mut stream| {
            let limit = left.max(Duration::from_millis(1));
            let other = hello.greet(&mut stream, limit);
            Ok((stream, other.map_err(|error| error.to_string())?))
        });
        match tried {
            Ok((stream, other)) => {
                return Ok(hello.check(&other, address).and_then(|()| {
                    match other.process == number {
                        true => Ok(stream),
                        false => Err(Failure::new(format!(
                            "{address} is process {}, and should be process {number}",
                            other.process
                        ))
                        .help("all processes need the same file of hosts, and a --process of their own")),
                    }
                }));
            }
            Err(why) if left.is_zero() => return Err(why),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

/// Greets who has connected. `None`: somebody who has nothing to do with the run.
fn accept(
    hello: &Hello,
    hosts: &[String],
    mut stream: TcpStream,
    from: &str,
) -> Result<Option<Connection>, Failure> {
    if stream.set_nonblocking(false).is_err() {
        return Ok(None);
    }
    let Ok(Some(other)) = hello.answer(&mut stream, GREETING) else {
        return Ok(None);
    };
    hello.check(&other, from)?;
    match hosts.get(other.process) {
        Some(address) if other.process > hello.process => Ok(Some(Connection {
            number: other.process,
            address: address.clone(),
            stream,
        })),
        _ => Err(Failure::new(format!(
            "{from} says that it is process {}, and so does another one or nobody should",
            other.process
        ))
        .help("every process needs a --process of its own")),
    }
}
