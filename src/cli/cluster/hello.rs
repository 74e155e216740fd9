//! What two processes tell each other before anything else: that they are of the same run.

use super::super::failure::Failure;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Changes with whatever processes say to each other.
const PROTOCOL: u32 = 4;

/// The longest greeting in bytes.
const MAX_BYTES: usize = 1 << 16;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// [`PROTOCOL`]. First, so that it can be told of any other version.
    pub protocol: u32,
    pub process: usize,
    /// Processes of one machine know it from who started them; else empty. Never in an answer.
    #[serde(default)]
    pub secret: String,
    /// What has to be the same, by name.
    pub same: Vec<(String, String)>,
}

impl Hello {
    /// The greeting of a process, with what has to be the same beside what is the same in every run of this program.
    pub(crate) fn new(process: usize, processes: usize, run: Vec<(String, String)>) -> Hello {
        let kind = format!(
            "{} bits, {}-endian",
            usize::BITS,
            if cfg!(target_endian = "big") {
                "big"
            } else {
                "little"
            }
        );
        let mut same = vec![
            (
                "the version of freshest".to_owned(),
                env!("CARGO_PKG_VERSION").to_owned(),
            ),
            ("the kind of machine".to_owned(), kind),
            ("the number of processes".to_owned(), processes.to_string()),
        ];
        same.extend(run);
        Hello {
            protocol: PROTOCOL,
            process,
            secret: String::new(),
            same,
        }
    }

    /// Greets a process that waits for it, and reads its greeting.
    pub(crate) fn greet(&self, stream: &mut TcpStream, limit: Duration) -> io::Result<Hello> {
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        write(stream, self)?;
        read(stream)
    }

    /// Answers a process that greets, if it knows the secret; else it is a stranger, who is told nothing.
    pub(crate) fn answer(
        &self,
        stream: &mut TcpStream,
        limit: Duration,
    ) -> io::Result<Option<Hello>> {
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        let other = read(stream)?;
        if other.secret != self.secret {
            return Ok(None);
        }
        let answer = Hello {
            secret: String::new(),
            ..self.clone()
        };
        write(stream, &answer)?;
        Ok(Some(other))
    }

    /// Fails if the other process is not of the same run, and says what differs.
    pub(crate) fn check(&self, other: &Hello, address: &str) -> Result<(), Failure> {
        let (one, two) = (self.process, other.process);
        if self.protocol != other.protocol {
            return Err(Failure::new(format!(
                "process {two} at {address} speaks version {} of the protocol, process {one} version {}",
                other.protocol, self.protocol
            ))
            .help("run the same version of freshest everywhere"));
        }
        for (what, own) in &self.same {
            let theirs = other.same.iter().find(|(name, _)| name == what);
            let theirs = theirs.map_or("none", |(_, theirs)| theirs.as_str());
            if own != theirs {
                return Err(Failure::new(format!(
                    "process {one} and process {two} at {address} are not of the same run: {what} \
                     differs, {own} here and {theirs} there"
                ))
                .help("all processes need the same program, models and arguments"));
            }
        }
        Ok(())
    }
}

fn write(stream: &mut TcpStream, hello: &Hello) -> io::Result<()> {
    let text = serde_json::to_vec(hello).map_err(io::Error::other)?;
    stream.write_all(&(text.len() as u32).to_le_bytes())?;
    stream.write_all(&text)
}

fn read(stream: &mut TcpStream) -> io::Result<Hello> {
    let stranger = || io::Error::other("it is no freshest");
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_BYTES {
        return Err(stranger());
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text)?;
    serde_json::from_slice(&text).map_err(|_| stranger())
}
