//! Which of the things that a script exports is its comparator.

use super::DEFAULT_FUNCTION;
use super::modules::EXPORTS;
use super::plain::plain;
use super::protocol::Trouble;
use rquickjs::{Ctx, Exception, Filter, Function, Object, Persistent, Value};

/// So many names are told at most of those that could be meant.
const MOST_NAMES: usize = 20;

/// Whether a function is a class, which cannot be called.
pub(super) const IS_CLASS: &str = "(() => {
  const apply = Reflect.apply, text = Function.prototype.toString, begins = String.prototype.startsWith;
  return (value) => apply(begins, apply(text, value, []), ['class']);
})()";

/// What is called.
pub(super) struct Chosen {
    pub(super) name: String,
    exports: Persistent<Object<'static>>,
    /// Of a method, what `this` is in it.
    instance: Option<Persistent<Value<'static>>>,
}

impl Chosen {
    /// The function as it is now, and what `this` is in it. A script may give its export another value,
    /// which is then what everybody calls who imports it.
    pub(super) fn restore<'js>(
        &self,
        ctx: &Ctx<'js>,
    ) -> rquickjs::Result<(Function<'js>, Value<'js>)> {
        let exports = self.exports.clone().restore(ctx)?;
        let (path, method) = split(&self.name);
        let found = match (&self.instance, method) {
            (Some(instance), Some(method)) => {
                let instance = instance.clone().restore(ctx)?;
                let object = instance.as_object();
                let value = object.map(|object| object.get(method)).transpose()?;
                value.map(|value| (instance, value))
            }
            _ => walk(ctx, &exports, path)?,
        };
        let function = |(of, value): (_, Value<'js>)| Some((value.into_function()?, of));
        found.and_then(function).ok_or_else(|| {
            let message = format!("`{}` is no function any more", self.name);
            Exception::throw_type(ctx, &message)
        })
    }
}

/// The path to a function, or to the class that has the method.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('#') {
        Some((path, method)) => (path, Some(method)),
        None => (name, None),
    }
}

/// What is at a path in the exports, and what it is a member of.
fn walk<'js>(
    ctx: &Ctx<'js>,
    exports: &Object<'js>,
    path: &str,
) -> rquickjs::Result<Option<(Value<'js>, Value<'js>)>> {
    let mut of = Value::new_undefined(ctx.clone());
    let mut value = exports.clone().into_value();
    for part in path.split('.') {
        let (holder, Some(object)) = (value.clone(), value.as_object()) else {
            return Ok(None);
        };
        let next: Value<'js> = object.get(part)?;
        // What a module exports is called by itself.
        let is_module = object == exports;
        (of, value) = (if is_module { of } else { holder }, next);
    }
    Ok(Some((of, value)))
}

/// The function of this name, or the one that is meant where there is no name.
pub(super) fn choose<'js>(
    ctx: &Ctx<'js>,
    exports: &Object<'js>,
    name: Option<&str>,
    is_class: &Function<'js>,
) -> rquickjs::Result<Result<Chosen, Trouble>> {
    let choice = Choice {
        ctx,
        exports,
        is_class,
    };
    match name {
        Some(name) => choice.named(name),
        None => choice.usual(),
    }
}

struct Choice<'a, 'js> {
    ctx: &'a Ctx<'js>,
    exports: &'a Object<'js>,
    is_class: &'a Function<'js>,
}

impl<'js> Choice<'_, 'js> {
    fn usual(&self) -> rquickjs::Result<Result<Chosen, Trouble>> {
        if self.exports.contains_key(DEFAULT_FUNCTION)? {
            return self.named(DEFAULT_FUNCTION);
        }
        let of_default = format!("default.{DEFAULT_FUNCTION}");
        for name in ["default", of_default.as_str(), "default.default"] {
            if let Ok(chosen) = self.named(name)? {
                return Ok(Ok(chosen));
            }
        }
        let mut functions = Vec::new();
        let names = self.names();
        for name in &names {
            if self.named(name)?.is_ok() {
                functions.push(name.as_str());
            }
        }
        match functions.as_slice() {
            [only] => self.named(only),
            [] => Ok(Err(self.missing())),
            several => Ok(Err(Trouble::NoChoice(
                several.iter().map(|n| plain(n)).collect(),
            ))),
        }
    }

    fn named(&self, name: &str) -> rquickjs::Result<Result<Chosen, Trouble>> {
        let (path, method) = split(name);
        let Some((_, mut value)) = walk(self.ctx, self.exports, path)? else {
            return Ok(Err(self.missing()));
        };
        let mut instance = None;
        if let Some(method) = method {
            let Ok(class) = value.try_into_constructor() else {
                return Ok(Err(self.missing()));
            };
            let made: Value<'js> = class.construct(())?;
            let Some(object) = made.as_object() else {
                return Ok(Err(Trouble::NoFunction));
            };
            value = object.get(method)?;
            instance = Some(Persistent::save(self.ctx, made));
        }
        if value.is_undefined() {
            return Ok(Err(self.missing()));
        }
        let Some(pick) = value.into_function() else {
            return Ok(Err(Trouble::NoFunction));
        };
        if self.is_class.call((pick,))? {
            return Ok(Err(Trouble::Class));
        }
        Ok(Ok(Chosen {
            name: name.to_owned(),
            exports: Persistent::save(self.ctx, self.exports.clone()),
            instance,
        }))
    }

    /// With what could be meant instead: of an object and of a class, what is in it.
    fn missing(&self) -> Trouble {
        let mut all = Vec::new();
        for name in self.names() {
            let members = self.members(&name).unwrap_or_else(|_| {
                // Whatever a getter throws is no answer to what is asked here.
                self.ctx.catch();
                Vec::new()
            });
            match members.is_empty() {
                true => all.push(name),
                false => all.extend(members),
            }
        }
        Trouble::NoExport(
            all.iter()
                .take(MOST_NAMES)
                .map(|name| plain(name))
                .collect(),
        )
    }

    /// The functions in an object or a class that is exported, as a design names them.
    fn members(&self, name: &str) -> rquickjs::Result<Vec<String>> {
        let value: Value<'js> = self.exports.get(name)?;
        let Some(object) = value.as_object() else {
            return Ok(Vec::new());
        };
        let is_class = match value.as_function() {
            Some(function) => self.is_class.call((function.clone(),))?,
            None => false,
        };
        if value.is_function() && !is_class {
            return Ok(Vec::new());
        }
        let mut found = functions_in(object, &format!("{name}."))?;
        if is_class {
            let prototype: Object<'js> = object.get("prototype")?;
            found.extend(functions_in(&prototype, &format!("{name}#"))?);
        }
        Ok(found)
    }

    fn names(&self) -> Vec<String> {
        let names = self.exports.keys::<String>().filter_map(Result::ok);
        names
            .filter(|name| name != EXPORTS)
            .take(MOST_NAMES)
            .collect()
    }
}

/// What of an object is a function and no class's own constructor, each name after what it is a member of.
fn functions_in(object: &Object<'_>, of: &str) -> rquickjs::Result<Vec<String>> {
    let mut found = Vec::new();
    for key in object
        .own_keys::<String>(Filter::new().string())
        .take(MOST_NAMES)
    {
        let key = key?;
        if !["constructor", "prototype"].contains(&key.as_str())
            && object.get::<_, Value<'_>>(key.as_str())?.is_function()
        {
            found.push(format!("{of}{key}"));
        }
    }
    Ok(found)
}
