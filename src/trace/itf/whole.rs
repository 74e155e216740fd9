//! Whether everything that a file in ITF says was understood.

use super::read::read_int;
use super::write::{LIFE_VARIABLES, VARIABLES, every_state};
use crate::trace::record::{Observed, TraceStep};
use serde_json::Value;

/// What was read, written again, must be what the file says: a word or a field that nobody knows would
/// else be taken for one that says nothing. A file may say less, since earlier versions did, and may
/// have variables of its own.
///
/// # Errors
///
/// The place in a state that was not understood.
pub(super) fn check(file: &Value, start: &Observed, steps: &[TraceStep]) -> Result<(), String> {
    let known = || VARIABLES.iter().chain(&LIFE_VARIABLES);
    let states = file["states"].as_array().map_or(&[][..], Vec::as_slice);
    for (index, (written, state)) in every_state(start, steps).iter().zip(states).enumerate() {
        let number = state["#meta"].get("index");
        if number.is_some_and(|number| number.as_u64() != Some(index as u64)) {
            return Err(format!("state {index}: `#meta` gives another `index`"));
        }
        for name in known() {
            let Some(value) = state.get(name) else {
                continue;
            };
            let place = departs(&written[*name], value, name);
            place.map_or(Ok(()), |place| {
                Err(format!("state {index}: `{place}` is not understood"))
            })?;
        }
    }
    let Some(listed) = file.get("vars") else {
        return Ok(());
    };
    let is_listed = |name: &str| {
        listed
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == name))
    };
    let has = |name: &str| states.iter().any(|state| state.get(name).is_some());
    let mut lost = known().filter(|name| has(name) && !is_listed(name));
    match lost.next() {
        Some(name) => Err(format!("`{name}` is a variable, and not among `vars`")),
        None => Ok(()),
    }
}

/// The first place at which a file says something else than was written.
fn departs(written: &Value, file: &Value, place: &str) -> Option<String> {
    if let (Ok(one), Ok(other)) = (read_int(written), read_int(file)) {
        return (one != other).then(|| place.to_owned());
    }
    match (written, file) {
        (Value::Object(written), Value::Object(file)) => {
            let is_nothing = written
                .get("value")
                .is_some_and(|value| value.get("#tup").is_some());
            file.iter().find_map(|(key, value)| {
                let place = format!("{place}.{key}");
                match written.get(key) {
                    None => Some(place),
                    // Each tool has its own way to say nothing.
                    Some(_) if key == "value" && is_nothing => None,
                    Some(written) => departs(written, value, &place),
                }
            })
        }
        (Value::Array(written), Value::Array(file)) if written.len() == file.len() => {
            let mut pairs = written.iter().zip(file).enumerate();
            pairs.find_map(|(at, (one, other))| departs(one, other, &format!("{place}[{at}]")))
        }
        (written, file) => (written != file).then(|| place.to_owned()),
    }
}
