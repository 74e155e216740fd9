//! The invariants, each with its meaning and its witness.
//!
//! "Never decreases" speaks of two moments, a checker sees one state: [`History`] is the auxiliary
//! state in between. An *opportunity* is the witness of a property: a moment at which a design
//! without guards would have violated it. A property that never had one is vacuous, not passed.

mod arrivals;
mod calls;
mod cause;
mod definition;
mod findings;
mod history;
mod judge;
pub mod meaning;
mod monitor;
mod monitored;
mod verdict;
mod waits;

pub use arrivals::Posts;
pub(crate) use arrivals::missing_post;
pub use cause::{Cause, Violation, WrongCookie, WrongReturn};
pub use definition::{Definition, Group, Proof, Property, Reading, Scope, Span, on};
pub use findings::{Judgement, StepFindings};
pub use history::{History, TabHistory};
pub(crate) use judge::ReadableRank;
pub use monitor::{After, Asking, Monitor, Rest};
pub use monitored::{Monitored, MonitoredState, MonitoredStep, TellsFindings};
pub use verdict::Verdict;
pub use waits::Calls;
pub(crate) use waits::waiting_call;

pub type PropertySet = crate::named::Set<Property>;
