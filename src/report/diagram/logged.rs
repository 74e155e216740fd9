//! Lines of a log as a sequence diagram.

use super::sequence::{Arrow, Fate, Item, Lane, Message, Moment, Sequence, Snapshot, Tone};
use crate::monitor::{Entry, Kind};
use std::rc::Rc;

/// Draws lines of a log; tabs are numbered in the order in which they come up.
pub fn log_sequence(entries: &[Rc<Entry>]) -> Sequence {
    let mut tabs: Vec<&str> = Vec::new();
    for entry in entries {
        if !tabs.contains(&&*entry.tab) {
            tabs.push(&entry.tab);
        }
    }
    let nothing = || Snapshot {
        tabs: Vec::new(),
        cookie: String::new(),
    };
    let mut arrows = Vec::new();
    let steps = entries.iter().map(|entry| {
        let position = tabs.iter().position(|tab| *tab == &*entry.tab);
        let lane = Lane::Tab(position.unwrap_or(0) as u8);
        Moment {
            items: vec![item(entry, lane, &mut arrows)],
            decisions: Vec::new(),
            after: nothing(),
        }
    });
    let steps = steps.collect();
    let tabs = (0..tabs.len()).map(|number| Lane::Tab(number as u8));
    let lanes = std::iter::once(Lane::Cookie).chain(tabs);
    Sequence {
        lanes: lanes.chain([Lane::Channel, Lane::Mint]).collect(),
        start: nothing(),
        steps,
        arrows,
    }
}

fn item(entry: &Entry, tab: Lane, arrows: &mut Vec<Arrow>) -> Item {
    let token = entry.token.as_ref();
    let text = token.map_or_else(|| "no token".to_owned(), ToString::to_string);
    let arrow = match entry.kind {
        Kind::Posted => (Message::Post, tab, Lane::Channel),
        Kind::Received => (Message::Broadcast, Lane::Channel, tab),
        Kind::Cookie | Kind::CookieRemoved => (Message::CookieWrite, tab, Lane::Cookie),
        Kind::Requested => (Message::Request, tab, Lane::Mint),
        Kind::Answered => (Message::Answer, Lane::Mint, tab),
        Kind::Cached => return note(tab, Tone::Holds, format!("caches {text}")),
        Kind::Returned => return note(tab, Tone::Plain, format!("returns {text}")),
        Kind::Opened
        | Kind::Closed
        | Kind::Removed
        | Kind::Pending
        | Kind::SigningOut
        | Kind::SignedIn
        | Kind::SignedOut
        | Kind::Switched
        | Kind::Seen
        | Kind::Lost => return note(tab, Tone::Plain, entry.kind.name().replace('-', " ")),
    };
    let (what, from, to) = arrow;
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
