//! The system as a row of ids, and its steps.

use super::cast::{Cast, InputCode, Reaction};
use super::flights::{self, Flights};
use super::intern::Interner;
use super::layout::{Columns, Layout, MAX_COLUMNS, Packed};
use super::memo::Memo;
use crate::model::{Composed, Event, Local, Msg, System, TabId};
use crate::property::{History, TabHistory, Verdicts};
use crate::scenario::Stimuli;
use stateright::actor::{Envelope, Id};
use std::sync::Arc;

/// What the ids of each column are multiplied with to hash a row: odd and random.
const FACTORS: [u64; MAX_COLUMNS] = factors();

const fn factors() -> [u64; MAX_COLUMNS] {
    let mut factors = [0; MAX_COLUMNS];
    let mut state = 0u64;
    let mut column = 0;
    while column < MAX_COLUMNS {
        // SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        factors[column] = (z ^ z >> 31) | 1;
        column += 1;
    }
    factors
}

/// A tab in some local state with some history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Seat {
    tab: u32,
    /// `None` for a tab that is not watched.
    history: Option<u32>,
}

/// What a seat is asked for in every step.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeatFacts {
    /// The tab's local state.
    pub(super) tab: u32,
    /// As in [`TabFacts`](super::cast::TabFacts).
    pub(super) readable: u16,
    /// As in [`TabFacts`](super::cast::TabFacts).
    pub(super) possible: Stimuli,
}

/// The model as rows: for each tab a seat, that is its local state and its history; for each shared
/// participant its local state; for each tab what is on its way between it and the mint sources.
///
/// A step is put together from what the participants do, each of which is computed once.
pub(super) struct Stage<'m> {
    pub(super) model: &'m Composed,
    /// The participants with their reactions.
    pub(super) cast: Cast<'m>,
    /// What is on its way.
    pub(super) flights: Flights,
    histories: Interner<TabHistory>,
    seats: Interner<Seat>,
    /// What is projected from the seats.
    pub(super) seat_facts: Vec<SeatFacts>,
    /// What inputs do to seats: the local state together with the history.
    pub(super) seat_reactions: Memo<Reaction>,
    /// Synchronous messages of the step under way: sender, addressee, message.
    pub(super) pending: Vec<(u8, u8, u32)>,
    /// Number of tabs.
    pub(super) tabs: usize,
}

/// A row that is being changed.
#[derive(Clone)]
pub(super) struct Draft {
    /// The ids.
    pub(super) columns: Columns,
    /// The same, packed; useless if some id does not fit.
    pub(super) packed: Packed,
    /// Some id does not fit into the layout.
    pub(super) overflows: bool,
    /// The core's ids, each times its column's factor.
    pub(super) core: u64,
    /// The seats, each times its column's factor: with the core, all of the row.
    pub(super) history: u64,
}

