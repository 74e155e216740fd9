use super::*;
use std::sync::{Mutex, PoisonError};

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

/// An engine whose only script keeps the token that was minted later; `DRAWS` by lot.
fn engine(order: &str) -> String {
    let order: Value = serde_json::from_str(order).expect("JSON");
    let iat = |which: &str| {
        let jwt = order["Ask"]["call"][which]["jwt"].as_str().expect("a JWT");
        let jwt: Value = serde_json::from_str(jwt).expect("JSON");
        jwt["claims"]["iat"].as_u64()
    };
    let answer = match order {
        Value::String(_) => json!({ "Used": "" }),
        _ if order["Load"]["code"] == "nothing" => json!({ "Failed": { "NoExport": [] } }),
        _ if order.get("Load").is_some() => json!({ "Loaded": "pick" }),
        _ if order.get("Exercise").is_some() => json!("Done"),
        _ => json!({ "Returned": { "existing": iat("existing") > iat("incoming"), "what": "" } }),
    };
    answer.to_string()
}

/// What a page does: asks until nothing is open.
fn complete(mut request: Value) -> (Value, usize) {
    // A page has one thread, and what it has been told is kept once.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    freshest::script::run_with(engine);
    for round in 0..100 {
        let answer = ask(&request);
        let Some(open) = answer["open"].as_array() else {
            return (answer, round);
        };
        let serve = |request: &Value| ask(&json!({ "do": "serve", "request": request }));
        if open[0]
            .as_str()
            .is_some_and(|open| open.contains("Confirm"))
        {
            assert_eq!(serve(&json!("\"Reload\"")), json!({ "reply": "Done" }));
        }
        for open in open {
            let reply = json!([open, serve(open).to_string()]);
            let replies = request["comparator"]["replies"].as_array_mut();
            replies.expect("replies").push(reply);
        }
    }
    panic!("there is no end of questions");
}

#[test]
fn a_script_from_outside_is_asked_and_confirmed_and_decides_as_the_rule_that_it_is() {
    let comparator = json!({ "like": "pr-9030", "text": "pick", "replies": [] });
    let check = json!({ "do": "check", "comparator": comparator, "design": ["comparator"], "scenario": ["own-refresh"] });
    let (answer, rounds) = complete(check);
    assert_eq!(
        rounds, 2,
        "all questions at once, and then whether they are answered so again"
    );
    let set = json!([{ "path": ["rule"], "value": null }, { "path": ["rule", "comparator"], "value": "iat-strict" }]);
    let text = ask(&json!({ "do": "edit", "text": text_of("pr-9030"), "set": set }));
    let same = json!({ "do": "check", "designs": { "same": text["text"] }, "design": ["same"], "scenario": ["own-refresh"] });
    let verdicts = |answer: &Value| {
        let of = &answer["report"]["results"][0];
        let properties = of["properties"].as_array().expect("properties").iter();
        let found = ["name", "verdict", "steps", "counterexample"];
        let properties = properties.map(|property| found.map(|key| property[key].clone()));
        (
            of["states"].clone(),
            of["transitions"].clone(),
            properties.collect::<Vec<_>>(),
        )
    };
    assert_eq!(verdicts(&answer), verdicts(&ask(&same)));
    assert!(
        answer["report"]["results"][0]["states"].is_u64(),
        "{answer}"
    );
}

#[test]
fn a_script_from_outside_that_cannot_be_loaded_is_an_error_with_its_file() {
    let comparator = json!({ "like": "pr-9030", "text": "nothing", "replies": [] });
    let check = json!({ "do": "check", "comparator": comparator, "design": ["comparator"], "scenario": ["own-refresh"] });
    let (answer, _) = complete(check);
    let error = answer["error"].as_str().expect("an error");
    assert!(error.contains("comparator.js: exports no"), "{error}");
}
