//! Every value of a receipt, changed: whatever a receipt says is checked, and what is added to the
//! format is tried here by itself.

use super::freshest;
use super::receipt::verify;
use crate::support::Models;
use freshest::check::Agreement;
use freshest::receipt::{Hashed, Receipt, Totals};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use tempfile::TempDir;

/// A receipt of every kind there is: of all, of a part, of two platforms, with either symmetry and
/// engine, ended by each bound, with each bound not reached, and with a script.
fn kinds() -> Vec<(&'static str, Vec<&'static str>)> {
    let two = "--property=tabs-converge,cached-oiat-never-decreases";
    let lose = ["--design=pr-9030", "--scenario=lose"];
    let part = |more: &[&'static str]| [&[two], &lose[..], more].concat();
    let of = |design, scenario, more: &[&'static str]| [&[two, design, scenario], more].concat();
    let long = "--scenario=own-refresh";
    vec![
        ("a part", part(&[])),
        (
            "two runs",
            of("--design=lock,pr-9030", "--scenario=lose", &[]),
        ),
        (
            "two platforms",
            of("--design=pr-9030,ios-535", "--scenario=s2,app-late", &[]),
        ),
        ("symmetry", part(&["--symmetry=on"])),
        ("no symmetry", part(&["--symmetry=off"])),
        ("the other engine", part(&["--engine=stateright"])),
        ("states", of("--design=pr-9030", long, &["--max-states=50"])),
        (
            "memory",
            of("--design=pr-9030", long, &["--memory-limit=64KiB"]),
        ),
        (
            "time",
            of("--design=pr-9030", long, &["--time-limit=0.000001"]),
        ),
        (
            "bounds that nothing hits",
            part(&[
                "--max-states=1000000",
                "--memory-limit=1GiB",
                "--time-limit=599.5",
            ]),
        ),
        ("nothing checked", of("--design=lock", "--scenario=s2", &[])),
        #[cfg(feature = "script")]
        ("a script", of("--design=scripted", "--scenario=lose", &[])),
    ]
}

/// All of a few models, and a design with a script.
fn models() -> Models {
    let designs = ["pr-9030", "lock", "ios-535"];
    let models = Models::of(&designs, &["lose", "s2", "own-refresh", "app-late"]);
    let used = |line: &str| !line.starts_with("[expect") && !line.starts_with("[because");
    for design in designs {
        // What is expected in other scenarios would be a fault.
        let path = models.path().join(format!("designs/{design}.toml"));
        let text = fs::read_to_string(&path).unwrap();
        let head: Vec<&str> = text.lines().take_while(|line| used(line)).collect();
        let expected = "[expect.lose]\ntabs-converge = { steps = 5, because = \"lost\" }\n[because]\nlost = \"lost\"\n";
        let expected = if design == "pr-9030" { expected } else { "" };
        models.write(
            &format!("designs/{design}.toml"),
            head.join("\n") + "\n" + expected,
        );
    }
    if cfg!(feature = "script") {
        let design = "title = \"Scripted\"\n[rule]\ncomparator = { script = \"rule.js\" }\n\
                      [guards]\nsites = [\"broadcast\"]\n";
        models.write("designs/scripted.toml", design);
        let rule = "export function pickFreshestJwt(a, b) { return b.claims.iat < a.claims.iat ? a : b }\n";
        models.write("designs/rule.js", rule);
    }
    models
}

/// A receipt, made as by a user.
fn written(models: &Models, args: &[&str]) -> String {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("r.json");
    let gate = ["check", "--quiet", "--models", models.as_arg(), "--receipt"];
    let run = freshest()
        .args(gate)
        .arg(&path)
        .args(args)
        .output()
        .unwrap();
    assert_ne!(run.status.code(), Some(2), "{args:?}: {run:?}");
    fs::read_to_string(path).unwrap()
}

/// Where every value is that has no others in it.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                leaves(value, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(item, &format!("{place}/{at}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.push(place.to_owned());
        }
    }
}

/// A place without the numbers in it: what kind of value is there.
fn kind(place: &str) -> String {
    let named = |part: &str| match part.parse::<usize>() {
        Ok(_) => "*".to_owned(),
        Err(_) => part.to_owned(),
    };
    place.split('/').map(named).collect::<Vec<_>>().join("/")
}

