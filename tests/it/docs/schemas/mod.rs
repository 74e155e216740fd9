//! The JSON schemas under `docs/schema`: what the program reads and writes follows them, and what it
//! refuses they refuse.

use crate::support::{Models, freshest, models};
use freshest::design::Design;
use freshest::scenario::Scenario;
use freshest::source::{Document, Faults};
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

fn document(text: &str) -> Document {
    Document::new("some.toml", text)
}

const DESIGN: &str = "title = \"t\"\n[rule]\ncomparator = \"table\"\n[guards]\nsites = []\n";
const SCENARIO: &str = "title = \"t\"\ntabs = 2\n[budget]\nrefresh = 1\n";

/// Refused by the program and by the schema.
#[track_caller]
fn refused_by_both(name: &str, text: &str, is_refused: bool) {
    assert!(is_refused, "the program takes\n{text}");
    let validator = jsonschema::validator_for(&schema(name)).expect("a schema");
    assert!(!validator.is_valid(&toml(text)), "the schema takes\n{text}");
}

#[test]
fn a_design_that_the_program_refuses_by_its_form_the_schema_refuses() {
    let design = |from: &str, to: &str| DESIGN.replacen(from, to, 1);
    let malformed = [
        design("title = \"t\"", ""),
        design("title = \"t\"", "title = 1"),
        design("title = \"t\"", "title = \"t\"\ntitel = \"t\""),
        design("title = \"t\"", "title = \"t\"\nreleases = \"6.11.1\""),
        design("\"table\"", "\"tabel\""),
        design("\"table\"", "\"table\"\nA6 = \"existing\""),
        design("\"table\"", "\"table\"\nA5 = \"neither\""),
        design("\"table\"", "{ function = \"f\" }"),
        design(
            "sites = []",
            "sites = []\n[rule.at.cooky]\ncomparator = \"table\"",
        ),
        design(
            "sites = []",
            "sites = [\"seed\"]\n[rule.at.seed]\nA5 = \"existing\"",
        ),
        design("sites = []", ""),
        design("sites = []", "sites = [\"everywhere\"]"),
        design("sites = []", "sites = []\nseed = \"none\""),
        design("sites = []", "sites = []\nmeasures = [\"more\"]"),
        design("sites = []", "sites = []\n[tabs]\npost = \"nothing\""),
        design(
            "sites = []",
            "sites = []\n[expect.s2]\ntabs-converge = { steps = 3 }",
        ),
        design(
            "sites = []",
            "sites = []\n[expect.s2]\ntabs-converge = \"violated\"",
        ),
        design(
            "sites = []",
            "sites = []\n[because]\nx = \"x\"\n[expect.s2]\nno-such = { because = \"x\" }",
        ),
        design("sites = []", "sites = [\"seed\", \"seed\"]"),
        design(
            "sites = []",
            "sites = []\nmeasures = [\"key-asks\", \"key-asks\"]",
        ),
        design(
            "title = \"t\"",
            "title = \"t\"\nreleases = [\"1.0.0\", \"1.0.0\"]",
        ),
        design("sites = []", "sites = []\n[expect]"),
        design("sites = []", "sites = []\n[expect.s2]"),
    ];
    for text in malformed {
        let read = Design::load("some", &document(&text));
        refused_by_both("design", &text, read.is_err());
    }
    follows("design", &toml(DESIGN), DESIGN);
}

