//! What ids of vectors stand for, by value: other nodes have other ids.

use super::super::column::{ColumnPlan, SHARED};
use super::super::packed::{PackedModel, TabWithHistory};
use super::message::Garbled;
use crate::model::{Local, MintsMsg, Msg, Request, Response, TabMsg};
use crate::property::TabHistory;
use serde::{Deserialize, Serialize};

/// Kinds of ids.
pub(super) const KINDS: usize = OF_COLUMNS + 2;

/// Kinds of columns: those of a kind have the same ids.
const OF_COLUMNS: usize = 3 + SHARED;

const TABS: usize = 0;
const FLIGHTS: usize = 1;
const INBOXES: usize = 2;

/// What tabs are made of: many have the same local state, or the same history.
const STATES: usize = OF_COLUMNS;
const HISTORIES: usize = OF_COLUMNS + 1;

/// An id with what it stands for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Defined {
    pub(super) kind: usize,
    pub(super) id: u32,
    pub(super) value: Value,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Value {
    /// A tab's local state and, where it is watched, its history, both by id.
    Tab(u32, Option<u32>),
    State(Local),
    History(TabHistory),
    Flight(Vec<OnItsWay>),
    /// An inbox, or a shared participant's state.
    Part(Local),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum OnItsWay {
    Request(Request),
    Response(Response),
}

/// A column's kind.
#[inline]
pub(super) fn kind(plan: ColumnPlan, column: usize) -> usize {
    if column < plan.tabs {
        TABS
    } else if column < 2 * plan.tabs {
        INBOXES
    } else if column < plan.in_flight(0) {
        INBOXES + 1 + column - 2 * plan.tabs
    } else {
        FLIGHTS
    }
}

fn first(plan: ColumnPlan, kind: usize) -> usize {
    match kind {
        TABS => 0,
        FLIGHTS => plan.in_flight(0),
        INBOXES => plan.inbox(0),
        shared => 2 * plan.tabs + shared - INBOXES - 1,
    }
}

impl PackedModel<'_> {
    /// What an id of a kind stands for.
    pub(super) fn define(&self, kind: usize, id: u32) -> Defined {
        let value = match kind {
            TABS => {
                let tracked = self.tracked.get(id);
                Value::Tab(tracked.tab, tracked.history)
            }
            STATES => Value::State(self.locals.state(0, id).clone()),
            HISTORIES => Value::History(self.histories.get(id).clone()),
            FLIGHTS => {
                let messages = self.in_flight.messages(id).iter();
                let messages = messages.map(|&message| self.locals.messages().get(message));
                Value::Flight(messages.filter_map(on_its_way).collect())
            }
            kind => Value::Part(self.locals.state(first(self.plan, kind), id).clone()),
        };
        Defined { kind, id, value }
    }

    /// What has to be defined before an id is.
    pub(super) fn parts(&self, kind: usize, id: u32) -> impl Iterator<Item = (usize, u32)> {
        let tracked = (kind == TABS).then(|| self.tracked.get(id));
        let history = tracked.and_then(|tracked| tracked.history);
        let state = tracked.map(|tracked| (STATES, tracked.tab));
        state.into_iter().chain(history.map(|id| (HISTORIES, id)))
    }

    /// The id here of what has been defined elsewhere, given the ids here of what was defined before.
    pub(super) fn adopt(
        &mut self,
        kind: usize,
        value: Value,
        known: impl Fn(usize, u32) -> Option<u32>,
    ) -> Result<u32, Garbled> {
        let part = |kind, id| {
            let undefined = || Garbled(format!("{id} of kind {kind} is not defined"));
            known(kind, id).ok_or_else(undefined)
        };
        match (kind, value) {
            (TABS, Value::Tab(state, history)) => {
                let tab = part(STATES, state)?;
                let history = history.map(|history| part(HISTORIES, history));
                let history = history.transpose()?;
                Ok(self.track(TabWithHistory { tab, history }))
            }
            (STATES, Value::State(state @ Local::Tab(_))) => Ok(self.locals.local(0, state)),
            (HISTORIES, Value::History(history)) => Ok(self.histories.intern(history).0),
            (FLIGHTS, Value::Flight(messages)) => {
                let messages = messages.into_iter().map(|message| match message {
                    OnItsWay::Request(request) => Msg::Mints(MintsMsg::Request(request)),
                    OnItsWay::Response(response) => Msg::Tab(TabMsg::Response(response)),
                });
                let ids = messages.map(|message| self.locals.message(message));
                let ids = ids.collect();
                Ok(self.in_flight.collect(ids, self.locals.messages()))
            }
            (INBOXES, Value::Part(inbox @ Local::Channel(_))) => {
                Ok(self.locals.local(self.plan.inbox(0), inbox))
            }
            (shared, Value::Part(part)) if (INBOXES + 1..OF_COLUMNS).contains(&shared) => {
                let column = first(self.plan, shared);
                // Whatever is in a column stays of the same kind.
                let is = std::mem::discriminant(&part);
                if is != std::mem::discriminant(self.locals.state(column, 0)) {
                    return Err(Garbled(format!("{part:?} is defined for column {column}")));
                }
                Ok(self.locals.local(column, part))
            }
            (kind, value) => Err(Garbled(format!("{value:?} is defined for kind {kind}"))),
        }
    }
}

