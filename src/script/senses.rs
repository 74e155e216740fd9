//! What a script can perceive beside its arguments: a clock and chance, neither of them real.

use rquickjs::{Ctx, Function, Result};
use std::cell::Cell;
use std::rc::Rc;

const ENVIRONMENT: &str = include_str!("environment.js");

const PAGE: &str = include_str!("page.js");

/// Set anew for each call.
#[derive(Debug, Default)]
pub(super) struct Senses {
    /// Milliseconds since the epoch. It goes on whenever somebody looks.
    clock: Cell<f64>,
    drawn: Cell<u64>,
    looked: Cell<bool>,
    gambled: Cell<bool>,
}

impl Senses {
    /// Gives a context these senses, in the place of its own.
    pub(super) fn install(self: &Rc<Senses>, ctx: &Ctx<'_>) -> Result<()> {
        let environment: Function<'_> = ctx.eval(ENVIRONMENT)?;
        let senses = Rc::clone(self);
        let now = Function::new(ctx.clone(), move || senses.now())?.with_name("now")?;
        let senses = Rc::clone(self);
        let random = Function::new(ctx.clone(), move || senses.random())?.with_name("random")?;
        let nothing = Function::new(ctx.clone(), || {})?;
        environment.call((now, random, nothing))
    }

    /// Puts what a page has around a script; nothing happens in it.
    pub(super) fn open_page(ctx: &Ctx<'_>) -> Result<()> {
        let page: Function<'_> = ctx.eval(PAGE)?;
        let nothing = Function::new(ctx.clone(), || {})?;
        page.call((nothing,))
    }

    /// What the clock shows, and where in the sequence of chances the next call begins.
    pub(super) fn set(&self, clock: f64, chance: u64) {
        self.clock.set(clock);
        self.drawn.set(chance);
    }

    /// What the script perceived so far, in words; empty for nothing.
    pub(super) fn used(&self) -> String {
        let used = [
            (&self.looked, "the clock"),
            (&self.gambled, "Math.random()"),
        ];
        let used = used.into_iter().filter(|(used, _)| used.get());
        used.map(|(_, name)| name).collect::<Vec<_>>().join(" and ")
    }

    fn now(&self) -> f64 {
        self.looked.set(true);
        self.clock.replace(self.clock.get() + 1.0)
    }

    /// Low and high in turns: whatever is decided by chance is decided both ways.
    fn random(&self) -> f64 {
        self.gambled.set(true);
        let drawn = self.drawn.replace(self.drawn.get().wrapping_add(1));
        let small = (drawn % 997) as f64 / 100_000.0;
        match drawn % 2 {
            0 => small,
            _ => 0.999 - small,
        }
    }
}