#[test]
fn a_scenario_that_the_program_refuses_by_its_form_the_schema_refuses() {
    let scenario = |from: &str, to: &str| SCENARIO.replacen(from, to, 1);
    let malformed = [
        scenario("tabs = 2", ""),
        scenario("tabs = 2", "tabs = 0"),
        scenario("tabs = 2", "tabs = 9"),
        scenario("tabs = 2", "tabs = 2\nstart = \"late\""),
        scenario("tabs = 2", "tabs = 2\nedge = \"far\""),
        scenario("tabs = 2", "tabs = 2\nwatch = 0"),
        scenario("tabs = 2", "tabs = 2\nwatch = [8]"),
        scenario("refresh = 1", "refresh = -1"),
        scenario("refresh = 1", "refresh = \"1\""),
        scenario("refresh = 1", "refresh = { by = [0] }"),
        scenario("refresh = 1", "sneeze = 1"),
        scenario("refresh = 1", "refresh = 1\n[vacuous]\nno-such = \"x\""),
        scenario("[budget]\nrefresh = 1", ""),
        scenario("[budget]\nrefresh = 1", "[budget]"),
        scenario("refresh = 1", "refresh = { count = 1, by = [] }"),
        scenario("refresh = 1", "refresh = { count = 1, by = [1, 1] }"),
        scenario("tabs = 2", "tabs = 2\nwatch = []"),
        scenario("tabs = 2", "tabs = 2\nwatch = [0, 0]"),
        scenario("refresh = 1", "refresh = 1\nopen = 1"),
        scenario("refresh = 1", "refresh = 1\nopen = { count = 2 }"),
        scenario("refresh = 1", "refresh = 1\nfocus = 1"),
        scenario("refresh = 1", "refresh = 1\nevict = 1"),
        scenario("refresh = 1", "refresh = 1\nevict = 1\nage = 0"),
        scenario("refresh = 1", "refresh = 1\noiat_on = 1"),
        scenario("refresh = 1", "refresh = 1\nunauthorized = 1\npoll = 1"),
        scenario(
            "tabs = 2\n[budget]",
            "tabs = 2\nunfocused = [1]\n[budget]\nunauthorized = 1\nfocus = 1",
        ),
        scenario(
            "tabs = 2\n[budget]",
            "tabs = 2\nkeys = 2\n[budget]\nunauthorized = 1",
        ),
        scenario(
            "tabs = 2\n[budget]",
            "tabs = 2\nstart = \"empty\"\n[budget]\nskip_cache = 1\noiat_on = 1",
        ),
        scenario("tabs = 2\n[budget]", "tabs = 1\n[budget]\nlose = 1"),
        scenario("tabs = 2\n[budget]", "tabs = 1\n[budget]\ndrop = 2"),
        scenario(
            "refresh = 1",
            "refresh = 1\nlose = 1\n[platform]\nbroadcast = false",
        ),
        scenario(
            "refresh = 1",
            "refresh = 1\ncookie_loss = 1\n[platform]\ncookie = false",
        ),
    ];
    for text in malformed {
        let read = Scenario::load("some", &document(&text));
        refused_by_both("scenario", &text, read.is_err());
    }
    follows("scenario", &toml(SCENARIO), SCENARIO);
}

/// A word like none that there is, so that the program answers with all that there are.
const UNLIKE: &str = "qqqqqqqq";

/// What could stand in the place of [`UNLIKE`], by the program's own words.
fn possible(faults: Faults) -> BTreeSet<String> {
    let told = faults.to_string();
    let told: String = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, list) = told
        .split_once("possible here: ")
        .unwrap_or_else(|| panic!("{told}"));
    let list = list.split(" error:").next().unwrap_or_default();
    list.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn in_design(from: &str, to: &str) -> BTreeSet<String> {
    let text = DESIGN.replacen(from, to, 1).replace("QQ", UNLIKE);
    possible(Design::load("some", &document(&text)).expect_err("a fault"))
}

fn in_scenario(from: &str, to: &str) -> BTreeSet<String> {
    let text = SCENARIO.replacen(from, to, 1).replace("QQ", UNLIKE);
    possible(Scenario::load("some", &document(&text)).expect_err("a fault"))
}

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

