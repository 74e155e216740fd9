//! JSON in which equal parts are written once.
//!
//! Counterexamples repeat each other: the same steps, words and states appear in hundreds of cells.
//! Every distinct value becomes one entry of a pool and is referred to by its position; an object
//! is an array that begins with its list of keys, counted from -1 downwards. `page.js` reads it
//! back in a dozen lines.

use serde_json::Value;
use std::collections::HashMap;

/// Values that were written once each.
#[derive(Default)]
struct Pool {
    entries: Vec<String>,
    positions: HashMap<String, usize>,
    shapes: Vec<String>,
}

/// `{"keys": [..], "pool": [..]}`; the last entry is the value itself. Safe inside `<script>`.
pub fn pooled(value: &Value) -> String {
    let mut pool = Pool::default();
    pool.put(value);
    let (keys, entries) = (pool.shapes.join(","), pool.entries.join(","));
    format!("{{\"keys\":[{keys}],\"pool\":[{entries}]}}").replace('<', "\\u003c")
}

impl Pool {
    /// The position of a value.
    fn put(&mut self, value: &Value) -> usize {
        let entry = match value {
            Value::Array(values) => self.array(None, values.iter()),
            Value::Object(members) => {
                let keys: Vec<_> = members.keys().cloned().map(Value::String).collect();
                let shape = self.shape(Value::Array(keys).to_string());
                self.array(Some(shape), members.values())
            }
            scalar => scalar.to_string(),
        };
        if let Some(&position) = self.positions.get(&entry) {
            return position;
        }
        let position = self.entries.len();
        self.entries.push(entry.clone());
        self.positions.insert(entry, position);
        position
    }

    fn array<'a>(
        &mut self,
        shape: Option<usize>,
        values: impl Iterator<Item = &'a Value>,
    ) -> String {
        let first = shape.map(|shape| format!("-{}", shape + 1));
        let rest: Vec<_> = values.map(|value| self.put(value).to_string()).collect();
        let all: Vec<_> = first.into_iter().chain(rest).collect();
        format!("[{}]", all.join(","))
    }

    /// The position of a list of keys. There are about as many as there are types.
    fn shape(&mut self, keys: String) -> usize {
        self.shapes
            .iter()
            .position(|shape| *shape == keys)
            .unwrap_or_else(|| {
                self.shapes.push(keys);
                self.shapes.len() - 1
            })
    }
}

#[cfg(test)]
mod tests {
    use super::pooled;
    use serde_json::json;

    #[test]
    fn equal_parts_are_written_once() {
        let value = json!([{"a": "x", "b": [1]}, {"a": "x", "b": [1]}]);
        let expected = r#"{"keys":[["a","b"]],"pool":["x",1,[1],[-1,0,2],[3,3]]}"#;
        assert_eq!(pooled(&value), expected);
    }

    #[test]
    fn a_closing_tag_cannot_end_the_script() {
        assert!(!pooled(&json!("</script>")).contains('<'));
    }
}
