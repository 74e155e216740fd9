//! TOML as JSON, and changes of it.

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// Another value at a place; null: nothing there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The keys that lead there.
    path: Vec<String>,
    value: Json,
}

/// The whole text as JSON.
pub fn read(text: &str) -> Result<Json, String> {
    Ok(table(parse(text)?.as_table()))
}

/// The text with the changes, one after the other.
pub fn edit(text: &str, changes: &[Change]) -> Result<String, String> {
    let mut document = parse(text)?;
    for change in changes {
        let place = change.path.join(".");
        set(&mut document, change).map_err(|error| format!("error: `{place}`: {error}"))?;
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse()
        .map_err(|error| format!("error: this is no TOML: {error}"))
}

fn set(document: &mut DocumentMut, change: &Change) -> Result<(), String> {
    let Some((last, above)) = change.path.split_last() else {
        return Err("a change has to name a place".to_owned());
    };
    let mut at: &mut dyn TableLike = document.as_table_mut();
    for key in above {
        if change.value.is_null() && !at.contains_key(key) {
            return Ok(());
        }
        let item = at.entry(key).or_insert(Item::Table(Table::new()));
        at = item
            .as_table_like_mut()
            .ok_or_else(|| format!("`{key}` is no table"))?;
    }
    match value(&change.value)? {
        None => {
            at.remove(last);
        }
        Some(mut new) => match at.get_mut(last) {
            // What stands before and behind it stays: white space, a comment.
            Some(Item::Value(old)) => {
                *new.decor_mut() = old.decor().clone();
                *old = new;
            }
            Some(_) | None => {
                at.insert(last, Item::Value(new));
            }
        },
    }
    Ok(())
}

/// `None`: nothing.
fn value(json: &Json) -> Result<Option<Value>, String> {
    Ok(Some(match json {
        Json::Null => return Ok(None),
        Json::Bool(it) => Value::from(*it),
        Json::String(it) => Value::from(it.as_str()),
        Json::Number(it) => Value::from(it.as_i64().ok_or("no whole number")?),
        Json::Array(them) => {
            let mut array = Array::new();
            for it in them {
                array.push(value(it)?.ok_or("nothing cannot be in a list")?);
            }
            Value::from(array)
        }
        Json::Object(_) => return Err("set its values one by one".to_owned()),
    }))
}

fn table(table: &dyn TableLike) -> Json {
    let members = table.iter().map(|(key, it)| (key.to_owned(), item(it)));
    Json::Object(members.collect::<Map<_, _>>())
}

fn item(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => plain(value),
        Item::Table(it) => table(it),
        Item::ArrayOfTables(them) => them.iter().map(|it| table(it)).collect(),
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::String(it) => it.value().as_str().into(),
        Value::Integer(it) => (*it.value()).into(),
        Value::Float(it) => (*it.value()).into(),
        Value::Boolean(it) => (*it.value()).into(),
        Value::Datetime(it) => it.value().to_string().into(),
        Value::Array(them) => them.iter().map(plain).collect(),
        Value::InlineTable(it) => table(it),
    }
}