/// Places in the schema of a design, and the names that the program knows there.
fn names_in_designs() -> [(&'static str, BTreeSet<String>); 13] {
    let sites = "sites = []";
    [
        (
            "/properties",
            in_design("title = \"t\"", "title = \"t\"\nQQ = 1"),
        ),
        ("/$defs/comparator/enum", in_design("\"table\"", "\"QQ\"")),
        (
            "/$defs/winner/enum",
            in_design("\"table\"", "\"table\"\nA5 = \"QQ\""),
        ),
        (
            "/properties/guards/properties",
            in_design(sites, "sites = []\nQQ = 1"),
        ),
        ("/$defs/site/enum", in_design(sites, "sites = [\"QQ\"]")),
        (
            "/$defs/seed/enum",
            in_design(sites, "sites = []\nseed = \"QQ\""),
        ),
        (
            "/$defs/measure/enum",
            in_design(sites, "sites = []\nmeasures = [\"QQ\"]"),
        ),
        (
            "/properties/tabs/properties",
            in_design(sites, "sites = []\n[tabs]\nQQ = 1"),
        ),
        (
            "/$defs/post/enum",
            in_design(sites, "sites = []\n[tabs]\npost = \"QQ\""),
        ),
        (
            "/$defs/answer/enum",
            in_design(sites, "sites = []\n[tabs]\nanswer = \"QQ\""),
        ),
        (
            "/$defs/request/enum",
            in_design(sites, "sites = []\n[tabs]\nrequest = \"QQ\""),
        ),
        (
            "/$defs/property/enum",
            in_design(
                sites,
                "sites = []\n[because]\nx = \"x\"\n[expect.s2]\nQQ = { because = \"x\" }\ntabs-converge = { because = \"x\" }",
            ),
        ),
        (
            "/$defs/verdict/enum",
            in_design(
                sites,
                "sites = []\n[because]\nx = \"x\"\n[expect.s2]\ntabs-converge = { verdict = \"QQ\", because = \"x\" }\nseed-is-not-stale = { because = \"x\" }",
            ),
        ),
    ]
}

/// The same of a scenario.
fn names_in_scenarios() -> [(&'static str, BTreeSet<String>); 5] {
    [
        ("/properties", in_scenario("tabs = 2", "tabs = 2\nQQ = 1")),
        (
            "/$defs/start/enum",
            in_scenario("tabs = 2", "tabs = 2\nstart = \"QQ\""),
        ),
        (
            "/$defs/edge/enum",
            in_scenario("tabs = 2", "tabs = 2\nedge = \"QQ\""),
        ),
        (
            "/properties/budget/properties",
            in_scenario("refresh = 1", "refresh = 1\nQQ = 1"),
        ),
        (
            "/$defs/property/enum",
            in_scenario("refresh = 1", "refresh = 1\n[vacuous]\nQQ = \"x\""),
        ),
    ]
}

#[test]
fn the_schemas_know_the_names_that_the_program_knows_and_no_others() {
    for (place, names) in names_in_designs() {
        assert_eq!(
            named("design", place),
            names,
            "{place} of the design's schema"
        );
    }
    for (place, names) in names_in_scenarios() {
        assert_eq!(
            named("scenario", place),
            names,
            "{place} of the scenario's schema"
        );
    }
    let properties = named("design", "/$defs/property/enum");
    for name in ["results", "receipt"] {
        assert_eq!(
            named(name, "/$defs/property/enum"),
            properties,
            "properties of {name}"
        );
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
fn lines_of_logs_are_read_and_refused_as_their_schema_says() {
    use freshest::monitor::{Kind, Names, Place, parse};
    let kinds = named("monitor-log", "/properties/event/enum");
    let known: BTreeSet<String> = Kind::ALL
        .iter()
        .map(|kind| kind.name().to_owned())
        .collect();
    assert_eq!(kinds, known);
    let validator = jsonschema::validator_for(&schema("monitor-log")).expect("a schema");
    let is_read = |line: &Value| {
        let text = line.to_string();
        parse(text.as_bytes(), Place::default(), &mut Names::default()).is_ok()
    };
    for event in &kinds {
        let mut line = json!({ "event": event, "tab": "a", "at": 1.5, "own": [1] });
        assert_eq!(is_read(&line), validator.is_valid(&line), "{line}");
        line["iat"] = json!(1);
        assert!(is_read(&line) && validator.is_valid(&line), "{line}");
        for (member, value) in [
            ("at", json!("1")),
            ("at", json!(-1)),
            ("tab", json!(null)),
            ("tab", json!("x".repeat(129))),
            ("iat", json!(1.5)),
            ("iat", json!(1_u64 << 53)),
            ("oiat", json!("1")),
            ("exp", json!(-1)),
            ("org", json!(1)),
            ("key_org", json!([])),
            ("seq", json!(0.5)),
            ("forced", json!("yes")),
            ("parent", json!({ "iat": "1" })),
            ("event", json!("sneezed")),
        ] {
            let mut bad = line.clone();
            bad[member] = value;
            // A tab's own organisation is not asked of lines about tokens, and the other way round.
            let is_place = ["org", "key_org"].contains(&member);
            assert!(is_place || !is_read(&bad), "the program takes {bad}");
            assert!(!validator.is_valid(&bad), "the schema takes {bad}");
        }
    }
}

#[test]
fn what_a_log_comes_to_follows_its_schema() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("tabs.jsonl");
    let line = |event: &str, at: u64, oiat: u64| {
        json!({ "event": event, "tab": "a", "at": at, "oiat": oiat, "iat": at }).to_string()
    };
    let bad = [line("cached", 1, 2), line("cached", 2, 1)].join("\n");
    let good = [line("cached", 1, 1), line("cached", 2, 2)].join("\n");
    for text in [bad + "\nnonsense\n", good, String::new()] {
        fs::write(&path, &text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        let record = freshest(&["monitor", path, "--format", "json"]).json();
        follows("monitor", &record, &text);
        let has_trace = record["in_the_model"].as_object().expect("an object").len();
        assert_eq!(has_trace > 0, text.contains("nonsense"), "{record}");
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
