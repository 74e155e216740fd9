//! What enabledness depends on in a row.

use super::layout::Columns;
use super::stage::Stage;
use crate::model::{Facts, Local, Shared, next_age};
use crate::vocabulary::{Age, Instants};

impl Stage<'_> {
    /// The facts of a row, looked up by what stands for those of each column.
    pub(super) fn facts(&self, columns: &Columns, next_age: Option<Age>) -> Facts {
        let (cast, plan) = (&self.cast, self.plan);
        let of_tab = |tab: usize| {
            let local = cast.facts_of(tab, self.core_of(tab, columns[tab]));
            let inbox = cast.facts_of(plan.inbox(tab), columns[plan.inbox(tab)]);
            let network = self.flights.network(columns[plan.flight(tab)]);
            (
                *cast.facts.tabs.get(local),
                *cast.facts.inboxes.get(inbox),
                self.flights.network_facts(network).clone(),
            )
        };
        let of_shared = |shared: Shared| {
            let column = plan.shared(usize::from(self.model.roster().shared(shared)));
            cast.facts_of(column, columns[column])
        };
        Facts {
            tabs: (0..plan.tabs).map(of_tab).collect(),
            mints: *cast.facts.mints.get(of_shared(Shared::Mints)),
            jar: *cast.facts.jars.get(of_shared(Shared::Jar)),
            clock: *cast.facts.clocks.get(of_shared(Shared::Clock)),
            driver: *cast.facts.drivers.get(of_shared(Shared::Driver)),
            next_age,
        }
    }

    /// The age that comes next, if one does; it depends on all columns together.
    pub(super) fn next_age(&self, columns: &Columns) -> Option<Age> {
        let column = self
            .plan
            .shared(usize::from(self.model.roster().shared(Shared::Clock)));
        match self.cast.state(column, columns[column]) {
            Local::Clock(clock) => next_age(self.held(columns), clock),
            other => unreachable!("the clock has {other:?}"),
        }
    }

    /// When the tokens held anywhere were minted.
    fn held(&self, columns: &Columns) -> Instants {
        let flights = self.plan.flights();
        let in_flight = flights.map(|column| self.flights.held(columns[column]));
        let locals = (0..self.plan.flight(0)).map(|column| {
            let local = self.core_of(column, columns[column]);
            self.cast.held(column, local)
        });
        locals.chain(in_flight).fold(Instants::NONE, Instants::or)
    }
}
