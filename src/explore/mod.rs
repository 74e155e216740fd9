//! Explorers: everything that is reachable, and what that does to the properties.
//!
//! An explorer takes a [`Composed`] model and returns an [`Outcome`]. It knows states and events,
//! not what a token is. A run that hit a bound says so ([`Outcome::bound`]) and proves nothing
//! about what it did not reach.

mod outcome;
mod stateright;

pub use outcome::{Bound, Finding, Limits, Outcome, Verdict, Watch};

use crate::model::{Composed, Event};
use crate::property::Property;
use std::sync::Arc;

/// What explores, for the record: verdicts of another engine are another engine's.
pub const ENGINE: &str = "stateright 0.31.0, breadth first, one thread for each run";

/// Explores every interleaving, breadth first, so that violations found are shortest ones.
pub fn explore(model: Composed, limits: &Limits, watch: &Arc<Watch>) -> Outcome {
    stateright::explore(model, limits, watch)
}

/// A shortest way to an opportunity to violate the property, if there is one within the limits.
pub fn witness(
    model: Composed,
    property: Property,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Option<Vec<Event>> {
    stateright::witness(model, property, limits, watch)
}
