//! What a node remembers of another one.

use super::super::arena::Arena;
use super::super::column::ColumnPlan;
use super::super::encoded::StateId;
use super::super::layout::{Columns, Layout};
use super::super::packed::PackedModel;
use super::super::sleep::{EventSet, Independence};
use super::definition::{KINDS, kind};
use super::message::{Garbled, Part, Round, Rows};
use super::sleepers::{Heard, Told};
use std::collections::VecDeque;

/// No id of this node's.
const UNKNOWN: u32 = u32::MAX;

/// Another node, or this one.
pub(super) struct Peer {
    /// The kind of each column.
    kinds: Vec<usize>,
    /// Vectors for it that wait to be sent.
    outgoing: Rows,
    /// The number of the layout of the last part of these.
    layout: usize,
    /// Ids of this node's that it has been told of, by kind.
    told: [Vec<bool>; KINDS],
    /// This node's ids for its ids, by kind.
    known: [Vec<u32>; KINDS],
    told_of_sleep: Told,
    pub(super) heard_of_sleep: Heard,
    /// What it has said about slices that this node has not come to.
    pub(super) waiting: VecDeque<Round>,
    /// Rounds sent to it, and received from it.
    pub(super) rounds: [u64; 2],
    /// Vectors sent to it, and received from it.
    pub(super) rows: [u64; 2],
}

impl Peer {
    /// Nothing said so far.
    pub(super) fn new(plan: ColumnPlan) -> Peer {
        Peer {
            kinds: (0..plan.columns())
                .map(|column| kind(plan, column))
                .collect(),
            outgoing: Rows::default(),
            layout: 0,
            told: Default::default(),
            known: Default::default(),
            told_of_sleep: Told::new(),
            heard_of_sleep: Heard::new(),
            waiting: VecDeque::new(),
            rounds: [0; 2],
            rows: [0; 2],
        }
    }

    /// Adds a vector that is to be sent, with what sleeps there.
    pub(super) fn push(
        &mut self,
        packed: &PackedModel<'_>,
        arena: &Arena,
        words: &[u64],
        parent: StateId,
        asleep: EventSet,
    ) {
        let layout = arena.layout();
        for column in 0..self.kinds.len() {
            let (kind, id) = (self.kinds[column], layout.id(words, column));
            if self.told[kind].get(id as usize) != Some(&true) {
                self.define(packed, kind, id);
            }
        }
        if self.layout != arena.layout_number() || self.outgoing.parts.is_empty() {
            self.layout = arena.layout_number();
            self.outgoing.parts.push(Part {
                counts: arena.layout().counts().to_vec(),
                rows: 0,
            });
        }
        if let Some(part) = self.outgoing.parts.last_mut() {
            part.rows += 1;
        }
        // As in a batch: too short for `memcpy`.
        self.outgoing
            .words
            .extend(words.iter().take(layout.words()));
        self.outgoing.parents.push(parent);
        let asleep = self.told_of_sleep.number(asleep, &mut self.outgoing);
        self.outgoing.asleep.push(asleep);
    }

    /// Says what an id stands for, where that has not been told.
    #[cold]
    fn define(&mut self, packed: &PackedModel<'_>, kind: usize, id: u32) {
        let told = &mut self.told[kind];
        if told.len() <= id as usize {
            told.resize(id as usize + 1, false);
        }
        if !std::mem::replace(&mut told[id as usize], true) {
            for (kind, id) in packed.parts(kind, id) {
                self.define(packed, kind, id);
            }
            self.outgoing.definitions.push(packed.define(kind, id));
        }
    }

    /// Takes what is to be sent.
    pub(super) fn take_outgoing(&mut self, independence: &Independence) -> Rows {
        self.rows[0] += self.outgoing.len() as u64;
        let outgoing = &mut self.outgoing;
        self.told_of_sleep
            .tell_what_was_seen(independence, outgoing);
        std::mem::take(&mut self.outgoing)
    }

    /// Learns what the sender's ids stand for.
    pub(super) fn learn(
        &mut self,
        packed: &mut PackedModel<'_>,
        rows: &mut Rows,
    ) -> Result<(), Garbled> {
        for defined in rows.definitions.drain(..) {
            let known = |kind: usize, id: u32| {
                let known = self.known[kind].get(id as usize);
                known.copied().filter(|&id| id != UNKNOWN)
            };
            let id = packed.adopt(defined.kind, defined.value, known)?;
            let known = &mut self.known[defined.kind];
            // Ids are dense, and nearly all of them are told.
            if known.len() <= defined.id as usize {
                let len = (defined.id as usize + 1).next_power_of_two();
                known.resize(len, UNKNOWN);
            }
            known[defined.id as usize] = id;
        }
        Ok(())
    }

    /// This node's ids for the ids in each column, and its sets of events for the sender's.
    pub(super) fn translations(&self) -> Translations<'_> {
        let columns = self.kinds.iter();
        Translations {
            columns: columns.map(|&kind| &self.known[kind][..]).collect(),
            sets: self.heard_of_sleep.sets(),
        }
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let told: usize = self.told.iter().map(Vec::capacity).sum();
        let known: usize = self.known.iter().map(Vec::capacity).sum();
        let sets = self.told_of_sleep.bytes() + size_of_val(self.heard_of_sleep.sets());
        let waiting = self.waiting.iter().map(|round| round.rows.bytes());
        (told + 4 * known + sets) as u64 + waiting.sum::<u64>() + self.outgoing.bytes()
    }
}

/// One node's ids for another's, by column, and its sets of events.
pub(super) struct Translations<'p> {
    columns: Vec<&'p [u32]>,
    sets: &'p [EventSet],
}

impl Translations<'_> {
    /// A vector, packed by the other node, in this one's ids.
    #[inline]
    pub(super) fn translate(
        &self,
        layout: &Layout,
        words: &[u64],
        ours: &mut Columns,
    ) -> Result<(), Garbled> {
        for (column, (known, our)) in self.columns.iter().zip(ours).enumerate() {
            let their = layout.id(words, column);
            match known.get(their as usize) {
                Some(&id) if id != UNKNOWN => *our = id,
                Some(_) | None => return Err(undefined(column, their)),
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn set(&self, number: u16) -> Result<EventSet, Garbled> {
        let set = self.sets.get(usize::from(number));
        set.copied().ok_or_else(|| no_set(number))
    }
}

#[cold]
fn no_set(number: u16) -> Garbled {
    Garbled(format!("nobody said which events set {number} is"))
}

#[cold]
fn undefined(column: usize, id: u32) -> Garbled {
    Garbled(format!(
        "nobody said what {id} in column {column} stands for"
    ))
}
