//! Which events a row enables.

use super::layout::Columns;
use super::stage::Stage;
use crate::cache::FetchId;
use crate::model::{ClockState, Event, Instants, Local, Surface, TabId, list_enabled};
use crate::scenario::Stimuli;

impl Stage<'_> {
    /// Lists the events that can happen, in the model's order.
    #[inline]
    pub(super) fn list_enabled(&self, columns: &Columns, events: &mut Vec<Event>) {
        events.clear();
        let view = View {
            stage: self,
            columns,
        };
        list_enabled(&view, self.model.roster(), self.model.scenario(), events);
    }
}

/// A row, as far as enabledness looks at it.
struct View<'a, 'm> {
    stage: &'a Stage<'m>,
    columns: &'a Columns,
}

impl View<'_, '_> {
    fn shared(&self, offset: usize) -> &Local {
        let column = self.stage.shared_column(offset);
        self.stage.cast.state(column, self.columns[column])
    }

    fn flight(&self, tab: TabId) -> u32 {
        self.columns[self.stage.flight_column(tab.index())]
    }
}

impl Surface for View<'_, '_> {
    fn budgets(&self) -> Stimuli {
        self.stage
            .cast
            .budgets(self.columns[self.stage.shared_column(4)])
    }

    fn possible(&self, tab: TabId) -> Stimuli {
        let seat = self.columns[tab.index()];
        self.stage.seat_facts[seat as usize].possible
    }

    fn requests(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        self.stage
            .flights
            .requests(self.flight(tab))
            .iter()
            .copied()
    }

    fn responses(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        self.stage
            .flights
            .responses(self.flight(tab))
            .iter()
            .copied()
    }

    fn posts(&self) -> impl Iterator<Item = (TabId, TabId)> {
        let column = self.stage.channel_column();
        self.stage.cast.posts(self.columns[column]).iter().copied()
    }

    fn has_cookie(&self) -> bool {
        matches!(self.shared(2), Local::Jar(jar) if jar.cookie.is_some())
    }

    fn is_legacy(&self) -> bool {
        matches!(self.shared(1), Local::Mints(mints) if mints.legacy)
    }

    fn clock(&self) -> &ClockState {
        let column = self.stage.shared_column(3);
        self.stage.cast.clock(self.columns[column])
    }

    fn held(&self) -> Instants {
        let stage = self.stage;
        let in_flight = (0..stage.tabs).map(|tab| self.flight(TabId(tab as u8)));
        let in_flight = in_flight.map(|flight| stage.flights.held(flight));
        let locals = (0..stage.participants()).map(|participant| {
            let local = stage.core_of(participant, self.columns[participant]);
            stage.cast.held(participant, local)
        });
        locals.chain(in_flight).fold(Instants::NONE, Instants::or)
    }
}
