//! JSON in which equal parts are written once.
//!
//! Counterexamples repeat each other: the same steps, words and states appear in hundreds of cells.
//! Every distinct value becomes one entry of a pool and is referred to by its position; an object
//! is an array that begins with its list of keys, counted from -1 downwards.
//! `templates/report.js` reads it back in a dozen lines.
//!
//! What remains is compressed: browsers decompress (Compression Streams, WHATWG, "deflate"), and a
//! page with thousands of traces stays small enough to send.

use miniz_oxide::deflate::compress_to_vec_zlib;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// How hard to try, of 10: more takes seconds and saves nothing to speak of.
const LEVEL: u8 = 6;

/// Values that were written once each.
#[derive(Default)]
struct Pool<'a> {
    /// All entries, with commas between them.
    entries: String,
    /// How many there are.
    count: usize,
    positions: FxHashMap<String, usize>,
    /// Of strings: most come again, and need not be written to be known.
    strings: FxHashMap<&'a str, usize>,
    /// Lists of keys.
    shapes: Vec<Vec<&'a str>>,
}

/// A pooled value, compressed (RFC 1950), in base64.
pub(crate) fn packed(value: &Value) -> String {
    base64_simd::STANDARD.encode_to_string(compress_to_vec_zlib(pooled(value).as_bytes(), LEVEL))
}

/// `{"keys": [..], "pool": [..]}`; the last entry is the value itself.
fn pooled(value: &Value) -> String {
    let mut pool = Pool::default();
    pool.put(value);
    let (keys, entries) = (json!(pool.shapes), pool.entries);
    format!("{{\"keys\":{keys},\"pool\":[{entries}]}}")
}

impl<'a> Pool<'a> {
    /// The position of a value.
    fn put(&mut self, value: &'a Value) -> usize {
        let entry = match value {
            Value::String(text) => {
                if let Some(&position) = self.strings.get(&**text) {
                    return position;
                }
                let position = self.add(&value.to_string());
                self.strings.insert(text, position);
                return position;
            }
            Value::Array(values) => self.array(None, values.iter()),
            Value::Object(members) => {
                let shape = self.shape(members);
                self.array(Some(shape), members.values())
            }
            scalar => scalar.to_string(),
        };
        if let Some(&position) = self.positions.get(&entry) {
            return position;
        }
        let position = self.add(&entry);
        self.positions.insert(entry, position);
        position
    }

    /// Adds what is not there yet.
    fn add(&mut self, entry: &str) -> usize {
        if self.count > 0 {
            self.entries.push(',');
        }
        self.entries.push_str(entry);
        self.count += 1;
        self.count - 1
    }

    fn array(&mut self, shape: Option<usize>, values: impl Iterator<Item = &'a Value>) -> String {
        let mut entry = String::from("[");
        if let Some(shape) = shape {
            let _ = write!(entry, "-{},", shape + 1);
        }
        for value in values {
            let _ = write!(entry, "{},", self.put(value));
        }
        if entry.ends_with(',') {
            entry.pop();
        }
        entry.push(']');
        entry
    }

    /// The position of an object's list of keys. There are about as many as there are types.
    fn shape(&mut self, members: &'a Map<String, Value>) -> usize {
        // Most lists of keys differ in their length already.
        let is_of =
            |keys: &Vec<&str>| keys.len() == members.len() && keys.iter().eq(members.keys());
        self.shapes.iter().position(is_of).unwrap_or_else(|| {
            self.shapes
                .push(members.keys().map(String::as_str).collect());
            self.shapes.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{packed, pooled};
    use miniz_oxide::inflate::decompress_to_vec_zlib;
    use serde_json::json;

    #[test]
    fn equal_parts_are_written_once() {
        let value = json!([{"a": "x", "b": [1]}, {"a": "x", "b": [1]}]);
        let expected = r#"{"keys":[["a","b"]],"pool":["x",1,[1],[-1,0,2],[3,3]]}"#;
        assert_eq!(pooled(&value), expected);
    }

    #[test]
    fn what_is_packed_is_the_pooled_value() {
        let value = json!({"</script>": ["x", "x"]});
        let packed = packed(&value);
        assert!(!packed.contains('<'));
        let bytes = base64_simd::STANDARD.decode_to_vec(packed).unwrap();
        let text = decompress_to_vec_zlib(&bytes).unwrap();
        assert_eq!(text, pooled(&value).as_bytes());
    }
}
