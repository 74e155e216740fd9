//! The system as a vector of ids, and its steps.

use super::SymmetryUse;
use super::column::ColumnPlan;
use super::encoded::Successor;
use super::events::EventLists;
use super::in_flight::InFlight;
use super::intern::Interner;
use super::layout::{Columns, Layout, MAX_COLUMNS};
use super::locals::{LocalStates, TabSummary};
use super::reaction::{InputCode, Outcome, Reactions};
use super::sleep::Independence;
use super::symmetry::Symmetry;
use super::unknown::Unknown;
use crate::model::{ChannelState, Composed, Leg, Local, Shared};
use crate::property::{
    History, Monitor, Monitored, MonitoredState, Posts, PropertySet, TabHistory,
};
use crate::vocabulary::{Fault, TabAction, TabId};
use stateright::actor::{Envelope, Id};
use std::sync::Arc;

/// The least number of ways to permute tabs with which that pays: canonical forms cost about a
/// third of a step.
const LEAST_ORDER: u64 = 2;

/// A tab in some local state with some history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TabWithHistory {
    pub(super) tab: u32,
    /// `None` for a tab that is not watched.
    pub(super) history: Option<u32>,
}

/// The model as vectors, see [`ColumnPlan`]: first the tabs, each local state with its history; the
/// other columns are local states, or parts of them, and collections of messages.
///
/// A step is put together from what the participants do, each of which is computed once.
pub(super) struct PackedModel<'m> {
    pub(super) model: &'m Composed,
    /// Who judges steps, see [`PackedModel::settle`].
    pub(super) monitor: Monitor,
    /// The participants.
    pub(super) locals: LocalStates<'m>,
    /// What is on its way.
    pub(super) in_flight: InFlight,
    pub(super) histories: Interner<TabHistory>,
    /// Of tabs with their histories, which are not watched or are: what has not been forgotten, as far as
    /// that is known.
    settled: Vec<[Option<u32>; 2]>,
    pub(super) tracked: Interner<TabWithHistory>,
    /// What is projected from the tabs with their histories.
    pub(super) summaries: Vec<TabSummary>,
    /// What these tabs posted, and the best that they had.
    pub(super) posts: Vec<Posts>,
    /// What inputs do in columns.
    pub(super) reactions: Reactions,
    /// Which events can sleep when.
    pub(super) independence: Independence,
    /// What can happen.
    pub(super) events: EventLists,
    /// The scenario lets tokens age.
    pub(super) ages: bool,
    /// The session may end, or there are two organisations, see [`crate::property::Rest`]; or requests are limited, see
    /// [`crate::property::Asking`].
    pub(super) rests: bool,
    /// Which column holds what.
    pub(super) plan: ColumnPlan,
    /// The columns of single tabs, as bits.
    of_tabs: u32,
    /// The tabs that may change places, where that is made use of.
    pub(super) symmetry: Option<Symmetry>,
}

