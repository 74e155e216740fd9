//! What the properties say of a vector.

use super::events::EventRange;
use super::in_flight;
use super::layout::Columns;
use super::locals::TabProjection;
use super::packed::PackedModel;
use crate::model::{Local, Shared};
use crate::property::{Asking, Calls, Posts, Property, PropertySet, Rest, StepFindings};
use crate::vocabulary::TabAction;

impl PackedModel<'_> {
    /// What the properties say of a vector, in which these events can happen. Those that have had an
    /// opportunity may keep quiet about another one.
    ///
    /// What is said of calls and posts is a violation only where nothing has to happen, and what is said of
    /// the tabs together only where nothing is under way.
    #[inline]
    pub(super) fn judge(
        &self,
        columns: &Columns,
        events: EventRange,
        witnessed: PropertySet,
    ) -> StepFindings {
        let asked = self.monitor.properties;
        let asks = |property, may_be_violated| {
            asked.has(property) && (may_be_violated || !witnessed.has(property))
        };
        let mut findings = StepFindings::default();
        let over = self.is_quiescent(columns);
        if asks(Property::TabsConverge, over) || asks(Property::TabsConvergeInRank, over) {
            findings = self.judge_together(columns, over);
        }
        if self.rests && !asked.is_empty() {
            findings = findings.or(self.judge_rest(columns, over));
        }
        let stuck = || events.is_stuck;
        let calls = || self.calls(columns);
        if asks(Property::EveryCallEnds, events.is_stuck) && calls().any(Calls::is_some) {
            let ended = self.has_ended(columns);
            findings = findings.or(self.monitor.judge_calls(calls(), ended, stuck));
        }
        if self.monitor.undelivered && asks(Property::EveryPostArrives, events.is_stuck) {
            findings = findings.or(self.monitor.judge_posts(self.posts(columns), stuck));
        }
        findings
    }

    /// What each tab posted, and the best that it had.
    #[inline]
    pub(super) fn posts<'a>(&'a self, columns: &'a Columns) -> impl Iterator<Item = Posts> + Clone {
        let tracked = columns[..self.plan.tabs].iter();
        tracked.map(|&tracked| self.posts[tracked as usize])
    }

    /// What the properties look at in a tab with its history.
    #[inline]
    fn projection(&self, tracked: u32) -> &TabProjection {
        self.locals.tab(self.summaries[tracked as usize].tab)
    }

    /// What the calls of each tab's page wait for.
    #[inline]
    pub(super) fn calls<'a>(&'a self, columns: &'a Columns) -> impl Iterator<Item = Calls> + Clone {
        let tracked = columns[..self.plan.tabs].iter();
        tracked.map(|&tracked| self.projection(tracked).calls)
    }

    /// Whether the session has ended at the server.
    pub(super) fn has_ended(&self, columns: &Columns) -> bool {
        if !self.rests {
            return false;
        }
        let roster = self.model.roster();
        let mints = self.plan.shared(usize::from(roster.shared(Shared::Mints)));
        match self.locals.state(mints, columns[mints]) {
            Local::Mints(mints) => mints.ended,
            other => unreachable!("the mint sources have {other:?}"),
        }
    }

    /// What the properties say of the tabs together.
    #[inline]
    fn judge_together(&self, columns: &Columns, over: bool) -> StepFindings {
        let tracked = columns[..self.plan.tabs].iter();
        let readable = tracked.filter_map(|&tracked| self.projection(tracked).readable);
        self.monitor.judge_together(readable, || over)
    }

    /// How many requests of each tab are under way, until their answers have arrived.
    #[inline]
    pub(super) fn under_way(&self, columns: &Columns) -> impl Iterator<Item = u32> {
        let flights = columns[self.plan.all_in_flight()].iter();
        flights.map(|&flight| self.in_flight.count(flight))
    }

    /// What the properties say of how much each tab asks for.
    fn judge_limit(&self, columns: &Columns) -> StepFindings {
        if self.monitor.requests_per_tab.is_none() {
            return StepFindings::default();
        }
        let facts = self.facts(columns, None);
        let may_ask = self.model.permits().may_ask(&facts);
        let asking = self.under_way(columns).zip(may_ask);
        self.monitor
            .judge_limit(asking.map(|(count, may_ask)| Asking {
                under_way: count as u8,
                may_ask,
            }))
    }

    /// What the properties say of what all tabs share.
    fn judge_rest(&self, columns: &Columns, over: bool) -> StepFindings {
        let mut rest = Rest {
            asking: columns[self.plan.all_in_flight()]
                .iter()
                .any(|&flight| self.in_flight.asks(flight)),
            ..Rest::default()
        };
        for column in self.plan.all_shared() {
            match self.locals.state(column, columns[column]) {
                Local::Mints(mints) => rest.ended = mints.ended,
                Local::Jar(jar) => {
                    rest.cookie = jar.cookie;
                    rest.context = jar.context;
                }
                Local::Driver(left) => {
                    let all = self.model.setup().budgets.left(TabAction::Switch);
                    rest.switched = left.left(TabAction::Switch) < all;
                }
                Local::Tab(_) | Local::Channel(_) | Local::Clock(_) => {}
            }
        }
        let of_rest = self.monitor.judge_rest(&rest, over);
        of_rest.or(self.judge_limit(columns))
    }

    /// No request, response or broadcast is under way.
    #[inline]
    pub(super) fn is_quiescent(&self, columns: &Columns) -> bool {
        let mut flights = columns[self.plan.all_in_flight()].iter();
        let mut inboxes = self.plan.inboxes();
        flights.all(|&flight| flight == in_flight::NOTHING)
            && inboxes.all(|inbox| self.locals.senders(columns[inbox]).is_empty())
    }
}
