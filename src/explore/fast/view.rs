//! Which events a row enables.

use super::cast::TabFacts;
use super::layout::Columns;
use super::stage::Stage;
use crate::cache::FetchId;
use crate::model::{ClockState, Event, Instants, Leg, Local, Surface, TabId, next_age};
use crate::scenario::Stimuli;
use stateright::actor::Id;

impl Stage<'_> {
    /// Lists the events that can happen, in the model's order.
    pub(super) fn list_enabled(&self, columns: &Columns, events: &mut Vec<Event>) {
        events.clear();
        let view = View {
            stage: self,
            columns,
        };
        self.permits.list_enabled(&view, events);
    }

    /// Stands for the age that comes next, if one does: 0 if none does.
    pub(super) fn age_after(&self, columns: &Columns) -> u32 {
        let view = View {
            stage: self,
            columns,
        };
        next_age(&view).map_or(0, |age| 1 + u32::from(age.0))
    }
}

/// A row, as far as enabledness looks at it.
struct View<'a, 'm> {
    stage: &'a Stage<'m>,
    columns: &'a Columns,
}

impl View<'_, '_> {
    fn shared(&self, id: Id) -> (usize, u32) {
        let column = self.stage.plan.shared(usize::from(id));
        (column, self.columns[column])
    }

    fn state(&self, id: Id) -> &Local {
        let (column, local) = self.shared(id);
        self.stage.cast.state(column, local)
    }

    fn tab(&self, tab: TabId) -> &TabFacts {
        let seat = self.columns[tab.index()];
        let local = self.stage.core_of(tab.index(), seat);
        self.stage.cast.tab(local)
    }

    fn flying(&self, tab: TabId, leg: Leg) -> impl Iterator<Item = Option<FetchId>> {
        let flight = self.columns[self.stage.plan.flight(tab.index())];
        let aboard = self.stage.flights.aboard(flight, leg).iter();
        aboard.map(|passenger| passenger.fetch)
    }
}

impl Surface for View<'_, '_> {
    #[inline]
    fn budgets(&self) -> Stimuli {
        let (_, local) = self.shared(self.stage.model.roster().driver());
        self.stage.cast.budgets(local)
    }

    fn possible(&self, tab: TabId) -> Stimuli {
        self.tab(tab).possible
    }

    fn requesting(&self, tab: TabId) -> Stimuli {
        self.tab(tab).requesting
    }

    fn is_asking(&self, tab: TabId) -> bool {
        self.tab(tab).is_asking
    }

    #[inline]
    fn requests(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        self.flying(tab, Leg::Request)
    }

    #[inline]
    fn responses(&self, tab: TabId) -> impl Iterator<Item = Option<FetchId>> {
        self.flying(tab, Leg::Response)
    }

    #[inline]
    fn posters(&self, to: TabId) -> impl Iterator<Item = TabId> {
        let inbox = self.stage.plan.inbox(to.index());
        self.stage.cast.posters(self.columns[inbox]).iter().copied()
    }

    fn has_cookie(&self) -> bool {
        let jar = self.state(self.stage.model.roster().jar());
        matches!(jar, Local::Jar(jar) if jar.cookie.is_some())
    }

    fn is_legacy(&self) -> bool {
        let mints = self.state(self.stage.model.roster().mints());
        matches!(mints, Local::Mints(mints) if mints.legacy)
    }

    #[inline]
    fn clock(&self) -> &ClockState {
        let (_, local) = self.shared(self.stage.model.roster().clock());
        self.stage.cast.clock(local)
    }

    fn held(&self) -> Instants {
        let stage = self.stage;
        let flights = stage.plan.flights();
        let in_flight = flights.map(|column| stage.flights.held(self.columns[column]));
        let locals = (0..stage.plan.flight(0)).map(|column| {
            let local = stage.core_of(column, self.columns[column]);
            stage.cast.held(column, local)
        });
        locals.chain(in_flight).fold(Instants::NONE, Instants::or)
    }
}
