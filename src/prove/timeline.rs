//! Instants of which only some are known to be earlier than others, and numbers for them all.

use super::order::Phases;
use crate::cache::Clock;
use crate::vocabulary::ModelToken;

/// An instant on the timeline.
pub(crate) type Var = usize;

/// The thresholds of expiry at one step of a story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    near: Var,
    dead: Var,
}

/// The latest instant whose tokens are near, and the latest whose tokens are dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Thresholds {
    near: u8,
    dead: u8,
}

impl Clock<ModelToken> for Thresholds {
    fn is_near(&self, token: &ModelToken) -> bool {
        token.iat <= self.near
    }

    fn is_dead(&self, token: &ModelToken) -> bool {
        token.iat <= self.dead
    }
}

impl Thresholds {
    /// What has expired, in words, if anything has.
    pub(crate) fn in_words(self) -> Option<String> {
        let Thresholds { near, dead } = self;
        match (near, dead) {
            (0, _) => None,
            (near, 0) => Some(format!(
                "tokens of iat {near} and earlier are about to expire"
            )),
            (near, dead) if near == dead => {
                Some(format!("tokens of iat {dead} and earlier have expired"))
            }
            (near, dead) => Some(format!(
                "tokens of iat {dead} and earlier have expired, those up to iat {near} are about to"
            )),
        }
    }
}

impl Moment {
    pub(crate) fn clock(self, values: &[u8]) -> Thresholds {
        Thresholds {
            near: values[self.near],
            dead: values[self.dead],
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The least number of each instant.
    least: Vec<u8>,
    /// The first is earlier than the second, or, if that is false, no later.
    known: Vec<(Var, Var, bool)>,
}

impl Timeline {
    /// One more instant.
    pub(crate) fn instant(&mut self) -> Var {
        self.from(1)
    }

    fn from(&mut self, least: u8) -> Var {
        self.least.push(least);
        self.least.len() - 1
    }

    /// The first instant is earlier.
    pub(crate) fn before(&mut self, earlier: Var, later: Var) {
        self.known.push((earlier, later, true));
    }

    /// The first instant is no later.
    pub(crate) fn no_later(&mut self, earlier: Var, later: Var) {
        self.known.push((earlier, later, false));
    }

    /// The thresholds at the start.
    pub(crate) fn moment(&mut self) -> Moment {
        let (near, dead) = (self.from(0), self.from(0));
        self.no_later(dead, near);
        Moment { near, dead }
    }

    /// The thresholds a step later: they never go back.
    pub(crate) fn next_moment(&mut self, before: Moment) -> Moment {
        let after = self.moment();
        self.no_later(before.near, after.near);
        self.no_later(before.dead, after.dead);
        after
    }

    /// An instant is where it is among the thresholds, as its number in the proof says.
    pub(crate) fn expire(&mut self, moment: Moment, iat: u8, minted: Var) {
        let token = ModelToken {
            iat,
            ..ModelToken::first(false)
        };
        if Phases.is_dead(&token) {
            return self.no_later(minted, moment.dead);
        }
        self.before(moment.dead, minted);
        match Phases.is_near(&token) {
            true => self.no_later(minted, moment.near),
            false => self.before(moment.near, minted),
        }
    }

    /// The least numbers that agree with all that is known: from 1, but for thresholds that nothing
    /// has reached; `None` if there are none.
    pub(crate) fn solve(&self) -> Option<Vec<u8>> {
        let mut values = self.least.clone();
        for _ in 0..=self.least.len() {
            let mut settled = true;
            for &(earlier, later, strictly) in &self.known {
                let least = values[earlier].checked_add(u8::from(strictly))?;
                if values[later] < least {
                    values[later] = least;
                    settled = false;
                }
            }
            if settled {
                return Some(values);
            }
        }
        None
    }
}
