//! The fast explorer: every interleaving, at the speed of memory.
//!
//! The model's participants are few and have few local states each; it is their product that is
//! large. So each participant's own code runs once for each distinct local state and input, and is
//! looked up from then on ([`locals`]). A state of the system is a vector of small numbers
//! ([`packed`]), packed into bits ([`layout`]) and stored once, whole, in an arena ([`arena`]): no
//! state is ever missed because two of them share a fingerprint. The search ([`search`]) is breadth
//! first and level by level, so the first violation it meets is a shortest one; its trace is walked
//! again through the model itself before anybody sees it ([`replay`]).
//!
//! Steps that lead where others have led are left out ([`sleep`]).
//!
//! What this engine adds to the model is bookkeeping alone: participants, enabledness and the
//! judging of a step are the model's and the properties' own functions. The audit ([`audit`]) holds
//! the bookkeeping against the model, successor by successor, and what is left out, order by order.

mod arena;
mod audit;
mod batch;
#[cfg(test)]
mod cases;
mod chunk;
#[cfg(feature = "cluster")]
pub(super) mod cluster;
mod column;
mod encoded;
mod events;
mod expand;
mod facts;
mod footprint;
mod hash;
mod in_flight;
mod index;
mod intern;
mod judged;
mod layout;
mod liveness;
mod locals;
mod memo;
#[cfg(test)]
mod orbits;
mod order;
mod packed;
mod pages;
mod reaction;
mod recent;
mod replay;
mod search;
#[cfg(test)]
mod settled;
mod sleep;
mod step;
mod store;
mod symmetry;
mod tally;
#[cfg(test)]
mod threads;
mod together;
mod unknown;

pub use liveness::liveness;

use super::Method;
use super::outcome::{Limits, Outcome, Watch};
use crate::model::Event;
use crate::property::{Monitored, Property};
use search::{Goal, Search};
use std::fmt;
use std::sync::Arc;

/// Whether only one of several states is stored that differ in nothing but which of the tabs that
/// may change places is which. It changes nothing about the result but [`Outcome::explored`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymmetryUse {
    /// Where it makes a run faster.
    #[default]
    WhereItPays,
    /// Wherever two tabs may change places.
    WherePossible,
    Never,
}

impl SymmetryUse {
    pub const ALL: [SymmetryUse; 3] = [
        SymmetryUse::WhereItPays,
        SymmetryUse::WherePossible,
        SymmetryUse::Never,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            SymmetryUse::WhereItPays => "auto",
            SymmetryUse::WherePossible => "on",
            SymmetryUse::Never => "off",
        }
    }

    /// The inverse of [`SymmetryUse::name`].
    pub fn from_name(name: &str) -> Option<SymmetryUse> {
        SymmetryUse::ALL
            .into_iter()
            .find(|symmetry| symmetry.name() == name)
    }
}

/// An internal error: the engine's bookkeeping and the model do not agree. A run that ends like
/// this proves nothing, and whoever meets it has found a bug in this engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What does not agree, in words.
    pub message: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "internal error: the fast engine and the model disagree: {}; please report it, and use \
             --engine stateright meanwhile",
            self.message
        )
    }
}

impl std::error::Error for Disagreement {}

/// Explores every interleaving, breadth first, so that violations found are shortest ones.
pub fn explore(
    model: &Monitored,
    method: &Method,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Outcome, Disagreement> {
    Search::new(model, method, limits, watch, Goal::Everything).run()
}

/// A shortest way to an opportunity to violate the property, if there is one within the limits.
pub fn witness(
    model: &Monitored,
    property: Property,
    method: &Method,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Option<Vec<Event>>, Disagreement> {
    Search::new(model, method, limits, watch, Goal::Witness(property)).run_to_witness()
}
