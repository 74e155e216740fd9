//! What is observed, in the words of a story.

use super::event::AboutRequest;
use super::observed::{
    AnswerRecord, ClockRecord, DeliveryRecord, KeyRecord, Observed, ReturnRecord, SlotRecord,
    SlotWord, TabRecord, UnderWayRecord, WaitingRecord,
};
use super::sent::{PostRecord, RequestRecord};
use crate::cache::{Call, Focus, Phase};
use crate::freshness::Org;
use crate::model::{Post, Request, request_in_words};
use crate::vocabulary::{ModelToken, TabId};

/// What is seen somewhere.
pub(crate) struct Seen {
    pub of: String,
    /// What; one thing where it is no list.
    pub items: Vec<String>,
}

/// All that an observation says, part by part.
pub(crate) fn seen(observed: &Observed) -> Vec<Seen> {
    let Observed {
        clock,
        tabs,
        cookie,
        context_cookie,
        posts,
        sign_outs,
        requests,
        returned,
        under_way,
    } = observed;
    let mut parts = Parts(Vec::new());
    parts.list("the time", time(clock));
    for (number, tab) in (0..).zip(tabs) {
        parts.tab(TabId(number), tab);
    }
    parts.one("the cookie", token(cookie.as_ref()));
    let context = match *context_cookie {
        None => "personal".to_owned(),
        Some(None) => "none".to_owned(),
        Some(Some(number)) => org(number),
    };
    parts.one("the context cookie", context);
    parts.list("posted", posts.iter().map(post));
    let signed_out = sign_outs.iter().map(|&tab| TabId(tab).to_string());
    parts.list("told the others that it has signed out", signed_out);
    parts.list("requested", requests.iter().map(request));
    parts.list("getToken", returned.iter().flatten().map(call));
    if let Some(under_way) = under_way {
        parts.under_way(under_way);
    }
    parts.0
}

struct Parts(Vec<Seen>);

impl Parts {
    fn one(&mut self, of: impl Into<String>, item: impl Into<String>) {
        self.list(of, [item.into()]);
    }

    fn list(&mut self, of: impl Into<String>, items: impl IntoIterator<Item = String>) {
        self.0.push(Seen {
            of: of.into(),
            items: items.into_iter().collect(),
        });
    }

    fn tab(&mut self, tab: TabId, record: &TabRecord) {
        let TabRecord {
            slot,
            armed,
            seed,
            phase,
            focus,
            context,
            session_org,
            key1,
            waiting,
        } = *record;
        let mut one = |what: &str, item: &str| self.one(format!("{tab}'s {what}"), item);
        one("cache", &slot_in_words(slot));
        one("refresh timer", timer(armed));
        one("seed", &token(seed.as_ref()));
        one("phase", phase.unwrap_or(Phase::Live).name());
        one("focus", focus.unwrap_or(Focus::Has).name());
        one("context", &org(context));
        one("session", &org(session_org));
        let key1 = key1.unwrap_or(KeyRecord::EMPTY);
        one("cache of org 1", &slot_in_words(key1.slot));
        one("refresh timer of org 1", timer(key1.armed));
        let WaitingRecord {
            get_token,
            skip_cache,
        } = waiting;
        let calls = [(Call::GetToken, get_token), (Call::SkipCache, skip_cache)];
        let calls = calls
            .into_iter()
            .flat_map(|(call, count)| (0..count).map(move |_| call.in_words().to_owned()));
        self.list(format!("waits for the lock in {tab}"), calls);
    }

    fn under_way(&mut self, record: &UnderWayRecord) {
        let UnderWayRecord {
            requests,
            answers,
            posts,
            sign_outs,
        } = record;
        self.list("requests under way", requests.iter().map(request));
        self.list("answers under way", answers.iter().map(answer));
        self.list("broadcasts under way", posts.iter().map(delivery));
        let sign_outs = sign_outs
            .iter()
            .map(|of| format!("from {} to {}", TabId(of.from), TabId(of.to)));
        self.list("sign-out messages under way", sign_outs);
    }
}

fn time(clock: &ClockRecord) -> Vec<String> {
    let ClockRecord { now, age } = *clock;
    let of_tokens = match (age, age % 2) {
        (0, _) => return vec![format!("instant {now}")],
        (_, 1) => "about to expire",
        _ => "expired",
    };
    let iat = age.div_ceil(2);
    vec![format!(
        "instant {now}, tokens minted at {iat} or before {of_tokens}"
    )]
}

fn slot_in_words(slot: SlotRecord) -> String {
    match slot {
        SlotRecord::Word(SlotWord::None) => "empty".to_owned(),
        SlotRecord::Word(SlotWord::Pending) => "pending".to_owned(),
        SlotRecord::Token(token) => token.to_string(),
    }
}

const fn timer(armed: bool) -> &'static str {
    match armed {
        true => "set",
        false => "not set",
    }
}

fn token(token: Option<&ModelToken>) -> String {
    token.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn org(number: u8) -> String {
    match number {
        0 => "personal".to_owned(),
        number => format!("org {number}"),
    }
}

/// As [`Post`] says it; a file may name an organisation that no model has.
fn broadcast(key: u8, token: Option<ModelToken>) -> String {
    let post = Org::from_number(key).map(|key| match token {
        Some(token) => Post::Token(key, token),
        None => Post::OutOfDate(key),
    });
    post.map_or_else(|| format!("for {}", org(key)), |post| post.to_string())
}

fn post(record: &PostRecord) -> String {
    let PostRecord { tab, token, key } = *record;
    format!("{} by {}", broadcast(key, token), TabId(tab))
}

fn delivery(record: &DeliveryRecord) -> String {
    let DeliveryRecord {
        to,
        from,
        token,
        key,
    } = *record;
    let post = broadcast(key, token);
    format!("{post} from {} to {}", TabId(from), TabId(to))
}

fn request(record: &RequestRecord) -> String {
    let RequestRecord {
        tab,
        fetch,
        request,
        number,
        key,
        org,
        forced,
        parent,
    } = *record;
    let about = AboutRequest {
        tab,
        fetch,
        key,
        request,
        number,
        carries_last: false,
    };
    let request = about.kind().zip(Org::from_number(org)).map(|(kind, org)| {
        let request = Request {
            kind,
            org,
            parent: parent.flatten(),
            forced: forced.unwrap_or_default(),
        };
        request.to_string()
    });
    match request {
        Some(request) => format!("{}'s {request}", TabId(tab)),
        None => format!("an unknown request of {}", TabId(tab)),
    }
}

fn answer(record: &AnswerRecord) -> String {
    let AnswerRecord { to, token } = record;
    let request = match to.kind() {
        Some(kind) => request_in_words(kind),
        None => "unknown request".to_owned(),
    };
    let token = match token {
        Some(token) => token.to_string(),
        None => "no token".to_owned(),
    };
    format!("{token} for {}'s {request}", TabId(to.tab))
}

fn call(record: &ReturnRecord) -> String {
    let ReturnRecord {
        tab,
        token,
        rejected,
    } = *record;
    let tab = TabId(tab);
    match (token, rejected) {
        (Some(token), false) => format!("in {tab} returns {token}"),
        (Some(_) | None, _) => format!("in {tab} is rejected"),
    }
}
