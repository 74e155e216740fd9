//! Where the processes of a run are.

use super::super::failure::Failure;
use crate::explore::MOST_PROCESSES;
use crate::source::cut;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::Path;

/// The longest file, in bytes.
const MAX_BYTES: u64 = 1 << 16;

/// The addresses in a file, one `HOST:PORT` a line, in the order of the processes. Empty lines, and what follows a `#`,
/// do not count.
pub(crate) fn read(path: &Path) -> Result<Vec<String>, Failure> {
    let text = super::super::file::read_up_to(path, MAX_BYTES)?;
    let mut hosts: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let failure = |what: &str| {
            let (path, line) = (path.display(), cut(line, 80));
            Failure::new(format!("{path}:{number}: `{line}` {what}")).help(
                "write one HOST:PORT a line, as other hosts reach it: node1:7000, or 10.0.0.7:7000",
            )
        };
        let port = line.rsplit_once(':').and_then(|(host, port)| {
            let port: Option<u16> = port.parse().ok().filter(|&port| port > 0);
            port.filter(|_| !host.is_empty())
        });
        if port.is_none() {
            return Err(failure("is no HOST:PORT"));
        }
        if line
            .parse()
            .is_ok_and(|address: SocketAddr| address.ip().is_unspecified())
        {
            return Err(failure("means every network there is; name the one"));
        }
        if hosts.iter().any(|host| host == line) {
            return Err(failure("is there twice"));
        }
        hosts.push(line.to_owned());
    }
    match hosts.len() {
        2..=MOST_PROCESSES => Ok(hosts),
        count => Err(Failure::new(format!(
            "{}: {count} hosts, but a run has 2 to {} processes",
            path.display(),
            MOST_PROCESSES
        ))),
    }
}

/// The address of a host, as far as it is known by now.
pub(crate) fn resolve(host: &str) -> Result<SocketAddr, String> {
    let mut addresses = host.to_socket_addrs().map_err(|error| error.to_string())?;
    let address = addresses.next().ok_or("it has no address")?;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Err("it means every network".to_owned()),
        IpAddr::V6(ip) if ip.is_unspecified() => Err("it means every network".to_owned()),
        _ => Ok(address),
    }
}
