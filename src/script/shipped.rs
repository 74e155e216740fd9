//! The questions once more, as near to what ships as can be: an SDK's token is a resource with the decoded
//! JWT in it, or that JWT, and not both at once; it has claims that mean nothing here; and around it is a page.
//!
//! A function is written for one of the two shapes, and nobody says for which: the one in which it answers
//! all questions as before. What it throws in the other says nothing. A function that answers in neither
//! as it did tells this checker from what it ships in.

use super::engine::Engine;
use super::protocol::Pair;
use super::seconds::At;
use super::surroundings::Surroundings;
use super::token::{Call, Shape};
use crate::freshness::Winner;

/// What is known of a script where it is as shipped.
pub(super) struct Shipped {
    /// The context, unless the script cannot be loaded there.
    engine: Option<Engine>,
    /// In which every answer so far was as before.
    fitting: Vec<Shape>,
    /// The last answer that was another one.
    other: Option<Other>,
}

/// An answer that was another one.
#[derive(Clone)]
pub(super) struct Other {
    pub(super) pair: Pair,
    pub(super) winner: Winner,
    pub(super) at: At,
    pub(super) around: Surroundings,
}

impl Shipped {
    pub(super) fn new(engine: Option<Engine>) -> Shipped {
        let fitting = match engine {
            Some(_) => vec![Shape::Resource, Shape::Decoded],
            None => Vec::new(),
        };
        Shipped {
            engine,
            fitting,
            other: None,
        }
    }

    /// Asks as shipped. Once no shape is left in which the answers are as before, another answer.
    pub(super) fn ask(
        &mut self,
        pair: &Pair,
        winner: Winner,
        at: At,
        around: &Surroundings,
    ) -> Option<Other> {
        let engine = self.engine.as_ref()?;
        let other = &mut self.other;
        let before = self.fitting.len();
        self.fitting.retain(|shape| {
            let around = Surroundings {
                shape: *shape,
                ships: true,
                ..around.clone()
            };
            let answer = engine.ask(&Call::new(pair, at, &around));
            if answer.as_ref().is_ok_and(|answer| *answer != winner) {
                *other = Some(Other {
                    pair: *pair,
                    winner,
                    at,
                    around,
                });
            }
            answer.is_ok_and(|answer| answer == winner)
        });
        match self.fitting.is_empty() && before > 0 {
            true => self.other.clone(),
            false => None,
        }
    }
}
