//! The system as a row of ids, and its steps.

use super::SymmetryUse;
use super::cast::Cast;
use super::draft::Draft;
use super::flights::{self, Flights};
use super::intern::Interner;
use super::layout::{Columns, Layout, MAX_COLUMNS};
use super::moves::Moves;
use super::plan::Plan;
use super::reaction::{InputCode, Outcome, Reaction, Reactions};
use super::symmetry::Symmetry;
use crate::model::{ChannelState, Composed, Leg, Local, Shared};
use crate::property::{
    History, Monitor, Monitored, MonitoredState, Rest, StepFindings, TabHistory,
};
use crate::vocabulary::{Fault, TabAction, TabId};
use stateright::actor::{Envelope, Id};
use std::sync::Arc;

/// The least number of ways to permute tabs with which that pays: canonical forms cost about a
/// third of a step.
const LEAST_ORDER: u64 = 2;

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
    /// As in [`OfTab`](super::cast::OfTab).
    pub(super) readable: u16,
}

/// The model as rows, see [`Plan`]: a seat is a tab's local state with its history, the other columns
/// are local states, or parts of them, and collections of messages.
///
/// A step is put together from what the participants do, each of which is computed once.
pub(super) struct Stage<'m> {
    pub(super) model: &'m Composed,
    /// Who judges steps.
    monitor: &'m Monitor,
    /// The participants.
    pub(super) cast: Cast<'m>,
    /// What is on its way.
    pub(super) flights: Flights,
    histories: Interner<TabHistory>,
    seats: Interner<Seat>,
    /// What is projected from the seats.
    pub(super) seat_facts: Vec<SeatFacts>,
    /// What inputs do in columns.
    pub(super) reactions: Reactions,
    /// What can happen.
    pub(super) moves: Moves,
    /// The scenario lets tokens age.
    pub(super) ages: bool,
    /// The session may end, or there are two organisations: see [`Rest`].
    rests: bool,
    /// Synchronous messages of the step under way, and what is put on its way: into which column.
    pub(super) pending: Vec<(u8, InputCode)>,
    /// A new id has been given since somebody last looked.
    pub(super) has_grown: bool,
    /// Which column holds what.
    pub(super) plan: Plan,
    /// The columns of single tabs, as bits.
    of_tabs: u32,
    /// The tabs that may change places, where that is made use of.
    pub(super) symmetry: Option<Symmetry>,
}

