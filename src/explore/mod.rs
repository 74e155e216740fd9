//! Explorers: everything that is reachable, and what that does to the properties.
//!
//! An explorer takes a [`Monitored`] model and returns an [`Outcome`]. It knows states and events,
//! not what a token is. A run that hit a bound says so ([`Outcome::bound`]) and proves nothing
//! about what it did not reach.

mod fairness;
pub mod fast;
mod liveness;
mod lockstep;
mod outcome;
mod stateright;

pub use liveness::{Answer, Debt, FAIRNESS, Lasso, Liveness, Question};
pub use lockstep::{Lockstep, lockstep};
pub use outcome::{Bound, Finding, Limits, MostUnderWay, Outcome, RowSet, Shares, Watch};

#[cfg(feature = "cluster")]
pub use fast::cluster::{Peers, Spread, Together};
pub use fast::{Disagreement, SymmetryUse};

use crate::freshness::Unreliable;
use crate::model::Event;
use crate::property::{Monitored, Property};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The most processes of a run: each remembers something of each other one.
pub const MOST_PROCESSES: usize = 64;

/// Why a run has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A bug of the fast engine.
    Disagreement(Disagreement),
    /// The design's comparator failed.
    Unreliable(Unreliable),
    /// The processes of the run have not kept together: one is gone, say. Nothing is known of the run.
    #[cfg(feature = "cluster")]
    Peer(String),
    /// A thread of the run panicked, with this message: a bug, too.
    Panicked(String),
}

impl From<Disagreement> for Error {
    fn from(error: Disagreement) -> Error {
        Error::Disagreement(error)
    }
}

impl From<Unreliable> for Error {
    fn from(error: Unreliable) -> Error {
        Error::Unreliable(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Disagreement(error) => error.fmt(f),
            Error::Unreliable(error) => error.fmt(f),
            #[cfg(feature = "cluster")]
            Error::Peer(message) => write!(f, "{message}; nothing is known of this run"),
            Error::Panicked(message) => {
                write!(
                    f,
                    "internal error: a run panicked: {message}; please report it"
                )
            }
        }
    }
}

impl std::error::Error for Error {}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The memoising explorer of [`fast`]: exact, and the quicker by far.
    #[default]
    Fast,
    /// stateright's own breadth-first checker, which keeps fingerprints.
    Stateright,
}

impl Engine {
    pub const ALL: [Engine; 2] = [Engine::Fast, Engine::Stateright];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Engine::Fast => "fast",
            Engine::Stateright => "stateright",
        }
    }

    /// The inverse of [`Engine::name`].
    pub fn from_name(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name() == name)
    }
}

/// How many states of the fast engine lie between two that are audited, unless asked otherwise.
pub const AUDIT_EVERY: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    pub engine: Engine,
    /// Hold the successors of the first state of the fast engine, and of every so many after it,
    /// against the model.
    pub audit_every: u64,
    /// Whether the fast engine makes use of interchangeable tabs.
    pub symmetry: SymmetryUse,
}

impl Default for Method {
    fn default() -> Method {
        Method {
            engine: Engine::default(),
            audit_every: AUDIT_EVERY,
            symmetry: SymmetryUse::default(),
        }
    }
}

/// Explores every interleaving, breadth first, so that violations found are shortest ones.
pub fn explore(
    model: Monitored,
    method: &Method,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Outcome, Error> {
    let rules = *model.rules();
    let outcome = caught(|| match method.engine {
        Engine::Fast => fast::explore(&model, method, limits, watch),
        Engine::Stateright => Ok(stateright::explore(model, limits, watch)),
    })?;
    // First, because nothing else means anything where it fails.
    rules.check()?;
    Ok(outcome?)
}

/// A shortest way to an opportunity to violate the property, if there is one within the limits.
pub fn witness(
    model: Monitored,
    property: Property,
    method: &Method,
    limits: &Limits,
    watch: &Arc<Watch>,
) -> Result<Option<Vec<Event>>, Error> {
    let rules = *model.rules();
    let found = caught(|| match method.engine {
        Engine::Fast => fast::witness(&model, property, method, limits, watch),
        Engine::Stateright => Ok(stateright::witness(model, property, limits, watch)),
    })?;
    rules.check()?;
    Ok(found?)
}

/// Whether every post arrives in the end, in every fair run that goes on for ever; by the fast engine.
pub fn liveness(model: Monitored, limits: &Limits, watch: &Arc<Watch>) -> Result<Liveness, Error> {
    let rules = *model.rules();
    let found = caught(|| fast::liveness(model, limits, watch))?;
    rules.check()?;
    Ok(found?)
}

/// What a run returns. If one of its threads panics, nothing of the run is used any more.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let message = (panic
            .downcast_ref::<&str>()
            .map(|&message| message.to_owned()))
        .or_else(|| panic.downcast_ref::<String>().cloned());
        Error::Panicked(message.unwrap_or_else(|| "without a message".to_owned()))
    })
}
