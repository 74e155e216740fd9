//! The JSON schemas under `docs/schema`: what the program reads and writes follows them, and what it
//! refuses they refuse.

mod logs;
mod names;
mod refused;

use crate::support::{Models, freshest, models};
use freshest::source::Document;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use toml_edit::{DocumentMut, Item, TableLike};

fn schema(name: &str) -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.schema.json"));
    let text = fs::read_to_string(path).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

/// Fails unless the value follows the schema.
#[track_caller]
fn follows(name: &str, value: &Value, what: &str) {
    let validator = jsonschema::validator_for(&schema(name)).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {}", errors.join("\n"));
}

/// A TOML file as JSON, which is what editors hold against a schema.
fn toml(text: &str) -> Value {
    let file: DocumentMut = text.parse().expect("TOML");
    table(file.as_table())
}

fn table(table: &dyn TableLike) -> Value {
    let members = table
        .iter()
        .map(|(key, item)| (key.to_owned(), item_value(item)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn item_value(item: &Item) -> Value {
    match item {
        Item::Value(value) => toml_value(value),
        item => table(item.as_table_like().expect("a table")),
    }
}

fn toml_value(value: &toml_edit::Value) -> Value {
    use toml_edit::Value as Toml;
    match value {
        Toml::String(text) => json!(text.value()),
        Toml::Integer(number) => json!(number.value()),
        Toml::Float(number) => json!(number.value()),
        Toml::Boolean(truth) => json!(truth.value()),
        Toml::Datetime(time) => json!(time.value().to_string()),
        Toml::Array(values) => Value::Array(values.iter().map(toml_value).collect()),
        Toml::InlineTable(members) => table(members),
    }
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let toml = paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    toml.map(|path| {
        (
            path.display().to_string(),
            fs::read_to_string(&path).expect("a file"),
        )
    })
    .collect()
}

fn document(text: &str) -> Document {
    Document::new("some.toml", text)
}

const DESIGN: &str = "title = \"t\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = []\n";
const SCENARIO: &str = "title = \"t\"\ntabs = 2\n[budget]\nrefresh = 1\n";

/// The names at a place of a schema: of an enumeration, or the keys of an object.
fn named(schema_name: &str, place: &str) -> BTreeSet<String> {
    let schema = schema(schema_name);
    let at = schema
        .pointer(place)
        .unwrap_or_else(|| panic!("{schema_name} has no {place}"));
    match at {
        Value::Array(names) => {
            let names = names
                .iter()
                .map(|name| name.as_str().expect("a name").to_owned());
            names.collect()
        }
        Value::Object(members) => members.keys().cloned().collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_model_file_follows_its_schema() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typescript");
    for directory in [models(), examples] {
        for (folder, name) in [("designs", "design"), ("scenarios", "scenario")] {
            for (path, text) in texts(&directory.join(folder)) {
                follows(name, &toml(&text), &path);
            }
        }
    }
}

#[test]
fn a_comparison_of_tokens_follows_its_schema() {
    // oiat 200, iat 200; oiat 100, iat 230.
    let tokens = [
        "eyJvaWF0IjoyMDB9.eyJpYXQiOjIwMH0.c2ln",
        "eyJvaWF0IjoxMDB9.eyJpYXQiOjIzMH0.c2ln",
    ];
    for existing in ["none", tokens[0]] {
        let args = [
            "compare",
            "--existing",
            existing,
            tokens[1],
            "--format",
            "json",
        ];
        follows("comparison", &freshest(&args).json(), existing);
    }
}

#[test]
fn results_and_receipts_follow_their_schemas() {
    let catalog = crate::support::catalog();
    let design = catalog.design("proposal").expect("a design");
    // A design names no scenario that is not there.
    let scenarios: Vec<&str> = design.expected_in.keys().map(String::as_str).collect();
    let models = Models::of(&["proposal"], &scenarios);
    let receipt = models.path().join("some.receipt.json");
    let path = receipt.to_str().expect("UTF-8");
    let run = models.freshest(&["check", "--format", "json", "--receipt", path]);
    follows("results", &run.json(), "check --format json");
    let receipt = fs::read_to_string(receipt).expect("a receipt");
    follows(
        "receipt",
        &serde_json::from_str(&receipt).expect("JSON"),
        "a receipt",
    );
    let bounded = [
        "check",
        "--design",
        "pr-8097",
        "--max-states",
        "100",
        "--format",
        "json",
    ];
    follows("results", &freshest(&bounded).json(), "bounded results");
}
