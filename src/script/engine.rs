//! A JavaScript context that holds one script, and nothing from outside.

use super::choice::Chosen;
use super::code::Source;
use super::instead::{described, trouble};
use super::protocol::{Parameter, Returns, Thrown, Trouble};
use super::senses::Senses;
use super::shapes::Shapes;
use super::start::{Modules, load};
use super::token::Call;
use super::{CALL_TIME, MEMORY_BYTES, STACK_BYTES, limits};
use crate::freshness::Winner;
use rquickjs::function::Args;
use rquickjs::{
    Array, CatchResultExt, Context, Ctx, Error, Function, Object, Persistent, Runtime, Value,
};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// So often are two tokens compared where the answer does not count.
const SAME_TOKENS: u32 = 20;

pub(super) struct Engine {
    name: String,
    // Before the context, which must be there when they go.
    chosen: Chosen,
    relay: Persistent<Function<'static>>,
    shapes: Shapes,
    returns: Returns,
    parameters: Vec<Parameter>,
    context: Context,
    alarm: Rc<Alarm>,
    senses: Rc<Senses>,
}

/// Ends a request that takes too long.
#[derive(Debug, Default)]
pub(super) struct Alarm {
    deadline: Cell<Option<Instant>>,
}

impl Alarm {
    pub(super) fn is_over(&self) -> bool {
        self.deadline.get().is_some_and(|at| Instant::now() >= at)
    }
}

impl Engine {
    /// Loads a script into a new context.
    pub(super) fn new(source: Source<'_>) -> Result<Engine, Trouble> {
        let broken = |error: Error| Trouble::Engine(error.to_string());
        let runtime = Runtime::new().map_err(broken)?;
        runtime.set_memory_limit(MEMORY_BYTES);
        runtime.set_max_stack_size(match source.in_page {
            // As deep as in a browser, or so.
            true => 16 * STACK_BYTES,
            false => STACK_BYTES,
        });
        let alarm = Rc::new(Alarm::default());
        let watched = Rc::clone(&alarm);
        runtime.set_interrupt_handler(Some(Box::new(move || watched.is_over())));
        let Source {
            modules,
            name,
            asked,
            in_page,
            mark,
        } = source;
        let modules = Modules {
            name: name.to_owned(),
            modules: Rc::new(modules),
        };
        runtime.set_loader(modules.clone(), modules.clone());
        let context = Context::full(&runtime).map_err(broken)?;
        let senses = Rc::new(Senses::default());
        let loaded = within(&context, &alarm, |ctx| {
            senses
                .install(ctx)
                .catch(ctx)
                .map_err(|error| trouble(&error, ""))?;
            load(ctx, &modules, asked, (in_page, mark), &alarm)
        });
        let (chosen, relay, shapes) = loaded?;
        Ok(Engine {
            name: name.to_owned(),
            chosen,
            relay,
            shapes,
            returns: asked.returns,
            parameters: asked.parameters().to_vec(),
            context,
            alarm,
            senses,
        })
    }

    /// What is called.
    pub(super) fn function(&self) -> &str {
        &self.chosen.name
    }

    /// Which of two tokens the script chooses.
    pub(super) fn ask(&self, call: &Call) -> Result<Winner, Trouble> {
        self.answer(call, |_, _| ())
    }

    /// The same, of two tokens that the script has seen before, each in either place: an SDK keeps its
    /// tokens, and compares them again.
    pub(super) fn ask_again(&self, call: &Call) -> Result<Winner, Trouble> {
        self.answer(call, |ctx, (existing, incoming)| {
            let orders = [(incoming, existing), (existing, incoming)];
            for (one, other) in orders {
                let tokens = (one.clone(), other.clone());
                // What counts is the answer that comes after these.
                let _ = self.pick(ctx, call.frames, tokens, call.now).catch(ctx);
            }
        })
    }

