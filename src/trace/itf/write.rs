//! Writes traces in ITF.

use super::START;
use crate::cache::{Focus, Phase};
use crate::trace::file::Header;
use crate::trace::record::{
    EventRecord, KeyRecord, Observed, PostRecord, RequestRecord, ReturnRecord, SlotRecord,
    SlotWord, TabRecord, TraceStep, WaitingRecord,
};
use crate::vocabulary::{Edge, ModelToken};
use serde_json::{Map, Value, json};

/// What the format calls itself.
pub(super) const NAME: &str = "ITF";

const DESCRIPTION: &str = "https://apalache-mc.org/docs/adr/015adr-trace.html";

/// The variables, in the order in which a reader wants them.
pub(super) const VARIABLES: [&str; 7] = [
    "action", "clock", "tabs", "cookie", "posts", "requests", "returned",
];

/// Writes a trace, given what is seen at the start.
pub fn to_itf(header: &Header, start: &Observed, steps: &[TraceStep]) -> Value {
    let mut meta = Map::new();
    let mut say = |key: &str, value: String| meta.insert(key.to_owned(), Value::String(value));
    say("format", NAME.to_owned());
    say("format-description", DESCRIPTION.to_owned());
    let (design, scenario) = (&header.design, &header.scenario);
    say("description", format!("freshest: {design} in {scenario}"));
    say("freshest", header.freshest.clone());
    say("freshest-trace", header.format.to_string());
    say("design", design.clone());
    say("scenario", scenario.clone());
    say("start", header.start.clone());
    if header.edge != Edge::Any.name() {
        say("edge", header.edge.clone());
    }
    if let (Some(property), Some(claim)) = (&header.property, header.claim) {
        say("property", property.clone());
        say("claim", word(&claim));
    }
    let seen = || steps.iter().map(|step| &step.after).chain([start]);
    let shape = Shape {
        life: seen().any(has_life),
        waits: seen().any(|seen| {
            seen.tabs
                .iter()
                .any(|tab| tab.waiting != WaitingRecord::default())
        }),
    };
    let more = if shape.life { &LIFE_VARIABLES[..] } else { &[] };
    json!({
        "#meta": meta,
        "params": [],
        "vars": VARIABLES.iter().chain(more).collect::<Vec<_>>(),
        "states": states(start, steps, shape),
    })
}

/// The states with everything that any file has in them.
pub(super) fn every_state(start: &Observed, steps: &[TraceStep]) -> Vec<Value> {
    let (life, waits) = (true, true);
    states(start, steps, Shape { life, waits })
}

fn states(start: &Observed, steps: &[TraceStep], shape: Shape) -> Vec<Value> {
    let first = state(0, variant(START, nothing()), start, shape);
    let later = steps.iter().enumerate();
    let later =
        later.map(|(index, step)| state(index + 1, action(&step.event), &step.after, shape));
    std::iter::once(first).chain(later).collect()
}

/// The variables that a trace has beside if tabs come and go, or change the organisation.
pub(super) const LIFE_VARIABLES: [&str; 2] = ["context_cookie", "sign_outs"];

/// Whether something is seen that is only there if tabs come and go, or change the organisation.
fn has_life(seen: &Observed) -> bool {
    let is_late = |tab: &TabRecord| {
        let TabRecord {
            phase,
            focus,
            context,
            session_org,
            key1,
            ..
        } = tab;
        phase.is_some() || focus.is_some() || key1.is_some() || *context + *session_org > 0
    };
    seen.context_cookie.is_some()
        || !seen.sign_outs.is_empty()
        || seen.tabs.iter().any(is_late)
        || seen.requests.iter().any(|sent| sent.request.is_some())
}

/// What the records of a file have beside what all have: in a file all states have the same
/// variables, of the same types.
#[derive(Clone, Copy)]
struct Shape {
    /// Tabs come and go, or change the organisation.
    life: bool,
    /// Calls wait for the lock.
    waits: bool,
}

fn state(index: usize, action: Value, seen: &Observed, shape: Shape) -> Value {
    let life = shape.life;
    let mut state = json!({
        "#meta": { "index": index },
        "action": action,
        "clock": { "now": int(seen.clock.now), "age": int(seen.clock.age) },
        "tabs": seen.tabs.iter().map(|one| tab(one, shape)).collect::<Vec<_>>(),
        "cookie": option(seen.cookie.map(|of| token(of, life))),
        "posts": seen.posts.iter().map(|one| post(one, life)).collect::<Vec<_>>(),
        "requests": seen.requests.iter().map(|one| request(one, life)).collect::<Vec<_>>(),
        "returned": seen.returned.iter().flatten().map(|one| call(one, life)).collect::<Vec<_>>(),
    });
    if life {
        let context = seen.context_cookie.unwrap_or(Some(0));
        state["context_cookie"] = option(context.map(int));
        state["sign_outs"] = seen.sign_outs.iter().copied().map(int).collect();
    }
    state
}

