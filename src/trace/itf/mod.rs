//! Traces in Apalache's Informal Trace Format (ITF), which other tools' viewers read.
//!
//! The format is described in Apalache's ADR 15, <https://apalache-mc.org/docs/adr/015adr-trace.html>.
//! The first state is the start, each later one what is seen after an event. The variable `action`
//! is that event, so the file says everything that a replay needs. Options and events are variants
//! as Quint writes them: `{"tag": ..., "value": ...}`, with the empty tuple where there is nothing
//! to say.

mod read;
mod whole;
mod write;

pub use read::{ItfError, from_itf};
pub use write::to_itf;

/// The action of the first state, which no event led to.
const START: &str = "start";
