//! What can happen in a row, remembered.

use super::layout::Columns;
use super::memo::Memo;
use super::plan::SHARED;
use super::reaction::InputCode;
use super::stage::Stage;
use crate::cache::RequestKind;
use crate::model::{Event, Heard, Leg, Msg, Opening, Shared};
use crate::vocabulary::{Age, Fault, TabAction, TabId};

/// An event that can happen, and how it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    /// The event.
    pub(super) event: Event,
    /// What is taken from what is on its way.
    pub(super) taken: Option<(TabId, Leg, RequestKind)>,
    /// The tab of which nothing is on its way any more.
    pub(super) cleared: Option<TabId>,
    /// The column that hears of it first.
    pub(super) column: u8,
    /// What it hears; of an arrival, the message that is taken from this sender.
    pub(super) hears: Hears,
}

/// What the first participant hears.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hears {
    /// Something from the composition.
    Said(InputCode),
    /// The message that arrives, with its sender.
    Arrival(u8),
}

/// What can happen, for each distinct combination of all that enabledness looks at.
#[derive(Default)]
pub(super) struct Moves {
    /// Numbers of sequences, by the number of the sequence without its last member and that one.
    signatures: Memo<u32>,
    known: u32,
    /// What a row with this signature permits.
    lists: Memo<[u32; 2]>,
    all: Vec<Move>,
    scratch: Vec<Event>,
}

/// Some moves in the list of all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    first: u32,
    len: u32,
}

impl Found {
    /// How many there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

impl Moves {
    /// The moves found, in the model's order.
    #[inline]
    pub(super) fn get(&self, found: Found) -> &[Move] {
        &self.all[found.first as usize..][..found.len as usize]
    }

    /// Memory in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let moves = self.all.capacity() * size_of::<Move>();
        self.signatures.bytes() + self.lists.bytes() + moves as u64
    }

    #[cold]
    fn number(&mut self, sequence: u32, last: u32) -> u32 {
        self.known += 1;
        assert!(self.known < OF_SHARED, "too many combinations of facts");
        self.signatures.insert(sequence, last, self.known);
        self.known
    }
}

impl Stage<'_> {
    /// The moves that a row permits.
    ///
    /// They are listed by the model's own predicates, once for each combination of what stands for
    /// the facts of each column: those predicates can read nothing else.
    #[inline]
    pub(super) fn moves(&mut self, columns: &Columns) -> Found {
        let plan = self.plan;
        let mut narrow = 0;
        let mut wide = 0;
        for column in plan.all_shared() {
            narrow = narrow << NARROW_BITS | wide;
            wide = self.cast.facts_of(column, columns[column]);
        }
        let next_age = if self.ages {
            self.next_age(columns)
        } else {
            None
        };
        let age = next_age.map_or(0, |age| 1 + u32::from(age.0));
        let mut signature = self.signature(OF_SHARED | narrow, wide << AGE_BITS | age);
        for tab in 0..plan.tabs {
            let of_tab = self.cast.facts_of(tab, self.core_of(tab, columns[tab]));
            let of_inbox = self
                .cast
                .facts_of(plan.inbox(tab), columns[plan.inbox(tab)]);
            let of_flight = self.flights.network(columns[plan.flight(tab)]);
            let pair = if of_tab < 1 << PAIR_BITS && of_inbox < 1 << PAIR_BITS {
                OF_TABS | of_tab << PAIR_BITS | of_inbox
            } else {
                self.signature(OF_WIDE_TABS | of_tab, of_inbox)
            };
            let of_tab = self.signature(pair, of_flight);
            signature = self.signature(signature, of_tab);
        }
        match self.moves.lists.get(signature, 0) {
            Some([first, len]) => Found { first, len },
            None => self.list_moves(signature, columns, next_age),
        }
    }

    /// The number of a sequence with one more number at its end.
    #[inline]
    fn signature(&mut self, sequence: u32, last: u32) -> u32 {
        match self.moves.signatures.get(sequence, last) {
            Some(known) => known,
            None => self.moves.number(sequence, last),
        }
    }

    #[cold]
    fn list_moves(&mut self, signature: u32, columns: &Columns, age: Option<Age>) -> Found {
        let mut events = std::mem::take(&mut self.moves.scratch);
        events.clear();
        let facts = self.facts(columns, age);
        self.model.permits().list_enabled(&facts, &mut events);
        let found = Found {
            first: self.moves.all.len() as u32,
            len: events.len() as u32,
        };
        for &event in &events {
            let next = self.new_move(event);
            self.moves.all.push(next);
        }
        self.moves.scratch = events;
        let known = [found.first, found.len];
        self.moves.lists.insert(signature, 0, known);
        found
    }

    /// How an event begins.
    fn new_move(&mut self, event: Event) -> Move {
        let (roster, plan) = (self.model.roster(), self.plan);
        let Opening {
            taken,
            cleared,
            heard,
        } = Opening::of(event);
        let mints = usize::from(roster.shared(Shared::Mints));
        let (column, hears) = match (heard, taken) {
            (Heard::Said(shared, msg), _) => {
                let column = match &msg {
                    // One inbox hears of it; the others are left alone.
                    Msg::Channel(msg) => msg.receiver().map(|to| plan.inbox(to.index())),
                    _ => Some(plan.shared(usize::from(roster.shared(shared)))),
                };
                // The composition says nothing to all tabs at once.
                let column = column.unwrap_or(plan.inbox(0));
                let message = self.cast.message(msg);
                let from = usize::from(roster.composition());
                (column, Hears::Said(InputCode::new(from, message)))
            }
            (Heard::Taken, Some((tab, Leg::Request, _))) => {
                (plan.shared(mints), Hears::Arrival(tab.0))
            }
            (Heard::Taken, Some((tab, Leg::Response, _))) => {
                (tab.index(), Hears::Arrival(mints as u8))
            }
            (Heard::Taken, None) => unreachable!("\"{event}\" begins with nothing"),
        };
        Move {
            event,
            taken,
            cleared,
            column: column as u8,
            hears,
        }
    }
}

/// Bits for what stands for a shared participant's facts, but for those of the last one.
pub(super) const NARROW_BITS: u32 = FIRST_BITS / (SHARED as u32 - 1);

/// Bits below those that tell what a sequence begins with.
const FIRST_BITS: u32 = 29;

/// Bits of the next age, which is a byte, or none.
const AGE_BITS: u32 = 9;

/// Bits for what stands for the facts of a tab, and of an inbox, where they are few.
const PAIR_BITS: u32 = 15;

/// Facts of shared participants begin a sequence. Whatever is not marked is the number of one.
const OF_SHARED: u32 = 1 << FIRST_BITS;

/// Facts of a tab and its inbox.
const OF_TABS: u32 = 1 << 31;

/// The same, where they are many.
const OF_WIDE_TABS: u32 = 3 << 30;

// The last shared participant is the driver. Its facts are the stimuli that have a budget left.
const _: () = assert!(Shared::ALL.len() == Shared::Driver as usize + 1);
const _: () = assert!(TabAction::ALL.len() + Fault::ALL.len() <= (u32::BITS - AGE_BITS) as usize);