fn int(number: u8) -> Value {
    json!({ "#bigint": number.to_string() })
}

fn nothing() -> Value {
    json!({ "#tup": [] })
}

fn variant(tag: &str, value: Value) -> Value {
    json!({ "tag": tag, "value": value })
}

fn option(value: Option<Value>) -> Value {
    match value {
        Some(value) => variant("Some", value),
        None => variant("None", nothing()),
    }
}

fn token(token: ModelToken, life: bool) -> Value {
    let mut record = json!({
        "oiat": option(token.oiat.map(int)),
        "iat": int(token.iat),
        "fmt": int(token.fmt),
        "claims": int(token.claims),
        "epoch": int(token.epoch),
    });
    if life {
        record["org"] = int(token.org.number());
    }
    record
}

fn slot(slot: SlotRecord, life: bool) -> Value {
    match slot {
        SlotRecord::Word(SlotWord::None) => variant("Empty", nothing()),
        SlotRecord::Word(SlotWord::Pending) => variant("Pending", nothing()),
        SlotRecord::Token(resolved) => variant("Resolved", token(resolved, life)),
    }
}

fn tab(tab: &TabRecord, Shape { life, waits }: Shape) -> Value {
    let seed = option(tab.seed.map(|seed| token(seed, life)));
    let mut record = json!({ "slot": slot(tab.slot, life), "armed": tab.armed, "seed": seed });
    if life {
        let phase = tab.phase.unwrap_or(Phase::Live);
        record["phase"] = phase.name().into();
        record["focus"] = tab.focus.unwrap_or(Focus::Has).name().into();
        record["context"] = int(tab.context);
        record["session_org"] = int(tab.session_org);
        let of_org = tab.key1.unwrap_or(KeyRecord::EMPTY);
        record["key1"] = json!({ "slot": slot(of_org.slot, life), "armed": of_org.armed });
    }
    if waits {
        let WaitingRecord {
            get_token,
            skip_cache,
        } = tab.waiting;
        record["waiting"] = json!({ "get_token": int(get_token), "skip_cache": int(skip_cache) });
    }
    record
}

fn post(post: &PostRecord, life: bool) -> Value {
    let mut record = json!({ "tab": int(post.tab) });
    // One design posts either tokens or none, so all posts of a file have the same type.
    if let Some(posted) = post.token {
        record["token"] = token(posted, life);
    }
    if life {
        record["key"] = int(post.key);
    }
    record
}

fn request(request: &RequestRecord, life: bool) -> Value {
    let mut record = json!({
        "tab": int(request.tab),
        "fetch": option(request.fetch.flatten().map(int)),
        "forced": request.forced.unwrap_or(false),
        "parent": option(request.parent.flatten().map(|parent| token(parent, life))),
    });
    if life {
        let kind = request
            .request
            .as_ref()
            .map_or_else(|| "token".to_owned(), word);
        record["request"] = kind.into();
        record["number"] = option(request.number.map(int));
        record["key"] = int(request.key);
        record["org"] = int(request.org);
    }
    record
}

/// A call that was rejected got no token.
fn call(call: &ReturnRecord, life: bool) -> Value {
    let got = option(call.token.map(|of| token(of, life)));
    json!({ "tab": int(call.tab), "token": got })
}

/// An event has a kind and some small numbers, of which only `fetch` may be absent.
fn action(event: &EventRecord) -> Value {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(event) else {
        return nothing();
    };
    let kind = fields.remove("kind");
    let number = |value: &Value| value.as_u64().map(|number| int(number as u8));
    let fields: Map<_, _> = fields
        .iter()
        .map(|(key, value)| match key.as_str() {
            "fetch" => (key.clone(), option(number(value))),
            "request" | "carries_last" | "call" => (key.clone(), value.clone()),
            _ => (key.clone(), number(value).unwrap_or(Value::Null)),
        })
        .collect();
    let value = match fields.is_empty() {
        true => nothing(),
        false => Value::Object(fields),
    };
    variant(
        kind.as_ref().and_then(Value::as_str).unwrap_or_default(),
        value,
    )
}

/// A unit variant as serde names it.
fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).ok();
    let word = value.as_ref().and_then(Value::as_str);
    word.unwrap_or_default().to_owned()
}
