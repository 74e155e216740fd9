//! Lines of a log as a sequence diagram.

use super::sequence::{Arrow, Fate, Item, Lane, Message, Moment, Sequence, Snapshot, Tone};
use crate::monitor::{Entry, Kind, RealToken};

/// The longest name of a tab above its lane, in characters.
const MAX_TITLE: usize = 12;

/// Draws lines of a log, with what `told` makes of their tokens; tabs are numbered in the order in which
/// they come up.
pub(crate) fn log_sequence(entries: &[&Entry], told: impl Fn(&RealToken) -> String) -> Sequence {
    let mut tabs: Vec<&str> = Vec::new();
    for entry in entries {
        if !tabs.contains(&&*entry.tab) {
            tabs.push(&entry.tab);
        }
    }
    let names = tabs.iter().enumerate();
    let names = names.map(|(number, name)| title(number, name)).collect();
    let nothing = || Snapshot {
        holders: Vec::new(),
    };
    let mut arrows = Vec::new();
    let steps = entries.iter().map(|entry| {
        let position = tabs.iter().position(|tab| *tab == &*entry.tab);
        let lane = Lane::Tab(position.unwrap_or(0) as u8);
        Moment {
            items: vec![item(entry, lane, &told, &mut arrows)],
            decisions: Vec::new(),
            after: nothing(),
        }
    });
    let steps = steps.collect();
    let tabs = (0..tabs.len()).map(|number| Lane::Tab(number as u8));
    let lanes = std::iter::once(Lane::Cookie).chain(tabs);
    Sequence {
        lanes: lanes.chain([Lane::Channel, Lane::Mint]).collect(),
        names,
        absent: Vec::new(),
        start: nothing(),
        steps,
        arrows,
    }
}

/// The tab's name, and its number where that is too long to stand above a lane.
fn title(number: usize, name: &str) -> String {
    match name.chars().count() <= MAX_TITLE {
        true => name.to_owned(),
        false => {
            let beginning: String = name.chars().take(MAX_TITLE - 5).collect();
            format!("{}: {beginning}…", number + 1)
        }
    }
}

fn item(
    entry: &Entry,
    tab: Lane,
    told: impl Fn(&RealToken) -> String,
    arrows: &mut Vec<Arrow>,
) -> Item {
    let token = entry.token.as_ref();
    let seed = entry.parent.map(|of| RealToken {
        oiat: of.oiat,
        iat: of.iat,
        ..RealToken::default()
    });
    let text = token.map_or_else(|| "no token".to_owned(), &told);
    let asked = match &seed {
        Some(seed) => format!("asks, seeded {}", told(seed)),
        None => "asks".to_owned(),
    };
    let removed = || "removed".to_owned();
    let (what, from, to, text) = match entry.kind {
        Kind::Posted => (Message::Post, tab, Lane::Channel, text),
        Kind::Received => (Message::Broadcast, Lane::Channel, tab, text),
        Kind::Cookie => (Message::CookieWrite, tab, Lane::Cookie, text),
        Kind::CookieRemoved => (Message::CookieWrite, tab, Lane::Cookie, removed()),
        Kind::Requested => (Message::Request, tab, Lane::Mint, asked),
        Kind::Answered => (Message::Answer, Lane::Mint, tab, text),
        Kind::Cached => return note(tab, Tone::Holds, format!("caches {text}")),
        Kind::Read => return note(tab, Tone::Plain, format!("reads {text}")),
        Kind::Returned => return note(tab, Tone::Plain, format!("returns {text}")),
        Kind::Opened
        | Kind::Closed
        | Kind::Removed
        | Kind::Rejected
        | Kind::Pending
        | Kind::SigningOut
        | Kind::SignedIn
        | Kind::SignedOut
        | Kind::Switched
        | Kind::Seen
        | Kind::Lost => return note(tab, Tone::Plain, entry.kind.name().replace('-', " ")),
    };
    arrows.push(Arrow {
        what,
        from,
        to,
        fate: Fate::Arrived,
        text,
    });
    Item::Across {
        arrow: arrows.len() - 1,
    }
}

fn note(lane: Lane, tone: Tone, text: String) -> Item {
    Item::Note { lane, tone, text }
}
