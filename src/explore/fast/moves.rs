//! What can happen in a row, remembered.

use super::layout::Columns;
use super::memo::Memo;
use super::plan::Plan;
use super::reaction::InputCode;
use super::stage::Stage;
use crate::cache::FetchId;
use crate::model::{Event, Leg, Opening, Roster, TabId};

/// An event that can happen, and how it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    /// The event.
    pub(super) event: Event,
    /// What is taken from what is on its way.
    pub(super) taken: Option<(TabId, Leg, Option<FetchId>)>,
    /// The column that hears of it first.
    pub(super) column: u8,
    /// What it hears; of an arrival, the message that is taken from this sender.
    pub(super) hears: Hears,
}

/// What the first participant hears.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hears {
    /// A choice.
    Choice(InputCode),
    /// The message that arrives, with its sender.
    Arrival(u8),
}

impl Move {
    fn new(event: Event, roster: Roster, plan: Plan) -> Move {
        let choice = |actor| {
            let column = match event {
                // The channel chooses for one inbox; the others are left alone.
                Event::Deliver { to, .. } => plan.inbox(to.index()),
                _ => plan.shared(usize::from(actor)),
            };
            (column as u8, Hears::Choice(InputCode::choice(event)))
        };
        let mints = usize::from(roster.mints());
        let (taken, (column, hears)) = match event.opening(roster) {
            Opening::Choice(actor) => (None, choice(actor)),
            Opening::Loss(tab, fetch, actor) => (Some((tab, Leg::Request, fetch)), choice(actor)),
            Opening::Arrival(tab, leg, fetch) => {
                let (from, to) = match leg {
                    Leg::Request => (tab.index(), plan.shared(mints)),
                    Leg::Response => (mints, tab.index()),
                };
                (
                    Some((tab, leg, fetch)),
                    (to as u8, Hears::Arrival(from as u8)),
                )
            }
        };
        Move {
            event,
            taken,
            column,
            hears,
        }
    }
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
        self.signatures.insert(sequence, last, self.known);
        self.known
    }
}

impl Stage<'_> {
    /// The moves that a row permits.
    ///
    /// They are listed by the model's own predicates, once for each combination of the columns'
    /// aspects: numbers that stand for all that those predicates can ask of a column.
    #[inline]
    pub(super) fn moves(&mut self, columns: &Columns) -> Found {
        let plan = self.plan;
        // Sets of stimuli are less than 2^16, the others are flags.
        let roster = self.model.roster();
        let aspect = |participant| {
            let column = plan.shared(usize::from(participant));
            self.cast.aspect(column, columns[column])
        };
        let flags =
            aspect(roster.mints()) << 2 | aspect(roster.jar()) << 1 | aspect(roster.clock());
        let others = flags << 16 | aspect(roster.driver());
        let mut signature = match self.next_age(columns) {
            0 => FIRST_OF_OTHERS | others,
            age => self.signature(FIRST_OF_OTHERS | others, age),
        };
        for tab in 0..plan.tabs {
            let aspect = self.cast.aspect(tab, self.core_of(tab, columns[tab]));
            let posters = self.cast.aspect(plan.inbox(tab), columns[plan.inbox(tab)]);
            let fetches = self.flights.aspect(columns[plan.flight(tab)]);
            // Two sets of a few stimuli and a flag: less than 2^20 of them.
            let of_tab = aspect | posters << 20 | FIRST_OF_TABS;
            let of_tab = self.signature(of_tab, fetches);
            signature = self.signature(signature, of_tab);
        }
        match self.moves.lists.get(signature, 0) {
            Some([first, len]) => Found { first, len },
            None => self.list_moves(signature, columns),
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

    /// Stands for the next age; it depends on all columns together.
    #[inline]
    fn next_age(&self, columns: &Columns) -> u32 {
        if self.ages {
            self.age_after(columns)
        } else {
            0
        }
    }

    #[cold]
    fn list_moves(&mut self, signature: u32, columns: &Columns) -> Found {
        let mut events = std::mem::take(&mut self.moves.scratch);
        self.list_enabled(columns, &mut events);
        let found = Found {
            first: self.moves.all.len() as u32,
            len: events.len() as u32,
        };
        let (roster, plan) = (self.model.roster(), self.plan);
        let moves = events.iter().map(|&event| Move::new(event, roster, plan));
        self.moves.all.extend(moves);
        self.moves.scratch = events;
        let known = [found.first, found.len];
        self.moves.lists.insert(signature, 0, known);
        found
    }
}

/// Sequences of aspects begin with all that are not those of a tab, those of a tab's with aspects
/// and sets of tabs; all others have the number of a sequence.
const FIRST_OF_OTHERS: u32 = 1 << 29;

const FIRST_OF_TABS: u32 = 1 << 30;
