//! What came instead of an answer: something else that was returned, or something that was thrown.

use super::plain::plain;
use super::protocol::{Thrown, Trouble};
use rquickjs::{CaughtError, Ctx, Error, Object, Type, Value};

/// What was returned that is neither of the tokens.
pub(super) fn described<'js>(
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
pub(super) fn trouble(error: &CaughtError<'_>, name: &str) -> Trouble {
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
