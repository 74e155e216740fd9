//! Connections between all processes of a run.
//!
//! Plain TCP, one connection for each pair. A thread for each connection reads whatever arrives, so that nobody who
//! writes waits for somebody who writes, too. What is on its way is bounded by the beat that nodes keep. Every process
//! says that it is there, whatever else it does: who says nothing for a while is lost, be it that its machine
//! has no power or that somebody has stopped the process, whose system goes on to acknowledge what arrives.

use crate::explore::{Error, Peers};
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How often a process says that it is there.
const BEAT: Duration = Duration::from_secs(1);

/// How long another one may say nothing, or take nothing.
pub(crate) const SILENCE: Duration = Duration::from_secs(15);

/// The longest frame in bytes: many times what a round can be.
const MAX_FRAME: u32 = 1 << 30;

/// Says that the sender is there.
const ALIVE: u32 = u32::MAX;

/// Another process.
pub(crate) struct Connection {
    pub number: usize,
    pub address: String,
    /// The connection, after both sides have said who they are.
    pub stream: TcpStream,
}

/// What a thread has read, or why it reads nothing more.
type Arrived = (usize, Result<Vec<u8>, String>);

/// All connections of a process.
pub(crate) struct Mesh {
    number: usize,
    names: Vec<String>,
    writers: Vec<Option<Arc<Mutex<TcpStream>>>>,
    arrived: Receiver<Arrived>,
}

impl Mesh {
    /// Starts to read from all connections, which are those to every other process.
    pub(crate) fn new(
        number: usize,
        own: String,
        connections: Vec<Connection>,
    ) -> io::Result<Mesh> {
        let mut names = vec![own; connections.len() + 1];
        let mut writers: Vec<_> = names.iter().map(|_| None).collect();
        let (tell, arrived) = channel();
        for connection in connections {
            let Connection {
                number: from,
                address,
                stream,
            } = connection;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(SILENCE))?;
            stream.set_write_timeout(Some(SILENCE))?;
            let (reader, tell) = (stream.try_clone()?, tell.clone());
            thread::spawn(move || read(from, reader, &tell));
            names[from] = address;
            writers[from] = Some(Arc::new(Mutex::new(stream)));
        }
        // One each: whoever takes nothing keeps nobody else from being told.
        for writer in writers.iter().flatten() {
            let writer = Arc::clone(writer);
            thread::spawn(move || beat(&writer));
        }
        Ok(Mesh {
            number,
            names,
            writers,
            arrived,
        })
    }

    fn lost(&self, process: usize, why: &str) -> Error {
        let address = &self.names[process];
        Error::Peer(format!("process {process} at {address} is lost: {why}"))
    }
}

impl Peers for Mesh {
    fn number(&self) -> usize {
        self.number
    }

    fn processes(&self) -> usize {
        self.names.len()
    }

    fn send(&mut self, to: usize, frame: &[u8]) -> Result<(), Error> {
        let Some(writer) = &self.writers[to] else {
            return Ok(());
        };
        let length = u32::try_from(frame.len()).ok();
        let Some(length) = length.filter(|&length| length <= MAX_FRAME) else {
            let message = format!("{} bytes are too many for one message", frame.len());
            return Err(Error::Peer(message));
        };
        let mut stream = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = stream.write_all(&length.to_le_bytes());
        let sent = sent.and_then(|()| stream.write_all(frame));
        drop(stream);
        sent.map_err(|error| self.lost(to, &in_words(&error)))
    }

    fn receive(&mut self) -> Result<(usize, Vec<u8>), Error> {
        match self.arrived.recv() {
            Ok((from, Ok(frame))) => Ok((from, frame)),
            Ok((from, Err(why))) => Err(self.lost(from, &why)),
            // Every thread says why it ends.
            Err(_) => Err(Error::Peer("every connection is lost".to_owned())),
        }
    }

    fn receive_from(&mut self, process: usize) -> Result<Vec<u8>, Error> {
        let of_process = self.arrived.iter().find(|(from, _)| *from == process);
        let why = match of_process {
            Some((_, Ok(frame))) => return Ok(frame),
            Some((_, Err(why))) => why,
            None => "it has closed the connection".to_owned(),
        };
        Err(self.lost(process, &why))
    }
}

/// Reads frames until there are no more.
fn read(from: usize, stream: TcpStream, tell: &Sender<Arrived>) {
    let mut stream = BufReader::with_capacity(1 << 16, stream);
    loop {
        let frame = match frame(&mut stream) {
            Ok(None) => continue,
            Ok(Some(frame)) => Ok(frame),
            Err(error) => Err(in_words(&error)),
        };
        let is_last = frame.is_err();
        // Nobody listens any more when the program ends.
        if tell.send((from, frame)).is_err() || is_last {
            return;
        }
    }
}

/// The next frame; `None`: the other side is there.
fn frame(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    match u32::from_le_bytes(length) {
        ALIVE => Ok(None),
        length if length > MAX_FRAME => Err(io::Error::other("it sends something else")),
        length => {
            // No memory for what does not arrive.
            let mut frame = Vec::new();
            stream.take(length.into()).read_to_end(&mut frame)?;
            match frame.len() == length as usize {
                true => Ok(Some(frame)),
                false => Err(ErrorKind::UnexpectedEof.into()),
            }
        }
    }
}

/// Says every now and then that this process is there, until a connection is lost.
fn beat(writer: &Mutex<TcpStream>) {
    loop {
        thread::sleep(BEAT);
        // Who is writing says more than that.
        let Ok(mut stream) = writer.try_lock() else {
            continue;
        };
        if stream.write_all(&ALIVE.to_le_bytes()).is_err() {
            // Whoever reads from it finds out why.
            return;
        }
    }
}

/// Why a connection is of no use any more.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            format!("it has been silent for {} seconds", SILENCE.as_secs())
        }
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => "it has closed the connection".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// The mesh of process 1, and the other ends of its connections to 0 and 2.
    fn mesh() -> (Mesh, [TcpStream; 2]) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut connections = Vec::new();
        let others = [0, 2].map(|number| {
            let stream = TcpStream::connect(address).expect("a connection");
            connections.push(Connection {
                number,
                address: format!("host{number}:7000"),
                stream,
            });
            listener.accept().expect("the same").0
        });
        let mesh = Mesh::new(1, "host1:7000".to_owned(), connections);
        (mesh.expect("a mesh"), others)
    }

    #[test]
    fn whoever_is_gone_is_lost_unless_only_another_one_is_listened_to() {
        let (mut mesh, [_zero, two]) = mesh();
        drop(two);
        let lost = mesh.receive().expect_err("process 2 is gone").to_string();
        assert!(lost.contains("process 2 at host2:7000 is lost"), "{lost}");
        let (mut mesh, [mut zero, two]) = super::tests::mesh();
        drop(two);
        zero.write_all(&[1, 0, 0, 0, 7]).expect("a frame");
        assert_eq!(mesh.receive_from(0), Ok(vec![7]));
        drop(zero);
        let lost = mesh
            .receive_from(0)
            .expect_err("process 0 is gone")
            .to_string();
        assert!(lost.contains("process 0 at host0:7000 is lost"), "{lost}");
    }
}
