//! Reads traces in ITF.

use super::write::NAME;
use super::{START, whole};
use crate::cache::{Focus, Phase};
use crate::freshness::Org;
use crate::trace::file::{FORMAT, Header, any_edge};
use crate::trace::record::{
    ClockRecord, EventRecord, KeyRecord, Observed, PostRecord, RequestRecord, RequestWord,
    ReturnRecord, SlotRecord, SlotWord, TabRecord, TraceStep, WaitingRecord,
};
use crate::vocabulary::ModelToken;
use serde_json::{Map, Value};
use std::fmt;

/// Why a file could not be read as a trace in ITF.
#[derive(Debug)]
pub struct ItfError(String);

impl fmt::Display for ItfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ItfError {}

/// Reads what [`super::to_itf`] wrote: what the trace belongs to, what is seen at the start, and the steps.
/// Other variables than its own are passed over.
///
/// # Errors
///
/// It is no JSON, no trace, or one that something else wrote.
pub fn from_itf(text: &str) -> Result<(Header, Observed, Vec<TraceStep>), ItfError> {
    let file: Value = serde_json::from_str(text).map_err(|error| ItfError(error.to_string()))?;
    let states = file.get("states").and_then(Value::as_array);
    let states = states.ok_or_else(|| ItfError("there are no `states`".to_owned()))?;
    let read = |(index, value): (usize, &Value)| {
        let wrong = |what| ItfError(format!("state {index}: {what}"));
        read_state(value).map_err(wrong)
    };
    let steps = states.iter().enumerate().skip(1).map(read);
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    let first = states.first();
    let first = first.ok_or_else(|| ItfError("`states` is empty".to_owned()))?;
    let start = read_start(first).map_err(|what| ItfError(format!("state 0: {what}")))?;
    whole::check(&file, &start, &steps).map_err(ItfError)?;
    Ok((read_meta(&file["#meta"], start.tabs.len())?, start, steps))
}

fn read_meta(meta: &Value, tabs: usize) -> Result<Header, ItfError> {
    let say = |key: &str| meta[key].as_str().map(str::to_owned);
    let required = |key: &str| {
        let hint = "was it written by `freshest explain --save`?";
        say(key).ok_or_else(|| ItfError(format!("`#meta` has no `{key}`; {hint}")))
    };
    if meta.get("format").is_some_and(|format| format != NAME) {
        return Err(ItfError(format!(
            "`#meta` has another `format` than {NAME}"
        )));
    }
    let format = required("freshest-trace")?;
    if format != FORMAT.to_string() {
        return Err(ItfError(format!(
            "format {format} is not known, only {FORMAT}"
        )));
    }
    let claim = match meta.get("claim") {
        Some(claim) => Some(
            serde_json::from_value(claim.clone())
                .map_err(|error| ItfError(format!("`#meta`, `claim`: {error}")))?,
        ),
        None => None,
    };
    Ok(Header {
        format: FORMAT,
        freshest: required("freshest")?,
        design: required("design")?,
        scenario: required("scenario")?,
        tabs: u8::try_from(tabs).map_err(|error| ItfError(format!("{tabs} tabs: {error}")))?,
        start: required("start")?,
        edge: say("edge").unwrap_or_else(any_edge),
        keys: 1,
        absent: Vec::new(),
        unfocused: Vec::new(),
        piggyback: true,
        stale_load: false,
        property: say("property"),
        claim,
        coverage: None,
    })
}

/// What is wrong, in words.
type Read<T> = Result<T, String>;

/// The first state, which no event led to.
fn read_start(state: &Value) -> Read<Observed> {
    match read_variant(field(state, "action")?)? {
        (START, _) => read_seen(state),
        (tag, _) => Err(format!("`action` is `{tag}`, and must be `{START}`")),
    }
}

fn read_state(state: &Value) -> Read<TraceStep> {
    Ok(TraceStep {
        event: read_action(field(state, "action")?)?,
        new: true,
        after: read_seen(state)?,
    })
}

