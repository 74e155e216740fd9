//! What tabs and cookie hold, and where it differs.

use super::Held;
use crate::cache::Slot;
use crate::freshness::Org;
use crate::model::{Response, Roster, System};
use crate::vocabulary::{ModelToken, TabId};

/// Whether somebody's cache, or the cookie, is not the same.
pub fn differ(roster: Roster, one: &System, other: &System) -> bool {
    let differs = |tab| {
        let mut keys = Org::ALL.into_iter();
        keys.any(|key| !same_slot(slot_of(one, tab, key), slot_of(other, tab, key)))
            || one.tab(tab).cache.phase != other.tab(tab).cache.phase
    };
    let (one_jar, other_jar) = (one.jar(), other.jar());
    one_jar.cookie != other_jar.cookie
        || one_jar.context != other_jar.context
        || roster.tabs().any(differs)
}

fn slot_of(system: &System, tab: TabId, key: Org) -> &Slot<ModelToken> {
    &system.tab(tab).cache.at(key).slot
}

/// Whether a seed or something under way is not the same, if not even a cache or the cookie.
pub(super) fn differ_in_passing(roster: Roster, one: &System, other: &System) -> bool {
    let seed = |system: &System, tab| system.tab(tab).cache.last().copied();
    differ(roster, one, other)
        || roster.tabs().any(|tab| seed(one, tab) != seed(other, tab))
        || one.requests() != other.requests()
        || one.responses() != other.responses()
        || one.channel() != other.channel()
}

/// Whether two slots are the same to whoever asks for a token; what is known beside it may differ.
fn same_slot(one: &Slot<ModelToken>, other: &Slot<ModelToken>) -> bool {
    match (one, other) {
        (Slot::Empty, Slot::Empty) => true,
        (Slot::Pending { fetch: one, .. }, Slot::Pending { fetch: other, .. }) => one == other,
        (Slot::Resolved(one), Slot::Resolved(other)) => one.token == other.token,
        _ => false,
    }
}

/// Where two systems differ, in words.
pub(super) fn held(roster: Roster, one: &System, other: &System) -> Vec<Held> {
    let slot = |system: &System, tab: TabId, key: Org| match slot_of(system, tab, key) {
        Slot::Empty => "nothing".to_owned(),
        Slot::Pending { fetch, .. } => format!("a fetch under way ({fetch})"),
        Slot::Resolved(entry) => entry.token.to_string(),
    };
    let token =
        |token: Option<ModelToken>| token.map_or_else(|| "nothing".to_owned(), |t| t.to_string());
    let mut held = Vec::new();
    let mut compare = |place: String, in_words: &dyn Fn(&System) -> String| {
        let (from, to) = (in_words(one), in_words(other));
        if from != to {
            held.push(Held { place, from, to });
        }
    };
    for tab in roster.tabs() {
        compare(format!("{tab}'s cache"), &|system| {
            slot(system, tab, Org::PERSONAL)
        });
        compare(format!("{tab}'s cache of org 1"), &|system| {
            slot(system, tab, Org::FIRST)
        });
        compare(tab.to_string(), &|system| {
            system.tab(tab).cache.phase.name().to_owned()
        });
    }
    compare("the cookie".to_owned(), &|system| {
        token(system.jar().cookie)
    });
    compare("the context cookie".to_owned(), &|system| {
        let context = system.jar().context;
        context.map_or_else(
            || "nothing".to_owned(),
            |org| format!("org {}", org.number()),
        )
    });
    for tab in roster.tabs() {
        compare(format!("{tab}'s seed"), &|system| {
            token(system.tab(tab).cache.last().copied())
        });
    }
    compare("requests under way".to_owned(), &|system| {
        let requests = system.requests().into_iter();
        listed(
            requests.map(|(tab, request)| format!("{tab}: {request}")),
            "; ",
        )
    });
    compare("answers under way".to_owned(), &|system| {
        let answers = system.responses().into_iter();
        listed(
            answers.map(|(tab, response)| format!("{tab}: {}", answer(&response))),
            "; ",
        )
    });
    compare("broadcasts under way".to_owned(), &|system| {
        let posts = system.channel().posts.iter();
        let posts =
            posts.flat_map(|((to, _), posts)| posts.iter().map(move |p| format!("{to}: {p}")));
        listed(posts, "; ")
    });
    held
}

/// The token that an answer carries, or what it says.
fn answer(response: &Response) -> String {
    match response.token() {
        Some(token) => token.to_string(),
        None => response.to_string(),
    }
}

pub(super) fn listed<T: AsRef<str>>(items: impl Iterator<Item = T>, separator: &str) -> String {
    let mut list = String::new();
    for item in items {
        if !list.is_empty() {
            list += separator;
        }
        list += item.as_ref();
    }
    match list.is_empty() {
        true => "none".to_owned(),
        false => list,
    }
}