    fn answer(
        &self,
        call: &Call,
        before: impl for<'js> FnOnce(&Ctx<'js>, (&Object<'js>, &Object<'js>)),
    ) -> Result<Winner, Trouble> {
        self.senses.set(call.clock, call.chance);
        within(&self.context, &self.alarm, |ctx| {
            let answer = self.call(ctx, call, before);
            let answer = answer
                .catch(ctx)
                .map_err(|error| trouble(&error, &self.name))?;
            match settle(ctx, &self.alarm) {
                true => answer.map_err(Trouble::Returned),
                false => Err(Trouble::Late),
            }
        })
    }

    /// Asks this often, or for as long as this, and does not care for the answers.
    pub(super) fn exercise(&self, call: &Call, times: u32, most: Duration) -> Result<(), Trouble> {
        self.senses.set(call.clock, call.chance);
        within(&self.context, &self.alarm, |ctx| {
            let exercised = (|| {
                let since = Instant::now();
                let mut tokens = self.tokens(ctx, call)?;
                for time in 1..=times {
                    self.pick(ctx, 1, tokens.clone(), call.now)?;
                    // To make them takes longer than to compare them.
                    if time % SAME_TOKENS == 0 {
                        tokens = self.tokens(ctx, call)?;
                    }
                    if since.elapsed() > most {
                        break;
                    }
                }
                Ok(())
            })();
            exercised
                .catch(ctx)
                .map_err(|error| trouble(&error, &self.name))
        })
    }

    /// What the script used so far that no decision may depend on; empty for nothing.
    pub(super) fn used(&self) -> String {
        self.senses.used()
    }

    /// Either who wins or what was returned instead.
    fn call<'js>(
        &self,
        ctx: &Ctx<'js>,
        call: &Call,
        before: impl FnOnce(&Ctx<'js>, (&Object<'js>, &Object<'js>)),
    ) -> rquickjs::Result<Result<Winner, String>> {
        let (existing, incoming) = self.tokens(ctx, call)?;
        before(ctx, (&existing, &incoming));
        let tokens = (existing.clone(), incoming.clone());
        let result = self.pick(ctx, call.frames, tokens, call.now)?;
        let token = match () {
            () if result == *existing.as_value() => Some(Winner::Existing),
            () if result == *incoming.as_value() => Some(Winner::Incoming),
            () => None,
        };
        let winner = self
            .returns
            .winner(token, result.as_bool(), result.as_number());
        Ok(winner.ok_or_else(|| described(ctx, &result, &existing, &incoming)))
    }

    fn tokens<'js>(
        &self,
        ctx: &Ctx<'js>,
        call: &Call,
    ) -> rquickjs::Result<(Object<'js>, Object<'js>)> {
        let token = |token| self.shapes.token(ctx, token, call.shape);
        Ok((token(&call.existing)?, token(&call.incoming)?))
    }

    /// What the script returns. Where nothing else is between, it is called as it is.
    fn pick<'js>(
        &self,
        ctx: &Ctx<'js>,
        frames: u32,
        tokens: (Object<'js>, Object<'js>),
        now: Option<u64>,
    ) -> rquickjs::Result<Value<'js>> {
        let (pick, of) = self.chosen.restore(ctx)?;
        // Seconds up to the year 2099, and a month: exact numbers.
        let now = now.unwrap_or_default() as f64;
        let given = |parameter: &Parameter| match parameter {
            Parameter::Existing => tokens.0.clone().into_value(),
            Parameter::Incoming => tokens.1.clone().into_value(),
            Parameter::Now => Value::new_number(ctx.clone(), now),
            Parameter::NowMilliseconds => Value::new_number(ctx.clone(), now * 1000.0),
        };
        let given = self.parameters.iter().map(given);
        match (frames, of.is_undefined()) {
            (0, true) => {
                let mut arguments = Args::new(ctx.clone(), self.parameters.len());
                arguments.push_args(given)?;
                pick.call_arg(arguments)
            }
            (frames, _) => {
                let relay = self.relay.clone().restore(ctx)?;
                let array = Array::new(ctx.clone())?;
                for (place, given) in given.enumerate() {
                    array.set(place, given)?;
                }
                relay.call((frames, pick, of, array))
            }
        }
    }
}

/// Runs what the script has put off, as a page does between two calls. Whether it came to an end.
pub(super) fn settle(ctx: &Ctx<'_>, alarm: &Alarm) -> bool {
    while ctx.execute_pending_job() {
        if alarm.is_over() {
            return false;
        }
    }
    true
}

/// Runs something within the limits.
fn within<T>(
    context: &Context,
    alarm: &Alarm,
    run: impl FnOnce(&Ctx<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let before = limits::peak_bytes();
    let result = context.with(|ctx| {
        alarm.deadline.set(Some(Instant::now() + CALL_TIME));
        let result = run(&ctx);
        let late = alarm.is_over();
        alarm.deadline.set(None);
        match result {
            Err(Trouble::Threw { .. } | Trouble::Memory) if late => Err(Trouble::Late),
            result => result,
        }
    });
    // Where there is not even enough for an error object, the engine throws null.
    let null = Thrown::Value("null".to_owned());
    match result {
        Err(Trouble::Threw { thrown, .. }) if thrown == null && was_full(context, before) => {
            Err(Trouble::Memory)
        }
        result => result,
    }
}

/// Whether memory is used up, or was until what was thrown let go of it: the engine does not say.
fn was_full(context: &Context, peak_before: u64) -> bool {
    let much = MEMORY_BYTES / 2;
    let usage = context.runtime().memory_usage();
    let is_full = usize::try_from(usage.malloc_size).is_ok_and(|used| used > much);
    let grew = limits::peak_bytes().saturating_sub(peak_before);
    is_full || usize::try_from(grew).is_ok_and(|grew| grew > much)
}