impl<'m> PackedModel<'m> {
    /// The model with nothing remembered.
    pub(super) fn new(monitored: &'m Monitored, symmetry: SymmetryUse) -> PackedModel<'m> {
        let model = monitored.model();
        let plan = ColumnPlan {
            tabs: usize::from(model.roster().tabs),
        };
        let found = Symmetry::of(monitored, plan).filter(|found| match symmetry {
            SymmetryUse::Never => false,
            SymmetryUse::WherePossible => true,
            SymmetryUse::WhereItPays => found.order() >= LEAST_ORDER,
        });
        PackedModel {
            model,
            independence: Independence::new(plan, found.as_ref()),
            monitor: monitored.monitor().clone(),
            locals: LocalStates::new(monitored, plan),
            in_flight: InFlight::new(),
            histories: Interner::default(),
            settled: Vec::new(),
            tracked: Interner::default(),
            summaries: Vec::new(),
            posts: Vec::new(),
            reactions: Reactions::new(plan),
            events: EventLists::default(),
            ages: model.setup().budgets.left(Fault::Age) > 0,
            rests: {
                let setup = model.setup();
                setup.life.two_keys
                    || setup.budgets.left(TabAction::SignOut) > 0
                    || setup.requests_per_tab.is_some()
            },
            of_tabs: plan.of_tabs(),
            plan,
            symmetry: found,
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
    pub(super) fn count(&self, column: usize) -> usize {
        if column < self.plan.tabs {
            self.tracked.len()
        } else if self.plan.all_in_flight().contains(&column) {
            self.in_flight.len()
        } else {
            self.locals.count(column)
        }
    }

    /// A column's part of the core: for a tab with its history, the tab's local state.
    #[inline]
    pub(super) fn core_of(&self, column: usize, id: u32) -> u32 {
        if column < self.plan.tabs {
            self.summaries[id as usize].tab
        } else {
            id
        }
    }

    /// Whether two vectors differ at most in their histories.
    pub(super) fn share_core(&self, one: &Columns, other: &Columns) -> bool {
        (0..self.plan.columns())
            .all(|column| self.core_of(column, one[column]) == self.core_of(column, other[column]))
    }

    /// The vector of a state.
    pub(super) fn encode(&mut self, state: &MonitoredState) -> Columns {
        let (plan, system) = (self.plan, &state.system);
        let mut columns = [0; MAX_COLUMNS];
        let locals: Vec<&Local> = system.locals().collect();
        for (column, id) in columns[..plan.in_flight(0)].iter_mut().enumerate() {
            *id = self
                .locals
                .local(column, locals[plan.participant(column)].clone());
        }
        for tab in 0..plan.tabs {
            let remembers = self.monitor.remembers(TabId(tab as u8));
            let history = state.history.tabs.get(tab).filter(|_| remembers);
            let history = history.map(|history| self.histories.intern(history.clone()).0);
            columns[tab] = self.track(TabWithHistory {
                tab: columns[tab],
                history,
            });
            let mut on_leg = Vec::new();
            for Envelope { src, dst, msg } in system.envelopes() {
                if usize::from(src) == tab || usize::from(dst) == tab {
                    on_leg.push(self.locals.message(msg.clone()));
                }
            }
            columns[plan.in_flight(tab)] = self.in_flight.collect(on_leg, self.locals.messages());
        }
        columns
    }

    /// The state of a vector, given any state of the same model.
    pub(super) fn decode(&self, columns: &Columns, any: &MonitoredState) -> MonitoredState {
        let plan = self.plan;
        let part = |column: usize| {
            self.locals
                .whole(column, self.core_of(column, columns[column]))
                .into_owned()
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
            let tracked = self.tracked.get(columns[tab]);
            let of_tab = tracked.history.map(|history| self.histories.get(history));
            history.tabs.push(of_tab.cloned().unwrap_or_default());
            for &message in self.in_flight.messages(columns[plan.in_flight(tab)]) {
                let msg = self.locals.messages().get(message).clone();
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

    /// Judges these properties no more, and forgets what only they need to know.
    pub(super) fn settle(&mut self, properties: PropertySet) {
        self.monitor = self.monitor.without(properties);
        self.reactions.forget_tabs();
        self.settled.clear();
    }

    /// A vector without what has been forgotten since it was found.
    pub(super) fn settled(&mut self, columns: &Columns) -> Columns {
        let mut settled = *columns;
        for (tab, id) in (0..).map(TabId).zip(&mut settled[..self.plan.tabs]) {
            let (of_id, is_watched) = (*id as usize, self.monitor.watch.has(tab));
            if self.settled.len() <= of_id {
                self.settled.resize(self.tracked.len(), [None; 2]);
            }
            *id = match self.settled[of_id][usize::from(is_watched)] {
                Some(known) => known,
                None => {
                    let settled = self.settled_tab(tab, *id);
                    self.settled[of_id][usize::from(is_watched)] = Some(settled);
                    settled
                }
            };
        }
        settled
    }

    /// The same of a tab with its history.
    fn settled_tab(&mut self, tab: TabId, id: u32) -> u32 {
        let mut tracked = *self.tracked.get(id);
        let history = tracked.history.map(|history| self.histories.get(history));
        let recalled = history.and_then(|history| self.monitor.recalled(tab, history));
        tracked.history = recalled.map(|history| self.histories.intern(history).0);
        self.track(tracked)
    }

    pub(super) fn track(&mut self, tracked: TabWithHistory) -> u32 {
        let (id, is_new) = self.tracked.intern(tracked);
        if is_new {
            let mut posts = Posts::default();
            if let (Local::Tab(tab), Some(history)) =
                (self.locals.state(0, tracked.tab), tracked.history)
            {
                posts = Posts::of(tab, self.histories.get(history));
            }
            self.summaries.push(TabSummary {
                tab: tracked.tab,
                facts: self.locals.facts_of(0, tracked.tab),
            });
            self.posts.push(posts);
        }
        id
    }

    /// Takes a successor to the form in which its orbit is stored.
    #[inline]
    pub(super) fn make_canonical(&self, successor: &mut Successor) -> Result<(), Unknown> {
        successor.order = Some(0);
        let Some(symmetry) = &self.symmetry else {
            return Ok(());
        };
        // The vector that the step was taken from is in its stored form.
        if !successor.touches(self.of_tabs)
            || symmetry.is_in_order(&successor.columns, &self.summaries, &self.locals)
        {
            return Ok(());
        }
        let canonical = symmetry.canonical(&successor.columns, &self.summaries, &self.locals)?;
        successor.order = canonical.order;
        canonical.put(self.plan, |column, id| successor.set(column, id));
        Ok(())
    }

    /// The form in which a vector's orbit is stored.
    pub(super) fn canonical(&self, columns: &Columns) -> Result<Columns, Unknown> {
        let mut columns = *columns;
        if let Some(symmetry) = &self.symmetry {
            self.rearrange(symmetry, &mut columns)?;
        }
        Ok(columns)
    }

    /// Takes a vector to that form, and returns how tabs have changed places, as in [`Successor::order`].
    fn rearrange(
        &self,
        symmetry: &Symmetry,
        columns: &mut Columns,
    ) -> Result<Option<u32>, Unknown> {
        let canonical = symmetry.canonical(columns, &self.summaries, &self.locals)?;
        canonical.put(self.plan, |column, id| columns[column] = id);
        Ok(canonical.order)
    }

    /// The same of a vector that most likely is in that form.
    #[inline]
    pub(super) fn take_stored_form(&self, columns: &mut Columns) -> Result<Option<u32>, Unknown> {
        match &self.symmetry {
            Some(symmetry) if !symmetry.is_in_order(columns, &self.summaries, &self.locals) => {
                self.rearrange(symmetry, columns)
            }
            Some(_) | None => Ok(Some(0)),
        }
    }

    /// How many states of the whole graph a vector's core stands for.
    #[inline]
    pub(super) fn orbit(&self, columns: &Columns) -> Result<u64, Unknown> {
        match &self.symmetry {
            Some(symmetry) if symmetry.is_in_order(columns, &self.summaries, &self.locals) => {
                Ok(symmetry.order())
            }
            Some(symmetry) => {
                let canonical = symmetry.canonical(columns, &self.summaries, &self.locals)?;
                Ok(canonical.orbit)
            }
            None => Ok(1),
        }
    }

    /// How many vectors of the whole graph a vector stands for.
    pub(super) fn vectors(&self, columns: &Columns) -> Result<u64, Unknown> {
        match &self.symmetry {
            Some(symmetry) => symmetry.vectors(columns, &self.summaries, &self.locals),
            None => Ok(1),
        }
    }

    /// The most states that a vector can stand for.
    pub(super) fn largest_orbit(&self) -> u64 {
        self.symmetry.as_ref().map_or(1, Symmetry::order)
    }

    /// Finds out what an input does in a column.
    pub(super) fn react(&mut self, column: usize, id: u32, input: InputCode) {
        if column < self.plan.tabs {
            return self.react_in_tab(column, id, input);
        }
        let (next, outcome) = if self.plan.all_in_flight().contains(&column) {
            let (_, message) = input.sent();
            let next = self.in_flight.with(id, message, self.locals.messages());
            (next, Outcome::default())
        } else {
            let step = self.locals.run_handler(column, id, input);
            let outcome = Outcome {
                findings: step.findings,
                sent: step.sent.into(),
            };
            (step.next, outcome)
        };
        self.reactions.insert(column, id, input, next, outcome);
    }

    /// What an input does to a tab with its history: the tab's own step, and a step of its history.
    fn react_in_tab(&mut self, tab: usize, id: u32, input: InputCode) {
        let tracked = *self.tracked.get(id);
        let step = self.locals.run_in_tab(tab, tracked.tab, input);
        let mut next = TabWithHistory {
            tab: step.next,
            history: None,
        };
        let mut findings = step.findings;
        if let (Some(history), Local::Tab(after)) =
            (tracked.history, self.locals.state(tab, step.next))
        {
            let before = self.histories.get(history);
            let step = self
                .monitor
                .step_tab(TabId(tab as u8), before, &step.evidence, after);
            next.history = Some(self.histories.intern(step.0).0);
            findings = findings.or(step.1);
        }
        let next = self.track(next);
        let outcome = Outcome {
            findings,
            sent: step.sent.as_slice().into(),
        };
        self.reactions.insert(tab, id, input, next, outcome);
        self.locals.keep(tracked.tab, input, step);
    }

    /// Memory in bytes, about.
    pub(super) fn bytes(&self) -> u64 {
        let summaries = self.summaries.capacity() * size_of::<TabSummary>()
            + self.posts.capacity() * size_of::<Posts>()
            + self.settled.capacity() * size_of::<[Option<u32>; 2]>();
        [
            self.locals.bytes(),
            self.in_flight.bytes(),
            self.histories.bytes(0),
            self.tracked.bytes(0),
            self.reactions.bytes(),
            self.events.bytes(),
            self.symmetry.as_ref().map_or(0, Symmetry::bytes),
            summaries as u64,
        ]
        .into_iter()
        .sum()
    }
}

#[cfg(test)]
mod tests;
