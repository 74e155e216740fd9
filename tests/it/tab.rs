//! One tab under one design, which is told what happens to it.

use crate::support::{design, token};
use freshest::cache::{Cache, Effect, Event, Policy, TokenRequest};
use freshest::vocabulary::{Age, ModelToken};

/// What everybody starts with.
pub const T0: ModelToken = token(1, 1);
/// Minted at the edge from T0, later than `FRESH`.
pub const STALE: ModelToken = token(1, 3);
/// Read from the database after T0.
pub const FRESH: ModelToken = token(2, 2);

/// How a call of the page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Returned(ModelToken),
    Rejected,
}

/// A tab under one design; what it asked for in the last event, and how calls ended in that.
pub struct Tab {
    pub policy: Policy,
    pub cache: Cache<ModelToken>,
    pub age: Age,
    pub effects: Vec<Effect<ModelToken>>,
    pub ended: Vec<End>,
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
            ended: Vec::new(),
        }
    }

    pub fn hears(&mut self, event: Event<ModelToken>) -> &mut Tab {
        (self.effects, self.ended) = (Vec::new(), Vec::new());
        for effect in self.cache.handle(&self.policy, &self.age, event) {
            match effect {
                Effect::Return { token, .. } => self.ended.push(End::Returned(token)),
                Effect::Reject { .. } => self.ended.push(End::Rejected),
                effect => self.effects.push(effect),
            }
        }
        self
    }

    pub fn answered(&mut self, request: TokenRequest, token: ModelToken) -> &mut Tab {
        self.hears(Event::Answer { request, token })
    }
}
