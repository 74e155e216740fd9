//! How a script gets into a context: its modules, what stands for names in a build, what will be called.

use super::choice::{self, Chosen};
use super::code::{Mark, Module};
use super::engine::{Alarm, settle};
use super::instead::trouble;
use super::protocol::{Asked, Trouble};
use super::senses::Senses;
use super::shapes::Shapes;
use crate::source::Scalar;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::object::Property;
use rquickjs::promise::PromiseState;
use rquickjs::{CatchResultExt, CaughtError, Ctx, Error, Function, Object, Persistent};
use std::rc::Rc;

/// Calls a function, of an object if it is one's, from some functions further down the stack.
const RELAY: &str = "(() => {
  const apply = Reflect.apply;
  const relay = (frames, pick, of, given) => frames > 1
    ? relay(frames - 1, pick, of, given)
    : apply(pick, of, given);
  return relay;
})()";

/// Gives modules to each other.
#[derive(Clone)]
pub(super) struct Modules {
    pub(super) name: String,
    pub(super) modules: Rc<Vec<Module>>,
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

pub(super) type Functions = (Chosen, Persistent<Function<'static>>, Shapes);

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
pub(super) fn load(
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
