//! One run after the other, by the same nodes.

use super::message::{Garbled, Message};
use super::{Node, Progress, Seat, Spread};
use crate::explore::outcome::{Limits, Outcome, Watch};
use crate::explore::{Error, Method, caught};
use crate::property::Monitored;
use std::collections::VecDeque;
use std::sync::Arc;

/// Whoever has the connections to the other processes.
pub trait Peers: Send {
    /// This process's number, from 0.
    fn number(&self) -> usize;

    /// How many processes there are, this one included: 2 to [`MOST_PROCESSES`](Together::MOST_PROCESSES).
    fn processes(&self) -> usize;

    /// Sends bytes to another process. They arrive in the order in which they are sent, or never.
    ///
    /// # Errors
    ///
    /// [`Error::Peer`]: it cannot be reached any more.
    fn send(&mut self, to: usize, frame: &[u8]) -> Result<(), Error>;

    /// The bytes that arrive next, and who sent them.
    ///
    /// # Errors
    ///
    /// [`Error::Peer`]: another process is gone, or has been silent for too long.
    fn receive(&mut self) -> Result<(usize, Vec<u8>), Error>;
}

/// Runs of several processes together, one after the other. All of them ask for the same runs.
pub struct Together {
    peers: Box<dyn Peers>,
    spread: Spread,
    /// How many runs there have been.
    runs: u32,
    /// What belongs to the run after this one: a process may be done first.
    early: VecDeque<(usize, Vec<u8>)>,
    /// Bytes sent, by all runs.
    bytes: u64,
}

impl Together {
    /// The most processes of a run: each remembers something of each other one.
    pub const MOST_PROCESSES: usize = 64;

    /// No run yet.
    pub fn new(peers: Box<dyn Peers>, spread: Spread) -> Together {
        Together {
            peers,
            spread,
            runs: 0,
            early: VecDeque::new(),
            bytes: 0,
        }
    }

    /// This process's number: process 0 is told what all of them have found.
    pub fn number(&self) -> usize {
        self.peers.number()
    }

    /// Bytes that this process has sent so far.
    pub fn bytes_sent(&self) -> u64 {
        self.bytes
    }

    /// Explores every interleaving, as [`explore`](crate::explore::explore) does. `None`: this is not process 0.
    ///
    /// # Errors
    ///
    /// As of `explore`, in any of the processes; and [`Error::Peer`] if one of them is lost. Nothing is known of the run
    /// then, and there can be none after it.
    pub fn explore(
        &mut self,
        model: &Monitored,
        method: &Method,
        limits: &Limits,
        watch: &Arc<Watch>,
    ) -> Result<Option<Outcome>, Error> {
        self.runs += 1;
        let seat = Seat {
            number: self.peers.number(),
            nodes: self.peers.processes(),
            spread: self.spread,
        };
        let run = caught(|| {
            let mut node = Node::new(model, method, limits, watch, seat);
            loop {
                let progress = node.advance()?;
                for (to, message) in node.outbox() {
                    self.send(to, &message)?;
                }
                match progress {
                    Progress::Ended(outcome) => return Ok(outcome),
                    Progress::Waiting => {
                        let (from, message) = self.receive()?;
                        node.deliver(from, message)?;
                    }
                }
            }
        });
        let run = run.and_then(|ended| ended);
        if let Err(error) = &run {
            self.tell_failure(seat, error);
        }
        run
    }

    /// Tells everybody why there is nothing to be expected any more. Who cannot be told finds out.
    fn tell_failure(&mut self, seat: Seat, error: &Error) {
        let failed = Message::Failed(error.to_string());
        for to in (0..seat.nodes).filter(|&to| to != seat.number) {
            let _ = self.send(to, &failed);
        }
    }

    fn send(&mut self, to: usize, message: &Message) -> Result<(), Error> {
        let mut frame = self.runs.to_le_bytes().to_vec();
        frame.extend(message.encode()?);
        self.bytes += frame.len() as u64;
        self.peers.send(to, &frame)
    }

    /// What arrives next in this run.
    fn receive(&mut self) -> Result<(usize, Message), Error> {
        let is_due = |frame: &[u8]| run_of(frame).is_some_and(|run| run <= self.runs);
        let due = self.early.iter().position(|(_, frame)| is_due(frame));
        if let Some((from, frame)) = due.and_then(|at| self.early.remove(at)) {
            return self.read(from, &frame);
        }
        loop {
            let (from, frame) = self.peers.receive()?;
            if run_of(&frame).is_some_and(|run| run == self.runs + 1) {
                self.early.push_back((from, frame));
                continue;
            }
            return self.read(from, &frame);
        }
    }

    fn read(&self, from: usize, frame: &[u8]) -> Result<(usize, Message), Error> {
        match frame.split_first_chunk::<4>() {
            Some((run, rest)) if u32::from_le_bytes(*run) == self.runs => {
                let message = Message::decode(rest);
                let message = message.map_err(|garbled| of_peer(from, &garbled))?;
                Ok((from, message))
            }
            Some(_) | None => {
                let garbled = Garbled("it belongs to another run".to_owned());
                Err(of_peer(from, &garbled))
            }
        }
    }
}

fn run_of(frame: &[u8]) -> Option<u32> {
    let (run, _) = frame.split_first_chunk::<4>()?;
    Some(u32::from_le_bytes(*run))
}

fn of_peer(from: usize, garbled: &Garbled) -> Error {
    Error::Peer(format!("process {from}: {garbled}"))
}

impl From<Garbled> for Error {
    fn from(garbled: Garbled) -> Error {
        Error::Peer(garbled.to_string())
    }
}
