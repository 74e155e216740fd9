//! A token in the shapes in which a script meets it, made anew for each call.

use super::token::{Presented, Shape};
use rquickjs::object::Property;
use rquickjs::{Ctx, Error, Function, IntoJs, Object, Persistent, Result, Value};

/// Makes tokens as an SDK does, of a class; the playground's engine takes the same text.
const TOKENS: &str = include_str!("tokens.js");

/// Whoever makes them.
pub(super) struct Shapes(Persistent<Function<'static>>);

impl Shapes {
    /// Made before the script runs, and where it cannot reach it.
    pub(super) fn new(ctx: &Ctx<'_>) -> Result<Shapes> {
        let tokens: Function<'_> = ctx.eval(TOKENS)?;
        Ok(Shapes(Persistent::save(ctx, tokens)))
    }

    /// A token as the SDK hands it on. All of it is new in each call, its functions too, so whatever a script
    /// writes on it is not there in the next.
    pub(super) fn token<'js>(
        &self,
        ctx: &Ctx<'js>,
        token: &Presented,
        shape: Shape,
    ) -> Result<Object<'js>> {
        let parsed = ctx.json_parse(token.jwt.as_str())?;
        let jwt = parsed.into_object().ok_or(Error::Unknown)?;
        match shape {
            Shape::Both => both(ctx, jwt, token.raw.clone()),
            Shape::Decoded => Ok(jwt),
            Shape::Instance | Shape::Resource => {
                let tokens = self.0.clone().restore(ctx)?;
                tokens.call((jwt, token.raw.as_str(), shape == Shape::Instance))
            }
        }
    }
}

/// Members are defined, not assigned: no setter of the script's hears of it.
fn both<'js>(ctx: &Ctx<'js>, jwt: Object<'js>, raw: String) -> Result<Object<'js>> {
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

fn define<'js>(object: &Object<'js>, name: &str, value: impl IntoJs<'js>) -> Result<()> {
    let property = Property::from(value);
    object.prop(name, property.configurable().enumerable().writable())
}
