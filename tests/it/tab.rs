//! One tab under one design, which is told what happens to it.

use crate::support::{design, token};
use freshest::cache::{Cache, Effect, Event, Policy};
use freshest::vocabulary::{Age, ModelToken};

/// What everybody starts with.
pub const T0: ModelToken = token(1, 1);
/// Minted at the edge from T0, later than `FRESH`.
pub const STALE: ModelToken = token(1, 3);
/// Read from the database after T0.
pub const FRESH: ModelToken = token(2, 2);

/// A tab under one design, and what it asked for in the last event.
pub struct Tab {
    pub policy: Policy,
    pub cache: Cache<ModelToken>,
    pub age: Age,
    pub effects: Vec<Effect<ModelToken>>,
}

impl Tab {
    /// A tab that holds T0, as at the start of a scenario.
    pub fn of(design_name: &str) -> Tab {
        let policy = design(design_name).policy;
        Tab {
            policy,
            cache: Cache::resolved(T0, &policy),
            age: Age(0),
            effects: Vec::new(),
        }
    }

    pub fn hears(&mut self, event: Event<ModelToken>) -> &mut Tab {
        self.effects = self.cache.handle(&self.policy, &self.age, event);
        self
    }
}
