//! One run by several nodes, each of which has a part of the vectors.
//!
//! A node is what this engine is everywhere else, with two things more: successors that belong to
//! another node ([`owner`]) are sent there instead of being looked up, and what arrives is translated
//! into the node's own ids, brought into the form in which it stores vectors, and looked up like its
//! own successors. Nodes keep one beat ([`Round`]): they expand a level in slices, and take what came of a
//! slice everywhere, in the order of the nodes, before they expand the slice after the next. So what is
//! on its way is bounded, all of them decide alike when a level or the run is over, and a run of so many
//! nodes is the same every time.
//!
//! A node knows nothing of connections: it is told what arrives and says what is to be sent.

mod arrivals;
mod conclusion;
mod definition;
mod message;
mod owner;
mod peer;
mod run;
mod sharing;
#[cfg(test)]
mod simulation;
mod sleepers;
mod slice;
mod stable;

pub use owner::Spread;
pub use run::{Peers, Together};

pub(super) use owner::Owners;
pub(super) use stable::stable;

use super::encoded::{MAX_STORED, StateId};
use super::search::{Goal, Search};
use super::sleep::Rule;
use crate::explore::outcome::{Bound, Limits, Outcome, Shares, Watch};
use crate::explore::{Error, Method};
use crate::property::{Monitored, PropertySet};
use arrivals::Arrival;
use conclusion::Conclusion;
use message::{Message, Round, Rows};
use peer::Peer;
use sharing::Elsewhere;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

/// Vectors of a level that are expanded before others are told what came of them.
const SLICE: usize = 1 << 15;

/// More vectors than arrive between a bound and the end of the run.
const MAY_ARRIVE: usize = 1 << 24;

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    /// Its number, from 0.
    pub(super) number: usize,
    /// How many there are.
    pub(super) nodes: usize,
    pub(super) spread: Spread,
}

/// What a node can say of itself.
#[derive(Debug)]
pub(super) enum Progress {
    /// It needs to hear from others.
    Waiting,
    /// It is done; node 0 with what all of them found.
    Ended(Option<Outcome>),
}

pub(super) struct Node<'m> {
    search: Search<'m>,
    seat: Seat,
    /// The first vector: its node, and its number there.
    root: (usize, StateId),
    owners: Owners,
    peers: Vec<Peer>,
    /// Of each vector the node that it was found by: that is where its parent is.
    origins: Vec<u16>,
    /// Where each level begins among this node's vectors.
    levels: Vec<usize>,
    /// What several threads found for others.
    found_for_others: Vec<Mutex<Elsewhere>>,
    /// What arrived last; kept for the memory.
    arrivals: Vec<Arrival>,
    /// Where the level under way ends among them.
    end: usize,
    /// The next one to be expanded.
    next: usize,
    slice: usize,
    max_states: Option<u64>,
    /// States counted by others.
    elsewhere: u64,
    /// Vectors that each node has stored, up to the level under way.
    stored: Vec<u64>,
    /// Vectors of that level, on all nodes.
    size: u64,
    /// What some node has seen violated.
    violated: PropertySet,
    /// Rounds of the level that this node has sent, and that it has taken from all.
    sent: u32,
    taken: u32,
    level_is_over: bool,
    run_is_over: bool,
    /// Node 0 has not come to these.
    early: Vec<Option<Box<message::Report>>>,
    has_reported: bool,
    conclusion: Option<Conclusion>,
    /// What is to be sent, to whom.
    outbox: Vec<(usize, Message)>,
    /// What arrives is taken at once, whatever level it belongs to: what must not be done.
    #[cfg(test)]
    takes_early: bool,
}