fn read_seen(state: &Value) -> Read<Observed> {
    let clock = field(state, "clock")?;
    Ok(Observed {
        clock: ClockRecord {
            now: read_int(field(clock, "now")?)?,
            age: read_int(field(clock, "age")?)?,
        },
        tabs: read_list(field(state, "tabs")?, read_tab)?,
        cookie: read_option(field(state, "cookie")?, read_token)?,
        context_cookie: match state.get("context_cookie") {
            Some(context) => Some(read_option(context, read_int)?).filter(|&of| of != Some(0)),
            None => None,
        },
        sign_outs: match state.get("sign_outs") {
            Some(tabs) => read_list(tabs, read_int)?,
            None => Vec::new(),
        },
        posts: read_list(field(state, "posts")?, read_post)?,
        requests: read_list(field(state, "requests")?, read_request)?,
        // Files of earlier versions have none.
        returned: match state.get("returned") {
            Some(calls) => Some(read_list(calls, read_call)?),
            None => None,
        },
        under_way: None,
    })
}

fn field<'a>(record: &'a Value, name: &str) -> Read<&'a Value> {
    let found = record.get(name);
    found.ok_or_else(|| format!("there is no `{name}` in {record}"))
}

/// Apalache writes every integer as `#bigint`; small ones may also be plain.
pub(super) fn read_int(value: &Value) -> Read<u8> {
    let is_alone = value.as_object().is_some_and(|record| record.len() == 1);
    let digits = value.get("#bigint").filter(|_| is_alone);
    let number = match digits.and_then(Value::as_str) {
        Some(digits) => digits.parse().ok(),
        None => value.as_u64().and_then(|number| u8::try_from(number).ok()),
    };
    number.ok_or_else(|| format!("{value} is no number from 0 to 255"))
}

fn read_bool(value: &Value) -> Read<bool> {
    let wrong = || format!("{value} is neither true nor false");
    value.as_bool().ok_or_else(wrong)
}

fn read_list<T>(value: &Value, read: fn(&Value) -> Read<T>) -> Read<Vec<T>> {
    let list = value.as_array();
    let list = list.ok_or_else(|| format!("{value} is no list"))?;
    list.iter().map(read).collect()
}

fn read_variant(value: &Value) -> Read<(&str, &Value)> {
    let tag = field(value, "tag")?.as_str();
    let tag = tag.ok_or_else(|| format!("{value} is no variant"))?;
    Ok((tag, field(value, "value")?))
}

fn read_option<T>(value: &Value, read: fn(&Value) -> Read<T>) -> Read<Option<T>> {
    match read_variant(value)? {
        ("Some", value) => read(value).map(Some),
        ("None", _) => Ok(None),
        (tag, _) => Err(format!("`{tag}` is neither `Some` nor `None`")),
    }
}

fn read_token(value: &Value) -> Read<ModelToken> {
    Ok(ModelToken {
        oiat: read_option(field(value, "oiat")?, read_int)?,
        iat: read_int(field(value, "iat")?)?,
        fmt: read_int(field(value, "fmt")?)?,
        claims: read_int(field(value, "claims")?)?,
        // Files of earlier versions have none.
        epoch: value.get("epoch").map_or(Ok(0), read_int)?,
        org: read_org(value)?,
    })
}

/// Only in files of traces in which tabs come and go, or change the organisation.
fn read_org(token: &Value) -> Read<Org> {
    let number = token.get("org").map_or(Ok(0), read_int)?;
    Org::from_number(number).ok_or_else(|| format!("there is no organisation {number}"))
}

fn read_slot(value: &Value) -> Read<SlotRecord> {
    match read_variant(value)? {
        ("Empty", _) => Ok(SlotRecord::Word(SlotWord::None)),
        ("Pending", _) => Ok(SlotRecord::Word(SlotWord::Pending)),
        ("Resolved", token) => Ok(SlotRecord::Token(read_token(token)?)),
        (tag, _) => Err(format!("`{tag}` is no slot")),
    }
}