impl<'m> Stage<'m> {
    /// The model with nothing remembered.
    pub(super) fn new(monitored: &'m Monitored, symmetry: SymmetryUse) -> Stage<'m> {
        let model = monitored.model();
        let plan = Plan {
            tabs: usize::from(model.roster().tabs),
        };
        Stage {
            model,
            monitor: monitored.monitor(),
            cast: Cast::new(monitored, plan),
            flights: Flights::new(),
            histories: Interner::default(),
            seats: Interner::default(),
            seat_facts: Vec::new(),
            reactions: Reactions::new(plan),
            moves: Moves::default(),
            ages: model.setup().budgets.left(Fault::Age) > 0,
            rests: {
                let setup = model.setup();
                setup.life.two_keys || setup.budgets.left(TabAction::SignOut) > 0
            },
            pending: Vec::new(),
            has_grown: false,
            of_tabs: plan.of_tabs(),
            plan,
            symmetry: Symmetry::of(monitored, plan).filter(|found| match symmetry {
                SymmetryUse::Never => false,
                SymmetryUse::WherePossible => true,
                SymmetryUse::WhereItPays => found.order() >= LEAST_ORDER,
            }),
        }
    }

    /// A layout into which every id fits that is known so far.
    pub(super) fn layout(&self) -> Layout {
        let columns = 0..self.plan.columns();
        let counts: Vec<usize> = columns.map(|column| self.count(column)).collect();
        Layout::new(&counts)
    }

    /// Whether every id that is known so far fits into a layout.
    pub(super) fn fits(&self, layout: &Layout) -> bool {
        let greatest = |column| self.count(column).saturating_sub(1) as u32;
        (0..self.plan.columns()).all(|column| layout.fits(column, greatest(column)))
    }

    /// How many ids are known so far of those a column can have.
    fn count(&self, column: usize) -> usize {
        if column < self.plan.tabs {
            self.seats.len()
        } else if self.plan.flights().contains(&column) {
            self.flights.len()
        } else {
            self.cast.count(column)
        }
    }

    /// A column's part of the core: for a seat, the tab's local state.
    #[inline]
    pub(super) fn core_of(&self, column: usize, id: u32) -> u32 {
        if column < self.plan.tabs {
            self.seat_facts[id as usize].tab
        } else {
            id
        }
    }

    /// Whether two rows differ at most in their histories.
    pub(super) fn share_core(&self, one: &Columns, other: &Columns) -> bool {
        (0..self.plan.columns())
            .all(|column| self.core_of(column, one[column]) == self.core_of(column, other[column]))
    }

    /// The row of a state.
    pub(super) fn row(&mut self, state: &MonitoredState) -> Columns {
        let (plan, system) = (self.plan, &state.system);
        let mut columns = [0; MAX_COLUMNS];
        let locals: Vec<&Local> = system.locals().collect();
        for (column, id) in columns[..plan.flight(0)].iter_mut().enumerate() {
            *id = self
                .cast
                .local(column, locals[plan.participant(column)].clone());
        }
        for tab in 0..plan.tabs {
            let is_watched = self.monitor.watch.has(TabId(tab as u8));
            let history = state.history.tabs.get(tab).filter(|_| is_watched);
            let history = history.map(|history| self.histories.intern(history.clone()).0);
            columns[tab] = self.seat(Seat {
                tab: columns[tab],
                history,
            });
            let mut aboard = Vec::new();
            for Envelope { src, dst, msg } in system.envelopes() {
                if usize::from(src) == tab || usize::from(dst) == tab {
                    aboard.push(self.cast.message(msg.clone()));
                }
            }
            columns[plan.flight(tab)] = self.flights.collect(aboard, self.cast.messages());
        }
        columns
    }

    /// What a tab remembers for the properties.
    pub(super) fn history_of(&self, seat: u32) -> Option<&TabHistory> {
        let history = self.seats.get(seat).history?;
        Some(self.histories.get(history))
    }

    /// The state of a row, given any state of the same model.
    pub(super) fn state(&self, columns: &Columns, any: &MonitoredState) -> MonitoredState {
        let plan = self.plan;
        let part = |column: usize| {
            self.cast
                .whole(column, self.core_of(column, columns[column]))
        };
        let mut channel = ChannelState::default();
        for inbox in plan.inboxes() {
            if let Local::Channel(part) = part(inbox) {
                channel.posts.extend(part.posts);
                channel.sign_outs.extend(part.sign_outs);
                channel.away = channel.away.or(part.away);
            }
        }
        let local = |participant| match participant {
            tab if tab < plan.tabs => part(tab),
            number if number == plan.channel() => Local::Channel(channel.clone()),
            shared => part(plan.shared(shared)),
        };
        let locals = (0..plan.participants()).map(|participant| Arc::new(local(participant)));
        let mut history = History::default();
        let mut envelopes = Vec::new();
        for tab in 0..plan.tabs {
            let seat = self.seats.get(columns[tab]);
            let of_tab = seat.history.map(|history| self.histories.get(history));
            history.tabs.push(of_tab.cloned().unwrap_or_default());
            for &message in self.flights.messages(columns[plan.flight(tab)]) {
                let msg = self.cast.messages().get(message).clone();
                let (tab, mints) = (Id::from(tab), self.model.roster().shared(Shared::Mints));
                let (src, dst) = match msg.flight() {
                    Some((Leg::Request, _)) => (tab, mints),
                    Some((Leg::Response, _)) | None => (mints, tab),
                };
                envelopes.push(Envelope { src, dst, msg });
            }
        }
        let system = any.system.rebuilt(locals.collect(), envelopes);
        MonitoredState { system, history }
    }

    fn seat(&mut self, seat: Seat) -> u32 {
        let (id, is_new) = self.seats.intern(seat);
        if is_new {
            let facts = self.cast.tab(seat.tab);
            self.seat_facts.push(SeatFacts {
                tab: seat.tab,
                readable: facts.readable,
            });
        }
        id
    }

    /// Takes a draft to the form in which its orbit is stored.
    #[inline]
    pub(super) fn make_canonical(&mut self, draft: &mut Draft) {
        let Some(symmetry) = &mut self.symmetry else {
            return;
        };
        // The row that the step was taken from is in its stored form.
        if !draft.touches(self.of_tabs)
            || symmetry.is_in_order(&draft.columns, &self.seat_facts, &self.cast)
        {
            return;
        }
        let canonical = symmetry.canonical(&draft.columns, &self.seat_facts, &mut self.cast);
        self.has_grown |= symmetry.take_growth();
        for tab in 0..self.plan.tabs {
            for column in [tab, self.plan.inbox(tab), self.plan.flight(tab)] {
                if draft.columns[column] != canonical.columns[column] {
                    draft.set(column, canonical.columns[column]);
                }
            }
        }
    }

    /// The form in which a row's orbit is stored.
    pub(super) fn canonical(&mut self, columns: &Columns) -> Columns {
        match &mut self.symmetry {
            Some(symmetry) => {
                let canonical = symmetry.canonical(columns, &self.seat_facts, &mut self.cast);
                self.has_grown |= symmetry.take_growth();
                canonical.columns
            }
            None => *columns,
        }
    }

    /// How many states of the whole graph a row's core stands for.
    #[inline]
    pub(super) fn orbit(&mut self, columns: &Columns) -> u64 {
        match &mut self.symmetry {
            Some(symmetry) if symmetry.is_in_order(columns, &self.seat_facts, &self.cast) => {
                symmetry.order()
            }
            Some(symmetry) => {
                let canonical = symmetry.canonical(columns, &self.seat_facts, &mut self.cast);
                self.has_grown |= symmetry.take_growth();
                canonical.orbit
            }
            None => 1,
        }
    }

    /// What the properties say of the tabs together.
    #[inline]
    pub(super) fn judge_together(&self, columns: &Columns) -> StepFindings {
        let seats = columns[..self.plan.tabs].iter();
        let readable = seats.map(|&seat| self.seat_facts[seat as usize].readable);
        let readable = readable.filter(|&oiat| oiat != 0);
        let monitor = self.monitor;
        let verdicts = monitor.judge_together(readable, || self.is_quiescent(columns));
        match self.rests {
            true => verdicts.or(self.judge_rest(columns)),
            false => verdicts,
        }
    }

    /// What the properties say of what all tabs share.
    fn judge_rest(&self, columns: &Columns) -> StepFindings {
        let mut rest = Rest {
            asking: columns[self.plan.flights()]
                .iter()
                .any(|&flight| self.flights.asks(flight)),
            ..Rest::default()
        };
        for column in self.plan.all_shared() {
            match self.cast.state(column, columns[column]) {
                Local::Mints(mints) => rest.ended = mints.ended,
                Local::Jar(jar) => {
                    rest.cookie = jar.cookie.map(|cookie| cookie.org);
                    rest.context = jar.context;
                }
                Local::Driver(left) => {
                    let all = self.model.setup().budgets.left(TabAction::Switch);
                    rest.switched = left.left(TabAction::Switch) < all;
                }
                Local::Tab(_) | Local::Channel(_) | Local::Clock(_) => {}
            }
        }
        self.monitor.judge_rest(&rest, self.is_quiescent(columns))
    }

    /// No request, response or broadcast is under way.
    #[inline]
    pub(super) fn is_quiescent(&self, columns: &Columns) -> bool {
        let mut flights = columns[self.plan.flights()].iter();
        let mut inboxes = self.plan.inboxes();
        flights.all(|&flight| flight == flights::NOTHING)
            && inboxes.all(|inbox| self.cast.senders(columns[inbox]).is_empty())
    }

    /// What an input does in a column, the first time it is asked for.
    #[cold]
    pub(super) fn react(&mut self, column: usize, id: u32, input: InputCode) -> Reaction {
        self.has_grown = true;
        if column < self.plan.tabs {
            return self.react_in_seat(column, id, input);
        }
        let (next, outcome) = if self.plan.flights().contains(&column) {
            let (_, message) = input.sent();
            let next = self.flights.with(id, message, self.cast.messages());
            (next, Outcome::default())
        } else {
            let deed = self.cast.perform(column, id, input);
            let outcome = Outcome {
                verdicts: deed.verdicts,
                sent: deed.sent.into(),
            };
            (deed.next, outcome)
        };
        self.reactions.insert(column, id, input, next, outcome)
    }

    /// What an input does to a seat: the tab's own deed, and a step of its history.
    fn react_in_seat(&mut self, tab: usize, id: u32, input: InputCode) -> Reaction {
        let seat = *self.seats.get(id);
        let deed = self.cast.perform_in_tab(tab, seat.tab, input);
        let mut next = Seat {
            tab: deed.next,
            history: None,
        };
        let mut verdicts = deed.verdicts;
        if let (Some(history), Local::Tab(after)) = (seat.history, self.cast.state(tab, deed.next))
        {
            let before = self.histories.get(history);
            let step = self
                .monitor
                .step_tab(TabId(tab as u8), before, &deed.evidence, after);
            next.history = Some(self.histories.intern(step.0).0);
            verdicts = verdicts.or(step.1);
        }
        let next = self.seat(next);
        let outcome = Outcome {
            verdicts,
            sent: deed.sent.as_slice().into(),
        };
        self.reactions.insert(tab, id, input, next, outcome)
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let facts = self.seat_facts.capacity() * size_of::<SeatFacts>();
        self.cast.bytes()
            + self.flights.bytes()
            + self.histories.bytes(0)
            + self.seats.bytes(0)
            + self.reactions.bytes()
            + self.moves.bytes()
            + self.symmetry.as_ref().map_or(0, Symmetry::bytes)
            + facts as u64
    }
}
