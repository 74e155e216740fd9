//! What the program refuses by its form the schemas refuse.

use super::{DESIGN, SCENARIO, document, follows, schema, toml};
use freshest::design::Design;
use freshest::scenario::Scenario;

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
