//! Small changes of a design, and which property notices them.
//!
//! A [`Mutant`] is a design's policy with one thing changed, or any number of them. [`judge`] says
//! what became of it, from the outcomes of both in the same scenarios; [`smallest_sets`] says which
//! properties it takes to notice all of them. A [`Trial`] runs them all; [`Known`] remembers outcomes,
//! so that a rule table that differs in rows which a run never asked need not run again. [`Between`] tries
//! every set of the changes that lead from one design to another.

mod change;
mod cover;
mod fate;
mod known;
mod record;
mod subsets;
mod trial;

pub use change::{Change, Mutant, mutants, tables};
pub use cover::smallest_sets;
pub(crate) use fate::same_steps;
pub use fate::{Fate, Judged, Kill, Shift, judge};
pub use known::{Known, Run};
pub use record::{KillResult, MutantResult, Mutation, ShiftResult};
pub use subsets::{Between, MAX_CHANGES, Needed, NoSubsets, Subsets, Violated};
pub use trial::{Trial, Tried};
