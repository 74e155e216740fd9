//! Why one question had two answers: what has to be different, and nothing else, for that.

use super::{Loaded, NAMES, SEED, at};
use crate::freshness::Winner;
use crate::script::engine::Engine;
use crate::script::protocol::{Failure, Pair, Suspect};
use crate::script::seconds::At;
use crate::script::shipped::Other;
use crate::script::surroundings::{Attribute, Surroundings};
use crate::script::token::{Call, question};
use fastrand::Rng;

/// How many epochs are tried where distances seem to count.
const EPOCHS: usize = 16;

impl Loaded {
    /// Two distances had two answers: because of the distances, or of something else?
    pub(super) fn explain_distances(
        &self,
        pair: &Pair,
        winner: Winner,
        near: (At, Winner),
        far: (At, Winner),
    ) -> Result<(), Failure> {
        let unspoilt = self.engine(NAMES[0])?;
        for (distance, answer) in [near, far] {
            if self.ask(&unspoilt, &at(pair, distance))? != answer {
                return Err(undecided(pair, self.usual(pair), past_of(&self.first)));
            }
        }
        let mut random = Rng::with_seed(SEED);
        for n in 0..EPOCHS {
            let other = Surroundings::other(&mut random, n % 2 == 0);
            let around = Surroundings::first().with(Attribute::Epoch, &other);
            if self.ask(&unspoilt, &Call::new(pair, self.usual(pair), &around))? != winner {
                let suspect = Suspect::Attribute(Attribute::Epoch);
                return Err(undecided(pair, self.usual(pair), suspect));
            }
        }
        Err(differ(pair, near, far))
    }

    /// Why an answer was another one where everything is as it ships.
    pub(super) fn blame_shipped(&self, other: &Other) -> Result<Failure, Failure> {
        let Other {
            pair,
            winner,
            at,
            around,
        } = other;
        let found = |attribute| Ok(undecided(pair, *at, Suspect::Attribute(attribute)));
        let first = Surroundings::first();
        let in_page = self.script.engine(&self.asked, NAMES[0], true);
        let call = Call::new(pair, *at, &first);
        if in_page.is_ok_and(|page| page.ask(&call).is_ok_and(|answer| answer != *winner)) {
            return found(Attribute::Page);
        }
        let call = Call::new(pair, *at, &first.with(Attribute::Claims, around));
        if self.ask(&self.engine(NAMES[0])?, &call)? != *winner {
            return found(Attribute::Claims);
        }
        found(Attribute::Shape)
    }

    /// Why an answer was another one in other surroundings: the first thing that makes it so alone.
    pub(super) fn blame(
        &self,
        pair: &Pair,
        winner: Winner,
        distance: At,
        others: &Surroundings,
        past: Suspect,
    ) -> Result<Failure, Failure> {
        let (usual, first) = (self.usual(pair), Surroundings::first());
        for attribute in Attribute::CONFIRMED {
            let name = NAMES[usize::from(attribute == Attribute::Stack)];
            let call = Call::new(pair, usual, &first.with(attribute, others));
            if self.ask(&self.engine(name)?, &call)? != winner {
                return Ok(undecided(pair, usual, Suspect::Attribute(attribute)));
            }
        }
        let call = Call::new(pair, distance, &first);
        let other = self.ask(&self.engine(NAMES[0])?, &call)?;
        Ok(match other == winner {
            true => undecided(pair, usual, past),
            false => differ(pair, (usual, winner), (distance, other)),
        })
    }
}

/// What a context may have been misled by that came before, or was asked for.
pub(super) fn past_of(engine: &Engine) -> Suspect {
    match engine.used() {
        used if used.is_empty() => Suspect::Past,
        used => Suspect::Used(used),
    }
}

pub(super) fn undecided(pair: &Pair, at: At, suspect: Suspect) -> Failure {
    Failure::Undecided {
        question: question(pair, at),
        suspect,
    }
}

fn differ(pair: &Pair, near: (At, Winner), far: (At, Winner)) -> Failure {
    let told = |(at, winner): (At, Winner)| (at.to_string(), winner.to_string());
    Failure::Distances {
        question: question(pair, near.0),
        near: told(near),
        far: told(far),
    }
}
