//! One run after the other, by the same nodes.

use super::message::{Garbled, Message};
use super::{Node, Progress, Seat, Spread};
use crate::explore::fast::Disagreement;
use crate::explore::fast::search::{Goal, Search};
use crate::explore::outcome::{Finding, Limits, Outcome, Watch};
use crate::explore::{Error, Method, caught};
use crate::property::{Monitored, PropertySet};
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// Whoever has the connections to the other processes.
pub trait Peers: Send {
    /// This process's number, from 0.
    fn number(&self) -> usize;

    /// How many processes there are, this one included: 2 to [`MOST_PROCESSES`](crate::explore::MOST_PROCESSES).
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

    /// The bytes that arrive next from this process, when nothing is expected of the others any more: whether
    /// these are still there makes no difference.
    ///
    /// # Errors
    ///
    /// [`Error::Peer`]: this process is gone, or has been silent for too long.
    fn receive_from(&mut self, process: usize) -> Result<Vec<u8>, Error>;
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
    /// Why there can be no more runs.
    broken: Option<Error>,
}

/// In the place of a run's number: there are no more runs.
const END: u32 = u32::MAX;

/// A run in which violations were found in so few states is repeated by process 0 alone, as far as they are: so that
/// counterexamples are those that one process shows.
const RETOLD: u64 = 1 << 20;

impl fmt::Debug for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, processes) = (self.peers.number(), self.peers.processes());
        write!(f, "process {number} of {processes}")
    }
}

impl Together {
    /// No run yet.
    pub fn new(peers: Box<dyn Peers>, spread: Spread) -> Together {
        Together {
            peers,
            spread,
            runs: 0,
            early: VecDeque::new(),
            bytes: 0,
            broken: None,
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
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
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
        let run = run.and_then(|outcome| match outcome {
            Some(outcome) => Ok(Some(caught(|| retold(model, method, outcome))??)),
            None => Ok(None),
        });
        if let Err(error) = &run {
            self.broken = Some(error.clone());
            self.tell_failure(seat, error);
        }
        run
    }

    /// As process 0: all is done, and this is the exit code. Returns how many bytes all processes have sent.
    ///
    /// # Errors
    ///
    /// [`Error::Peer`]: some process is lost.
    pub fn finish(&mut self, code: u8) -> Result<u64, Error> {
        let others = 1..self.peers.processes();
        let mut bytes = self.bytes;
        // Where a run has failed nobody waits for an end.
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        for _ in others.clone() {
            let (from, said) = self.peers.receive()?;
            let sent = said
                .split_first_chunk::<4>()
                .filter(|_| run_of(&said) == Some(END));
            let sent = sent.and_then(|(_, sent)| Some(u64::from_le_bytes(*sent.first_chunk()?)));
            bytes += sent.ok_or_else(|| of_peer(from, &Garbled("it is not done".to_owned())))?;
        }
        for to in others {
            let said = [END.to_le_bytes().as_slice(), &[code]].concat();
            self.peers.send(to, &said)?;
        }
        Ok(bytes)
    }

    /// As any other process: waits until process 0 is done. Returns its exit code.
    ///
    /// # Errors
    ///
    /// [`Error::Peer`]: some process is lost.
    pub fn await_end(&mut self) -> Result<u8, Error> {
        let said = [END.to_le_bytes().as_slice(), &self.bytes.to_le_bytes()].concat();
        self.peers.send(0, &said)?;
        // Others that have been told may be gone by now.
        let said = self.peers.receive_from(0)?;
        match (run_of(&said), said.get(4)) {
            (Some(END), Some(&code)) => Ok(code),
            _ => Err(of_peer(0, &Garbled("all runs are over".to_owned()))),
        }
    }

    /// Tells everybody why there is nothing to be expected any more. Who cannot be told finds out.
    fn tell_failure(&mut self, seat: Seat, error: &Error) {
        let failed = Message::Failed(error.to_string());
        for to in (0..seat.nodes).filter(|&to| to != seat.number) {
            let _ = self.send(to, &failed);
        }
    }

    fn send(&mut self, to: usize, message: &Message) -> Result<(), Error> {
        let frame = message.encode(self.runs.to_le_bytes().to_vec())?;
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

/// The outcome with the counterexamples that one process shows, where that is found out fast.
fn retold(model: &Monitored, method: &Method, outcome: Outcome) -> Result<Outcome, Disagreement> {
    let is_violated = |of: &&Finding| of.counterexample.is_some();
    let violated = outcome.findings.iter().filter(is_violated);
    let violated: PropertySet = violated.map(|of| of.property).collect();
    if violated == PropertySet::NONE || outcome.explored > RETOLD {
        return Ok(outcome);
    }
    let (limits, watch) = (Limits::default(), Arc::default());
    let goal = Goal::Violations(violated);
    let one = Search::new(model, method, &limits, &watch, goal).run()?;
    let mut retold = outcome;
    for finding in retold
        .findings
        .iter_mut()
        .filter(|of| violated.has(of.property))
    {
        let shown = one.finding(finding.property);
        let shown = shown.and_then(|of| of.counterexample.clone());
        let steps = |events: &Option<Vec<_>>| events.as_ref().map(Vec::len);
        let (ours, theirs) = (steps(&shown), steps(&finding.counterexample));
        if ours != theirs {
            let property = finding.property;
            let message = format!("{property} is violated in {theirs:?} steps, or in {ours:?}");
            return Err(Disagreement { message });
        }
        finding.counterexample = shown;
    }
    Ok(retold)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Process 0 has said how it ended, and everybody else is gone.
    struct Over(Vec<u8>);

    impl Peers for Over {
        fn number(&self) -> usize {
            1
        }

        fn processes(&self) -> usize {
            3
        }

        fn send(&mut self, to: usize, _: &[u8]) -> Result<(), Error> {
            assert_eq!(to, 0, "nobody else is told");
            Ok(())
        }

        fn receive(&mut self) -> Result<(usize, Vec<u8>), Error> {
            Err(Error::Peer("process 2 is lost".to_owned()))
        }

        fn receive_from(&mut self, process: usize) -> Result<Vec<u8>, Error> {
            assert_eq!(process, 0);
            Ok(self.0.clone())
        }
    }

    #[test]
    fn who_waits_for_the_end_does_not_care_who_has_been_told_first_and_is_gone() {
        let end = [END.to_le_bytes().as_slice(), &[3]].concat();
        let mut together = Together::new(Box::new(Over(end.clone())), Spread::Local);
        assert_eq!(together.await_end(), Ok(3));
        let cut = Over(end[..4].to_vec());
        let ended = Together::new(Box::new(cut), Spread::Local).await_end();
        assert!(matches!(ended, Err(Error::Peer(_))), "{ended:?}");
    }
}
