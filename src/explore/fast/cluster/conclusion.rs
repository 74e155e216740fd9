//! What all nodes together have found, put together by node 0.

use super::super::Disagreement;
use super::super::encoded::StateId;
use super::super::layout::Columns;
use super::super::sleep::Independence;
use super::arrivals::{self, Arrival};
use super::message::{Answer, Message, Report, Rows, Sighting};
use super::{Node, Progress};
use crate::explore::Error;
use crate::explore::outcome::Outcome;
use crate::freshness::Unreliable;
use crate::model::Event;
use crate::property::{Property, PropertySet};

/// How far node 0 has got with that.
pub(super) struct Conclusion {
    /// What each node has found.
    reports: Vec<Option<Box<Report>>>,
    /// The shortest counterexamples that have been walked, in the order of all properties.
    traces: Vec<Option<Vec<Event>>>,
    /// The one that is being walked.
    walk: Option<Walk>,
    /// The vector that was asked for last, when it has arrived.
    answer: Option<Answered>,
    /// Somebody is asked.
    is_asked: bool,
    /// Node 0 has said so.
    is_over: bool,
}

/// From a violation back to the first vector.
struct Walk {
    property: Property,
    /// The vector that comes next: its node, and its number there.
    at: (usize, StateId),
    /// It is not on the way: the step that violates the property leads to it.
    is_left_out: bool,
    /// The vectors so far, the last one first.
    way: Vec<Columns>,
}

/// A vector of some node's, in this node's ids.
struct Answered {
    columns: Columns,
    parent: (usize, StateId),
}

impl Conclusion {
    pub(super) fn new(nodes: usize) -> Conclusion {
        Conclusion {
            reports: (0..nodes).map(|_| None).collect(),
            traces: Vec::new(),
            walk: None,
            answer: None,
            is_asked: false,
            is_over: false,
        }
    }
}

/// A node said something that has no place where it said it.
fn out_of_turn(from: usize, said: &Message) -> Error {
    let what = match said {
        Message::Round(_) => "a round",
        Message::Report(_) => "a report",
        Message::Ask(_) => "a question",
        Message::Answer(_) => "an answer",
        Message::Done => "the end",
        Message::Failed(_) => "a failure",
    };
    Error::Peer(format!("process {from} sent {what} out of turn"))
}

