//! A JavaScript context that holds one script, and nothing from outside.

use super::choice::{self, Chosen};
use super::code::{Mark, Module, Source};
use super::plain::plain;
use super::protocol::{Asked, Parameter, Returns, Thrown, Trouble};
use super::senses::Senses;
use super::shapes::Shapes;
use super::token::Call;
use super::{CALL_TIME, MEMORY_BYTES, STACK_BYTES, limits};
use crate::freshness::Winner;
use crate::source::Scalar;
use rquickjs::function::Args;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::object::Property;
use rquickjs::promise::PromiseState;
use rquickjs::{
    Array, CatchResultExt, CaughtError, Context, Ctx, Error, Function, Object, Persistent, Runtime,
    Type, Value,
};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Calls a function, of an object if it is one's, from some functions further down the stack.
const RELAY: &str = "(() => {
  const apply = Reflect.apply;
  const relay = (frames, pick, of, given) => frames > 1
    ? relay(frames - 1, pick, of, given)
    : apply(pick, of, given);
  return relay;
})()";

/// So often are two tokens compared where the answer does not count.
const SAME_TOKENS: u32 = 20;

/// See the module.
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
struct Alarm {
    deadline: Cell<Option<Instant>>,
}

/// Gives modules to each other.
#[derive(Clone)]
struct Modules {
    name: String,
    modules: Rc<Vec<Module>>,
}

impl Modules {
    fn name_of(&self, number: usize) -> String {
        match number {
            0 => self.name.clone(),
            number => format!("{}/{number}", self.name),
        }
    }

    fn number_of(&self, name: &str) -> Option<usize> {
        (0..self.modules.len()).find(|&number| self.name_of(number) == name)
    }
}

impl Resolver for Modules {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        let importer = self.number_of(base).map(|number| &self.modules[number]);
        let mut imports = importer.into_iter().flat_map(|module| &module.imports);
        let found = imports.find(|(from, _)| from == name);
        let found = found.ok_or_else(|| Error::new_resolving(base, name))?;
        Ok(self.name_of(found.1))
    }
}

impl Loader for Modules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<rquickjs::Module<'js, Declared>> {
        let number = self
            .number_of(name)
            .ok_or_else(|| Error::new_loading(name))?;
        rquickjs::Module::declare(ctx.clone(), name, self.modules[number].code.as_str())
    }
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

type Functions = (Chosen, Persistent<Function<'static>>, Shapes);

/// Puts what stands for names in a build where a script finds it, and cannot change it.
fn define_constants(ctx: &Ctx<'_>, define: &[(String, Scalar)]) -> Result<(), Trouble> {
    let mut own: Vec<&str> = Vec::new();
    for (name, constant) in define {
        let mut parts: Vec<&str> = name.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        let top = parts.first().copied().unwrap_or(last);
        let globals = ctx.globals();
        let is_there = globals.contains_key(top).unwrap_or(true);
        if is_there && !own.contains(&top) {
            return Err(Trouble::Taken(name.clone()));
        }
        own.push(top);
        let set = || -> rquickjs::Result<()> {
            let mut object = globals;
            for part in parts {
                if !object.contains_key(part)? {
                    object.prop(part, Property::from(Object::new(ctx.clone())?).enumerable())?;
                }
                object = object.get(part)?;
            }
            match constant {
                Scalar::Text(text) => object.prop(last, Property::from(text.as_str())),
                Scalar::Number(number) => object.prop(last, Property::from(*number as f64)),
                Scalar::Truth(truth) => object.prop(last, Property::from(*truth)),
            }
        };
        set().map_err(|_| Trouble::Taken(name.clone()))?;
    }
    Ok(())
}

/// Evaluates the script, and keeps what will be called.
fn load(
    ctx: &Ctx<'_>,
    modules: &Modules,
    asked: &Asked,
    (in_page, mark): (bool, Option<(&str, Mark)>),
    alarm: &Alarm,
) -> Result<Functions, Trouble> {
    let name = modules.name.as_str();
    let caught = |error: CaughtError<'_>| trouble(&error, name);
    let is_class: Function<'_> = ctx.eval(choice::IS_CLASS).catch(ctx).map_err(caught)?;
    define_constants(ctx, &asked.define)?;
    // Made before the script runs, and where it cannot reach it.
    let relay: Function<'_> = ctx.eval(RELAY).catch(ctx).map_err(caught)?;
    let shapes = Shapes::new(ctx).catch(ctx).map_err(caught)?;
    if in_page {
        Senses::open_page(ctx).catch(ctx).map_err(caught)?;
    }
    if let Some((called, mark)) = mark {
        let mark = Function::new(ctx.clone(), mark);
        let marked = mark.and_then(|mark| ctx.globals().prop(called, mark));
        marked.catch(ctx).map_err(caught)?;
    }
    let code = modules.modules[0].code.as_str();
    let module = rquickjs::Module::declare(ctx.clone(), name, code);
    let evaluated = module.and_then(rquickjs::Module::eval);
    let (module, done) = evaluated.catch(ctx).map_err(caught)?;
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
    let chosen = choice::choose(ctx, &exports, asked.function.as_deref(), &is_class);
    let chosen = chosen.catch(ctx).map_err(caught)??;
    if !settle(ctx, alarm) {
        return Err(Trouble::Late);
    }
    Ok((chosen, Persistent::save(ctx, relay), shapes))
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
        _ if known[0].as_ref() == Some(result) => "the existing token",
        _ if known[1].as_ref() == Some(result) => "the incoming token",
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
        // Where the engine finds no memory it may give up without throwing anything.
        CaughtError::Value(value) if value.type_of() == Type::Uninitialized => Trouble::Memory,
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

/// The uppermost place of the script in a stack trace: `at pick (NAME:12:5)`, or `NAME/2:12:5` in the
/// file of that number.
fn place(stack: &str, name: &str) -> Option<(usize, u32, u32)> {
    stack.lines().find_map(|line| {
        let (_, place) = line.split_once(name)?;
        let (file, place) = match place.strip_prefix('/') {
            Some(rest) => {
                let (file, place) = rest.split_once(':')?;
                (file.parse().ok()?, place)
            }
            None => (0, place.strip_prefix(':')?),
        };
        let mut numbers = place.trim_end_matches(')').split(':');
        let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Some((
            file,
            number(numbers.next())?,
            number(numbers.next()).unwrap_or(1),
        ))
    })
}
