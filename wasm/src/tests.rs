use super::*;

fn ask(request: &Value) -> Value {
    serde_json::from_str(&answer(&request.to_string())).expect("JSON")
}

fn text_of(design: &str) -> String {
    let list = ask(&json!({ "do": "list" }));
    let designs = list["designs"].as_array().expect("designs");
    let found = designs.iter().find(|of| of["name"] == design);
    found.expect(design)["text"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[test]
fn a_check_of_the_models_in_the_program_is_what_the_program_reports() {
    let request = json!({ "do": "check", "design": ["pr-9030"], "scenario": ["own-refresh"] });
    let report = &ask(&request)["report"];
    assert_eq!(report["models"], "builtin");
    assert_eq!(report["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["extent"]["designs"]["checked"], 1);
}

#[test]
fn an_edit_changes_a_row_in_the_text_and_then_in_the_verdicts() {
    let text = text_of("pr-9030");
    let set = json!([{ "path": ["rule", "A3"], "value": "incoming" }]);
    let edited = ask(&json!({ "do": "edit", "text": text, "set": set }));
    let edited = edited["text"].as_str().expect("a text");
    assert!(edited.contains("A3 = \"incoming\""), "{edited}");
    let back = json!([{ "path": ["rule", "A3"], "value": null }]);
    let back = ask(&json!({ "do": "edit", "text": edited, "set": back }));
    let value = |text: &Value| ask(&json!({ "do": "read", "text": text }))["value"].clone();
    assert_eq!(value(&back["text"]), value(&json!(text)));

    let check = |text: &str| {
        let request = json!({
            "do": "check", "designs": { "mine": text }, "design": ["mine"], "scenario": ["own-refresh"],
        });
        ask(&request)["report"]["results"][0]["properties"].clone()
    };
    assert_ne!(check(edited), check(&text));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let told = |request: Value| {
        ask(&request)["error"]
            .as_str()
            .expect("an error")
            .to_owned()
    };
    let text = text_of("pr-9030") + "\n[nonsense]\n";
    let wrong = told(json!({ "do": "check", "designs": { "mine": text }, "design": ["mine"] }));
    assert!(wrong.contains("designs/mine.toml:"), "{wrong}");
    let unknown = told(json!({ "do": "check", "design": ["nobody"] }));
    assert!(unknown.contains("no design `nobody`"), "{unknown}");
    assert!(told(json!({ "do": "dance" })).contains("dance"));
    assert!(told(json!({ "do": "read", "text": "= 1" })).contains("no TOML"));
    let set = json!([{ "path": ["title", "x"], "value": 1 }]);
    let table = told(json!({ "do": "edit", "text": "title = \"x\"", "set": set }));
    assert!(table.contains("`title` is no table"), "{table}");
}

#[test]
fn bounds_make_verdicts_inconclusive() {
    let request = json!({
        "do": "check", "design": ["pr-9030"], "scenario": ["own-refresh"], "max_states": 3,
    });
    let report = ask(&request)["report"].clone();
    assert_eq!(report["bounds"]["max_states"], 3);
    let properties = report["results"][0]["properties"]
        .as_array()
        .expect("verdicts")
        .clone();
    assert!(properties.iter().any(|of| of["verdict"] == "inconclusive"));
}