/// The first and the last place of each kind: the files in between are the same to a reader.
fn ends(places: Vec<String>) -> Vec<String> {
    let mut ends: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in places {
        let ends = ends.entry(kind(&place)).or_default();
        ends.truncate(1);
        ends.push(place);
    }
    ends.into_values().flatten().collect()
}

/// What may stand there instead: near it, far from it, nothing, and what stands there elsewhere.
fn others(value: &Value, elsewhere: &BTreeSet<String>) -> Vec<Value> {
    let near = match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let whole = [number + 1.0, number - 1.0, 0.0];
            let whole = whole.map(|number| json!(number as i64));
            whole.into_iter().chain([json!(number + 0.25)]).collect()
        }
        Value::String(text) => vec![json!(format!("{text}x")), json!(text.to_uppercase())],
        Value::Null => vec![json!(1), json!(1.5)],
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Vec::new(),
    };
    let elsewhere = elsewhere.iter().take(4);
    let elsewhere = elsewhere.map(|text| serde_json::from_str(text).unwrap());
    let all = near.into_iter().chain(elsewhere).chain([Value::Null]);
    all.filter(|other| other != value).collect()
}

/// What a receipt comes to if whoever changes it redoes everything that follows from the rest; where
/// nothing does, no text.
fn made_consistent(changed: &Value) -> Option<String> {
    let mut receipt: Receipt = serde_json::from_value(changed.clone()).ok()?;
    receipt.totals = Totals::of(&receipt.runs)?;
    receipt.models = Hashed::new(receipt.models.files);
    receipt.comparator = Hashed::new(receipt.comparator.files);
    [Agreement::Agrees, Agreement::Unknown, Agreement::Differs]
        .into_iter()
        .find_map(|gate| {
            receipt.gate = gate;
            receipt.digest = receipt.digest_of_the_rest();
            receipt.check().ok()?;
            serde_json::to_string(&receipt).ok()
        })
}

/// What a receipt may say otherwise and be confirmed, since a second run shows that it is so: within
/// these bounds, with this engine and symmetry, exactly this comes out. And nothing checks where the
/// models were read from, or how far a run got that time ended.
const CONFIRMED: [&str; 10] = [
    "/bounds/max_states",
    "/bounds/memory_limit_bytes",
    "/bounds/time_limit_seconds",
    "/engine",
    "/symmetry",
    "/read_from",
    "time: /runs/*/states",
    "time: /runs/*/transitions",
    "time: /runs/*/depth",
    "time: /runs/*/bound",
];

#[test]
fn no_value_of_a_receipt_can_be_changed() {
    let models = models();
    let receipts = kinds().into_iter().map(|(name, args)| {
        let text = written(&models, &args);
        let value: Value = serde_json::from_str(&text).unwrap();
        (name, text, value)
    });
    let receipts: Vec<_> = receipts.collect();
    let mut elsewhere: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, _, receipt) in &receipts {
        let mut places = Vec::new();
        leaves(receipt, "", &mut places);
        for place in places {
            let value = receipt.pointer(&place).unwrap().to_string();
            elsewhere.entry(kind(&place)).or_default().insert(value);
        }
    }
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("changed.json");
    let path = path.to_str().unwrap();
    let verified = |text: &str| {
        fs::write(path, text).unwrap();
        verify(&models, path)
    };
    // Of the same selection within the same bounds the same comes out, which need not be run again.
    let judged = |text: &str, honest: &Value| {
        let then: Receipt = serde_json::from_str(text).unwrap();
        let now: Receipt = serde_json::from_value(honest.clone()).unwrap();
        let run = |it: &Receipt| {
            let selection = (
                it.designs.clone(),
                it.scenarios.clone(),
                it.properties.clone(),
            );
            (selection, it.bounds, it.engine.clone(), it.symmetry.clone())
        };
        if run(&then) != run(&now) {
            return verified(text);
        }
        let differences = then.differences(&now);
        (
            i32::from(!differences.is_empty()),
            format!("{differences:?}"),
        )
    };
    for (name, text, receipt) in &receipts {
        let (code, told) = verified(text);
        assert_eq!(code, 0, "{name}: {told}");
        let mut places = Vec::new();
        leaves(receipt, "", &mut places);
        for place in ends(places) {
            let (value, kind) = (receipt.pointer(&place).unwrap(), kind(&place));
            for other in others(value, &elsewhere[&kind]) {
                let what = format!("{name}: {place}: {value} is {other}");
                let mut changed = receipt.clone();
                *changed.pointer_mut(&place).unwrap() = other;
                let read = serde_json::from_value::<Receipt>(changed.clone());
                let is_refused = read.is_err() || read.is_ok_and(|it| it.check().is_err());
                assert!(is_refused, "{what}");
                let Some(forged) = made_consistent(&changed) else {
                    continue;
                };
                let (code, told) = judged(&forged, receipt);
                let is_itself = serde_json::from_str::<Value>(&forged).unwrap() == *receipt;
                let is_confirmed = CONFIRMED.contains(&kind.as_str())
                    || CONFIRMED.contains(&format!("{name}: {kind}").as_str());
                let may_be = is_itself || is_confirmed;
                assert!(
                    matches!(code, 1 | 2) || may_be && code == 0,
                    "{what}: {told}"
                );
                assert!(!told.contains("panicked"), "{what}: {told}");
            }
        }
    }
}

