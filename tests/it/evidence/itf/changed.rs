//! Whatever is changed in a trace is read as something else, or refused.

use super::saved_of;
use freshest::trace::from_itf;
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// Every place in a document that holds no others.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                leaves(value, &format!("{place}/{}", key.replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                leaves(value, &format!("{place}/{at}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(place.to_owned());
        }
    }
}

/// What says nothing of the trace: who wrote it, and what is shown above it.
const FOR_PEOPLE: [&str; 2] = ["/#meta/description", "/#meta/format-description"];

#[test]
fn nothing_in_a_trace_can_be_changed_without_being_read_as_something_else_or_refused() {
    let directory = TempDir::new().unwrap();
    for (design, scenario, property) in [
        ("pr-8097", "own-refresh", "cached-oiat-never-decreases"),
        ("pr-9284", "clear", "tab-oiat-never-decreases"),
        ("pr-9284", "org-w1s1", "cookie-context"),
        ("pr-9284", "out-o1s1", "no-cookie-after-signout"),
        ("lock", "own-refresh", "cached-oiat-never-decreases"),
        ("invalidate", "s2", "cached-oiat-never-decreases"),
    ] {
        let path = saved_of(&directory, "trace.itf.json", [design, scenario, property]);
        let text = fs::read_to_string(path).unwrap();
        let read = |file: &Value| from_itf(&file.to_string()).map(|read| format!("{read:?}"));
        let file: Value = serde_json::from_str(&text).unwrap();
        let honest = read(&file).unwrap();
        let mut places = Vec::new();
        leaves(&file, "", &mut places);
        for place in places {
            if FOR_PEOPLE.contains(&place.as_str()) {
                continue;
            }
            let value = file.pointer(&place).unwrap();
            let others: Vec<Value> = match value {
                Value::String(text) => vec![
                    json!(format!("{text}x")),
                    json!(format!("{text}1")),
                    json!(""),
                    Value::Null,
                ],
                Value::Bool(truth) => vec![json!(!truth), Value::Null],
                Value::Number(_) => vec![json!(77), json!("77"), Value::Null],
                Value::Null | Value::Array(_) | Value::Object(_) => vec![json!(1)],
            };
            for other in others {
                let mut changed = file.clone();
                *changed.pointer_mut(&place).unwrap() = other.clone();
                let is_other = read(&changed).map_or(true, |read| read != honest);
                assert!(is_other, "{design} in {scenario}: {place} is {other}");
            }
            // A field that nobody knows beside it.
            let (holder, _) = place.rsplit_once('/').unwrap();
            let mut changed = file.clone();
            let holder = changed.pointer_mut(holder).unwrap();
            if let (true, Some(fields)) = (place.contains("/tabs/"), holder.as_object_mut()) {
                fields.insert("more".to_owned(), json!(1));
                assert!(
                    read(&changed).is_err(),
                    "{design} in {scenario}: more at {place}"
                );
            }
        }
    }
}
