//! What the nodes of a run say to each other, and its form on the wire.
//!
//! A frame is the length of a head in four bytes, the head, and the rows that belong to it as they are in
//! memory: packed words, then the number of each one's parent, then that of the set of events that sleep
//! there. Nodes have made sure before that they run the same program on the same kind of machine.

use super::super::encoded::StateId;
use super::super::footprint::Footprint;
use super::super::layout::{Layout, MAX_COLUMNS};
use super::super::sleep::{EventNumber, EventSet};
use super::definition::Defined;
use crate::explore::outcome::{Bound, MostUnderWay, RowSet};
use crate::model::Event;
use crate::property::PropertySet;
use serde::{Deserialize, Serialize};

/// What one node tells another.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::explore) enum Message {
    /// The successors of a slice of a level, as far as the receiver owns them.
    Round(Round),
    /// To node 0: what a node has found, when there is nothing left to explore.
    Report(Box<Report>),
    /// By node 0: which vector is this, and from which one was it found?
    Ask(StateId),
    Answer(Answer),
    /// By node 0: the run is over.
    Done,
    /// The sender's part of the run has failed, for this reason.
    Failed(String),
}

/// Every node says this to every other one, and to itself, once for each slice of each level, however
/// little there is to say: it is the beat that all of them keep.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::explore) struct Round {
    /// The level of the vectors that were expanded.
    pub(super) level: u32,
    /// The slice of it, from 0.
    pub(super) number: u32,
    /// How many rounds this sender has told this receiver before.
    pub(super) sequence: u64,
    /// How many vectors of the level are the sender's.
    pub(super) size: u64,
    /// The sender has slices of the level left.
    pub(super) has_more: bool,
    /// The unique states that the sender has counted so far.
    pub(super) states: u64,
    /// The properties that the sender has seen violated so far.
    pub(super) violated: PropertySet,
    /// The bound that the sender has met.
    pub(super) bound: Option<Bound>,
    /// The successors.
    pub(super) rows: Rows,
}

/// What a node has counted and found.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::explore) struct Report {
    pub(super) states: u64,
    pub(super) transitions: u64,
    pub(super) stored: u64,
    /// Bytes in use.
    pub(super) memory: u64,
    pub(super) rows: RowSet,
    pub(super) most_under_way: MostUnderWay,
    pub(super) witnessed: PropertySet,
    /// The first step that violates each property, in the order of all properties.
    pub(super) violated: Vec<Option<Sighting>>,
    /// Vectors sent to each node.
    pub(super) sent: Vec<u64>,
    /// Vectors received from each node.
    pub(super) received: Vec<u64>,
    /// Why the comparator's answers mean nothing, if they do not.
    pub(super) unreliable: Option<String>,
}

/// A step that violates a property, as its node knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Sighting {
    /// Events up to the violation, which is the last of them.
    pub(super) steps: u32,
    /// The vector that the step starts from or, if it is the vector itself that tells, leads to.
    pub(super) id: StateId,
    pub(super) starts: bool,
}

/// A vector that node 0 asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::explore) struct Answer {
    /// The vector, alone.
    pub(super) row: Rows,
    /// The vector that it was found from: its node, and its number there.
    pub(super) parent: (usize, StateId),
}

/// Vectors in the ids of the sender, with what the receiver does not know of these yet.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::explore) struct Rows {
    pub(super) definitions: Vec<Defined>,
    /// What the sender has seen of events since it said so last.
    pub(super) seen: Vec<Seen>,
    /// Sets of events that have not been told of before: the first one ever told has number 1, and so on.
    pub(super) sets: Vec<EventSet>,
    pub(super) parts: Vec<Part>,
    #[serde(skip)]
    pub(super) words: Vec<u64>,
    #[serde(skip)]
    pub(super) parents: Vec<StateId>,
    /// The number of the set of events that sleep in each; 0 if none do.
    #[serde(skip)]
    pub(super) asleep: Vec<u16>,
}

/// What an event's steps read and change, as far as the sender knows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) number: EventNumber,
    pub(super) event: Event,
    pub(super) footprint: Footprint,
}

/// Vectors that are packed alike.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Part {
    /// How many ids each column had when its layout was made.
    pub(super) counts: Vec<usize>,
    /// How many vectors there are.
    pub(super) rows: usize,
}

/// A frame that no node of the same run sends.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what arrived is no message of this run ({0})")]
pub(in crate::explore) struct Garbled(pub(super) String);

impl Message {
    /// As a frame, after what comes before it.
    pub(in crate::explore) fn encode(&self, mut frame: Vec<u8>) -> Result<Vec<u8>, Garbled> {
        let begin = frame.len() + 4;
        frame.resize(begin, 0);
        let frame = postcard::to_extend(self, frame);
        let mut frame = frame.map_err(|error| Garbled(error.to_string()))?;
        let length = u32::try_from(frame.len() - begin);
        let length = length.map_err(|error| Garbled(error.to_string()))?;
        frame[begin - 4..begin].copy_from_slice(&length.to_le_bytes());
        if let Some(rows) = self.rows() {
            frame.extend_from_slice(bytemuck::cast_slice(&rows.words));
            frame.extend_from_slice(bytemuck::cast_slice(&rows.parents));
            frame.extend_from_slice(bytemuck::cast_slice(&rows.asleep));
        }
        Ok(frame)
    }

