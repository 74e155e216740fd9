//! A JavaScript context that holds one script, and nothing from outside.

use super::CALL_TIME_MILLISECONDS as CALL_TIME;
use super::strip::Stripped;
use super::token::{Call, SIGNATURE};
use crate::freshness::Winner;
use rquickjs::function::Args;
use rquickjs::{
    Array, CatchResultExt, CaughtError, Context, Ctx, Error, Function, Module, Object, Runtime,
    Value,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What the engine itself needs, and the script, its values and its garbage, in bytes.
pub(super) const MEMORY_BYTES: usize = 32 << 20;

/// How deep calls may nest: the stack in bytes.
pub(super) const STACK_BYTES: usize = 256 << 10;

/// The name of the script in stack traces.
const NAME: &str = "script";

/// Runs before the script.
const PRELUDE: &str = include_str!("prelude.js");

/// Of the list of what the engine calls: the prelude's functions, then the script's.
const ASK: usize = 0;
const USED: usize = 1;
const PICK: usize = 2;

/// Which of two contexts. They differ in clock and chance, so that an answer that depends on either
/// is not the same in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// The one that is asked first.
    First,
    /// The one that is asked again.
    Confirming,
}

/// See the module.
pub(super) struct Engine {
    context: Context,
    alarm: Arc<Alarm>,
}

/// What is wrong with a script, or with what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An exception: its message, and line and column of the code, both from 1.
    Threw {
        message: String,
        at: Option<(u32, u32)>,
    },
    /// It took too long.
    Late,
    /// It wanted more memory than there is.
    Memory,
    /// It did not return one of its arguments, but this.
    Returned(String),
    /// It has no such export; what it has.
    NoExport(Vec<String>),
    /// What it exports under the name is no function.
    NoFunction,
    /// It waits, at its top level, for something that never comes.
    Waits,
    /// The engine does not work.
    Engine(String),
}

/// Ends a call that takes too long.
#[derive(Debug)]
struct Alarm {
    since: Instant,
    /// In milliseconds; 0 while nothing runs.
    deadline: AtomicU64,
}

impl Alarm {
    fn now(&self) -> u64 {
        self.since.elapsed().as_millis() as u64
    }

    fn is_over(&self) -> bool {
        let deadline = self.deadline.load(Ordering::Relaxed);
        deadline != 0 && self.now() >= deadline
    }

    fn set(&self) {
        let deadline = self.now() + CALL_TIME;
        self.deadline.store(deadline.max(1), Ordering::Relaxed);
    }
}

impl Engine {
    /// Loads a script into a new context.
    pub(super) fn new(script: &Stripped, function: &str, run: Run) -> Result<Engine, Trouble> {
        let broken = |error: Error| Trouble::Engine(error.to_string());
        let runtime = Runtime::new().map_err(broken)?;
        runtime.set_memory_limit(MEMORY_BYTES);
        runtime.set_max_stack_size(STACK_BYTES);
        let alarm = Arc::new(Alarm {
            since: Instant::now(),
            deadline: AtomicU64::new(0),
        });
        let watched = Arc::clone(&alarm);
        runtime.set_interrupt_handler(Some(Box::new(move || watched.is_over())));
        let context = Context::full(&runtime).map_err(broken)?;
        let engine = Engine { context, alarm };
        engine.run(|ctx| load(ctx, script, function, run))?;
        Ok(engine)
    }

    /// Which of two tokens the script chooses.
    pub(super) fn ask(&self, call: &Call) -> Result<Winner, Trouble> {
        let answer = self.run(|ctx| {
            let (ask, pick) = (kept(ctx, ASK)?, kept(ctx, PICK)?);
            let answer = answer(ctx, &ask, pick, call);
            answer.catch(ctx).map_err(|error| trouble(&error))
        })?;
        match answer.as_str() {
            "existing" => Ok(Winner::Existing),
            "incoming" => Ok(Winner::Incoming),
            other => Err(Trouble::Returned(other.trim_start_matches('?').to_owned())),
        }
    }

    /// What the script used so far that no decision may depend on; empty for nothing.
    pub(super) fn used(&self) -> String {
        let used = self.run(|ctx| {
            let used = kept(ctx, USED)?.call(());
            used.catch(ctx).map_err(|error| trouble(&error))
        });
        used.unwrap_or_default()
    }

