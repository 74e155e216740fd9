//! Events and what is seen after them, as they are written to files.

mod event;
mod observed;
mod sent;
mod words;

pub use event::{EventRecord, RequestWord};
pub use observed::{
    ClockRecord, KeyRecord, Observed, ReturnRecord, SlotRecord, SlotWord, TabRecord, WaitingRecord,
};
pub use sent::{PostRecord, RequestRecord};
pub(super) use words::{Seen, seen};

use super::Walked;
use crate::model::{Event, Roster, Step};
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceStep {
    pub event: EventRecord,
    /// No earlier step of the file covers this transition.
    #[serde(default)]
    pub new: bool,
    /// What is seen afterwards.
    pub after: Observed,
}

impl TraceStep {
    /// The record of a step that was walked, as the first that covers its transition.
    pub fn of_walk(walked: &Walked, roster: Roster) -> TraceStep {
        TraceStep {
            event: walked.event.into(),
            new: true,
            after: Observed::new(&walked.after, roster, &walked.evidence),
        }
    }

    /// The record of a step of the model.
    pub fn new(event: Event, step: &Step, roster: Roster, new: bool) -> TraceStep {
        TraceStep {
            event: event.into(),
            new,
            after: Observed::new(&step.system, roster, &step.evidence),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A field that is there, if only as `null`.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<u8>>, D::Error> {
    Option::deserialize(value).map(Some)
}