/// Where every list and every object is.
fn holders(value: &Value, place: &str, found: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, v)| (key.clone(), v)).collect(),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.map(|(at, v)| (at.to_string(), v)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return,
    };
    found.push(place.to_owned());
    for (key, value) in parts {
        holders(value, &format!("{place}/{key}"), found);
    }
}

#[test]
fn nothing_can_be_added_to_a_receipt_taken_from_it_or_moved_in_it() {
    let models = models();
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("changed.json");
    let path = path.to_str().unwrap();
    for (name, args) in kinds() {
        let receipt: Value = serde_json::from_str(&written(&models, &args)).unwrap();
        let mut places = Vec::new();
        holders(&receipt, "", &mut places);
        for place in ends(places) {
            let mut changes: Vec<(String, Value)> = Vec::new();
            let mut change = |what: String, make: &dyn Fn(&mut Value)| {
                let mut changed = receipt.clone();
                make(changed.pointer_mut(&place).unwrap());
                changes.push((format!("{name}: {place}: {what}"), changed));
            };
            match receipt.pointer(&place).unwrap() {
                Value::Object(members) => {
                    let is_confirmed =
                        |key: &String| CONFIRMED.contains(&format!("{place}/{key}").as_str());
                    for key in members.keys().filter(|key| !is_confirmed(key)) {
                        change(format!("no {key}"), &|it| {
                            it.as_object_mut().unwrap().remove(key);
                        });
                    }
                    change("more".to_owned(), &|it| it["note"] = json!(1));
                }
                Value::Array(items) => {
                    for at in BTreeSet::from([0, items.len().saturating_sub(1)]) {
                        if items.is_empty() {
                            continue;
                        }
                        let list = |it: &mut Value, make: &dyn Fn(&mut Vec<Value>)| {
                            make(it.as_array_mut().unwrap());
                        };
                        change(format!("no {at}"), &|it| list(it, &|l| drop(l.remove(at))));
                        change(format!("{at} twice"), &|it| {
                            list(it, &|l| l.insert(at, l[at].clone()));
                        });
                        let next = (at + 1) % items.len();
                        if next != at {
                            change(format!("{at} moved"), &|it| list(it, &|l| l.swap(at, next)));
                        }
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
            for (what, changed) in changes {
                let forged = made_consistent(&changed).unwrap_or_else(|| changed.to_string());
                if serde_json::from_str::<Value>(&forged).unwrap() == receipt {
                    continue;
                }
                let read = serde_json::from_str::<Receipt>(&forged);
                if read.is_ok_and(|it| it.check().is_ok()) {
                    fs::write(path, &forged).unwrap();
                    let (code, told) = verify(&models, path);
                    assert!(matches!(code, 1 | 2), "{what}: {told}");
                }
            }
        }
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let models = models();
    let text = written(&models, &kinds()[0].1);
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("twice.json");
    let path = path.to_str().unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let keys = lines.iter().enumerate();
    let keys = keys.filter(|(_, line)| line.trim_start().starts_with('"') && line.ends_with(','));
    for (at, line) in keys.filter(|(_, line)| line.contains("\": ")) {
        let mut twice = lines.clone();
        twice.insert(at, line);
        fs::write(path, twice.join("\n")).unwrap();
        let (code, told) = verify(&models, path);
        let is_told = told.contains("duplicate field");
        assert_eq!((code, is_told), (2, true), "{line}: {told}");
    }
}