fn read_key(value: &Value) -> Read<KeyRecord> {
    Ok(KeyRecord {
        slot: read_slot(field(value, "slot")?)?,
        armed: read_bool(field(value, "armed")?)?,
    })
}

/// A word of serde's.
fn read_word<T: serde::de::DeserializeOwned>(value: &Value) -> Read<T> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

fn read_number_or_0(record: &Value, name: &str) -> Read<u8> {
    record.get(name).map_or(Ok(0), read_int)
}

fn read_tab(value: &Value) -> Read<TabRecord> {
    let named = |name: &str| value.get(name).and_then(Value::as_str);
    let phase = named("phase").and_then(Phase::from_name);
    let focus = named("focus").and_then(Focus::from_name);
    let of_org = value.get("key1").map(read_key).transpose()?;
    Ok(TabRecord {
        slot: read_slot(field(value, "slot")?)?,
        armed: read_bool(field(value, "armed")?)?,
        seed: read_option(field(value, "seed")?, read_token)?,
        phase: phase.filter(|&phase| phase != Phase::Live),
        focus: focus.filter(|&focus| focus != Focus::Has),
        context: read_number_or_0(value, "context")?,
        session_org: read_number_or_0(value, "session_org")?,
        key1: of_org.filter(|&of| of != KeyRecord::EMPTY),
        waiting: match value.get("waiting") {
            Some(waiting) => WaitingRecord {
                get_token: read_int(field(waiting, "get_token")?)?,
                skip_cache: read_int(field(waiting, "skip_cache")?)?,
            },
            None => WaitingRecord::default(),
        },
    })
}

fn read_post(value: &Value) -> Read<PostRecord> {
    Ok(PostRecord {
        tab: read_int(field(value, "tab")?)?,
        token: value.get("token").map(read_token).transpose()?,
        key: read_number_or_0(value, "key")?,
    })
}

fn read_request(value: &Value) -> Read<RequestRecord> {
    let word = value.get("request").filter(|word| *word != "token");
    let request: Option<RequestWord> = word.map(read_word).transpose()?;
    let number = value.get("number");
    let number = number.map(|number| read_option(number, read_int));
    let is_for_a_token = request.is_none();
    let fetch = read_option(field(value, "fetch")?, read_int)?;
    let forced = read_bool(field(value, "forced")?)?;
    let parent = read_option(field(value, "parent")?, read_token)?;
    Ok(RequestRecord {
        tab: read_int(field(value, "tab")?)?,
        fetch: match request {
            None | Some(RequestWord::Recheck) => Some(fetch),
            Some(
                RequestWord::Touch
                | RequestWord::Switch
                | RequestWord::Load
                | RequestWord::End
                | RequestWord::Reload,
            ) => None,
        },
        request,
        number: number.transpose()?.flatten(),
        key: read_number_or_0(value, "key")?,
        org: read_number_or_0(value, "org")?,
        forced: is_for_a_token.then_some(forced),
        parent: is_for_a_token.then_some(parent),
    })
}

fn read_call(value: &Value) -> Read<ReturnRecord> {
    let token = read_option(field(value, "token")?, read_token)?;
    Ok(ReturnRecord {
        tab: read_int(field(value, "tab")?)?,
        token,
        rejected: token.is_none(),
    })
}

fn read_action(value: &Value) -> Read<EventRecord> {
    let (tag, value) = read_variant(value)?;
    let mut event = Map::from_iter([("kind".to_owned(), Value::from(tag))]);
    for name in [
        "tab",
        "fetch",
        "to",
        "from",
        "key",
        "number",
        "request",
        "carries_last",
        "call",
    ] {
        let Some(value) = value.get(name) else {
            continue;
        };
        let number = match name {
            "fetch" => read_option(value, read_int)?.map_or(Value::Null, Value::from),
            "request" | "carries_last" | "call" => value.clone(),
            _ => Value::from(read_int(value)?),
        };
        event.insert(name.to_owned(), number);
    }
    serde_json::from_value(Value::Object(event)).map_err(|error| format!("`action`: {error}"))
}