impl Node<'_> {
    /// Is told something that is no round.
    pub(super) fn hear(&mut self, from: usize, message: Message) -> Result<(), Error> {
        let is_first = self.seat.number == 0;
        match message {
            Message::Failed(why) => Err(Error::Peer(format!("process {from} failed: {why}"))),
            Message::Ask(id) if from == 0 && (id as usize) < self.search.store.arena.len() => {
                let answer = self.answer(id);
                self.outbox.push((from, Message::Answer(answer)));
                Ok(())
            }
            // A node may be done a little before node 0 is.
            Message::Report(report) if is_first => self.hear_report(from, report),
            Message::Answer(answer) if is_first => self.hear_answer(from, answer),
            Message::Done if from == 0 => match &mut self.conclusion {
                Some(conclusion) => {
                    conclusion.is_over = true;
                    Ok(())
                }
                None => Err(out_of_turn(from, &Message::Done)),
            },
            message => Err(out_of_turn(from, &message)),
        }
    }

    fn hear_report(&mut self, from: usize, report: Box<Report>) -> Result<(), Error> {
        let lengths = [report.sent.len(), report.received.len()];
        let properties = self.search.model.properties().iter().count();
        let fits = lengths == [self.seat.nodes; 2] && report.violated.len() == properties;
        let early = self.early.get_mut(from).filter(|early| early.is_none());
        match early {
            Some(early) if fits => {
                *early = Some(report);
                Ok(())
            }
            Some(_) | None => Err(out_of_turn(from, &Message::Report(report))),
        }
    }

    fn hear_answer(&mut self, from: usize, mut answer: Answer) -> Result<(), Error> {
        let Node { search, peers, .. } = self;
        let columns = arrivals::first(&mut search.packed, &mut peers[from], &mut answer.row)?;
        let parent = answer.parent;
        let found = columns.map(|columns| Answered { columns, parent });
        match &mut self.conclusion {
            Some(conclusion) if conclusion.is_asked => {
                conclusion.is_asked = false;
                conclusion.answer = found;
                Ok(())
            }
            Some(_) | None => Err(out_of_turn(from, &Message::Answer(answer))),
        }
    }

    /// A vector of this node's, for node 0.
    fn answer(&mut self, id: StateId) -> Answer {
        let (arena, packed) = (&self.search.store.arena, &self.search.packed);
        // It fits: it has been stored, and columns only get wider.
        let words = arena.layout().pack(&arena.columns(id)).unwrap_or_default();
        let words = &words[..arena.layout().words()];
        let peer = &mut self.peers[0];
        peer.push(packed, arena, words, id, 0);
        Answer {
            row: peer.take_unexplored(&packed.independence),
            parent: self.parent(id),
        }
    }

    /// The vector that one of this node's was found from.
    fn parent(&self, id: StateId) -> (usize, StateId) {
        let origin = usize::from(self.origins[id as usize]);
        (origin, self.search.store.arena.parent(id))
    }

    /// Says what this node has found or, as node 0, puts together what all have.
    pub(super) fn conclude(&mut self) -> Result<Progress, Error> {
        if !self.has_reported {
            self.has_reported = true;
            let report = Box::new(self.report());
            match self.seat.number {
                0 => self.early[0] = Some(report),
                _ => self.outbox.push((0, Message::Report(report))),
            }
        }
        let Some(mut conclusion) = self.conclusion.take() else {
            return Ok(Progress::Waiting);
        };
        let progress = match self.seat.number {
            0 => self.put_together(&mut conclusion),
            _ if conclusion.is_over => Ok(Progress::Ended(None)),
            _ => Ok(Progress::Waiting),
        };
        self.conclusion = Some(conclusion);
        progress
    }

    fn report(&mut self) -> Report {
        let tally = &self.search.tally;
        let sighting = |property| {
            let discovery = tally.violated.first(property)?;
            let level = self
                .levels
                .partition_point(|&begin| begin <= discovery.id as usize)
                - 1;
            let starts = discovery.event.is_some();
            Some(Sighting {
                steps: level as u32 + u32::from(starts),
                id: discovery.id,
                starts,
            })
        };
        let peers = self.peers.iter();
        let unreliable = self.search.model.rules().check().err();
        Report {
            states: tally.states,
            transitions: tally.transitions,
            stored: self.search.store.arena.len() as u64,
            memory: self.bytes(),
            rows: self.search.packed.locals.rows,
            most_under_way: tally.most_under_way,
            witnessed: tally.witnessed.properties,
            violated: self
                .search
                .model
                .properties()
                .iter()
                .map(sighting)
                .collect(),
            sent: peers.clone().map(|peer| peer.rows[0]).collect(),
            received: peers.map(|peer| peer.rows[1]).collect(),
            unreliable: unreliable.map(|why| why.message),
        }
    }

    /// Memory in bytes, about.
    fn bytes(&self) -> u64 {
        let peers: u64 = self.peers.iter().map(|peer| peer.bytes()).sum();
        let found = self.found_for_others.iter();
        let found = found.map(|of| of.lock().map_or(0, |of| of.bytes()));
        let arrived = self.arrivals.iter().map(Arrival::bytes);
        let under_way = found.sum::<u64>() + arrived.sum::<u64>();
        self.search.bytes() + peers + under_way + 2 * self.origins.capacity() as u64
    }

    /// Goes on with the conclusion until somebody has to be asked.
    fn put_together(&mut self, conclusion: &mut Conclusion) -> Result<Progress, Error> {
        for (report, early) in conclusion.reports.iter_mut().zip(&mut self.early) {
            *report = report.take().or_else(|| early.take());
        }
        let reports: Option<Vec<&Report>> =
            conclusion.reports.iter().map(|of| of.as_deref()).collect();
        let Some(reports) = reports else {
            return Ok(Progress::Waiting);
        };
        check(&reports)?;
        let judged: Vec<Property> = self.search.model.properties().iter().collect();
        let first: Vec<Option<(Sighting, usize)>> = (0..judged.len())
            .map(|index| shortest(&reports, index))
            .collect();
        while let Some(&property) = judged.get(conclusion.traces.len()) {
            let Some((sighting, node)) = first[conclusion.traces.len()] else {
                conclusion.traces.push(None);
                continue;
            };
            let walk = conclusion.walk.get_or_insert(Walk {
                property,
                at: (node, sighting.id),
                is_left_out: !sighting.starts,
                way: Vec::new(),
            });
            let asked = &mut conclusion.is_asked;
            if !self.walk(walk, &mut conclusion.answer, asked) {
                return Ok(Progress::Waiting);
            }
            let trace = self.walked_along(walk, sighting)?;
            conclusion.walk = None;
            conclusion.traces.push(Some(trace));
        }
        let traces = std::mem::take(&mut conclusion.traces);
        let outcome = self.outcome(&reports, traces);
        let others = 1..self.seat.nodes;
        self.outbox.extend(others.map(|node| (node, Message::Done)));
        Ok(Progress::Ended(Some(outcome)))
    }

    /// Walks back as far as can be without asking. Returns whether the first vector has been reached.
    fn walk(&mut self, walk: &mut Walk, answer: &mut Option<Answered>, asked: &mut bool) -> bool {
        while walk.at != self.root {
            let (node, id) = walk.at;
            let found = if node == self.seat.number {
                Answered {
                    columns: self.search.store.arena.columns(id),
                    parent: self.parent(id),
                }
            } else if let Some(answered) = answer.take() {
                answered
            } else {
                if !std::mem::replace(asked, true) {
                    self.outbox.push((node, Message::Ask(id)));
                }
                return false;
            };
            if !std::mem::take(&mut walk.is_left_out) {
                walk.way.push(found.columns);
            }
            walk.at = found.parent;
        }
        true
    }

    /// The model's own trace along the way.
    fn walked_along(&mut self, walk: &mut Walk, sighting: Sighting) -> Result<Vec<Event>, Error> {
        walk.way.reverse();
        let search = &mut self.search;
        let events = search.completed(&walk.way, walk.property, |of| of.violated)?;
        if events.len() != sighting.steps as usize {
            let (found, steps) = (events.len(), sighting.steps);
            let message = format!("{found} steps violate {} instead of {steps}", walk.property);
            return Err(Disagreement { message }.into());
        }
        Ok(events)
    }

    fn outcome(&self, reports: &[&Report], traces: Vec<Option<Vec<Event>>>) -> Outcome {
        let sum = |of: fn(&Report) -> u64| reports.iter().map(|report| of(report)).sum();
        let witnessed = reports.iter().map(|report| report.witnessed);
        let witnessed = witnessed.fold(PropertySet::NONE, PropertySet::or);
        let bound = self.search.bound;
        let judged = self.search.model.properties();
        let mut traces = traces.into_iter();
        let rows = reports.iter().map(|report| report.rows);
        let most = reports.iter().map(|report| report.most_under_way);
        Outcome {
            states: sum(|of| of.states),
            transitions: sum(|of| of.transitions),
            explored: sum(|of| of.stored),
            depth: self.search.depth,
            bound,
            elapsed: self.search.elapsed(),
            memory: Some(sum(|of| of.memory)),
            exact: true,
            rows: rows.fold(Default::default(), |all, of| all.or(of)),
            most_under_way: most.fold(Default::default(), |all, of| all.max(of)),
            findings: Outcome::findings(judged, witnessed, bound.is_none(), |_| {
                traces.next().flatten()
            }),
        }
    }
}

