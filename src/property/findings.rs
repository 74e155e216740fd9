//! What a step did to the properties: as two sets, for those who judge often, or with the causes.

use super::{Cause, Property, PropertySet, Violation};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StepFindings {
    pub violated: PropertySet,
    /// Given an opportunity by this step, violated or not.
    pub witnessed: PropertySet,
}

impl StepFindings {
    /// What either says.
    #[must_use]
    pub const fn or(self, other: StepFindings) -> StepFindings {
        StepFindings {
            violated: self.violated.or(other.violated),
            witnessed: self.witnessed.or(other.witnessed),
        }
    }

    /// What is said of some properties only.
    #[must_use]
    pub const fn and(self, properties: PropertySet) -> StepFindings {
        StepFindings {
            violated: self.violated.and(properties),
            witnessed: self.witnessed.and(properties),
        }
    }
}

/// The same, with the cause of each violation.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    pub findings: StepFindings,
    /// One for each thing that violates a property, in the order in which it was judged.
    pub violations: Vec<Violation>,
}

impl Judgement {
    /// What is said of some properties only.
    #[must_use]
    pub(super) fn and(mut self, properties: PropertySet) -> Judgement {
        self.violations.retain(|of| properties.has(of.property));
        Judgement {
            findings: self.findings.and(properties),
            violations: self.violations,
        }
    }
}

/// Where judgements go. There is one judge for both forms, so that sets and causes cannot differ.
pub(super) trait Findings {
    /// The step violates a property. The cause is asked for only by those who keep it.
    fn violate(&mut self, property: Property, cause: impl FnOnce() -> Cause);

    /// The step is an opportunity to violate these properties.
    fn witness(&mut self, properties: PropertySet);

    /// See [`Findings::violate`].
    #[inline]
    fn violate_if(&mut self, does: bool, property: Property, cause: impl FnOnce() -> Cause) {
        if does {
            self.violate(property, cause);
        }
    }

    /// See [`Findings::witness`].
    #[inline]
    fn witness_if(&mut self, is: bool, property: Property) {
        if is {
            self.witness(PropertySet::from_iter([property]));
        }
    }
}

impl Findings for StepFindings {
    #[inline]
    fn violate(&mut self, property: Property, _: impl FnOnce() -> Cause) {
        self.violated.insert(property);
    }

    #[inline]
    fn witness(&mut self, properties: PropertySet) {
        self.witnessed = self.witnessed.or(properties);
    }
}

impl Findings for Judgement {
    fn violate(&mut self, property: Property, cause: impl FnOnce() -> Cause) {
        let cause = cause();
        self.findings.violated.insert(property);
        self.violations.push(Violation { property, cause });
    }

    fn witness(&mut self, properties: PropertySet) {
        self.findings.witness(properties);
    }
}
