//! The gate as a library call: a design in a scenario, or many of both side by side, and how what
//! comes of it compares with what is expected.
//!
//! [`Check`] is one run, [`matrix()`] is all of them. Both ask the design's comparator whether its
//! answers can be relied on before they return anything.

mod agreement;
mod decision_table;
mod liveness;
mod matrix;
mod progress;
mod results;
mod side_by_side;

pub use agreement::{Agreement, expectation};
pub use decision_table::{DecidedRow, DecisionTable, SiteRows, decision_table};
pub(crate) use decision_table::{by_name, pairs};
pub use liveness::{
    LassoRecord, LivenessError, LivenessReport, LivenessResult, QuestionRecord, liveness,
};
pub use matrix::{Matrix, matrix};
pub use progress::{Options, Progress};
pub use results::{
    Bounds, DEFAULT_MODELS, Extent, Place, PropertyResult, Report, RunResult, Share, Unreached,
    VERSION,
};
pub(crate) use side_by_side::side_by_side;

use crate::design::Design;
#[cfg(feature = "cluster")]
use crate::explore::Together;
use crate::explore::{Bound, Error, Limits, Method, Outcome, Watch, explore, witness};
use crate::model::Event;
use crate::property::{Monitored, Property, PropertySet, Verdict};
use crate::scenario::Scenario;
use std::sync::Arc;
#[cfg(feature = "cluster")]
use std::sync::{Mutex, PoisonError};

/// A design that is about to be explored in a scenario: every property, no bound and the fast engine,
/// unless something else is asked for.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    design: &'a Design,
    scenario: &'a Scenario,
    properties: PropertySet,
    method: Method,
    limits: Limits,
    watch: Arc<Watch>,
    #[cfg(feature = "cluster")]
    together: Option<Arc<Mutex<Together>>>,
}

/// The shortest trace that says something about a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortest {
    /// The events of a counterexample, the last of which violates the property.
    Counterexample(Vec<Event>),
    /// The property holds; the last of these events is the first opportunity to violate it.
    Witness(Vec<Event>),
    /// Nothing could have violated it.
    Vacuous,
    /// The run ended at this bound before it found a counterexample.
    Inconclusive(Bound),
}

impl<'a> Check<'a> {
    /// A check of every property, without bounds.
    pub fn new(design: &'a Design, scenario: &'a Scenario) -> Check<'a> {
        Check {
            design,
            scenario,
            properties: PropertySet::ALL,
            method: Method::default(),
            limits: Limits::default(),
            watch: Arc::default(),
            #[cfg(feature = "cluster")]
            together: None,
        }
    }

    /// Judges these properties only. What they need to remember decides how many states are stored.
    #[must_use]
    pub fn properties(mut self, properties: PropertySet) -> Check<'a> {
        self.properties = properties;
        self
    }

    /// Ends the run at these bounds; what is open then is inconclusive.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Check<'a> {
        self.limits = limits;
        self
    }

    /// Explores in this way.
    #[must_use]
    pub fn method(mut self, method: Method) -> Check<'a> {
        self.method = method;
        self
    }

    /// Counts states here while it runs, and ends early if somebody stops it.
    #[must_use]
    pub fn watch(mut self, watch: &Arc<Watch>) -> Check<'a> {
        self.watch = Arc::clone(watch);
        self
    }

    /// Explores together with other processes, which ask for the same; see [`Check::part`].
    #[cfg(feature = "cluster")]
    #[must_use]
    pub fn together(mut self, together: &Arc<Mutex<Together>>) -> Check<'a> {
        self.together = Some(Arc::clone(together));
        self
    }

    /// Explores, and compares every verdict with what is expected.
    ///
    /// # Errors
    ///
    /// The design's comparator failed, so that no verdict means anything, or the fast engine and the
    /// model disagree, which is a bug.
    pub fn run(&self) -> Result<RunResult, Error> {
        let outcome = self.outcome()?;
        Ok(RunResult::new(self.design, self.scenario, &outcome))
    }

    /// Explores, without asking what is expected.
    ///
    /// # Errors
    ///
    /// As of [`Check::run`].
    pub fn outcome(&self) -> Result<Outcome, Error> {
        let model = self.model(self.properties);
        #[cfg(feature = "cluster")]
        if let Some(outcome) = self.part()? {
            return Ok(outcome);
        }
        explore(model, &self.method, &self.limits, &self.watch)
    }

    /// What process 0 of several that explore together has found; `None` in any other, and where there are no others.
    ///
    /// # Errors
    ///
    /// As of [`Together::explore`].
    #[cfg(feature = "cluster")]
    pub fn part(&self) -> Result<Option<Outcome>, Error> {
        let Some(together) = &self.together else {
            return Ok(None);
        };
        let model = self.model(self.properties);
        let mut together = together.lock().unwrap_or_else(PoisonError::into_inner);
        together.explore(&model, &self.method, &self.limits, &self.watch)
    }

    /// Looks for a shortest counterexample of one property or else, if it holds, for a shortest
    /// opportunity to violate it.
    ///
    /// # Errors
    ///
    /// As of [`Check::run`].
    pub fn shortest(&self, property: Property) -> Result<Shortest, Error> {
        let wanted = PropertySet::from_iter([property]);
        let outcome = self.clone().properties(wanted).outcome()?;
        let bound = outcome.bound;
        let finding = outcome
            .findings
            .into_iter()
            .find(|f| f.property == property);
        Ok(match finding.map(|f| (f.verdict, f.counterexample)) {
            Some((_, Some(events))) => Shortest::Counterexample(events),
            Some((Verdict::Holds, None)) => {
                let (method, limits) = (&self.method, &self.limits);
                match witness(self.model(wanted), property, method, limits, &self.watch)? {
                    Some(events) => Shortest::Witness(events),
                    None => Shortest::Vacuous,
                }
            }
            Some((Verdict::Vacuous | Verdict::Violated | Verdict::Inconclusive, None)) | None => {
                bound.map_or(Shortest::Vacuous, Shortest::Inconclusive)
            }
        })
    }

    /// What is explored if these properties are judged.
    pub fn model(&self, properties: PropertySet) -> Monitored {
        Monitored::new(self.design.policy, &self.scenario.setup, properties)
    }
}