impl<'m> Stage<'m> {
    /// The model with nothing remembered.
    pub(super) fn new(model: &'m Composed) -> Stage<'m> {
        Stage {
            model,
            cast: Cast::new(model),
            flights: Flights::new(),
            histories: Interner::default(),
            seats: Interner::default(),
            seat_facts: Vec::new(),
            seat_reactions: Memo::default(),
            pending: Vec::new(),
            tabs: usize::from(model.roster().tabs),
        }
    }

    /// Number of participants.
    #[inline]
    pub(super) fn participants(&self) -> usize {
        self.tabs + 5
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.participants() + self.tabs
    }

    /// The column of what is on its way for a tab.
    #[inline]
    pub(super) fn flight_column(&self, tab: usize) -> usize {
        self.tabs + 5 + tab
    }

    /// The column of a shared participant, in the order of the roster.
    #[inline]
    pub(super) fn shared_column(&self, offset: usize) -> usize {
        self.tabs + offset
    }

    /// The channel's column.
    #[inline]
    pub(super) fn channel_column(&self) -> usize {
        self.tabs
    }

    /// A column's part of the core: for a seat, the tab's local state.
    #[inline]
    pub(super) fn core_of(&self, column: usize, id: u32) -> u32 {
        if column < self.tabs {
            self.seat_facts[id as usize].tab
        } else {
            id
        }
    }

    /// Whether two rows differ at most in their histories.
    pub(super) fn share_core(&self, one: &Columns, other: &Columns) -> bool {
        let columns = 0..self.columns();
        columns
            .into_iter()
            .all(|column| self.core_of(column, one[column]) == self.core_of(column, other[column]))
    }

    /// The row of a system.
    pub(super) fn row(&mut self, system: &System) -> Columns {
        let mut columns = [0; MAX_COLUMNS];
        for (participant, local) in system.locals().enumerate() {
            columns[participant] = self.cast.local(participant, local.clone());
        }
        for tab in 0..self.tabs {
            let is_watched = self.model.judge().watch.has(TabId(tab as u8));
            let history = system.history().tabs.get(tab).filter(|_| is_watched);
            let history = history.map(|history| self.histories.intern(history.clone()).0);
            let seat = Seat {
                tab: columns[tab],
                history,
            };
            columns[tab] = self.seat(seat);
            let mut aboard = Vec::new();
            for Envelope { src, dst, msg } in system.envelopes() {
                if usize::from(src) == tab || usize::from(dst) == tab {
                    aboard.push(self.cast.message(msg.clone()));
                }
            }
            let flight = self.flights.collect(&aboard, self.cast.messages());
            columns[self.flight_column(tab)] = flight;
        }
        columns
    }

    /// The system of a row, given any system of the same model.
    pub(super) fn system(&self, columns: &Columns, any: &System) -> System {
        let mut locals = Vec::new();
        let mut envelopes = Vec::new();
        let mut history = History::default();
        let mints = self.model.roster().mints();
        for participant in 0..self.participants() {
            let local = self.core_of(participant, columns[participant]);
            locals.push(Arc::new(self.cast.state(participant, local).clone()));
        }
        for tab in 0..self.tabs {
            let seat = self.seats.get(columns[tab]);
            let of_tab = seat.history.map(|history| self.histories.get(history));
            history.tabs.push(of_tab.cloned().unwrap_or_default());
            for message in self.flights.messages(columns[self.flight_column(tab)]) {
                let msg = self.cast.messages().get(message).clone();
                let tab = Id::from(tab);
                let (src, dst) = match msg {
                    Msg::Request(_) => (tab, mints),
                    _ => (mints, tab),
                };
                envelopes.push(Envelope { src, dst, msg });
            }
        }
        any.rebuilt(locals, envelopes, history)
    }

    fn seat(&mut self, seat: Seat) -> u32 {
        let (id, is_new) = self.seats.intern(seat);
        if is_new {
            let facts = self.cast.tab(seat.tab);
            self.seat_facts.push(SeatFacts {
                tab: seat.tab,
                readable: facts.readable,
                possible: facts.possible,
            });
        }
        id
    }

    /// A row that may be changed.
    pub(super) fn draft(&self, columns: &Columns, layout: &Layout) -> Draft {
        let mut draft = Draft {
            columns: *columns,
            packed: layout.pack(columns).unwrap_or_default(),
            overflows: layout.pack(columns).is_none(),
            core: 0,
            history: 0,
        };
        for (column, &id) in columns[..self.columns()].iter().enumerate() {
            let core = u64::from(self.core_of(column, id));
            draft.core = draft.core.wrapping_add(core.wrapping_mul(FACTORS[column]));
            if column < self.tabs {
                let seat = u64::from(id);
                draft.history = draft
                    .history
                    .wrapping_add(seat.wrapping_mul(FACTORS[column]));
            }
        }
        draft
    }

    /// Changes one column.
    #[inline]
    pub(super) fn set(&self, draft: &mut Draft, layout: &Layout, column: usize, id: u32) {
        let old = draft.columns[column];
        if old == id {
            return;
        }
        draft.columns[column] = id;
        if layout.fits(column, id) && !draft.overflows {
            layout.flip(&mut draft.packed, column, old ^ id);
        } else {
            draft.overflows = true;
        }
        let change = |new: u32, old: u32| {
            let change = u64::from(new).wrapping_sub(u64::from(old));
            change.wrapping_mul(FACTORS[column])
        };
        let core = change(self.core_of(column, id), self.core_of(column, old));
        draft.core = draft.core.wrapping_add(core);
        if column < self.tabs {
            draft.history = draft.history.wrapping_add(change(id, old));
        }
    }

    /// What the properties say of the tabs together.
    #[inline]
    pub(super) fn judge_together(&self, columns: &Columns) -> Verdicts {
        let seats = columns[..self.tabs].iter();
        let readable = seats.map(|&seat| self.seat_facts[seat as usize].readable);
        let judge = self.model.judge();
        judge.judge_together(
            readable.filter(|&oiat| oiat != 0),
            self.is_quiescent(columns),
        )
    }

    /// No request, response or broadcast is under way.
    #[inline]
    pub(super) fn is_quiescent(&self, columns: &Columns) -> bool {
        let flights = &columns[self.participants()..self.columns()];
        flights.iter().all(|&flight| flight == flights::NOTHING)
            && self.cast.posts(columns[self.channel_column()]).is_empty()
    }

    /// What an input does to a seat, computed from the tab's reaction and its history.
    #[cold]
    pub(super) fn react_of_seat(
        &mut self,
        tab: usize,
        id: u32,
        input: InputCode,
        event: Event,
    ) -> Reaction {
        let seat = *self.seats.get(id);
        let (mut reaction, tale) = self.cast.react_of_tab(tab, seat.tab, input, event);
        let mut next = Seat {
            tab: reaction.next,
            history: None,
        };
        if let Some(history) = seat.history {
            let tale = tale.to_vec();
            if let Local::Tab(after) = self.cast.state(tab, reaction.next) {
                let before = self.histories.get(history);
                let judge = self.model.judge();
                let (after, verdicts) = judge.step_tab(TabId(tab as u8), before, &tale, after);
                next.history = Some(self.histories.intern(after).0);
                reaction.verdicts = reaction.verdicts.or(verdicts);
            }
        }
        reaction.next = self.seat(next);
        self.seat_reactions.insert(id, input.code(), reaction);
        reaction
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let facts = self.seat_facts.capacity() * size_of::<SeatFacts>();
        self.cast.bytes()
            + self.flights.bytes()
            + self.histories.bytes(0)
            + self.seats.bytes(0)
            + self.seat_reactions.bytes()
            + facts as u64
    }
}