/// Nothing that these nodes say of each other may differ, and the comparator has to be reliable everywhere.
fn check(reports: &[&Report]) -> Result<(), Error> {
    if let Some(message) = reports.iter().find_map(|report| report.unreliable.clone()) {
        return Err(Unreliable { message }.into());
    }
    for (from, sender) in reports.iter().enumerate() {
        for (to, receiver) in reports.iter().enumerate() {
            let (sent, received) = (sender.sent[to], receiver.received[from]);
            if sent != received {
                return Err(Error::Peer(format!(
                    "process {from} sent {sent} states to process {to}, which received {received}"
                )));
            }
        }
    }
    Ok(())
}

/// The least number of steps to a violation of a property, and the first node that found it in so many.
fn shortest(reports: &[&Report], property: usize) -> Option<(Sighting, usize)> {
    let found = reports.iter().enumerate();
    let found = found.filter_map(|(node, report)| Some((report.violated[property]?, node)));
    found.min_by_key(|&(sighting, node)| (sighting.steps, node))
}

/// Rows of an answer are counted by nobody.
impl super::Peer {
    fn take_unexplored(&mut self, independence: &Independence) -> Rows {
        let before = self.rows;
        let rows = self.take_outgoing(independence);
        self.rows = before;
        rows
    }
}
