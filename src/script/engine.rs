//! A JavaScript context that holds one script, and nothing from outside.

use super::plain::plain;
use super::protocol::{Thrown, Trouble};
use super::senses::Senses;
use super::token::{Call, Presented};
use super::{CALL_TIME, MEMORY_BYTES, STACK_BYTES};
use crate::freshness::Winner;
use rquickjs::object::Property;
use rquickjs::promise::PromiseState;
use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Error, Function, IntoJs, Module, Object, Persistent,
    Runtime, Value,
};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Calls a function from some functions further down the stack.
const RELAY: &str = "(() => {
  const relay = (frames, pick, existing, incoming) =>
    frames > 1 ? relay(frames - 1, pick, existing, incoming) : pick(existing, incoming);
  return relay;
})()";

/// Marks a branch as reached.
type Mark = Box<dyn Fn(usize)>;

/// See the module.
pub(super) struct Engine {
    name: String,
    // Before the context, which must be there when they go.
    pick: Persistent<Function<'static>>,
    relay: Persistent<Function<'static>>,
    context: Context,
    alarm: Rc<Alarm>,
    senses: Rc<Senses>,
}

/// Ends a request that takes too long.
#[derive(Debug, Default)]
struct Alarm {
    deadline: Cell<Option<Instant>>,
}

/// What is run.
pub(super) struct Source<'a> {
    /// JavaScript, a module without imports.
    pub(super) code: &'a str,
    /// How stack traces call it.
    pub(super) name: &'a str,
    /// The function that is called.
    pub(super) function: &'a str,
    /// A global function of the script's that has to be there, and is called with numbers.
    pub(super) mark: Option<(&'a str, Mark)>,
}

impl Alarm {
    fn is_over(&self) -> bool {
        self.deadline.get().is_some_and(|at| Instant::now() >= at)
    }
}

impl Engine {
    /// Loads a script into a new context.
    pub(super) fn new(source: Source<'_>) -> Result<Engine, Trouble> {
        let broken = |error: Error| Trouble::Engine(error.to_string());
        let runtime = Runtime::new().map_err(broken)?;
        runtime.set_memory_limit(MEMORY_BYTES);
        runtime.set_max_stack_size(STACK_BYTES);
        let alarm = Rc::new(Alarm::default());
        let watched = Rc::clone(&alarm);
        runtime.set_interrupt_handler(Some(Box::new(move || watched.is_over())));
        let context = Context::full(&runtime).map_err(broken)?;
        let name = source.name.to_owned();
        let senses = Rc::new(Senses::default());
        let loaded = within(&context, &alarm, |ctx| {
            senses
                .install(ctx)
                .catch(ctx)
                .map_err(|error| trouble(&error, ""))?;
            load(ctx, source, &alarm)
        });
        let (pick, relay) = loaded?;
        Ok(Engine {
            name,
            pick,
            relay,
            context,
            alarm,
            senses,
        })
    }

    /// Which of two tokens the script chooses.
    pub(super) fn ask(&self, call: &Call) -> Result<Winner, Trouble> {
        self.senses.set(call.clock, call.chance);
        within(&self.context, &self.alarm, |ctx| {
            let answer = self.call(ctx, call);
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
                let pick = self.pick.clone().restore(ctx)?;
                let since = Instant::now();
                for _ in 0..times {
                    let tokens = (token(ctx, &call.existing)?, token(ctx, &call.incoming)?);
                    let _: Value<'_> = pick.call(tokens)?;
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
    fn call(&self, ctx: &Ctx<'_>, call: &Call) -> rquickjs::Result<Result<Winner, String>> {
        let existing = token(ctx, &call.existing)?;
        let incoming = token(ctx, &call.incoming)?;
        let pick = self.pick.clone().restore(ctx)?;
        let tokens = (existing.clone(), incoming.clone());
        let result: Value<'_> = match call.frames {
            0 => pick.call(tokens)?,
            frames => {
                let relay = self.relay.clone().restore(ctx)?;
                relay.call((frames, pick, tokens.0, tokens.1))?
            }
        };
        Ok(if result == *existing.as_value() {
            Ok(Winner::Existing)
        } else if result == *incoming.as_value() {
            Ok(Winner::Incoming)
        } else {
            Err(described(ctx, &result, &existing, &incoming))
        })
    }
}

/// Runs what the script has put off, as a page does between two calls. Whether it came to an end.
fn settle(ctx: &Ctx<'_>, alarm: &Alarm) -> bool {
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
        Err(Trouble::Threw { thrown, .. }) if thrown == null && is_full(context) => {
            Err(Trouble::Memory)
        }
        result => result,
    }
}

fn is_full(context: &Context) -> bool {
    let usage = context.runtime().memory_usage();
    usize::try_from(usage.malloc_size).is_ok_and(|used| used > MEMORY_BYTES / 2)
}

type Functions = (Persistent<Function<'static>>, Persistent<Function<'static>>);

/// Evaluates the script, and keeps what will be called.
fn load(ctx: &Ctx<'_>, source: Source<'_>, alarm: &Alarm) -> Result<Functions, Trouble> {
    let caught = |error: CaughtError<'_>| trouble(&error, source.name);
    // Made before the script runs, and where it cannot reach it.
    let relay: Function<'_> = ctx.eval(RELAY).catch(ctx).map_err(caught)?;
    if let Some((name, mark)) = source.mark {
        let mark = Function::new(ctx.clone(), mark);
        let marked = mark.and_then(|mark| ctx.globals().prop(name, mark));
        marked.catch(ctx).map_err(caught)?;
    }
    let module = Module::declare(ctx.clone(), source.name, source.code);
    let (module, done) = module.and_then(Module::eval).catch(ctx).map_err(caught)?;
    while done.state() == PromiseState::Pending {
        if alarm.is_over() {
            return Err(Trouble::Late);
        }
        if !ctx.execute_pending_job() {
            return Err(Trouble::Waits);
        }
    }
    if let Some(result) = done.result::<()>() {
        result.catch(ctx).map_err(caught)?;
    }
    if !settle(ctx, alarm) {
        return Err(Trouble::Late);
    }
    let exports: Object<'_> = module.namespace().catch(ctx).map_err(caught)?;
    let pick: Value<'_> = exports.get(source.function).catch(ctx).map_err(caught)?;
    if pick.is_undefined() {
        let names = exports.keys::<String>().filter_map(Result::ok);
        let names = names.take(20).map(|name| plain(&name));
        return Err(Trouble::NoExport(names.collect()));
    }
    let pick = pick.into_function().ok_or(Trouble::NoFunction)?;
    Ok((Persistent::save(ctx, pick), Persistent::save(ctx, relay)))
}

/// A token as the SDK hands it on: as a resource and as the decoded JWT that is in it. All of it is new
/// in each call, its function too, so whatever a script writes on it is not there in the next. Members
/// are defined, not assigned: no setter of the script's hears of it.
fn token<'js>(ctx: &Ctx<'js>, token: &Presented) -> rquickjs::Result<Object<'js>> {
    let parsed = ctx.json_parse(token.jwt.as_str())?;
    let jwt = parsed.into_object().ok_or(Error::Unknown)?;
    let raw = token.raw.clone();
    let raw = Function::new(ctx.clone(), move || raw.clone())?.with_name("getRawString")?;
    let object = Object::new(ctx.clone())?;
    define(&object, "object", "token")?;
    define(&object, "jwt", jwt.clone())?;
    define(&object, "getRawString", raw)?;
    for part in ["encoded", "header", "claims"] {
        define(&object, part, jwt.get::<_, Value<'_>>(part)?)?;
    }
    Ok(object)
}

fn define<'js>(object: &Object<'js>, name: &str, value: impl IntoJs<'js>) -> rquickjs::Result<()> {
    let property = Property::from(value);
    object.prop(name, property.configurable().enumerable().writable())
}