fn on_its_way(message: &Msg) -> Option<OnItsWay> {
    match message {
        Msg::Mints(MintsMsg::Request(request)) => Some(OnItsWay::Request(*request)),
        Msg::Tab(TabMsg::Response(response)) => Some(OnItsWay::Response(*response)),
        // Nothing else takes its time; see `Msg::flight`.
        Msg::Tab(_)
        | Msg::Channel(_)
        | Msg::Mints(_)
        | Msg::Jar(_)
        | Msg::Clock(_)
        | Msg::Driver(_)
        | Msg::Saw(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::fast::cases::{CASES, model};
    use crate::explore::fast::search::{Goal, Search};
    use crate::explore::{Limits, Method};
    use std::sync::Arc;

    /// Of every column's kind each id that there is, after the whole graph has been explored.
    #[test]
    fn every_part_of_every_state_survives_the_wire() {
        let mut seen = [0; KINDS];
        for (design, scenario) in CASES {
            let model = model(design, scenario);
            let method = Method::default();
            let (limits, watch) = (Limits::default(), Arc::default());
            let mut search = Search::new(&model, &method, &limits, &watch, Goal::Everything);
            search.search().expect("a graph");
            let packed = &mut search.packed;
            for (kind, seen) in seen.iter_mut().enumerate() {
                let count = match kind {
                    STATES => packed.locals.count(0),
                    HISTORIES => packed.histories.len(),
                    kind => packed.count(first(packed.plan, kind)),
                };
                for id in 0..count as u32 {
                    let bytes = postcard::to_stdvec(&packed.define(kind, id)).expect("bytes");
                    let read: Defined = postcard::from_bytes(&bytes).expect("what was written");
                    assert_eq!((read.kind, read.id), (kind, id));
                    let known = |_, id| Some(id);
                    assert_eq!(packed.adopt(kind, read.value, known), Ok(id));
                    *seen += 1;
                }
            }
        }
        assert!(seen.iter().all(|&seen| seen > 1), "{seen:?}");
    }

    #[test]
    fn a_tab_of_which_no_state_is_defined_means_nothing() {
        let model = model("pr-9030", "r1s1");
        let method = Method::default();
        let (limits, watch) = (Limits::default(), Arc::default());
        let mut search = Search::new(&model, &method, &limits, &watch, Goal::Everything);
        let adopted = (search.packed).adopt(TABS, Value::Tab(7, None), |_, _| None);
        let Err(Garbled(message)) = adopted else {
            panic!("{adopted:?}");
        };
        assert!(message.contains("7 of kind"), "{message}");
    }

    #[test]
    fn every_column_has_a_kind_and_the_first_of_a_kind_is_its_own() {
        for tabs in 1..=8 {
            let plan = ColumnPlan { tabs };
            for column in 0..plan.columns() {
                assert!(first(plan, kind(plan, column)) <= column);
            }
            assert!((0..OF_COLUMNS).all(|of| kind(plan, first(plan, of)) == of));
        }
    }
}
