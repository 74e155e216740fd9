//! What a sequence diagram is made of, from the model's values.

use super::sequence::{Arrow, Decision, Fate, Item, Lane, Message, Tone};
use crate::cache::{Comparison, RequestKind, Site, TokenRequest};
use crate::freshness::{Org, Winner};
use crate::vocabulary::{ModelToken, TabId};

pub(super) fn lane(tab: TabId) -> Lane {
    Lane::Tab(tab.0)
}

pub(super) fn request_name(kind: RequestKind) -> String {
    match kind {
        RequestKind::Token(TokenRequest::Fetch(id)) => format!("fetch {id}"),
        RequestKind::Token(TokenRequest::Background(Org::PERSONAL)) => "refresh".to_owned(),
        RequestKind::Token(TokenRequest::Background(key)) => {
            format!("refresh of org {}", key.number())
        }
        RequestKind::Touch(_) => "touch".to_owned(),
        RequestKind::Switch(_) => "change of org".to_owned(),
        RequestKind::Load => "load".to_owned(),
        RequestKind::End => "sign-out".to_owned(),
        RequestKind::Reload => "reload".to_owned(),
        RequestKind::Recheck(request) => {
            format!("client, for {}", request_name(RequestKind::Token(request)))
        }
    }
}

pub(super) fn arrow(what: Message, from: Lane, to: Lane, text: String) -> Arrow {
    Arrow {
        what,
        from,
        to,
        fate: Fate::Arrived,
        text,
    }
}

pub(super) fn everywhere(text: String) -> Item {
    Item::Everywhere { text }
}

pub(super) fn note(tab: TabId, tone: Tone, text: String) -> Item {
    let lane = lane(tab);
    Item::Note { lane, tone, text }
}

pub(super) fn note_in(lane: Lane, tone: Tone, text: impl Into<String>) -> Item {
    Item::Note {
        lane,
        tone,
        text: text.into(),
    }
}

/// `A1: existing stays`
pub(super) fn guard(lane: Lane, comparison: &Comparison<ModelToken>) -> Item {
    let (tone, outcome) = match comparison.decision.winner {
        Winner::Existing => (Tone::Stops, "existing stays"),
        Winner::Incoming => (Tone::Passes, "incoming wins"),
    };
    let site = comparison.site.name();
    let text = match comparison.decision.row {
        Some(row) => format!("{site} guard, row {row}: {outcome}"),
        None => format!("{site} guard: {outcome}"),
    };
    Item::Note { lane, tone, text }
}

pub(super) fn decision(tab: TabId, comparison: &Comparison<ModelToken>) -> Decision {
    let row = comparison.decision.row;
    Decision {
        row: row.map(|row| row.name()),
        condition: row.map(|row| row.condition()),
        place: match comparison.site {
            Site::Cookie => "the cookie guard".to_owned(),
            site => format!("{tab}'s {} guard", site.name()),
        },
        existing: comparison.existing,
        incoming: comparison.incoming,
        winner: comparison.decision.winner.to_string(),
    }
}