/// What was returned that is neither of the tokens.
fn described<'js>(
    ctx: &Ctx<'js>,
    result: &Value<'js>,
    existing: &Object<'js>,
    incoming: &Object<'js>,
) -> String {
    let jwt = |token: &Object<'js>| token.get::<_, Value<'js>>("jwt").ok();
    let json = |value: Value<'js>| {
        let text = ctx.json_stringify(value).ok().flatten()?;
        text.to_string().ok()
    };
    let known = [
        Some(existing.as_value().clone()),
        Some(incoming.as_value().clone()),
        jwt(existing),
        jwt(incoming),
    ];
    let is_copy = || {
        let text = json(result.clone());
        text.is_some() && known.iter().flatten().any(|one| json(one.clone()) == text)
    };
    let kind = match result.type_name() {
        "bool" => "a boolean",
        "int" | "float" => "a number",
        "string" => "a string",
        "symbol" => "a symbol",
        "big_int" => "a bigint",
        "function" | "constructor" => "a function",
        _ => "an object",
    };
    let description = match result {
        _ if result.is_undefined() => "undefined",
        _ if result.is_null() => "null",
        _ if result.is_promise() => "a promise",
        _ if known[2].as_ref() == Some(result) => "the jwt inside of the existing token",
        _ if known[3].as_ref() == Some(result) => "the jwt inside of the incoming token",
        _ if result.is_object() && !result.is_function() && is_copy() => "a copy of a token",
        _ if kind == "an object" => "another object",
        _ => kind,
    };
    // Whatever a `toJSON` or a proxy threw meanwhile.
    drop(ctx.catch());
    description.to_owned()
}

/// What was thrown.
fn trouble(error: &CaughtError<'_>, name: &str) -> Trouble {
    match error {
        CaughtError::Error(Error::Allocation) => Trouble::Memory,
        CaughtError::Error(error) => Trouble::Engine(error.to_string()),
        CaughtError::Value(value) => Trouble::Threw {
            thrown: Thrown::Value(thrown(value)),
            at: None,
        },
        CaughtError::Exception(exception) => {
            let text = exception.message().unwrap_or_default();
            if text == "out of memory" {
                return Trouble::Memory;
            }
            let kind: Option<String> = exception.as_object().get("name").ok();
            let kind = kind.unwrap_or_else(|| "Error".to_owned());
            Trouble::Threw {
                thrown: Thrown::Error(match text.as_str() {
                    "" => plain(&kind),
                    text => plain(&format!("{kind}: {text}")),
                }),
                at: exception.stack().and_then(|stack| place(&stack, name)),
            }
        }
    }
}

/// A value that is no error but was thrown all the same.
fn thrown(value: &Value<'_>) -> String {
    let text = value.as_string().and_then(|text| text.to_string().ok());
    match (text, value.as_number(), value.as_bool()) {
        (Some(text), _, _) => format!("\"{}\"", plain(&text)),
        (_, Some(number), _) => number.to_string(),
        (_, _, Some(truth)) => truth.to_string(),
        _ if value.is_null() => "null".to_owned(),
        _ if value.is_undefined() => "undefined".to_owned(),
        _ => format!("a value of type {}", value.type_name()),
    }
}

/// The uppermost place of the script in a stack trace: `at pick (NAME:12:5)`.
fn place(stack: &str, name: &str) -> Option<(u32, u32)> {
    stack.lines().find_map(|line| {
        let (_, place) = line.split_once(&format!("{name}:"))?;
        let mut numbers = place.trim_end_matches(')').split(':');
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Some((number(numbers.next())?, number(numbers.next()).unwrap_or(1)))
    })
}
