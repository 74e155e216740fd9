//! What ids of vectors stand for, by value: other nodes have other ids.

use super::super::column::{ColumnPlan, SHARED};
use super::super::packed::{PackedModel, TabWithHistory};
use super::message::Garbled;
use crate::model::{Local, MintsMsg, Msg, Request, Response, TabMsg};
use crate::property::TabHistory;
use serde::{Deserialize, Serialize};

/// Kinds of columns: those of a kind have the same ids.
pub(super) const KINDS: usize = 3 + SHARED;

const TABS: usize = 0;
const FLIGHTS: usize = 1;
const INBOXES: usize = 2;

/// An id with what it stands for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Defined {
    pub(super) kind: usize,
    pub(super) id: u32,
    pub(super) value: Value,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Value {
    /// A tab, and its history where it is watched.
    Tab(Local, Option<TabHistory>),
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
                let history = tracked.history.map(|history| self.histories.get(history));
                Value::Tab(self.locals.state(0, tracked.tab).clone(), history.cloned())
            }
            FLIGHTS => {
                let messages = self.in_flight.messages(id).iter();
                let messages = messages.map(|&message| self.locals.messages().get(message));
                Value::Flight(messages.filter_map(on_its_way).collect())
            }
            kind => Value::Part(self.locals.state(first(self.plan, kind), id).clone()),
        };
        Defined { kind, id, value }
    }

    /// The id here of what has been defined elsewhere.
    pub(super) fn adopt(&mut self, kind: usize, value: Value) -> Result<u32, Garbled> {
        match (kind, value) {
            (TABS, Value::Tab(tab @ Local::Tab(_), history)) => {
                let tab = self.locals.local(0, tab);
                let history = history.map(|history| self.histories.intern(history).0);
                Ok(self.track(TabWithHistory { tab, history }))
            }
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
            (shared, Value::Part(part)) if (INBOXES + 1..KINDS).contains(&shared) => {
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
                for id in 0..packed.count(first(packed.plan, kind)) as u32 {
                    let text = serde_json::to_string(&packed.define(kind, id)).expect("JSON");
                    let read: Defined = serde_json::from_str(&text).expect("what was written");
                    assert_eq!((read.kind, read.id), (kind, id));
                    assert_eq!(packed.adopt(kind, read.value), Ok(id), "{text}");
                    *seen += 1;
                }
            }
        }
        assert!(seen.iter().all(|&seen| seen > 1), "{seen:?}");
    }

    #[test]
    fn every_column_has_a_kind_and_the_first_of_a_kind_is_its_own() {
        for tabs in 1..=8 {
            let plan = ColumnPlan { tabs };
            for column in 0..plan.columns() {
                assert!(first(plan, kind(plan, column)) <= column);
            }
            assert!((0..KINDS).all(|of| kind(plan, first(plan, of)) == of));
        }
    }
}
