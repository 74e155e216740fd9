//! Traces: sequences of events from the start, what is seen on the way, and files of them.
//!
//! A trace is nothing but its events: everything else is found again by letting them happen in the
//! model ([`walk`]). That is also how a saved trace is checked ([`replay()`]).

mod cover;
mod difference;
mod file;
mod itf;
mod record;
mod replay;
mod steps;
mod story;

pub use cover::{Coverage, Plan, Sample, cover};
pub use difference::Difference;
pub use file::{
    Claim, CoverageRecord, FORMAT, Header, Line, SampleRecord, TraceFileError, read_lines,
};
pub use itf::{ItfError, from_itf, to_itf};
pub use record::{
    ClockRecord, EventRecord, KeyRecord, Observed, PostRecord, RequestRecord, RequestWord,
    ReturnRecord, SlotRecord, SlotWord, TabRecord, TraceStep, WaitingRecord,
};
pub use replay::{Departure, DepartureKind, ReplayError, Replayed, replay};
pub(crate) use steps::steps_of;
pub use steps::{StoryStep, beginning, title};
pub(crate) use story::narrate;

use crate::freshness::Unreliable;
use crate::model::{Event, Evidence, System};
use crate::property::{Monitored, MonitoredState, StepFindings, Violation};

/// One step of a trace that has been walked.
#[derive(Debug)]
pub struct Walked {
    pub event: Event,
    pub before: System,
    /// The system after it and everything synchronous that followed.
    pub after: System,
    /// What was done, in order.
    pub evidence: Vec<Evidence>,
    /// What it did to the properties.
    pub findings: StepFindings,
    /// Why it violates what it violates.
    pub violations: Vec<Violation>,
}

/// Why events cannot be walked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// The event at this position, from 0, is not enabled when its turn comes.
    #[error("step {} cannot happen", .0 + 1)]
    NotEnabled(usize),
    /// The design's comparator failed, so that no step means anything.
    #[error(transparent)]
    Unreliable(#[from] Unreliable),
}

/// Lets one enabled event happen, and moves the state there. Whoever calls this asks the comparator in
/// the end whether it can be relied on.
pub(crate) fn walk_one(model: &Monitored, state: &mut MonitoredState, event: Event) -> Walked {
    let step = model.step(state, event);
    let before = std::mem::replace(state, step.state);
    Walked {
        event,
        before: before.system,
        after: state.system.clone(),
        evidence: step.evidence,
        findings: step.findings,
        violations: step.violations,
    }
}

/// The positions of events among those that are enabled when their turn comes: how stateright's
/// Explorer names a path. Errors as of [`walk`].
pub fn positions(model: &Monitored, events: &[Event]) -> Result<Vec<usize>, WalkError> {
    let mut state = model.start();
    let mut positions = Vec::with_capacity(events.len());
    for (index, &event) in events.iter().enumerate() {
        let enabled = model.enabled(&state);
        let position = enabled.iter().position(|e| *e == event);
        positions.push(position.ok_or(WalkError::NotEnabled(index))?);
        state = model.step(&state, event).state;
    }
    model.rules().check()?;
    Ok(positions)
}

/// Lets the events happen from the start.
///
/// # Errors
///
/// An event is not enabled when its turn comes, or the comparator failed.
pub fn walk(model: &Monitored, events: &[Event]) -> Result<Vec<Walked>, WalkError> {
    walk_by(model, events, |event, enabled| {
        enabled.contains(&event).then_some(event)
    })
}

/// As [`walk`], for events as they are in files.
pub fn walk_records(model: &Monitored, events: &[EventRecord]) -> Result<Vec<Walked>, WalkError> {
    walk_by(model, events, |record, enabled| record.among(enabled))
}

/// Lets the recorded events happen as long as they can.
///
/// # Errors
///
/// The comparator failed.
pub fn walk_far(model: &Monitored, recorded: &[TraceStep]) -> Result<Vec<Walked>, Unreliable> {
    let mut state = model.start();
    let mut steps = Vec::with_capacity(recorded.len());
    for record in recorded {
        let Some(event) = record.event.among(&model.enabled(&state)) else {
            break;
        };
        steps.push(walk_one(model, &mut state, event));
    }
    model.rules().check()?;
    Ok(steps)
}

fn walk_by<T: Copy>(
    model: &Monitored,
    events: &[T],
    find: impl Fn(T, &[Event]) -> Option<Event>,
) -> Result<Vec<Walked>, WalkError> {
    let mut state = model.start();
    let mut steps = Vec::with_capacity(events.len());
    for (index, &event) in events.iter().enumerate() {
        let event = find(event, &model.enabled(&state));
        let event = event.ok_or(WalkError::NotEnabled(index))?;
        steps.push(walk_one(model, &mut state, event));
    }
    model.rules().check()?;
    Ok(steps)
}