impl<'m> Node<'m> {
    /// Knows the first vector, if it owns that.
    pub(super) fn new(
        model: &'m Monitored,
        method: &Method,
        limits: &Limits,
        watch: &Arc<Watch>,
        seat: Seat,
    ) -> Node<'m> {
        // Of all nodes together, which is more than one search can know.
        let own_limits = Limits {
            max_states: None,
            ..*limits
        };
        let mut search = Search::new(model, method, &own_limits, watch, Goal::Everything);
        search.store.asleep.rule = Rule::ByLabel;
        let mut owners = Owners::new(&search.packed, seat.nodes, seat.spread);
        let start = search.packed.encode(&model.start());
        let start = search.packed.ask(|packed| packed.canonical(&start));
        owners.extend(&search.packed);
        let owner = owners.owner(&search.packed, |column| start[column]);
        if owner == seat.number {
            search.begin();
        }
        let stored = search.store.arena.len();
        Node {
            peers: (0..seat.nodes)
                .map(|_| Peer::new(search.packed.plan))
                .collect(),
            search,
            seat,
            root: (owner, 0),
            owners,
            origins: vec![seat.number as u16; stored],
            levels: vec![0],
            found_for_others: Vec::new(),
            arrivals: Vec::new(),
            end: stored,
            next: 0,
            slice: SLICE,
            max_states: limits.max_states,
            elsewhere: 0,
            stored: vec![0; seat.nodes],
            size: 0,
            violated: PropertySet::NONE,
            sent: 0,
            taken: 0,
            level_is_over: false,
            run_is_over: false,
            early: (0..seat.nodes).map(|_| None).collect(),
            has_reported: false,
            conclusion: None,
            outbox: Vec::new(),
            #[cfg(test)]
            takes_early: false,
        }
    }

    /// Goes on until it needs to hear from others.
    pub(super) fn advance(&mut self) -> Result<Progress, Error> {
        while self.conclusion.is_none() {
            if !self.level_is_over && self.sent <= self.taken + 1 {
                self.send_round()?;
            } else if !self.take_round()? {
                return Ok(Progress::Waiting);
            }
            if self.level_is_over && self.taken == self.sent {
                self.end_level();
            }
        }
        self.conclude()
    }

    /// Takes what is to be sent, to whom.
    pub(super) fn outbox(&mut self) -> Vec<(usize, Message)> {
        std::mem::take(&mut self.outbox)
    }

    /// Is told something by another node. What belongs to a slice that this one has not come to waits: a
    /// node that learns first that a level is over is ahead of the others.
    pub(super) fn deliver(&mut self, from: usize, message: Message) -> Result<(), Error> {
        match message {
            Message::Round(round) => {
                let peer = &mut self.peers[from];
                if round.sequence != peer.rounds[1] {
                    let expected = peer.rounds[1];
                    return Err(Error::Peer(format!(
                        "round {} of process {from} arrived where round {expected} has to",
                        round.sequence
                    )));
                }
                peer.rounds[1] += 1;
                peer.waiting.push_back(round);
                #[cfg(test)]
                self.take_early(from)?;
                Ok(())
            }
            message => self.hear(from, message),
        }
    }

    /// The number of the level under way.
    fn level(&self) -> u32 {
        self.levels.len() as u32 - 1
    }

    /// Expands a slice of the level, and tells everybody what came of it.
    fn send_round(&mut self) -> Result<(), Error> {
        let bound = self.expand_slice()?;
        let has_more = bound.is_none() && self.next < self.end;
        for to in 0..self.seat.nodes {
            let size = self.end - self.levels[self.levels.len() - 1];
            let (level, number) = (self.level(), self.sent);
            let peer = &mut self.peers[to];
            let round = Round {
                level,
                number,
                sequence: peer.rounds[0],
                size: size as u64,
                has_more,
                states: self.search.tally.states,
                violated: self.search.tally.violated.properties,
                bound,
                rows: peer.take_outgoing(&self.search.packed.independence),
            };
            peer.rounds[0] += 1;
            match to == self.seat.number {
                true => peer.waiting.push_back(round),
                false => self.outbox.push((to, Message::Round(round))),
            }
        }
        self.sent += 1;
        Ok(())
    }

    /// Takes what all nodes say about the next round, if all have said it, in the order of their numbers.
    fn take_round(&mut self) -> Result<bool, Error> {
        if self.peers.iter().any(|peer| peer.waiting.is_empty()) {
            return Ok(false);
        }
        let (mut size, mut states, mut has_more, mut bound) = (0, 0, false, None);
        for from in 0..self.seat.nodes {
            let Some(mut round) = self.peers[from].waiting.pop_front() else {
                return Ok(false);
            };
            if (round.level, round.number) != (self.level(), self.taken) {
                return Err(Error::Peer(format!(
                    "process {from} is in round {} of level {}, this one in {} of {}",
                    round.number,
                    round.level,
                    self.taken,
                    self.level()
                )));
            }
            size += round.size;
            if round.number == 0 {
                self.stored[from] += round.size;
            }
            states += round.states;
            has_more |= round.has_more;
            self.violated = self.violated.or(round.violated);
            bound = bound.or(round.bound);
            self.take_rows(from, &mut round.rows)?;
            if from == self.seat.number {
                states -= round.states;
            }
        }
        if self.taken == 0 {
            self.begin_level(size, states + self.search.tally.states);
        }
        if self.seat.number == 0 {
            let watch = &self.search.watch;
            watch.found(states.saturating_sub(self.elsewhere));
            watch.shared(self.shares());
        }
        self.elsewhere = states;
        // Nodes may have met different bounds: all of them name the same one.
        if bound.is_some() && !self.run_is_over {
            self.search.bound = bound;
            self.run_is_over = true;
        }
        self.level_is_over |= !has_more || self.run_is_over;
        self.taken += 1;
        Ok(true)
    }

    fn shares(&self) -> Shares {
        let stored = || self.stored.iter().copied();
        Shares {
            processes: self.seat.nodes,
            least: stored().min().unwrap_or(0),
            most: stored().max().unwrap_or(0),
            all: stored().sum(),
        }
    }

    /// All nodes together have so many vectors of a level, and have counted so many states. No vectors:
    /// there is nothing left, and a bound of time, say, that somebody has met meanwhile kept nothing from
    /// being explored.
    fn begin_level(&mut self, size: u64, states: u64) {
        self.size = size;
        if size == 0 {
            self.run_is_over = true;
            let too_many = self.max_states.filter(|&max| states > max);
            self.search.bound = too_many.map(Bound::States);
        } else {
            self.search.depth = self.level();
            self.search.watch.reached(self.level());
        }
    }

    fn end_level(&mut self) {
        if self.run_is_over {
            self.search.store.tidy();
            self.conclusion = Some(Conclusion::new(self.seat.nodes));
            return;
        }
        let stored = self.stored.iter().sum();
        self.search.settle(self.violated, self.size, stored);
        self.levels.push(self.end);
        self.next = self.end;
        self.end = self.search.store.arena.len();
        self.search.begin_level(self.next);
        self.sent = 0;
        self.taken = 0;
        self.level_is_over = false;
    }

    /// Looks up vectors that another node has found.
    fn take_rows(&mut self, from: usize, rows: &mut Rows) -> Result<(), Error> {
        if rows.len() == 0 {
            return Ok(());
        }
        self.peers[from].rows[1] += rows.len() as u64;
        let watch = Arc::clone(&self.search.watch);
        let helpers = watch.helpers(self.search.pace.helpers(rows.len()));
        let threads = helpers.map_or(NonZeroUsize::MIN, |helpers| helpers.threads());
        let Node {
            search,
            peers,
            arrivals,
            ..
        } = self;
        arrivals::take(search, &mut peers[from], rows, arrivals, threads)?;
        self.note_origins(from);
        if self.search.store.arena.len() + MAY_ARRIVE >= MAX_STORED {
            self.search.bound = Some(Bound::Stored(MAX_STORED as u64));
        }
        Ok(())
    }

    #[cfg(test)]
    fn take_early(&mut self, from: usize) -> Result<(), Error> {
        if !self.takes_early {
            return Ok(());
        }
        let newest = self.peers[from].waiting.back_mut();
        let mut rows = newest.map(|round| std::mem::take(&mut round.rows));
        rows.iter_mut()
            .try_for_each(|rows| self.take_rows(from, rows))
    }
}