    /// The inverse.
    pub(in crate::explore) fn decode(frame: &[u8]) -> Result<Message, Garbled> {
        let short = || Garbled("it is cut short".to_owned());
        let (length, rest) = frame.split_first_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (head, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        let whole = postcard::take_from_bytes(head).map_err(|error| Garbled(error.to_string()))?;
        let (mut message, []): (Message, _) = whole else {
            return Err(Garbled("its head is too long".to_owned()));
        };
        match message.rows_mut() {
            Some(rows) => rows.fill(rest)?,
            None if rest.is_empty() => {}
            None => return Err(Garbled("there are rows where none belong".to_owned())),
        }
        Ok(message)
    }

    fn rows(&self) -> Option<&Rows> {
        match self {
            Message::Round(round) => Some(&round.rows),
            Message::Answer(answer) => Some(&answer.row),
            Message::Report(_) | Message::Ask(_) | Message::Done | Message::Failed(_) => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut Rows> {
        match self {
            Message::Round(round) => Some(&mut round.rows),
            Message::Answer(answer) => Some(&mut answer.row),
            Message::Report(_) | Message::Ask(_) | Message::Done | Message::Failed(_) => None,
        }
    }
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    /// Memory in bytes, without that of definitions.
    pub(super) fn bytes(&self) -> u64 {
        let numbers = 4 * self.parents.capacity() + 2 * self.asleep.capacity();
        (8 * self.words.capacity() + numbers) as u64
    }

    /// Takes words, parents and what sleeps from bytes, of which there have to be as many as the parts need.
    fn fill(&mut self, bytes: &[u8]) -> Result<(), Garbled> {
        let (mut words, mut rows) = (0usize, 0usize);
        for part in &self.parts {
            let fits = |&count: &usize| u32::try_from(count).is_ok();
            if part.counts.len() > MAX_COLUMNS || !part.counts.iter().all(fits) {
                return Err(Garbled("no vector has such columns".to_owned()));
            }
            let stride = Layout::new(&part.counts).words();
            words = words.saturating_add(part.rows.saturating_mul(stride));
            rows = rows.saturating_add(part.rows);
        }
        let split = bytes.split_at_checked(words.saturating_mul(8));
        let split = split.and_then(|(words, rest)| {
            let (parents, asleep) = rest.split_at_checked(rows.saturating_mul(4))?;
            (Some(asleep.len()) == rows.checked_mul(2)).then_some((words, parents, asleep))
        });
        let (words, parents, asleep) =
            split.ok_or_else(|| Garbled(format!("{} bytes are not {rows} rows", bytes.len())))?;
        self.words = bytemuck::pod_collect_to_vec(words);
        self.parents = bytemuck::pod_collect_to_vec(parents);
        self.asleep = bytemuck::pod_collect_to_vec(asleep);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round() -> Message {
        let counts = vec![1 << 20, 1 << 30, 1 << 30];
        let stride = Layout::new(&counts).words();
        Message::Round(Round {
            level: 3,
            number: 1,
            sequence: 7,
            size: 12,
            has_more: true,
            states: 99,
            violated: PropertySet::ALL,
            bound: Some(Bound::States(5)),
            rows: Rows {
                seen: vec![Seen {
                    number: 63,
                    event: Event::Tick,
                    footprint: Footprint::ALL,
                }],
                sets: vec![1 << 63, 5],
                parts: vec![Part { counts, rows: 3 }],
                words: (0..3 * stride as u64).map(|word| word << 33 | 1).collect(),
                parents: vec![7, 8, u32::MAX],
                asleep: vec![0, 1, u16::MAX],
                ..Rows::default()
            },
        })
    }

    #[test]
    fn a_message_with_rows_survives_the_wire() {
        let frame = round().encode(Vec::new()).expect("a frame");
        let read = Message::decode(&frame).expect("a message");
        assert_eq!(format!("{read:?}"), format!("{:?}", round()));
    }

    #[test]
    fn columns_that_no_vector_has_are_refused_before_they_are_laid_out() {
        let many = vec![1 << 20; 100_000];
        for counts in [vec![2; MAX_COLUMNS + 1], many, vec![1 << 32, 1]] {
            let mut rows = Rows {
                parts: vec![Part { counts, rows: 1 }],
                ..Rows::default()
            };
            let refused = rows.fill(&[]).expect_err("no such vector");
            assert!(refused.to_string().contains("columns"), "{refused}");
        }
    }

    #[test]
    fn a_frame_that_is_cut_or_longer_is_refused_wherever_it_is_cut() {
        let frame = round().encode(Vec::new()).expect("a frame");
        for length in 0..frame.len() {
            assert!(Message::decode(&frame[..length]).is_err(), "{length} bytes");
        }
        let longer = [frame.as_slice(), &[0]].concat();
        assert!(Message::decode(&longer).is_err());
        let done = Message::Done.encode(Vec::new()).expect("a frame");
        assert!(Message::decode(&[done.as_slice(), &[0]].concat()).is_err());
    }
}