    /// Runs something within the limits.
    fn run<T>(&self, run: impl FnOnce(&Ctx<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.context.with(|ctx| {
            self.alarm.set();
            let result = run(&ctx);
            let late = self.alarm.is_over();
            self.alarm.deadline.store(0, Ordering::Relaxed);
            match result {
                Err(Trouble::Threw { .. }) if late => Err(Trouble::Late),
                result => result,
            }
        })
    }
}

/// Evaluates prelude and script, and keeps what will be called.
fn load(ctx: &Ctx<'_>, script: &Stripped, function: &str, run: Run) -> Result<(), Trouble> {
    let caught = |error: CaughtError<'_>| trouble(&error);
    // Milliseconds since the epoch, a century apart, before and after all tokens; and odd or even.
    let (epoch, turn) = match run {
        Run::First => (1.0e12, 0),
        Run::Confirming => (4.1e12, 1),
    };
    let prelude: Function<'_> = ctx.eval(PRELUDE).catch(ctx).map_err(caught)?;
    let functions: Array<'_> = prelude
        .call((epoch, turn, SIGNATURE))
        .catch(ctx)
        .map_err(caught)?;
    let module = Module::declare(ctx.clone(), NAME, script.code.as_str());
    let (module, done) = module.and_then(Module::eval).catch(ctx).map_err(caught)?;
    match done.finish::<()>() {
        Err(Error::WouldBlock) => return Err(Trouble::Waits),
        finished => finished.catch(ctx).map_err(caught)?,
    }
    let exports: Object<'_> = module.namespace().catch(ctx).map_err(caught)?;
    let pick: Value<'_> = exports.get(function).catch(ctx).map_err(caught)?;
    if pick.is_undefined() {
        let names = exports.keys::<String>().filter_map(Result::ok);
        return Err(Trouble::NoExport(names.collect()));
    }
    let pick = pick.into_function().ok_or(Trouble::NoFunction)?;
    functions.set(PICK, pick).catch(ctx).map_err(caught)?;
    // With the runtime, where no script can reach them.
    match ctx.store_userdata(functions) {
        Ok(_) => Ok(()),
        Err(_) => Err(Trouble::Engine("it cannot keep functions".to_owned())),
    }
}

/// What the prelude says of a call.
fn answer<'js>(
    ctx: &Ctx<'js>,
    ask: &Function<'js>,
    pick: Function<'js>,
    call: &Call,
) -> rquickjs::Result<String> {
    let mut args = Args::new(ctx.clone(), 1 + Call::PARTS);
    args.push_arg(pick)?;
    args.push_args(call.parts())?;
    ask.call_arg(args)
}

/// One of the functions that [`load`] kept.
fn kept<'js>(ctx: &Ctx<'js>, which: usize) -> Result<Function<'js>, Trouble> {
    let lost = || Trouble::Engine("it lost its functions".to_owned());
    let functions = ctx.userdata::<Array<'js>>().ok_or_else(lost)?;
    functions.get(which).map_err(|_| lost())
}

/// What was thrown.
fn trouble(error: &CaughtError<'_>) -> Trouble {
    match error {
        CaughtError::Error(Error::Allocation) => Trouble::Memory,
        CaughtError::Error(error) => Trouble::Engine(error.to_string()),
        // There was not even enough for an error object.
        CaughtError::Value(value) if value.is_null() => Trouble::Memory,
        CaughtError::Value(value) => Trouble::Threw {
            message: thrown(value),
            at: None,
        },
        CaughtError::Exception(exception) => {
            let text = exception.message().unwrap_or_default();
            if text == "out of memory" {
                return Trouble::Memory;
            }
            let name: Option<String> = exception.as_object().get("name").ok();
            let name = name.unwrap_or_else(|| "Error".to_owned());
            Trouble::Threw {
                message: match text.as_str() {
                    "" => name,
                    text => format!("{name}: {text}"),
                },
                at: exception.stack().as_deref().and_then(place),
            }
        }
    }
}

/// A value that is no error but was thrown all the same.
fn thrown(value: &Value<'_>) -> String {
    match value.as_string().and_then(|text| text.to_string().ok()) {
        Some(text) => format!("{text:?}"),
        None => format!("a value of type {}", value.type_name()),
    }
}

/// The uppermost place of the script in a stack trace: `at name (script:12:5)`.
fn place(stack: &str) -> Option<(u32, u32)> {
    stack.lines().find_map(|line| {
        let (_, place) = line.split_once(&format!("{NAME}:"))?;
        let mut numbers = place.trim_end_matches(')').split(':');
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Some((number(numbers.next())?, number(numbers.next()).unwrap_or(1)))
    })
}
