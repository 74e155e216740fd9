//! The nouns that scenarios, models and properties share.

mod setup;
mod stimulus;
mod tab;
mod token;

pub use setup::{Budgets, Edge, Life, MAX_BUDGET, MAX_TABS, Setup, Start};
pub(crate) use stimulus::Befallen;
pub use stimulus::{Fault, RequestFault, SharedFault, Stimuli, Stimulus, TabAction};
pub use tab::{TabId, TabSet};
pub use token::{Age, ModelToken};

pub(crate) use stimulus::Needs;
pub(crate) use token::Instants;
